"""All addresses: one line an app."""

from django.urls import include, path

urlpatterns = [
    path("", include("allmende.portal.urls")),
    path("api/", include("allmende.portal.api_urls")),
    path("", include("allmende.mail.urls")),
    path("konto/", include("allmende.accounts.urls")),
    path("betrieb/briefe/", include("allmende.registry.letter_urls")),
    path("", include("allmende.registry.urls")),
    path("betrieb/protokoll/", include("allmende.audit.urls")),
    path("betrieb/", include("allmende.forum.desk_urls")),
    path("betrieb/", include("allmende.crisis.desk_urls")),
    path("neues/", include("allmende.forum.feed_urls")),
    path("webhooks/", include("allmende.webhooks.urls")),
    path("forum/", include("allmende.forum.urls")),
    path("ministerium/", include("allmende.forum.ministry_urls")),
    path("zusagen/", include("allmende.forum.commitment_urls")),
    path("sitzungen/", include("allmende.forum.sitting_urls")),
    path("krise/uebungen/", include("allmende.crisis.exercise_urls")),
    path("krise/drehbuecher/", include("allmende.crisis.script_urls")),
    path("krise/", include("allmende.crisis.urls")),
]
handler404 = "allmende.portal.views.frame.not_found"
handler403 = "allmende.portal.views.frame.forbidden"
handler500 = "allmende.portal.views.frame.server_error"
