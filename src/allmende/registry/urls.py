"""Addresses of the registry."""

from django.urls import include, path, re_path

from allmende.portal.tables import as_json

from .views import (
    codes,
    desk,
    interests,
    invitations,
    lists,
    organisations,
    people,
    proxies,
    regions,
)

app_name = "registry"

register = [
    path("", regions.search, name="search"),
    path("kommunen/", regions.municipality_list, name="municipalities"),
    path("kommunen.csv", regions.municipality_csv, name="municipalities_csv"),
    path("kommunen.json", as_json(regions.municipality_csv), name="municipalities_json"),
    path("karte/", regions.map_, name="map"),
    path("aenderungen/", regions.changes, name="changes"),
    path("aenderungen.csv", regions.changes_csv, name="changes_csv"),
    path("aenderungen.json", as_json(regions.changes_csv), name="changes_json"),
    re_path(r"^(?P<key>bund|[0-9]{2,12})\.json$", as_json(regions.parts_csv), name="parts_json"),
    re_path(r"^(?P<key>bund|[0-9]{2,12})\.csv$", regions.parts_csv, name="parts_csv"),
    re_path(r"^(?P<key>bund|[0-9]{2,12})/$", regions.region, name="region"),
]
of_organisations = [
    path("organisationen/", organisations.organisation_list, name="organisations"),
    path("organisationen.csv", organisations.organisation_csv, name="organisations_csv"),
    path("organisationen.json", as_json(organisations.organisation_csv), name="organisations_json"),
    path("organisationen/<slug:slug>/", organisations.organisation, name="organisation"),
    path("organisationen/<slug:slug>/anfragen/", organisations.request_mandate, name="request"),
    path("organisationen/<slug:slug>/menschen/", people.people, name="people"),
    path("organisationen/<slug:slug>/menschen/einladen/", invitations.invite, name="invite"),
    path("organisationen/<slug:slug>/einstellungen/", people.settings, name="settings"),
    path(
        "organisationen/<slug:slug>/einstellungen/domain/neu/",
        people.add_domain,
        name="add_domain",
    ),
    path(
        "organisationen/<slug:slug>/einstellungen/domain/entfernen/",
        people.remove_domain,
        name="remove_domain",
    ),
    path("mandate/<int:number>/", people.change, name="change_mandate"),
    path("mandate/<int:number>/beenden/", people.end, name="end_mandate"),
    path("anfragen/<int:number>/", people.decide_request, name="decide_request"),
    path("einladungen/<int:number>/erneut/", invitations.resend, name="resend_invitation"),
    path("einladungen/<int:number>/zurueck/", invitations.revoke, name="revoke_invitation"),
]
of_proxies = [
    path("organisationen/<slug:slug>/vollmachten/", proxies.proxies, name="proxies"),
    path("organisationen/<slug:slug>/vollmachten/neu/", proxies.choose_agent, name="choose_agent"),
    path(
        "organisationen/<slug:slug>/vollmachten/<slug:agent>/erteilen/",
        proxies.grant,
        name="grant_proxy",
    ),
    path(
        "organisationen/<slug:slug>/vollmachten/<slug:agent>/widerrufen/",
        proxies.revoke,
        name="revoke_proxy",
    ),
    path("organisationen/<slug:slug>/mitglieder/", proxies.members, name="members"),
    path("organisationen/<slug:slug>/mitglieder.csv", proxies.members_csv, name="members_csv"),
    path(
        "organisationen/<slug:slug>/mitglieder.json",
        as_json(proxies.members_csv),
        name="members_json",
    ),
]
links_and_codes = [
    path("brief/", codes.enter, name="letter"),
    path("brief/amt/", codes.redeem, name="redeem"),
    path("einladung/<str:token>/", invitations.invitation, name="invitation"),
    path("einladung/<str:token>/annehmen/", invitations.accept, name="accept_invitation"),
    path("einladung/<str:token>/ablehnen/", invitations.decline, name="decline_invitation"),
    path("einladung/<str:token>/konto/", invitations.sign_up, name="sign_up"),
]
desk_pages = [
    path("organisationen/", desk.organisation_list, name="desk_organisations"),
    path("organisationen/liste.csv", desk.organisation_csv, name="desk_organisations_csv"),
    path("organisationen/neu/", desk.create, name="create_organisation"),
    path("gebiete/<str:key>/einladen/", desk.begin, name="begin"),
    path("organisationen/<slug:slug>/umbenennen/", desk.rename, name="rename_organisation"),
    path("organisationen/<slug:slug>/aufloesen/", desk.dissolve, name="dissolve_organisation"),
    path("mandate/", desk.mandate_list, name="desk_mandates"),
    path("mandate/liste.csv", desk.mandate_csv, name="desk_mandates_csv"),
    path("einladungen/", desk.invitation_list, name="desk_invitations"),
    path("einladungen/liste.csv", desk.invitation_csv, name="desk_invitations_csv"),
    path("einladungen/datei/", lists.choose, name="choose_list"),
    path("einladungen/datei/<int:number>/", lists.kept, name="list"),
    path("einladungen/datei/<int:number>/fehler.csv", lists.faults_csv, name="list_faults"),
    path("einladungen/datei/<int:number>/ausfuehren/", lists.carry_out, name="carry_out_list"),
]

urlpatterns = [
    path("konto/themen/", interests.interests, name="interests"),
    path("betrieb/", include(desk_pages)),
    path("verzeichnis/", include(register + of_organisations + of_proxies + links_and_codes)),
]
