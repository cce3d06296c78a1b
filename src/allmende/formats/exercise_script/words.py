"""What the simulation tells, in German: as a call of the operator, a report of the media, a line of the situation.

>>> clock_words(1590, "08:00")
'Tag 2, 10:30 Uhr'
>>> hours_words(0.5), hours_words(1), hours_words(20.2), hours_words(float("inf"))
('30 Minuten', '1 Stunde', '20 Stunden', 'auf absehbare Zeit')
"""

from collections.abc import Callable, Mapping
from math import inf, isfinite
from typing import TYPE_CHECKING, NamedTuple

from allmende.formats.exercise_script.fields import STATES
from allmende.formats.exercise_script.model import Script

if TYPE_CHECKING:
    from allmende.algorithms.exercise.announcements import Announcement, Item

MARK = "ÜBUNG"
MARKED = "ÜBUNG – ÜBUNG – ÜBUNG"
MINUTE = 60_000_000
MOST_LISTED = 12
# What „auf Vorrat“ is where there is no store, as for a dike.
HOLDS_OUT = "vorerst sicher"


class Sector(NamedTuple):
    """Words of a kind of facility.

    missing : what others lack if it fails; people : what it means for those whom it supplies
    advice : what is told to citizens; stored : whether it lives on a store without its supply, or only holds out
    """

    missing: str
    people: str
    advice: str = ""
    stored: bool = True


# How a sentence names what a service of the register gives; lists have the labels of ``crisis.models.Service``.
SECTORS = {
    "strom": Sector("Strom", "ohne Strom", "Schalten Sie Herdplatten und Bügeleisen aus, und halten Sie Telefonleitungen frei."),
    "gas": Sector("Gas", "ohne Gas", "Drehen Sie den Haupthahn zu, wenn Sie Gasgeruch bemerken."),
    "fernwaerme": Sector("Fernwärme", "ohne Heizung und warmes Wasser", "Halten Sie Fenster und Türen geschlossen."),
    "kraftstoff": Sector("Kraftstoff", "ohne Tankstelle in der Nähe", "Fahren Sie nur, wenn es sein muss."),
    "trinkwasser": Sector("Trinkwasser", "ohne Trinkwasser aus der Leitung", "Gehen Sie sparsam mit Ihrem Vorrat um."),
    "abwasser": Sector("die Abwasserentsorgung", "ohne Abwasserentsorgung", "Lassen Sie kein Wasser ablaufen."),
    "krankenhaus": Sector("das Krankenhaus", "ohne ihr Krankenhaus", "Im Notfall gilt weiter die 112; rechnen Sie mit längeren Wegen."),
    "rettung": Sector("der Rettungsdienst", "ohne Rettungsdienst in der Nähe", "Melden Sie Notfälle an den Notfalltreffpunkten."),
    "pflege": Sector("die Pflege", "ohne gesicherte Pflege", "Sehen Sie nach pflegebedürftigen Angehörigen und Nachbarn."),
    "arzneimittel": Sector("Arzneimittel", "ohne Apotheke in der Nähe"),
    "lebensmittel": Sector("Lebensmittel", "ohne offenen Lebensmittelmarkt", "Kaufen Sie nur, was Sie brauchen."),
    "telekommunikation": Sector("Telefon und Internet", "ohne Telefon und Internet", "Hören Sie Radio; Notfalltreffpunkte nehmen Notrufe an."),
    "rechenzentrum": Sector("das Rechenzentrum", "ohne die Verfahren des Rechenzentrums"),
    "nahverkehr": Sector("Bus und Bahn", "ohne Bus und Bahn"),
    "strassen": Sector("die Straßenverbindung", "ohne befahrbare Straße"),
    "bargeld": Sector("Bargeld", "ohne Bargeld und Kartenzahlung"),
    "leistungen": Sector("die Auszahlung von Leistungen", "ohne Auszahlung ihrer Leistungen"),
    "bodenstation": Sector("die Bodenstation", "ohne Navigation und Wetterdaten über Satelliten"),
    "abfall": Sector("die Müllabfuhr", "ohne Müllabfuhr"),
    # Not in the register: what exercises know besides.
    "Hochwasserschutz": Sector("der Schutz vor dem Hochwasser", "ohne Schutz vor dem Hochwasser", "Verlassen Sie Keller und Erdgeschosse; halten Sie sich von Ufern und Deichen fern.", stored=False),
    "Zuhause": Sector("das Zuhause", "ohne Zuhause", "Folgen Sie Aufforderungen zur Räumung sofort.", stored=False),
    "Notunterkunft": Sector("die Notunterkunft", "ohne Platz in einer Notunterkunft"),
    "Hitzeschutz": Sector("der kühle Raum", "ohne kühlen Raum"),
    "Bürgerdienste": Sector("das Bürgerbüro", "ohne Bürgerbüro"),
    "Urkunden": Sector("das Standesamt", "ohne Urkunden des Standesamts"),
    "Wahlunterlagen": Sector("das Wählerverzeichnis", "ohne gesicherte Wahlunterlagen"),
    "Gehalt": Sector("die Gehaltszahlung", "ohne ihr Gehalt"),
    "Schwimmbad": Sector("das Schwimmbad", "ohne Schwimmbad"),
}  # fmt: skip


class Words(NamedTuple):
    """An inject in words; ``channel`` as scripts name it."""

    channel: str
    sender: str
    title: str
    text: str


def words_of(announcement: "Announcement", *, names: Mapping[str, str], starts_at: str) -> Words:
    """Word what the simulation tells.

    Parameters
    ----------
    announcement
    names
        What people call facilities, by key.
    starts_at
        Time of day at which the exercise began.

    Returns
    -------
    Words
        Title and text say that it is an exercise.
    """
    when = clock_words(announcement.due // MINUTE, starts_at)
    make = {"buffered": _call, "failed": _report, "restored": _line}[announcement.kind]
    channel, sender, title, body = make(announcement, names)
    return Words(channel, sender, f"{MARK}: {title}", f"{MARKED}\n{when}\n\n{body}\n\n{MARKED}")


def state_words(state: str, sector: str) -> str:
    """The state of a facility. A dike has no store.

    >>> state_words("buffered", "krankenhaus"), state_words("buffered", "Hochwasserschutz")
    ('auf Vorrat', 'vorerst sicher')
    """
    return STATES[state] if state != "buffered" or has_store(sector) else HOLDS_OUT


def state_words_in(script: Script) -> Callable[[str, str], str]:
    """The same for the facilities of a script, by key."""
    sectors = {str(row.get("key")): str(row.get("sector")) for row in script.facilities}
    return lambda facility, state: state_words(state, sectors.get(facility, ""))


def has_store(sector: str) -> bool:
    """Whether a kind of facility lives on a store without its supply; others only hold out for a while."""
    return _sector(sector).stored


def clock_words(minutes: int, starts_at: str) -> str:
    """Day and time of day of an exercise minute."""
    hour, minute = map(int, starts_at.split(":"))
    day, rest = divmod(hour * 60 + minute + minutes, 24 * 60)
    return f"Tag {day + 1}, {rest // 60:02}:{rest % 60:02} Uhr"


def hours_words(hours: float) -> str:
    """How long something lasts, as somebody would say it on the phone; never longer than it is."""
    if not isfinite(hours):
        return "auf absehbare Zeit"
    if hours < 2:
        minutes = int(hours * 60 + 1e-6)
        if minutes == 60:
            return "1 Stunde"
        return "1 Minute" if minutes == 1 else f"{minutes} Minuten"
    return f"{int(hours + 1e-6)} Stunden"


def people_words(persons: float) -> str:
    """A number of people: exact below a hundred, else about."""
    whole = round(persons)
    if whole < 100:
        return "1 Mensch" if whole == 1 else f"{whole} Menschen"
    digits = 10 ** max(1, len(str(whole)) - 2)
    return f"rund {round(whole / digits) * digits:,} Menschen".replace(",", ".")


def _sector(key: str) -> Sector:
    return SECTORS.get(key, Sector(key, f"ohne {key}"))


def _name(item: "Item", names: Mapping[str, str]) -> str:
    return names.get(item.facility, item.facility)


def _missing(item: "Item") -> str:
    found = [_sector(sector).missing for sector in item.missing]
    return " und ".join(found)


def _call(each: "Announcement", names: Mapping[str, str]) -> tuple[str, str, str, str]:
    if each.gathered:
        lines = [f"{_name(item, names)}: noch {hours_words(item.left)}" for item in each.items]
        title = f"{_more(each)} in {each.municipality} auf Vorrat"
        body = "Auf Vorrat laufen außerdem:\n" + _listed(lines)
        if not any(_sector(item.sector).stored for item in each.items):
            verb = "hält" if len(each.items) == 1 else "halten"
            title = f"{_more(each)} in {each.municipality} {verb} noch stand"
            body = "Noch stand halten außerdem:\n" + _listed(lines)
        return "situation", "Lagezentrum", title, body
    (item,) = each.items
    name, missing = _name(item, names), _missing(item) or "die Versorgung"
    left = hours_words(item.left)
    body = f"Hier {name}. Uns fehlt {missing}; ohne Hilfe halten wir noch {left} durch."
    if item.left == inf:
        body = f"Hier {name}. Uns fehlt {missing}; wir halten {left} durch."
    elif item.persons:
        body += f" Danach sind {people_words(item.persons)} {_sector(item.sector).people}."
    body += " Was können Sie für uns tun?"
    reserve = "läuft auf Vorrat, noch" if _sector(item.sector).stored else "hält noch"
    return "phone", name, f"{name} {reserve} {left}", body


def _report(each: "Announcement", names: Mapping[str, str]) -> tuple[str, str, str, str]:
    sectors = dict.fromkeys(item.sector for item in each.items)
    advice = [text for sector in sectors if (text := _sector(sector).advice)]
    if each.gathered:
        lines = [f"{_name(item, names)} ({_people(item)})" for item in each.items]
        title = f"{_more(each)} in {each.municipality} ausgefallen"
        body = f"In {each.municipality} sind außerdem ausgefallen:\n{_listed(lines)}"
    else:
        (item,) = each.items
        name, missing = _name(item, names), _missing(item)
        title = f"{name} ausgefallen"
        reason = f" Es fehlt {missing}." if missing else " Der Grund ist noch nicht bekannt."
        if item.persons and item.missing == (item.sector,):
            # That people are without it has just been said.
            reason = ""
        body = f"{_placed(name, each)} ist ausgefallen. {_capital(_people(item))}.{reason}"
    text = "\n\n".join([body, *advice])
    return "media", "Medien", title, text


def _line(each: "Announcement", names: Mapping[str, str]) -> tuple[str, str, str, str]:
    if each.gathered:
        title = f"{_more(each)} in {each.municipality} wieder in Betrieb"
        body = "Wieder in Betrieb sind:\n" + _listed([_name(item, names) for item in each.items])
        return "situation", "Lagezentrum", title, body
    (item,) = each.items
    name = _name(item, names)
    body = f"{_placed(name, each)} ist wieder in Betrieb."
    if item.persons:
        body += f" Versorgt werden wieder {people_words(item.persons)}."
    return "situation", "Lagezentrum", f"{name} wieder in Betrieb", body


def _people(item: "Item") -> str:
    if not item.persons:
        return "Menschen sind davon nicht unmittelbar betroffen"
    verb = "ist" if round(item.persons) == 1 else "sind"
    return f"{people_words(item.persons)} {verb} {_sector(item.sector).people}"


def _placed(name: str, each: "Announcement") -> str:
    """With its municipality, unless it is called after it."""
    return name if each.municipality in name else f"{name} in {each.municipality}"


def _more(each: "Announcement") -> str:
    count = len(each.items)
    return "Eine weitere Einrichtung" if count == 1 else f"{count} weitere Einrichtungen"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _listed(lines: list[str]) -> str:
    shown = [f"– {line}" for line in lines[:MOST_LISTED]]
    if len(lines) > MOST_LISTED:
        shown.append(f"– und {len(lines) - MOST_LISTED} weitere")
    return "\n".join(shown)
