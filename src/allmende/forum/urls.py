"""Addresses of the forum."""

from django.urls import path

from .views import (
    concerns,
    editions,
    evidence,
    positions,
    proxies,
    releases,
    results,
    sections,
    statements,
    votes,
    words,
)

app_name = "forum"
urlpatterns = [
    path("", concerns.concern_list, name="concerns"),
    path("anliegen.csv", concerns.concern_csv, name="concerns_csv"),
    path("neu/", concerns.draft, name="draft"),
    path("<slug:slug>/", concerns.concern, name="concern"),
    path("<slug:slug>/aendern/", concerns.change, name="change"),
    path("<slug:slug>/oeffnen/", concerns.open_, name="open"),
    path("<slug:slug>/beenden/", concerns.close, name="close"),
    path("<slug:slug>/abstimmen/", votes.vote, name="vote"),
    path("<slug:slug>/stimmen/", votes.own_votes, name="own_votes"),
    path("<slug:slug>/stimmen/uebernehmen/", proxies.take_over, name="take_over_answers"),
    path("<slug:slug>/stimmen/zurueckziehen/", proxies.withdraw, name="withdraw_answers"),
    path("<slug:slug>/mitglieder/", proxies.members, name="members"),
    path("<slug:slug>/mitglieder/abstimmen/", proxies.answer, name="answer"),
    path("<slug:slug>/freigaben/", releases.release, name="release"),
    path("<slug:slug>/entwuerfe/<int:number>/", statements.change_draft, name="change_draft"),
    path(
        "<slug:slug>/entwuerfe/<int:number>/zurueckziehen/",
        releases.withdraw,
        name="withdraw_draft",
    ),
    path("<slug:slug>/ergebnis/", results.result, name="result"),
    path("<slug:slug>/ergebnis/aussagen/", results.statements, name="result_statements"),
    path("<slug:slug>/ergebnis/teilnehmende/", results.participants, name="result_participants"),
    path("<slug:slug>/ergebnis/ergebnis.csv", results.statements_csv, name="result_csv"),
    path(
        "<slug:slug>/ergebnis/teilnehmende.csv", results.participants_csv, name="participants_csv"
    ),
    path("<slug:slug>/ergebnis/ergebnis.json", results.result_json, name="result_json"),
    path("<slug:slug>/kommunen/<slug:ars>/", votes.municipality, name="municipality"),
    path("<slug:slug>/kommunen/<slug:ars>/nachweis/", evidence.add, name="add_evidence"),
    path("<slug:slug>/nachweise/<int:number>/", evidence.document, name="evidence"),
    path(
        "<slug:slug>/nachweise/<int:number>/zurueckziehen/",
        evidence.withdraw,
        name="withdraw_evidence",
    ),
    path("<slug:slug>/aussagen/neu/", statements.add, name="add_statement"),
    path("<slug:slug>/aussagen/eigene/", statements.own, name="own_statements"),
    path("<slug:slug>/aussagen/pruefen/", statements.waiting, name="moderate"),
    path("<slug:slug>/aussagen/<int:number>/", statements.decide, name="decide"),
    path("<slug:slug>/position/", positions.position, name="position"),
    path("<slug:slug>/position/entwurf/", positions.draft, name="position_draft"),
    path("<slug:slug>/position/entwurf/anlegen/", positions.fill, name="fill_position"),
    path("<slug:slug>/position/berichterstattung/", positions.rapporteurs, name="rapporteurs"),
    path("<slug:slug>/position/versiegeln/", positions.seal, name="seal_position"),
    path("<slug:slug>/position/abschnitte/neu/", sections.add, name="add_section"),
    path("<slug:slug>/position/abschnitte/<int:number>/", sections.change, name="section"),
    path(
        "<slug:slug>/position/abschnitte/<int:number>/verlauf/",
        sections.versions,
        name="section_versions",
    ),
    path(
        "<slug:slug>/position/abschnitte/<int:number>/wiederherstellen/",
        sections.restore,
        name="restore_section",
    ),
    path(
        "<slug:slug>/position/abschnitte/<int:number>/verschieben/",
        sections.move,
        name="move_section",
    ),
    path(
        "<slug:slug>/position/abschnitte/<int:number>/entfernen/",
        sections.remove,
        name="remove_section",
    ),
    path(
        "<slug:slug>/position/abschnitte/<int:number>/zurueckholen/",
        sections.put_back,
        name="put_back_section",
    ),
    path("<slug:slug>/position/fassungen/<int:number>/", editions.edition, name="edition"),
    path(
        "<slug:slug>/position/fassungen/<int:number>/position.json",
        editions.as_json,
        name="edition_json",
    ),
    path(
        "<slug:slug>/position/fassungen/<int:number>/position.pdf",
        editions.as_pdf,
        name="edition_pdf",
    ),
    path(
        "<slug:slug>/position/fassungen/<int:number>/position.docx",
        editions.as_docx,
        name="edition_docx",
    ),
    path("<slug:slug>/position/fassungen/<int:number>/worte/", words.word_list, name="words"),
    path("<slug:slug>/position/fassungen/<int:number>/worte.csv", words.word_csv, name="words_csv"),
    path("<slug:slug>/position/mittragen/", words.give, name="give_word"),
    path("<slug:slug>/position/mittragen/zurueckziehen/", words.withdraw, name="withdraw_word"),
]
