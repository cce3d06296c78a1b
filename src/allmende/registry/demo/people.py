"""People of the example data and the organisations that they speak for; all of them are invented.

A village of 800 people, its neighbour, a city where four eyes decide, a Landkreis, an association, a ministry
and whoever runs the grid, so that every way of speaking for somebody can be tried.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from allmende.accounts.demo import PASSWORD, create_demo_person

from .. import services
from ..models import (
    GUARDED,
    Level,
    Office,
    Organisation,
    OrganisationKind,
    Proxy,
    Region,
    Right,
    Topic,
    usual_rights,
)
from ..names import search_key
from .places import INVENTED_KREIS, create_invented_municipalities, ensure_laender

MUNICIPALITIES = 430
KREIS = "Ahornkreis"
PROVIDER = "Ahornwerke"
MEMBERS = 12
ALL = frozenset(Right)
# Where four eyes decide: the one drafts, the other releases.
CLERK, HEAD = "stadt@example.org", "oberbuergermeister@example.org"


@dataclass(frozen=True)
class Sketch:
    """Somebody who can sign in: as ``key``@example.org, for the organisation ``speaks_for``."""

    key: str
    name: str
    what: str
    speaks_for: str = ""
    office: Office = Office.ADMINISTRATION
    title: str = ""
    rights: frozenset[Right] | None = None


PEOPLE = (
    Sketch(
        "buergermeisterin",
        "Maria Lindner",
        "Bürgermeisterin von Lindenfurt, 812 Einwohner",
        "Lindenfurt",
        Office.MAYOR,
        rights=ALL,
    ),
    Sketch("verwaltung", "Uwe Kranz", "Verwaltung von Kranichsee, 811 Einwohner", "Kranichsee"),
    Sketch(
        "stadt",
        "Songül Brandt",
        "Verwaltung der Stadt Falkenbrück, entwirft",
        "Falkenbrück",
        title="Referat Bürgerdienste",
    ),
    Sketch(
        "oberbuergermeister",
        "Jens Falk",
        "Oberbürgermeister von Falkenbrück, gibt frei",
        "Falkenbrück",
        Office.MAYOR,
        rights=ALL,
    ),
    Sketch(
        "landkreis",
        "Petra Ahorn",
        "Landkreis Ahornkreis, antwortet für Mitglieder",
        KREIS,
        rights=ALL,
    ),
    Sketch(
        "verband",
        "Karl Verbandt",
        "Verband der Beispielgemeinden",
        "Verband der Beispielgemeinden",
        Office.SECRETARIAT,
        rights=usual_rights(Office.SECRETARIAT) | {Right.MANAGE},
    ),
    Sketch(
        "ministerium",
        "Dr. Ines Amt",
        "Bundesministerium für Beispiele",
        "Bundesministerium für Beispiele",
        Office.DESK,
        title="Referat B 2",
    ),
    Sketch(
        "ministerin",
        "Dr. Renate Haus",
        "Leitung im Bundesministerium für Beispiele, veröffentlicht Antworten",
        "Bundesministerium für Beispiele",
        Office.LEADERSHIP,
        rights=ALL,
    ),
    Sketch(
        "werke",
        "Mehmet Strom",
        "Ahornwerke, Betreiber von Netzen und Wasserwerken",
        PROVIDER,
        Office.LEADERSHIP,
        rights=ALL,
    ),
    Sketch("buergerin", "Clara Bürger", "Bürgerin ohne Amt"),
    Sketch("betrieb", "Otto Betrieb", "Betrieb dieser Installation"),
)


def fill_people(seed: int) -> Iterator[str]:
    """Add organisations and people, once; returns what a visitor has to know to sign in."""
    regions = create_invented_municipalities(seed=seed, count=MUNICIPALITIES)
    organisations = {
        name: services.organisation_of(next(r for r in regions if r.short_name == name))
        for name in ("Lindenfurt", "Kranichsee", "Falkenbrück")
    }
    organisations["Falkenbrück"].four_eyes = True
    organisations["Falkenbrück"].save(update_fields=["four_eyes"])
    organisations[KREIS] = services.organisation_of(_kreis())
    for kind, name in (
        (OrganisationKind.ASSOCIATION, "Verband der Beispielgemeinden"),
        (OrganisationKind.MINISTRY, "Bundesministerium für Beispiele"),
        (OrganisationKind.PROVIDER, PROVIDER),
    ):
        organisations[name] = Organisation.objects.filter(
            name=name
        ).first() or services.create_organisation(actor=None, kind=kind, name=name, is_example=True)
    _empower(organisations[KREIS], regions)
    yield f"Anmelden (alle mit dem Passwort „{PASSWORD}“):"
    for sketch in PEOPLE:
        rights = usual_rights(sketch.office) if sketch.rights is None else sketch.rights
        has_factor = sketch.key == "betrieb" or (bool(sketch.speaks_for) and bool(rights & GUARDED))
        user = create_demo_person(
            email=f"{sketch.key}@example.org",
            name=sketch.name,
            is_operator=sketch.key == "betrieb",
            with_factor=has_factor,
        )
        if sketch.speaks_for and not user.mandates.exists():
            services.grant_mandate(
                actor=None,
                user=user,
                organisation=organisations[sketch.speaks_for],
                office=sketch.office,
                title=sketch.title,
                rights=rights,
                since=timezone.localdate() - timedelta(days=400),
            )
        yield f"  {user.email:<31} {sketch.what}{' *' if has_factor else ''}"
    yield "  * fragt nach einem zweiten Faktor; in den Beispieldaten steht der Code auf der Seite."


def _kreis() -> Region:
    """A Landkreis around the invented municipalities of one Land."""
    bavaria = ensure_laender()["09"]
    key = f"09{INVENTED_KREIS}"
    kreis, _ = Region.objects.get_or_create(
        ars=key,
        valid_until=None,
        defaults={
            "level": Level.KREIS,
            "name": KREIS,
            "search_key": search_key([KREIS]),
            "kind": 44,
            "parent": bavaria,
            "land": "09",
            "kreis": key,
            "invented": True,
        },
    )
    Region.objects.filter(invented=True, level=Level.GEMEINDE, land="09").update(parent=kreis)
    return kreis


def _empower(kreis: Organisation, regions: list[Region]) -> None:
    """Some members let the Landkreis answer for them, Lindenfurt among them; once."""
    if kreis.proxies_held.exists():
        return
    inside = [region for region in regions if region.land == "09"][:MEMBERS]
    Proxy.objects.bulk_create(
        Proxy(member=services.organisation_of(region), agent=kreis, topic=topic)
        for region in inside
        for topic in (Topic.DEMOCRACY, Topic.HEALTH)
        if region.short_name != "Falkenbrück"
    )
