"""What fields of a script are called, and what they may hold, in the reader's language."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LABELS: "dict[str, StrOrPromise]" = {
    "key": _("Kennung"),
    "name": _("Name"),
    "description": _("Beschreibung"),
    "summary": _("Worum es geht"),
    "duration_minutes": _("Dauer"),
    "starts_at": _("Uhrzeit bei Beginn"),
    "speed": _("Geschwindigkeit"),
    "seed": _("Startzahl des Zufalls"),
    "begins_hours": _("Stunde der Simulation, in der die Übung beginnt"),
    "priority": _("Rang"),
    "capabilities": _("Fähigkeiten"),
    "municipality": _("Gemeinde"),
    "team": _("Team"),
    "simulated": _("Die Übungsleitung spricht für diese Rolle"),
    "hours": _("Stunden, bis es wirkt"),
    "travel_hours": _("Andere Stunden je Einrichtung"),
    "sites": _("Nur für diese Einrichtungen"),
    "question": _("Frage"),
    "role": _("Wer entscheidet"),
    "medium": _("Medium"),
    "headline": _("Überschrift"),
    "text": _("Text"),
    "caller": _("Wer anruft"),
    "opening": _("Wie das Gespräch beginnt"),
    "facts": _("Was die Person weiß"),
    "manner": _("Wie sie auftritt"),
    "questions": _("Was sie fragt"),
    "strand": _("Strang"),
    "at": _("Zeit"),
    "title": _("Titel"),
    "kind": pgettext_lazy("of an inject", "Art"),
    "sender": pgettext_lazy("sender", "Von"),
    "to": pgettext_lazy("recipients", "An"),
    "channel": _("Weg"),
    "controller": _("Wer in der Übungsleitung zuständig ist"),
    "goals": _("Ziele"),
    "expected_action": _("Erwartete Reaktion"),
    "expected_minutes": _("Reaktion binnen"),
    "asks_for": _("Nach welchen Entscheidungen sie fragt"),
    "note": _("Hinweis für Beobachtende"),
    "article": pgettext_lazy("of media", "Artikel"),
    "phone_script": _("Gesprächsleitfaden"),
    "attachments": _("Anlagen"),
    "condition": _("Bedingung"),
    "until": _("Verfällt"),
    "claims": _("Was sie über Einrichtungen sagt"),
    "status": _("Stand"),
    "enabled": _("Kommt vor"),
    "options": _("Möglichkeiten"),
    "acts": _("Wirkungen"),
    "most": _("Einzeln erzählte Meldungen"),
    "window_minutes": _("Minuten, in denen sie zusammengefasst werden"),
    "sector": _("Leistung"),
    "served": _("Menschen, die sie versorgt"),
    "shares": _("Menschen in mehreren Gemeinden"),
    "east": _("Kilometer nach Osten"),
    "north": _("Kilometer nach Norden"),
    "repair_hours": _("Reparatur in Stunden"),
    "repair_spread": _("Wie sehr Reparaturen verschieden lange dauern"),
    "rank": _("Rang der Reparatur"),
    "pool": _("Reparaturtrupp"),
    "starts_alone": _("Läuft nach einem Ausfall von allein wieder an"),
    "to_hearers": _("Wer hört was"),
    "announce": _("Meldungen der Simulation"),
    "model": _("Netz"),
    "facility_names": _("Namen der Einrichtungen"),
}
HINTS: "dict[str, StrOrPromise]" = {
    "key": _(
        "Kurz und eindeutig; darauf verweisen andere Zeilen. Ändern Sie sie, ändern sich diese mit."
    ),
    "at": _("Nach Beginn der Übung: T+2:30, 2:30 oder 150 (Minuten). Leer: nur auf Anweisung."),
    "until": _("Kommt sie bis dahin nicht, kommt sie gar nicht mehr. Leer: verfällt nie."),
    "expected_minutes": _("0:45 oder 45 (Minuten)."),
    "asks_for": _(
        "Sie öffnen sich ihrer Rolle, sobald die Einlage da ist. Wonach keine Einlage fragt, ist von Anfang an offen."
    ),
    "to": _("Rollen, Teams oder alle Rollen einer Gemeinde."),
    "sender": _("In wessen Namen sie kommt, etwa „Leitstelle“."),
    "claims": _(
        "Für die Prüfung auf Widersprüche, je Zeile: Wasserwerk Nord = ausgefallen. Möglich sind "
        "„in Betrieb“, „auf Vorrat“ (ein Deich: „vorerst sicher“), „ausgefallen“ und „in Reparatur“."
    ),
    "enabled": _("Ohne Haken bleibt die Einlage im Drehbuch und kommt nicht."),
    "duration_minutes": _("In der Zeit der Übung: 72:00 oder 4320 (Minuten)."),
    "speed": _("60: Eine Minute ist in der Übung eine Stunde. Zwischen 0,1 und 360."),
    "seed": _("Dieselbe Zahl gibt dieselben Schäden und Reparaturzeiten."),
    "begins_hours": _("0: Die Übung beginnt, wenn die Simulation beginnt."),
    "priority": _("1 ist das wichtigste Ziel."),
    "travel_hours": _("Wo es länger oder kürzer dauert, je Zeile: Wasserwerk Nord = 1,5"),
    "sites": _("Je Zeile eine Einrichtung. Leer: für alle."),
    "most": _("So viele je Art und Gemeinde; was darüber hinausgeht, kommt zusammengefasst."),
    "served": _(
        "So viele Menschen sind ohne die Leistung, wenn diese Einrichtung ausfällt. Leer: keine."
    ),
    "shares": _(
        "Statt der Gemeinde oben, je Zeile: Lindenfurt = 640. Zusammen ergibt es alle, die sie versorgt."
    ),
    "repair_hours": _("Die Hälfte aller Reparaturen dauert höchstens so lange. Leer: 24."),
    "repair_spread": _("0: immer gleich lange; 0,5: üblich; 1: sehr unterschiedlich."),
    "rank": _("Kleine Zahlen kommen zuerst dran."),
    "pool": _("Wer sich einen Trupp teilt, hat hier dasselbe Wort. Leer: der gemeinsame."),
    "starts_alone": _(
        "Ohne Haken muss sie nach einem Ausfall erst von außen versorgt werden, um anzufahren."
    ),
    "attachments": _("Dateien legen Sie unter „Anlagen“ an."),
}
KINDS: "dict[str, StrOrPromise]" = {
    "contextual": _("Information"),
    "expected-action": _("Aufgabe"),
    "contingency": _("Reserve"),
}
CHANNELS: "dict[str, StrOrPromise]" = {
    "mail": _("E-Mail"),
    "phone": _("Telefon"),
    "media": _("Medien"),
    "radio": _("Funk"),
    "situation": _("Lagemeldung"),
    "person": _("persönlich"),
}
STATUSES: "dict[str, StrOrPromise]" = {"draft": _("Entwurf"), "approved": _("freigegeben")}
STATES: "dict[str, StrOrPromise]" = {
    "operational": _("in Betrieb"),
    "buffered": _("auf Vorrat oder vorerst sicher"),
    "failed": _("ausgefallen"),
    "repairing": _("in Reparatur"),
}
AUDIENCES: "dict[str, StrOrPromise]" = {
    "operator": _("Wenn eine Einrichtung auf Vorrat läuft oder nur noch eine Weile standhält"),
    "public": _("Wenn eine Einrichtung ausfällt"),
    "situation": _("Wenn sie wieder in Betrieb ist"),
}
ACTS: "dict[str, StrOrPromise]" = {
    "generator": _("Mobiles Mittel schicken oder abziehen"),
    "restock": _("Vorrat auffüllen"),
    "rerank": _("Reihenfolge der Reparatur ändern"),
    "isolate": _("Abschalten"),
    "rejoin": _("Wieder zuschalten"),
    "evacuate": _("Menschen in Sicherheit bringen"),
}
CHOICES: "dict[str, dict[str, StrOrPromise]]" = {
    "kind": KINDS,
    "channel": CHANNELS,
    "status": STATUSES,
    "audience": AUDIENCES,
}
