"""A script of the example data: a failure of electricity, in the network that the invented Kreis's register is."""

from typing import Any, NamedTuple

from allmende.accounts.models import User
from allmende.formats.exercise_script.document import document_of, script_of
from allmende.formats.exercise_script.model import FORMAT, Script
from allmende.registry.models import Organisation

from ..models import ScriptDraft, Service
from ..outages import find_bottlenecks
from ..queries import read_register
from ..queries.worlds import World, facilities_of_host, world_of_register
from ..services.exercises import authoring

WRITER = "landkreis"
HOURS, OUT_FROM, OUT_FOR = 24, 1.0, 18.0
OFFERED = 3
DECISION = "aggregat-wohin"
HOUR = 3_600_000_000


class Told(NamedTuple):
    """An inject: minute, to whom, title, text, from whom, what is expected, and the decision that it asks for."""

    at: int | None
    to: str
    title: str
    text: str
    sender: str
    channel: str = "mail"
    expected: str = ""
    asks_for: str = ""


TOLD = (
    Told(10, "stab", "Unwetterwarnung der höchsten Stufe", "Ab dem Vormittag Sturmböen bis 130 km/h. Mit umstürzenden Bäumen und Schäden an Leitungen ist zu rechnen.", "Wetterdienst", expected="Den Stab in Bereitschaft setzen und die Gemeinden unterrichten."),
    Told(75, "stab", "Netzleitstelle: ohne Spannung", "{root}: Ein Baum liegt in der Zuleitung. Die Schadensstelle ist noch nicht zu erreichen; rechnen Sie mit vielen Stunden.", "Netzleitstelle", "phone", "Nach Dauer und Gebiet fragen, den Stab einberufen, Fahrzeuge betanken lassen."),
    Told(110, "versorgung", "Wer braucht zuerst Strom?", "Mehrere Betriebe melden, dass ihr Notstrom nur für Stunden reicht. Es gibt ein einziges mobiles Aggregat.", "Lagezentrum", "situation", "Eine Liste nach verbleibenden Stunden anlegen und eine Entscheidung vorbereiten."),
    Told(135, "stab", "Zur Entscheidung: ein Aggregat", "Das mobile Aggregat ist betankt und kann sofort losfahren. Nach zwei Stunden läuft es, aber nur an einem Ort. Wohin soll es?", "Lagezentrum", "situation", "Nach verbleibenden Stunden und Zahl der Betroffenen entscheiden; den anderen sagen, womit sie rechnen müssen.", DECISION),
    Told(150, "presse", "Redaktion fragt nach", "Wie viele Menschen sind ohne Strom, und wann ist er wieder da? Wir senden in zwanzig Minuten.", "Lokalradio", "phone", "Sagen, was bekannt ist, was nicht, und wann es die nächste Auskunft gibt."),
    Told(240, "versorgung", "Pflegeheim bittet um Hilfe", "Zwei Bewohnerinnen hängen an Geräten. Die Akkus halten noch drei Stunden.", "Pflegeheim", "phone", "Verlegung oder Stromerzeuger klären und zurückrufen."),
    Told(420, "presse", "Gerücht: Das Wasser sei vergiftet", "In einer Nachbarschaftsgruppe heißt es, man dürfe das Wasser nicht mehr trinken. Der Beitrag wird hundertfach geteilt.", "Bürgertelefon", expected="Beim Versorger nachfragen und richtigstellen, ohne das Gerücht zu wiederholen."),
    Told(720, "stab", "Lage am Abend", "Die Straße zur Schadensstelle ist frei, die Reparatur hat begonnen. Viele Menschen sind seit dem Vormittag ohne Strom.", "Lagezentrum", "situation", "Die Nacht planen: Schichten, Notfalltreffpunkte, Kraftstoff."),
    Told(None, "stab", "Aggregat mit Schaden", "Das mobile Aggregat läuft unrund. Der Fahrer fragt, ob er es abstellen soll.", "Einsatzleitung", "radio"),
)  # fmt: skip


def make_draft(host: Organisation) -> int:
    """Write the draft, once; returns how many there are now."""
    writer = User.objects.filter(email=f"{WRITER}@example.org").first()
    if writer is None or ScriptDraft.objects.exists():
        return 0
    frame = script_of({"format": FORMAT, "name": "?", "duration_minutes": HOURS * 60})
    draft = authoring.add_draft(actor=None, mandate=None, host=host, script=frame)
    world = world_of_register(writer, draft)
    worst = find_bottlenecks(read_register(facilities_of_host(writer, draft)), hours=OUT_FOR).rows
    root = next((row.node for row in worst if row.node.service == Service.POWER), None)
    ScriptDraft.objects.filter(pk=draft.pk).delete()
    if root is None:
        return 0
    document = _document(world, f"{root.service}-{root.number}")
    document["decisions"] = [_decision(world, _helped(script_of(document)))]
    authoring.add_draft(actor=None, mandate=None, host=host, script=script_of(document))
    return 1


def _decision(world: World, helped: list[tuple[str, int]]) -> dict[str, Any]:
    return {
        "key": DECISION,
        "question": "Wohin fährt das mobile Aggregat?",
        "role": "stab",
        "options": [
            {
                "key": key,
                "name": world.names[key],
                "acts": [
                    {"kind": "generator", "unit": "aggregat", "facility": key, "supply": supply}
                ],
            }
            for key, supply in helped
        ],
    }


def _document(world: World, root: str) -> dict[str, Any]:
    """The script without its decision; ``root`` is what fails."""
    model = world.model | {
        "scenario": {
            "horizon_hours": 72,
            "damages": [{"facility": root, "at": OUT_FROM, "hours": OUT_FOR}],
        }
    }
    return {
        "format": FORMAT,
        "name": "Sturm im Ahornkreis: ein Tag ohne Strom",
        "summary": "Am Vormittag fällt nach einem Sturm ein Teil des Stromnetzes aus. Das Netz ist das des Registers; Personen und Ereignisse sind erfunden.",
        "duration_minutes": HOURS * 60,
        "starts_at": "08:00",
        "speed": 16,
        "goals": [
            {"key": "lage", "name": "Ein gemeinsames Lagebild haben und weitergeben"},
            {"key": "vorrang", "name": "Knappe Mittel nach Dringlichkeit einsetzen", "priority": 2},
        ],
        "strands": [
            {"key": "strom", "name": "Strom und was daran hängt"},
            {"key": "oeffentlichkeit", "name": "Öffentlichkeit"},
        ],
        "teams": [{"key": "kreis", "name": "Landkreis"}],
        "roles": [
            {"key": "stab", "name": "Leitung des Krisenstabs", "team": "kreis"},
            {"key": "versorgung", "name": "S4 Versorgung", "team": "kreis"},
            {"key": "presse", "name": "S5 Presse", "team": "kreis"},
        ],
        "units": [{"key": "aggregat", "name": "Mobiles Aggregat des Kreises", "hours": 2}],
        "announce": {
            "to": [
                {"audience": "operator", "roles": ["versorgung"]},
                {"audience": "public", "roles": ["stab", "presse"]},
                {"audience": "situation", "roles": ["stab"]},
            ]
        },
        "injects": [
            _inject(number, told, world.names[root]) for number, told in enumerate(TOLD, start=1)
        ],
        "facility_names": world.names,
        "model": model,
        "from_register": True,
    }


def _inject(number: int, told: Told, root: str) -> dict[str, Any]:
    row: dict[str, Any] = {
        "key": str(number),
        "at": told.at,
        "title": told.title,
        "text": told.text.format(root=root),
        "to": [told.to],
        "sender": told.sender,
        "channel": told.channel,
        "strand": "oeffentlichkeit" if told.to == "presse" else "strom",
        "status": "approved",
    }
    if told.expected:
        goal = "vorrang" if told.to == "versorgung" or told.asks_for else "lage"
        row |= {"kind": "expected-action", "expected_action": told.expected, "goals": [goal]}
    if told.asks_for:
        row["asks_for"] = [told.asks_for]
    return row | ({"kind": "contingency"} if told.at is None else {})


def _helped(script: Script) -> list[tuple[str, int]]:
    """Where the generator saves most: facility, and the supply for which it stands in."""
    from allmende.algorithms.exercise.decisions import Made, Send
    from allmende.algorithms.exercise.rehearsal import exercise_of

    replay = exercise_of(document_of(script)).replay
    sectors = {row["key"]: row["sector"] for row in script.facilities}
    seen: dict[str, int] = {}
    found = []
    for row in script.supplies:
        key = str(row["facility"])
        seen[key] = seen.get(key, 0) + 1
        fed = any(sectors[supplier] == "strom" for supplier in row["suppliers"])
        if fed and row["buffer_hours"] and replay is not None:
            sent = Made(2 * HOUR, (Send("aggregat", key, seen[key] - 1),))
            found.append((replay.future([sent]).person_hours, key, seen[key]))
    return [(key, supply) for _lost, key, supply in sorted(found)[:OFFERED]]
