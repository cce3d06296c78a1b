"""What the forum calls its deeds, notices and kinds of things, and how long it keeps what."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from allmende.portal.offers import Retention

from ..models import Commitment, Complaint, Concern, Contribution, Presentation
from ..news import Item
from ..services import delete_files

notices = {
    "forum.reply": _("Antworten in Gesprächen, an denen Sie sich beteiligt haben"),
    "forum.mention": _("Beiträge, die Ihre Organisation erwähnen"),
    "forum.moderation": _("Was aus entfernten und gemeldeten Beiträgen wurde"),
    "forum.opened": _("Neue Anliegen"),
    "forum.release": _("Entwürfe, die auf Ihre Freigabe warten"),
    "forum.returned": _("Entwürfe, die an Sie zurückkamen"),
    "forum.position": _("Gemeinsame Positionen, die Ihre Organisation mittragen kann"),
    "forum.ministry": _("Anliegen an Ihr Ministerium"),
    "forum.way": _("Fortgang von Anliegen, an denen Sie teilgenommen haben"),
    "forum.result": _("Ergebnisse von Anliegen, an denen Sie teilgenommen haben"),
    "forum.answer": _("Antworten des Bundes auf Anliegen, an denen Sie teilgenommen haben"),
    "forum.commitment": _("Zusagen aus Anliegen, an denen Sie teilgenommen haben"),
}

deeds = {
    "forum.add_contribution": _("Beitrag geschrieben."),
    "forum.change_contribution": _("Beitrag geändert."),
    "forum.take_back_contribution": _("Beitrag zurückgenommen."),
    "forum.report_contribution": _("Beitrag gemeldet."),
    "forum.remove_contribution": _("Beitrag entfernt."),
    "forum.restore_contribution": _("Beitrag wiederhergestellt."),
    "forum.keep_contribution": _("Gemeldeten Beitrag stehen lassen."),
    "forum.summarise_concern": _("„Kurz gefasst“ geschrieben."),
    "forum.draft_concern": _("Als Entwurf angelegt."),
    "forum.change_concern": _("Entwurf geändert."),
    "forum.open_concern": _("Für Aussagen und Stimmen geöffnet."),
    "forum.close_concern": _("Abstimmung beendet."),
    "forum.draft_sections": _("Verbindende Aussagen in den Entwurf der Position übernommen."),
    "forum.add_section": _("Abschnitt der Position hinzugefügt."),
    "forum.write_section": _("Abschnitt der Position geändert."),
    "forum.move_section": _("Abschnitt der Position verschoben."),
    "forum.remove_section": _("Abschnitt der Position entfernt."),
    "forum.put_back_section": _("Abschnitt der Position zurückgeholt."),
    "forum.add_rapporteur": _("Organisation in die Berichterstattung aufgenommen."),
    "forum.remove_rapporteur": _("Organisation aus der Berichterstattung entfernt."),
    "forum.seal_position": _("Gemeinsame Position versiegelt."),
    "forum.give_word": _("Position oder Abschnitt mitgetragen oder Sondervotum abgegeben."),
    "forum.withdraw_word": _("Stellungnahme zur Position zurückgezogen."),
    "forum.sign_concern": _("Mitgezeichnet."),
    "forum.withdraw_support": _("Mitzeichnung zurückgezogen."),
    "forum.choose_ministry": _("Zuständiges Ministerium nach dem Themenfeld bestimmt."),
    "forum.set_ministry": _("Zuständiges Ministerium bestimmt."),
    "forum.hand_over_concern": _("An ein anderes Ministerium abgegeben."),
    "forum.assign_official": _("Zuständige Person im Ministerium bestimmt."),
    "forum.restore_official": _("Wieder so zugewiesen wie vorher."),
    "forum.extend_answer": _("Frist für die Antwort verlängert."),
    "forum.reach_quorum": _("Das Quorum ist erreicht."),
    "forum.send_concern": _("An das Ministerium geschickt."),
    "forum.finish_concern": _("Anliegen abgeschlossen."),
    "forum.merge_concern": _("Mit einem anderen Anliegen zusammengeführt."),
    "forum.take_in_concern": _("Ein anderes Anliegen aufgenommen."),
    "forum.change_terms": _("Regeln der Allianz geändert."),
    "forum.release_drafts": _("Entwürfe freigegeben."),
    "forum.return_drafts": _("Entwürfe zurückgegeben."),
    "forum.add_evidence": _("Beschluss nachgewiesen."),
    "forum.withdraw_evidence": _("Nachweis zurückgezogen."),
    "forum.add_oparl_server": _("Ratsinformationssystem aufgenommen."),
    "forum.remove_oparl_server": _("Ratsinformationssystem entfernt."),
    "forum.set_level": _("Nachweis eines Beschlusses geändert."),
    "forum.withdraw_answers": _("Antworten in Vollmacht zurückgezogen."),
    "forum.import_conversation": _("Aus einer Datei eingelesen."),
    "forum.add_statement": _("Aussage hinzugefügt."),
    "forum.decide_statement": _("Über die Aussage entschieden."),
    "forum.answer_section": _("Antwort auf einen Abschnitt entworfen."),
    "forum.summarise_answer": _("Kurzfassung der Antwort entworfen."),
    "forum.publish_answer": _("Antwort veröffentlicht."),
    "forum.pursue_answer": _("Zusagen werden von jetzt an verfolgt."),
    "forum.add_boilerplate": _("Textbaustein angelegt."),
    "forum.change_boilerplate": _("Textbaustein geändert."),
    "forum.remove_boilerplate": _("Textbaustein gelöscht."),
    "forum.make_commitment": _("Zusage aufgeschrieben."),
    "forum.change_commitment": _("Zusage vor der Veröffentlichung geändert."),
    "forum.remove_commitment": _("Zusage vor der Veröffentlichung entfernt."),
    "forum.report_commitment": _("Über die Zusage berichtet."),
    "forum.reach_milestone": _("Etappe erreicht."),
    "forum.reopen_milestone": _("Etappe doch nicht erreicht."),
    "forum.settle_commitment": _("Festgestellt, was aus der Zusage wurde."),
    "forum.postpone_commitment": _("Anderen Tag für die Zusage gesetzt."),
    "forum.judge_commitment": _("Zusage bewertet."),
}

kinds = {
    "forum.Contribution": _("Beitrag"),
    "forum.Participant": _("Teilnahme an einem Anliegen"),
    "forum.Concern": _("Anliegen"),
    "forum.Statement": _("Aussage"),
    "forum.Section": _("Abschnitt"),
    "forum.Word": _("Stellungnahme"),
    "forum.Support": _("Mitzeichnung"),
    "forum.Terms": _("Regeln der Allianz"),
    "forum.Answer": _("Antwort"),
    "forum.Commitment": _("Zusage"),
    "forum.Boilerplate": _("Textbaustein"),
}


def marked(thing: Concern | Commitment | Item, note: str) -> str:
    """A note that says of invented things that they are."""
    return f"{note} · {gettext('Beispieldaten')}" if thing.is_example else note


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
        _("Beiträge zur Diskussion mit ihren Dateien"),
        None,
        _(
            "Sie gehören zum öffentlichen Weg eines Anliegens. Wer ihr Konto löscht, steht nicht mehr dabei."
        ),
    ),
    Retention(
        "forum.removed_contribution",
        _("Text und Dateien von Beiträgen, die die Moderation entfernt hat"),
        timedelta(days=365),
        _(
            "So lange lässt sich die Entscheidung prüfen und zurücknehmen. Die Begründung bleibt stehen."
        ),
        clear_removed_contributions,
    ),
    Retention(
        "forum.complaint",
        _("Meldungen von Beiträgen"),
        timedelta(days=365),
        _("Ab der Entscheidung. So lange kann jemand nachfragen, was aus ihrer Meldung wurde."),
        clear_complaints,
    ),
    Retention(
        "forum.vote",
        _("Anliegen, Aussagen und Stimmen von Kommunen"),
        None,
        _(
            "Sie sind amtlich und öffentlich: Jede Antwort muss sich auf ihre Stimmen zurückführen lassen."
        ),
    ),
    Retention(
        "forum.position",
        _("Gemeinsame Positionen, ihre Fassungen und was Organisationen dazu sagen"),
        None,
        _("Sie sind amtlich und öffentlich; versiegelte Fassungen lassen sich nicht ändern."),
    ),
    Retention(
        "forum.support",
        _("Mitzeichnungen, und wann ein Anliegen durch wen weiterging"),
        None,
        _("Sie sind amtlich und öffentlich: Das Quorum und der Weg müssen sich nachprüfen lassen."),
    ),
    Retention(
        "forum.personal_vote",
        _("Persönliche Aussagen und Stimmen"),
        None,
        _("Ergebnisse müssen nachrechenbar bleiben. Öffentlich erscheinen sie nur in Summen."),
    ),
    Retention(
        "forum.commitment",
        _("Antworten des Bundes, Zusagen, Berichte und Bewertungen"),
        None,
        _(
            "Sie sind amtlich und öffentlich: Was zugesagt wurde, muss sich auf Dauer nachlesen lassen."
        ),
    ),
    Retention(
        "forum.presentation",
        _("Welche Aussage wem warum vorgelegt wurde"),
        timedelta(days=365),
        _("Ab der Frist des Anliegens. So lange lässt sich prüfen, ob die Auswahl gerecht war."),
        clear_presentations,
    ),
)
