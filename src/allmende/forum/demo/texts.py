"""The invented concerns of the demo. Each statement: text and share of agreement in three camps."""

from typing import Any

from allmende.registry.models import Topic

from ..models import ConcernState

SKETCHES: tuple[dict[str, Any], ...] = (
    {
        "slug": "schutz-im-amt",
        "topic": Topic.DEMOCRACY,
        "question": "Wie schützt der Bund Menschen in kommunalen Ämtern?",
        "background": (
            "Wer vor Ort Verantwortung übernimmt, wird immer öfter beleidigt und bedroht. Viele zeigen "
            "nichts mehr an, weil daraus nichts folgt. Manche treten nicht wieder an.\n\n"
            "Wir möchten wissen, was Kommunen vom Bund brauchen: Recht, Geld, Ansprechpersonen oder "
            "etwas ganz anderes."
        ),
        "municipalities": 412,
        "statements": (
            (
                "Für Personen in kommunalen Ämtern muss die Auskunftssperre im Melderegister ohne Einzelfallprüfung gelten.",
                0.94,
                0.91,
                0.89,
            ),
            (
                "Der Bund soll Anzeigen gegen Online-Drohungen in einem einzigen Formular annehmen.",
                0.9,
                0.86,
                0.82,
            ),
            (
                "Schulungen zum Umgang mit Bedrohungen brauchen wir auch für ehrenamtliche Ratsmitglieder.",
                0.82,
                0.88,
                0.8,
            ),
            (
                "Wer bedroht wird, soll innerhalb von zwei Werktagen eine feste Ansprechperson bei der Polizei bekommen.",
                0.88,
                0.84,
                0.9,
            ),
            (
                "Kommunen unter 5.000 Einwohnern sollen von Berichtspflichten zum Schutzkonzept befreit sein.",
                0.93,
                0.2,
                0.42,
            ),
            (
                "Für Sicherheitsmaßnahmen am Wohnhaus soll der Bund zahlen, nicht die Kommune.",
                0.9,
                0.78,
                0.16,
            ),
            ("Ein Schutzkonzept soll für jede Kommune Pflicht werden.", 0.1, 0.84, 0.62),
            (
                "Plattformen sollen strafbare Kommentare innerhalb von 24 Stunden löschen müssen.",
                0.72,
                0.9,
                0.93,
            ),
            ("Private Adressen gehören nicht ins Impressum von Ratsmitgliedern.", 0.95, 0.9, 0.92),
            (
                "Schwerpunktstaatsanwaltschaften für Angriffe auf Amtspersonen soll es in jedem Land geben.",
                0.64,
                0.86,
                0.92,
            ),
            (
                "Statt neuer Stellen beim Bund soll es mehr Geld für die Kreise geben.",
                0.9,
                0.62,
                0.14,
            ),
            (
                "Sitzungen von Gemeinderäten sollen weiter ohne Einlasskontrolle stattfinden.",
                0.9,
                0.55,
                0.16,
            ),
            (
                "Der Bund soll einen Sicherheitsdienst für öffentliche Sitzungen bezahlen.",
                0.18,
                0.5,
                0.86,
            ),
            ("Vorfälle sollen bundesweit einheitlich erfasst werden.", 0.5, 0.88, 0.94),
            (
                "Kleine Kommunen brauchen niemanden, der sie berät, sondern jemanden, der die Arbeit macht.",
                0.92,
                0.5,
                0.2,
            ),
            (
                "Die Ansprechstelle des Bundes soll auch abends und am Wochenende erreichbar sein.",
                0.86,
                0.82,
                0.87,
            ),
            (
                "Wer angegriffen wurde, soll psychologische Hilfe ohne Antrag bekommen.",
                0.92,
                0.93,
                0.94,
            ),
            (
                "Die Namen von Ratsmitgliedern sollen im Internet nicht mehr vollständig stehen.",
                0.7,
                0.3,
                0.1,
            ),
            (
                "Ein Verbot, Gemeinderatssitzungen zu filmen, schützt die Mitglieder.",
                0.74,
                0.36,
                0.1,
            ),
            ("Der Bund soll Kommunen helfen, Strafanträge zu stellen.", 0.84, 0.8, 0.78),
            (
                "Bedrohungen sollen auch dann verfolgt werden, wenn niemand Strafantrag stellt.",
                0.82,
                0.9,
                0.9,
            ),
            (
                "Jede Kommune soll eine Person benennen, die für Sicherheit zuständig ist.",
                0.16,
                0.82,
                0.9,
            ),
            ("Das Ehrenamt wird durch solche Debatten unattraktiver.", 0.72, 0.45, 0.3),
            ("Das BKA soll Kommunen über bekannte Gefährder informieren.", 0.6, 0.66, 0.88),
            (
                "Für Kandidierende im Wahlkampf muss derselbe Schutz gelten wie für Gewählte.",
                0.86,
                0.9,
                0.92,
            ),
            ("Wir haben vor Ort kein Problem mit Bedrohungen.", 0.48, 0.16, 0.05),
            (
                "Hausverbote im Rathaus sollen einfacher ausgesprochen werden können.",
                0.78,
                0.74,
                0.7,
            ),
            (
                "Der Bund soll jährlich berichten, was aus Anzeigen von Amtspersonen geworden ist.",
                0.8,
                0.88,
                0.9,
            ),
        ),
        "waiting": (
            "Auch Beschäftigte in Bürgerämtern sollen unter den Schutz fallen.",
            "Die Polizei soll Ratsmitglieder zu Hause beraten.",
            "Früher war der Ton besser.",
        ),
    },
    {
        "slug": "foerderung-ohne-eigenanteil",
        "topic": Topic.FINANCE,
        "question": "Wie werden Förderprogramme des Bundes auch für kleine Verwaltungen nutzbar?",
        "background": (
            "Ein Antrag braucht oft mehr Zeit, als eine kleine Verwaltung hat. Das Geld geht dann an die, "
            "die Leute für Anträge haben. Was müsste sich ändern?"
        ),
        "municipalities": 236,
        "persons": 48,
        "days_left": -20,
        "state": ConcernState.POSITION,
        "statements": (
            ("Unter 50.000 Euro Förderung soll ein Antrag auf zwei Seiten passen.", 0.95, 0.9, 0.8),
            (
                "Pauschalen sind besser als Programme, auch wenn es weniger Geld gibt.",
                0.92,
                0.5,
                0.2,
            ),
            ("Der Eigenanteil soll für finanzschwache Kommunen ganz wegfallen.", 0.88, 0.7, 0.4),
            (
                "Ein gemeinsames Portal für alle Programme von Bund und Land ist überfällig.",
                0.86,
                0.9,
                0.92,
            ),
            ("Verwendungsnachweise sollen nur noch in Stichproben geprüft werden.", 0.9, 0.8, 0.55),
            ("Fristen von unter drei Monaten schließen kleine Kommunen aus.", 0.93, 0.82, 0.7),
            ("Der Kreis soll Anträge für seine Gemeinden stellen dürfen.", 0.75, 0.6, 0.5),
            ("Programme sollen mindestens fünf Jahre laufen.", 0.86, 0.88, 0.9),
            ("Wer schon einmal gefördert wurde, soll hinten anstehen.", 0.6, 0.3, 0.12),
            ("Anträge sollen bewertet werden, nicht nach Eingang bewilligt.", 0.4, 0.76, 0.9),
            ("Auch laufende Kosten müssen förderfähig sein, nicht nur Neues.", 0.9, 0.86, 0.84),
            ("Der Bund soll die Beratung vor dem Antrag bezahlen.", 0.72, 0.74, 0.6),
            ("Kleine Kommunen sollen sich für Anträge zusammenschließen müssen.", 0.12, 0.5, 0.74),
            (
                "Ein Antrag soll in einem Gespräch statt auf Papier begründet werden können.",
                0.7,
                0.5,
                0.3,
            ),
        ),
    },
    {
        "slug": "rettungsdienst-auf-dem-land",
        "topic": Topic.HEALTH,
        "question": "Wie bleibt der Rettungsdienst auf dem Land erreichbar?",
        "background": "Die Wege werden länger, die Wachen weniger. Wir sammeln, was vor Ort hilft.",
        "municipalities": 9,
        "days_left": 30,
        # One voice below what is shown: with hers, who speaks for nobody sees a result appear.
        "persons": 4,
        "statements": (
            (
                "Ersthelfende vor Ort sollen bundesweit per App gerufen werden können.",
                0.9,
                0.9,
                0.9,
            ),
            ("Der Bund soll die Ausbildung von Notfallsanitätern bezahlen.", 0.8, 0.8, 0.8),
            ("Telemedizin im Rettungswagen ersetzt keine Notärztin.", 0.7, 0.6, 0.5),
            ("Die Hilfsfrist soll im ganzen Land dieselbe sein.", 0.6, 0.5, 0.6),
        ),
    },
    {
        "slug": "digitale-ratsarbeit",
        "topic": Topic.DIGITAL,
        "question": "Was brauchen ehrenamtliche Räte, um digital zu arbeiten?",
        "background": "Noch ein Entwurf: Bitte vor dem Öffnen die Aussagen ergänzen.",
        "days_left": 40,
        "state": ConcernState.DRAFT,
        "statements": (
            ("Jedes Ratsmitglied soll ein Gerät gestellt bekommen.", 0.5, 0.5, 0.5),
            ("Sitzungsunterlagen sollen überall im selben Format vorliegen.", 0.5, 0.5, 0.5),
        ),
    },
)
