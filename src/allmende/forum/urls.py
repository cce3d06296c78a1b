"""Addresses of the forum."""

from django.urls import path

from .views import (
    concerns,
    evidence,
    proxies,
    releases,
    results,
    similar,
    statements,
    supports,
    votes,
)

app_name = "forum"
urlpatterns = [
    path("", concerns.concern_list, name="concerns"),
    path("anliegen.csv", concerns.concern_csv, name="concerns_csv"),
    path("neu/", concerns.draft, name="draft"),
    path("neu/aehnlich/", similar.concerns, name="similar_concerns"),
    path("<slug:slug>/", concerns.concern, name="concern"),
    path("<slug:slug>/aendern/", concerns.change, name="change"),
    path("<slug:slug>/oeffnen/", concerns.open_, name="open"),
    path("<slug:slug>/beenden/", concerns.close, name="close"),
    path("<slug:slug>/mitzeichnung/", supports.supports, name="supports"),
    path("<slug:slug>/mitzeichnung/mitzeichnung.csv", supports.supports_csv, name="supports_csv"),
    path("<slug:slug>/mitzeichnung/zeichnen/", supports.sign, name="sign"),
    path("<slug:slug>/mitzeichnung/zurueckziehen/", supports.withdraw, name="withdraw_support"),
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
    path("<slug:slug>/aussagen/aehnlich/", similar.statements, name="similar_statements"),
    path("<slug:slug>/aussagen/eigene/", statements.own, name="own_statements"),
    path("<slug:slug>/aussagen/pruefen/", statements.waiting, name="moderate"),
    path("<slug:slug>/aussagen/<int:number>/", statements.decide, name="decide"),
]
