"""Addresses of the discussion, for ``urls``."""

from django.urls import path

from allmende.portal.tables import as_json

from .views import complaints, contributions, discussion, summaries

urlpatterns = [
    path("<slug:slug>/diskussion/", discussion.discussion, name="discussion"),
    path("<slug:slug>/diskussion/beitraege.csv", discussion.discussion_csv, name="discussion_csv"),
    path(
        "<slug:slug>/diskussion/beitraege.json",
        as_json(discussion.discussion_csv),
        name="discussion_json",
    ),
    path("<slug:slug>/diskussion/neu/", contributions.contribute, name="contribute"),
    path("<slug:slug>/diskussion/kurz-gefasst/", summaries.history, name="summary_history"),
    path("<slug:slug>/diskussion/kurz-gefasst/aendern/", summaries.write, name="summary"),
    path("<slug:slug>/diskussion/meldungen/", complaints.waiting, name="complaints"),
    path(
        "<slug:slug>/diskussion/aussagen/<int:number>/",
        discussion.statement_discussion,
        name="statement_discussion",
    ),
    path(
        "<slug:slug>/diskussion/aussagen/<int:number>/neu/",
        contributions.contribute_on,
        name="contribute_on",
    ),
    path("<slug:slug>/diskussion/anhaenge/<int:number>/", discussion.attachment, name="attachment"),
    path("<slug:slug>/diskussion/<int:number>/", discussion.thread, name="thread"),
    path("<slug:slug>/diskussion/<int:number>/antworten/", contributions.reply, name="reply"),
    path(
        "<slug:slug>/diskussion/<int:number>/aendern/",
        contributions.change,
        name="change_contribution",
    ),
    path(
        "<slug:slug>/diskussion/<int:number>/zuruecknehmen/",
        contributions.take_back,
        name="take_back_contribution",
    ),
    path(
        "<slug:slug>/diskussion/<int:number>/melden/", complaints.report, name="report_contribution"
    ),
    path(
        "<slug:slug>/diskussion/<int:number>/entfernen/",
        complaints.remove,
        name="remove_contribution",
    ),
    path(
        "<slug:slug>/diskussion/<int:number>/wiederherstellen/",
        complaints.restore,
        name="restore_contribution",
    ),
    path(
        "<slug:slug>/diskussion/<int:number>/belassen/", complaints.keep, name="keep_contribution"
    ),
]
