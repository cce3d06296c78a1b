"""What the forum calls its deeds, notices and kinds of things, and how long it keeps what."""

from datetime import datetime, timedelta

from allmende.portal.offers import Retention

from ..models import Presentation

notices = {
    "forum.opened": "Neue Anliegen",
    "forum.release": "Entwürfe, die auf Ihre Freigabe warten",
    "forum.returned": "Entwürfe, die an Sie zurückkamen",
    "forum.position": "Gemeinsame Positionen, die Ihre Organisation mittragen kann",
    "forum.result": "Ergebnisse von Anliegen, an denen Sie teilgenommen haben",
}

deeds = {
    "forum.draft_concern": "Als Entwurf angelegt.",
    "forum.change_concern": "Entwurf geändert.",
    "forum.open_concern": "Für Aussagen und Stimmen geöffnet.",
    "forum.close_concern": "Abstimmung beendet.",
    "forum.draft_sections": "Verbindende Aussagen in den Entwurf der Position übernommen.",
    "forum.add_section": "Abschnitt der Position hinzugefügt.",
    "forum.write_section": "Abschnitt der Position geändert.",
    "forum.move_section": "Abschnitt der Position verschoben.",
    "forum.remove_section": "Abschnitt der Position entfernt.",
    "forum.put_back_section": "Abschnitt der Position zurückgeholt.",
    "forum.add_rapporteur": "Organisation in die Berichterstattung aufgenommen.",
    "forum.remove_rapporteur": "Organisation aus der Berichterstattung entfernt.",
    "forum.seal_position": "Gemeinsame Position versiegelt.",
    "forum.give_word": "Position oder Abschnitt mitgetragen oder Sondervotum abgegeben.",
    "forum.withdraw_word": "Stellungnahme zur Position zurückgezogen.",
    "forum.release_drafts": "Entwürfe freigegeben.",
    "forum.return_drafts": "Entwürfe zurückgegeben.",
    "forum.add_evidence": "Beschluss nachgewiesen.",
    "forum.withdraw_evidence": "Nachweis zurückgezogen.",
    "forum.add_oparl_server": "Ratsinformationssystem aufgenommen.",
    "forum.remove_oparl_server": "Ratsinformationssystem entfernt.",
    "forum.set_level": "Nachweis eines Beschlusses geändert.",
    "forum.withdraw_answers": "Antworten in Vollmacht zurückgezogen.",
    "forum.import_conversation": "Aus einer Datei eingelesen.",
    "forum.add_statement": "Aussage hinzugefügt.",
    "forum.decide_statement": "Über die Aussage entschieden.",
}

kinds = {
    "forum.Participant": "Teilnahme an einem Anliegen",
    "forum.Concern": "Anliegen",
    "forum.Statement": "Aussage",
    "forum.Section": "Abschnitt",
    "forum.Word": "Stellungnahme",
}


def clear_presentations(before: datetime) -> int:
    """Why which statement was shown to whom; until the concern has long been closed."""
    shown = Presentation.objects.filter(statement__concern__deadline__lt=before, at__lt=before)
    return shown.delete()[0]


retention = (
    Retention(
        "forum.vote",
        "Anliegen, Aussagen und Stimmen von Kommunen",
        None,
        "Sie sind amtlich und öffentlich: Jede Antwort muss sich auf ihre Stimmen zurückführen lassen.",
    ),
    Retention(
        "forum.position",
        "Gemeinsame Positionen, ihre Fassungen und was Organisationen dazu sagen",
        None,
        "Sie sind amtlich und öffentlich; versiegelte Fassungen lassen sich nicht ändern.",
    ),
    Retention(
        "forum.personal_vote",
        "Persönliche Aussagen und Stimmen",
        None,
        "Ergebnisse müssen nachrechenbar bleiben. Öffentlich erscheinen sie nur in Summen.",
    ),
    Retention(
        "forum.presentation",
        "Welche Aussage wem warum vorgelegt wurde",
        timedelta(days=365),
        "Ab der Frist des Anliegens. So lange lässt sich prüfen, ob die Auswahl gerecht war.",
        clear_presentations,
    ),
)
