"""What the forum calls its deeds, notices and kinds of things, and how long it keeps what."""

from datetime import datetime, timedelta

from django.db import transaction

from allmende.portal.offers import Retention

from ..models import Complaint, Concern, Contribution, Presentation
from ..services import delete_files

notices = {
    "forum.reply": "Antworten in Gesprächen, an denen Sie sich beteiligt haben",
    "forum.mention": "Beiträge, die Ihre Organisation erwähnen",
    "forum.moderation": "Was aus entfernten und gemeldeten Beiträgen wurde",
    "forum.opened": "Neue Anliegen",
    "forum.release": "Entwürfe, die auf Ihre Freigabe warten",
    "forum.returned": "Entwürfe, die an Sie zurückkamen",
    "forum.position": "Gemeinsame Positionen, die Ihre Organisation mittragen kann",
    "forum.ministry": "Anliegen an Ihr Ministerium",
    "forum.way": "Fortgang von Anliegen, an denen Sie teilgenommen haben",
    "forum.result": "Ergebnisse von Anliegen, an denen Sie teilgenommen haben",
    "forum.answer": "Antworten des Bundes auf Anliegen, an denen Sie teilgenommen haben",
    "forum.commitment": "Zusagen aus Anliegen, an denen Sie teilgenommen haben",
}

deeds = {
    "forum.add_contribution": "Beitrag geschrieben.",
    "forum.change_contribution": "Beitrag geändert.",
    "forum.take_back_contribution": "Beitrag zurückgenommen.",
    "forum.report_contribution": "Beitrag gemeldet.",
    "forum.remove_contribution": "Beitrag entfernt.",
    "forum.restore_contribution": "Beitrag wiederhergestellt.",
    "forum.keep_contribution": "Gemeldeten Beitrag stehen lassen.",
    "forum.summarise_concern": "„Kurz gefasst“ geschrieben.",
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
    "forum.sign_concern": "Mitgezeichnet.",
    "forum.withdraw_support": "Mitzeichnung zurückgezogen.",
    "forum.choose_ministry": "Zuständiges Ministerium nach dem Themenfeld bestimmt.",
    "forum.set_ministry": "Zuständiges Ministerium bestimmt.",
    "forum.hand_over_concern": "An ein anderes Ministerium abgegeben.",
    "forum.assign_official": "Zuständige Person im Ministerium bestimmt.",
    "forum.restore_official": "Wieder so zugewiesen wie vorher.",
    "forum.extend_answer": "Frist für die Antwort verlängert.",
    "forum.reach_quorum": "Das Quorum ist erreicht.",
    "forum.send_concern": "An das Ministerium geschickt.",
    "forum.finish_concern": "Anliegen abgeschlossen.",
    "forum.merge_concern": "Mit einem anderen Anliegen zusammengeführt.",
    "forum.take_in_concern": "Ein anderes Anliegen aufgenommen.",
    "forum.change_terms": "Regeln der Allianz geändert.",
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
    "forum.answer_section": "Antwort auf einen Abschnitt entworfen.",
    "forum.summarise_answer": "Kurzfassung der Antwort entworfen.",
    "forum.publish_answer": "Antwort veröffentlicht.",
    "forum.pursue_answer": "Zusagen werden von jetzt an verfolgt.",
    "forum.add_boilerplate": "Textbaustein angelegt.",
    "forum.change_boilerplate": "Textbaustein geändert.",
    "forum.remove_boilerplate": "Textbaustein gelöscht.",
    "forum.make_commitment": "Zusage aufgeschrieben.",
    "forum.change_commitment": "Zusage vor der Veröffentlichung geändert.",
    "forum.remove_commitment": "Zusage vor der Veröffentlichung entfernt.",
    "forum.report_commitment": "Über die Zusage berichtet.",
    "forum.reach_milestone": "Etappe erreicht.",
    "forum.reopen_milestone": "Etappe doch nicht erreicht.",
    "forum.settle_commitment": "Festgestellt, was aus der Zusage wurde.",
    "forum.postpone_commitment": "Anderen Tag für die Zusage gesetzt.",
    "forum.judge_commitment": "Zusage bewertet.",
}

kinds = {
    "forum.Contribution": "Beitrag",
    "forum.Participant": "Teilnahme an einem Anliegen",
    "forum.Concern": "Anliegen",
    "forum.Statement": "Aussage",
    "forum.Section": "Abschnitt",
    "forum.Word": "Stellungnahme",
    "forum.Support": "Mitzeichnung",
    "forum.Terms": "Regeln der Allianz",
    "forum.Answer": "Antwort",
    "forum.Commitment": "Zusage",
    "forum.Boilerplate": "Textbaustein",
}


def marked(concern: Concern, note: str) -> str:
    """A note that says of invented things that they are."""
    return f"{note} · Beispieldaten" if concern.is_example else note


def clear_presentations(before: datetime) -> int:
    """Why which statement was shown to whom; until the concern has long been closed."""
    shown = Presentation.objects.filter(statement__concern__deadline__lt=before, at__lt=before)
    return shown.delete()[0]


def clear_removed_contributions(before: datetime) -> int:
    """The words and files of what moderation has taken down; its place and the reason stay."""
    removed = Contribution.objects.filter(removed_at__lt=before).exclude(text="")
    with transaction.atomic():
        keys = list(removed.values_list("pk", flat=True))
        delete_files(keys)
        return Contribution.objects.filter(pk__in=keys).update(text="")


def clear_complaints(before: datetime) -> int:
    """Complaints about contributions, once they are settled."""
    return Complaint.objects.filter(settled_at__lt=before).delete()[0]


retention = (
    Retention(
        "forum.contribution",
        "Beiträge zur Diskussion mit ihren Dateien",
        None,
        "Sie gehören zum öffentlichen Weg eines Anliegens. Wer ihr Konto löscht, steht nicht mehr dabei.",
    ),
    Retention(
        "forum.removed_contribution",
        "Text und Dateien von Beiträgen, die die Moderation entfernt hat",
        timedelta(days=365),
        "So lange lässt sich die Entscheidung prüfen und zurücknehmen. Die Begründung bleibt stehen.",
        clear_removed_contributions,
    ),
    Retention(
        "forum.complaint",
        "Meldungen von Beiträgen",
        timedelta(days=365),
        "Ab der Entscheidung. So lange kann jemand nachfragen, was aus ihrer Meldung wurde.",
        clear_complaints,
    ),
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
        "forum.support",
        "Mitzeichnungen, und wann ein Anliegen durch wen weiterging",
        None,
        "Sie sind amtlich und öffentlich: Das Quorum und der Weg müssen sich nachprüfen lassen.",
    ),
    Retention(
        "forum.personal_vote",
        "Persönliche Aussagen und Stimmen",
        None,
        "Ergebnisse müssen nachrechenbar bleiben. Öffentlich erscheinen sie nur in Summen.",
    ),
    Retention(
        "forum.commitment",
        "Antworten des Bundes, Zusagen, Berichte und Bewertungen",
        None,
        "Sie sind amtlich und öffentlich: Was zugesagt wurde, muss sich auf Dauer nachlesen lassen.",
    ),
    Retention(
        "forum.presentation",
        "Welche Aussage wem warum vorgelegt wurde",
        timedelta(days=365),
        "Ab der Frist des Anliegens. So lange lässt sich prüfen, ob die Auswahl gerecht war.",
        clear_presentations,
    ),
)
