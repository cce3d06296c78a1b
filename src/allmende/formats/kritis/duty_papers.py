"""What stands in the papers that a duty asks for, as far as the register knows it.

The register cannot know everything: what is missing says „Bitte ergänzen“. Fetched as DOCX, it can be filled in.
"""

from dataclasses import dataclass

from .paper import Paper, Section, Table
from .standing import Level

MISSING = "Bitte ergänzen"
# All hazards that an analysis looks at; ours, after what LÜKEX and the BBK publish on hazards.
HAZARDS = (
    *("Hochwasser und Starkregen", "Sturm", "Hitze und Dürre", "Schnee und Eis", "Waldbrand"),
    *("Stromausfall über 72 Stunden", "Ausfall von Telefon und Internet"),
    *("Angriff auf die Steuerung oder die Verwaltung über das Netz", "Sabotage und Diebstahl"),
    *("Unfall, Brand, Gefahrstoff", "Ausfall von Personal, Epidemie", "Ausfall von Lieferanten"),
)

STANDINGS = {
    Level.BUND: "kritisch für den Bund",
    Level.LAND: "kritisch für das Land",
    Level.LOCAL: "kommunal wichtig",
}


@dataclass(frozen=True)
class Need:
    """What a facility needs: of whom, how many of them suffice, and how long it goes on without."""

    what: str
    suppliers: tuple[str, ...]
    needed: int
    hours: str  # in words

    @property
    def is_single(self) -> bool:
        """Whether the failure of any one supplier stops the supply."""
        return self.needed >= len(self.suppliers)


@dataclass(frozen=True)
class Provider:
    """Whoever runs a facility, as far as it has said; empty is what it has not."""

    name: str
    legal_form: str = ""
    register: str = ""
    address: str = ""
    contact: str = ""
    eu_states: str = ""


@dataclass(frozen=True)
class Sheet:
    """All that the register says of a facility, in words."""

    name: str
    provider: Provider
    service: str
    sector: str
    municipality: str
    place: str
    standing: str
    served: str
    shares: tuple[tuple[str, str], ...]  # municipality and persons
    measures: tuple[tuple[str, str, str, str], ...]  # category, year, value, persons
    contacts: tuple[tuple[str, str], ...]  # name, and how to reach it
    needs: tuple[Need, ...]
    needed_by: tuple[tuple[str, str, str], ...]  # who, what, hours
    hidden: int  # so many more depend on it that the reader may not see
    repair: str
    starts_alone: bool
    feed_in: str
    is_example: bool = False


def duty_paper(key: str, sheet: Sheet) -> Paper:
    """The paper of one duty. Raises ``KeyError`` if there is none for it."""
    title, note, build = PAPERS[key]
    subject = f"{sheet.name}, {sheet.municipality}"
    return Paper(title, subject, build(sheet), note=note, is_example=sheet.is_example)


def _provider(sheet: Sheet) -> Section:
    provider = sheet.provider
    facts = (
        ("Name", provider.name),
        ("Rechtsform", provider.legal_form or MISSING),
        ("Registergericht und Registernummer", provider.register or MISSING),
        ("Anschrift", provider.address or MISSING),
        ("Jederzeit erreichbarer Kontakt", provider.contact or _contacts(sheet) or MISSING),
    )
    return Section("Der Betreiber", facts=facts)


def _contacts(sheet: Sheet) -> str:
    return "\n".join(f"{name}: {how}" for name, how in sheet.contacts)


def _facility(sheet: Sheet) -> Section:
    facts = [
        ("Anlage", sheet.name),
        ("Sektor und Leistung", f"{sheet.sector}, {sheet.service}"),
        ("Gemeinde", sheet.municipality),
        ("Anschrift oder Lage", sheet.place or MISSING),
        ("Stand", sheet.standing),
        ("Versorgte Menschen", sheet.served),
    ]
    return Section("Die Anlage", facts=tuple(facts))


def _supplied(sheet: Sheet) -> Section:
    return Section(
        "Wen sie versorgt",
        table=Table(("Gemeinde", "Menschen"), sheet.shares, empty="Dazu steht nichts im Register."),
    )


def _registration(sheet: Sheet) -> tuple[Section, ...]:
    return (
        _provider(sheet),
        _facility(sheet),
        Section(
            "Kategorie und Versorgungsgrad",
            table=Table(
                ("Kategorie", "Jahr", "Wert", "entspricht Menschen"),
                sheet.measures,
                empty="Ein Versorgungsgrad steht noch nicht im Register.",
            ),
        ),
        _supplied(sheet),
        Section(
            "Weitere Angaben",
            facts=(("Versorgte Mitgliedstaaten der EU", sheet.provider.eu_states or MISSING),),
        ),
    )


def _needs(sheet: Sheet) -> Section:
    rows = tuple(
        (
            need.what,
            ", ".join(need.suppliers),
            f"{need.needed} von {len(need.suppliers)}",
            need.hours,
        )
        for need in sheet.needs
    )
    return Section(
        "Wovon sie abhängt",
        table=Table(
            ("Was", "Von wem", "So viele genügen", "Ohne Lieferung"),
            rows,
            empty="Im Register steht noch kein Bedarf.",
        ),
    )


def _weak_points(sheet: Sheet) -> Section:
    found = [
        f"{need.what}: Fällt {'der einzige Lieferant' if len(need.suppliers) == 1 else 'einer der Lieferanten'} "
        f"aus, bleibt die Lieferung aus ({need.hours})."
        for need in sheet.needs
        if need.is_single
    ]
    if not sheet.starts_alone:
        found.append("Nach einem Ausfall fährt sie nicht ohne fremde Hilfe wieder an.")
    said = "\n\n".join(found) or "Das Register nennt keine."
    return Section("Einzelne Schwachstellen", text=said)


def _needed_by(sheet: Sheet) -> Section:
    more = f"Dazu kommen {sheet.hidden}, die Sie nicht sehen dürfen." if sheet.hidden else ""
    return Section(
        "Was von ihr abhängt: Folgen eines Ausfalls",
        text=more,
        table=Table(
            ("Einrichtung", "Was sie bezieht", "Ohne Lieferung"),
            sheet.needed_by,
            empty=""
            if sheet.hidden
            else "Keine Einrichtung im Register nennt sie als Lieferanten.",
        ),
    )


def _analysis(sheet: Sheet) -> tuple[Section, ...]:
    return (
        _provider(sheet),
        _facility(sheet),
        _needs(sheet),
        _weak_points(sheet),
        _needed_by(sheet),
        _supplied(sheet),
        Section(
            "Gefahren",
            text="Bewerten Sie jede. Maßstab sind die Risiken, die Bund und Land in ihren Analysen nennen.",
            table=Table(
                ("Gefahr", "Wie wahrscheinlich", "Welche Folgen", "Was zu tun ist"),
                tuple((hazard, MISSING, MISSING, MISSING) for hazard in HAZARDS),
            ),
        ),
    )


def _plan(sheet: Sheet) -> tuple[Section, ...]:
    stores = "\n".join(f"{need.what}: {need.hours}" for need in sheet.needs)
    goals = (
        ("Vorfälle verhindern", (("Maßnahmen und warum sie verhältnismäßig sind", MISSING),)),
        (
            "Die Anlage schützen",
            (("Baulich und technisch: Zugang, Zäune, Überwachung", MISSING),),
        ),
        (
            "Reagieren und Folgen begrenzen",
            (
                ("Vorrat und Notbetrieb", stores or MISSING),
                ("Anschluss für ein Notstromaggregat", sheet.feed_in),
                ("Kontakte", _contacts(sheet) or MISSING),
                ("Weitere Maßnahmen", MISSING),
            ),
        ),
        (
            "Wiederherstellen",
            (
                ("Reparatur dauert meist", sheet.repair),
                ("Fährt allein wieder an", "ja" if sheet.starts_alone else "nein"),
                ("Andere Lieferwege und weitere Maßnahmen", MISSING),
            ),
        ),
    )
    measures = tuple(
        Section(f"Ziel {number}: {title}", facts=facts)
        for number, (title, facts) in enumerate(goals, 1)
    )
    return (_provider(sheet), _facility(sheet), *measures, _needs(sheet))


_HEAD = "Vorbereitet aus dem Register der Einrichtungen. "
PAPERS = {
    "registrierung": (
        "Registrierung",
        _HEAD
        + "Was im Portal von BBK und BSI einzutragen ist. Die Plattform trägt es dort nicht ein.",
        _registration,
    ),
    "risikoanalyse": (
        "Risikoanalyse",
        _HEAD + "Die Bewertung ist Ihre Aufgabe; das Register kennt nur die Abhängigkeiten.",
        _analysis,
    ),
    "resilienzplan": (
        "Resilienzplan",
        _HEAD + "Vier Ziele nennt das Gesetz. Ergänzen Sie zu jedem, was Sie tun und bis wann.",
        _plan,
    ),
}
