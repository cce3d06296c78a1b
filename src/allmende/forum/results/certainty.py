"""How sure the groups are, in sentences; and if there are none, why."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from allmende.portal.templatetags.portal import number, percent

from .figures import Candidate
from .reader import Reader
from .statements import seldom_answered

MOST_NAMES = 8
# Fewer can hardly show a common direction, even where there is one; more could.
FEW = 50
ALIKE = 0.9


def certainty(reader: Reader) -> list[str]:
    """How sure the groups are; if there are none, why."""
    figures = reader.figures
    best = max(figures.candidates, key=lambda c: c.silhouette, default=None)
    if figures.groups:
        shown = next((c for c in figures.candidates if c.count == len(figures.groups)), best)
        kept = ", ".join(
            _("%(group)s zu %(share)s") % {"group": g.letter, "share": percent(g.stability)}
            for g in figures.groups
        )
        sentences = [
            _how_stable(reader) % {"kept": kept},
            _(
                "Die Gruppen trennen sich auch deutlicher als zufällig gemischte Stimmen: "
                "%(separation)s, bei Zufall fast immer unter %(threshold)s."
            )
            % {
                "separation": _separation(shown),
                "threshold": number(figures.silhouette_threshold, 2),
            },
        ]
        if figures.separate is False:
            sentences.append(
                _(
                    "Eine Lücke zwischen ihnen ist nicht gesichert: Es können Teile einer durchgehenden "
                    "Wolke von Meinungen sein, keine Lager."
                )
            )
    else:
        sentences = [_why_no_groups(reader, best)]
    if reader.is_official and figures.whole is None:
        sentences.append(
            _(
                "Die Anteile sind nicht gewichtet und gelten nur für die, die abgestimmt haben: Nicht "
                "alle von ihnen stehen mit Land und Größe im Verzeichnis."
            )
        )
    elif reader.is_official:
        sentences.append(
            _(
                "Die Anteile sind nach Land und Größe gewichtet, damit schwach vertretene Kommunen nicht "
                "untergehen."
            )
        )
        if round(figures.effective) < figures.voted:
            worth = _(
                "Die %(voted)s Kommunen sagen dadurch so viel aus wie %(effective)s zufällig gezogene."
            )
            worth %= {"voted": number(figures.voted), "effective": number(figures.effective)}
            sentences[-1] += f" {worth}"
    return sentences + _seldom_answered(reader)


def _seldom_answered(reader: Reader) -> list[str]:
    """Whether statements have too few votes to be ranked beside the others."""
    seldom = seldom_answered(reader.figures)
    count = len(seldom.numbers)
    if not count:
        return []
    said = ngettext(
        "Eine Aussage hat noch weniger als %(floor)s Stimmen. Sie steht darum in der Liste aller Aussagen, "
        "aber noch nicht unter dem, was verbindet oder trennt.",
        "%(count)s Aussagen haben noch weniger als %(floor)s Stimmen. Sie stehen darum in der Liste aller "
        "Aussagen, aber noch nicht unter dem, was verbindet oder trennt.",
        count,
    )
    return [said % {"count": number(count), "floor": number(seldom.floor)}]


def _how_stable(reader: Reader) -> str:
    if reader.is_official:
        return _(
            "Würden dieselben Gruppen entstehen, wenn andere Kommunen mitgemacht hätten? In "
            "100 Wiederholungen mit zufällig gezogenen Kommunen blieben im Mittel gleich: %(kept)s. "
            "Gezeigt werden Gruppen erst ab 75\u202f%%."
        )
    return _(
        "Würden dieselben Gruppen entstehen, wenn andere Teilnehmende mitgemacht hätten? In "
        "100 Wiederholungen mit zufällig gezogenen Teilnehmenden blieben im Mittel gleich: %(kept)s. "
        "Gezeigt werden Gruppen erst ab 75\u202f%%."
    )


def _why_no_groups(reader: Reader, best: Candidate | None) -> str:
    because = reader.figures.no_groups_because
    if because == "no difference":
        return _no_direction(reader)
    if because not in {"too few", "not clearer than chance", "not stable"}:
        return _("Es gibt keine stabilen Gruppen.")
    if because == "too few":
        why = _too_few(reader)
    elif because == "not stable":
        why = _not_stable(reader) % {"stability": percent(best.stability) if best else "–"}
    else:
        why = _(
            "Jede Menge von Punkten lässt sich in Gruppen teilen. Diese trennen sich aber nicht "
            "deutlicher (%(separation)s) als Gruppen aus zufällig gemischten Stimmen (bis "
            "%(threshold)s)."
        ) % {
            "separation": _separation(best),
            "threshold": number(reader.figures.silhouette_threshold, 2),
        }
    return f"{why} {_('Darum zeigen wir nur, was verbindet und was trennt.')}"


def _no_direction(reader: Reader) -> str:
    """All on one spot of the map: they vote alike, or differ from statement to statement."""
    answered = [each for each in reader.figures.statements if each.total]
    if all(max(e.agree, e.passed, e.disagree) >= ALIKE * e.total for e in answered):
        return _("Alle stimmen fast gleich ab. Es gibt nichts, was Gruppen trennen könnte.")
    if reader.figures.voted < FEW:
        return _(
            "Die Stimmen gehen auseinander, aber für stabile Gruppen nehmen noch zu wenige teil."
        )
    return _(
        "Die Stimmen gehen auseinander, aber von Aussage zu Aussage anders. Eine gemeinsame Richtung, "
        "die Gruppen trennen könnte, ist nicht zu erkennen."
    )


def _too_few(reader: Reader) -> str:
    if reader.is_official:
        return _("Für Gruppen haben noch zu wenige Kommunen genug Stimmen abgegeben.")
    return _("Für Gruppen haben noch zu wenige Teilnehmende genug Stimmen abgegeben.")


def _not_stable(reader: Reader) -> str:
    if reader.is_official:
        return _(
            "Nähmen andere Kommunen teil, entstünden andere Gruppen: In Wiederholungen mit zufällig "
            "gezogenen Kommunen blieb die unsicherste Gruppe nur zu %(stability)s gleich, nötig sind "
            "75\u202f%%."
        )
    return _(
        "Nähmen andere Teilnehmende teil, entstünden andere Gruppen: In Wiederholungen mit zufällig "
        "gezogenen Teilnehmenden blieb die unsicherste Gruppe nur zu %(stability)s gleich, nötig sind "
        "75\u202f%%."
    )


def alike(reader: Reader) -> list[str]:
    """Who voted conspicuously alike, without accusing anybody; empty where nobody did."""
    found = reader.figures.coordination
    if found is None:
        return []
    sentences = []
    if found.components:
        count = sum(len(component) for component in found.components)
        together = ngettext(
            "%(who)s haben in einem Verbund fast gleich gestimmt, und zwar gleichzeitig oder in derselben "
            "Reihenfolge.",
            "%(who)s haben in %(count)s Verbünden fast gleich gestimmt, und zwar gleichzeitig oder in "
            "derselben Reihenfolge.",
            len(found.components),
        ) % {"who": reader.counted(count), "count": number(len(found.components))}
        template = _(
            "Das kann eine gemeinsame Vorlage sein, etwa eines Verbandes. Alle Stimmen zählen mit."
        )
        sentences.append(f"{together} {template}")
        sentences += [] if reader.is_anonymous else [_named(reader, c) for c in found.components]
    if found.straight_lines:
        sentences.append(
            ngettext(
                "%(who)s hat auf alle Aussagen dieselbe Antwort gegeben, obwohl das sonst kaum vorkommt. "
                "Auch diese Stimmen zählen mit.",
                "%(who)s haben auf alle Aussagen dieselbe Antwort gegeben, obwohl das sonst kaum "
                "vorkommt. Auch diese Stimmen zählen mit.",
                found.straight_lines,
            )
            % {"who": reader.counted(found.straight_lines)}
        )
    if sentences and reader.answered:
        sentences.append(
            _(
                "Verglichen wurde nur, was Kommunen selbst geantwortet haben. Antworten in Vollmacht sind "
                "ausgenommen: Bei ihnen steht, wer geantwortet hat."
            )
        )
    return sentences


def _named(reader: Reader, component: tuple[str, ...]) -> str:
    known = {place.member.key: place.member.name for place in reader.all_places}
    names = [known[key] for key in component if key in known]
    listed = ", ".join(names[:MOST_NAMES])
    if len(names) <= MOST_NAMES:
        return f"{listed}."
    return _("%(names)s und %(count)s weitere.") % {
        "names": listed,
        "count": number(len(names) - MOST_NAMES),
    }


def _separation(candidate: Candidate | None) -> str:
    if candidate is None:
        return "–"
    return _("Trennschärfe %(value)s") % {"value": number(candidate.silhouette, 2)}
