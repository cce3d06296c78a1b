"""What is asked after an exercise: the same of everybody, and of each goal of its script whether it was reached."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from allmende.formats.exercise_script.model import Script


@dataclass(frozen=True)
class Question:
    """One question; those on a scale are answered from 1 to 5, the others in words.

    ``options`` name the steps of its scale, without numbers.
    """

    key: str
    text: str
    options: tuple[str, ...] = ()

    @property
    def is_scale(self) -> bool:
        return bool(self.options)


# What is written here is stored nowhere: keys are, so they stay.
def questions_of(script: Script) -> list[Question]:
    """All questions about an exercise, in their order."""
    agree = (
        _("trifft gar nicht zu"),
        _("trifft eher nicht zu"),
        _("teils, teils"),
        _("trifft eher zu"),
        _("trifft voll zu"),
    )
    reached = (
        _("gar nicht erreicht"),
        _("eher nicht erreicht"),
        _("teils, teils"),
        _("überwiegend erreicht"),
        _("ganz erreicht"),
    )
    statements = (
        ("aufgabe", _("Ich wusste, was von mir in meiner Aufgabe erwartet wurde.")),
        ("lagebild", _("Ich hatte rechtzeitig ein klares Bild der Lage.")),
        ("im-stab", _("Im eigenen Stab haben wir uns gut abgestimmt.")),
        ("mit-anderen", _("Mit anderen Kommunen und Stellen haben wir gut zusammengearbeitet.")),
        ("rechtzeitig", _("Wir haben rechtzeitig entschieden.")),
        ("bevoelkerung", _("Die Bevölkerung wäre früh und verständlich informiert gewesen.")),
        ("wirklichkeit", _("So könnte eine Krise bei uns wirklich verlaufen.")),
        ("gelernt", _("Ich habe etwas gelernt, das ich im Ernstfall brauche.")),
    )
    goals = [
        Question(
            f"ziel:{goal.key}"[:100],
            _("Haben wir dieses Ziel erreicht? %(goal)s") % {"goal": goal.name},
            reached,
        )
        for goal in script.goals
    ]
    return [
        *(Question(key, text, agree) for key, text in statements),
        *goals,
        Question("gut", _("Was hat gut funktioniert?")),
        Question("aendern", _("Was sollten wir ändern?")),
    ]
