"""What is said in the discussions of the demo, and what its ministry keeps for its work; all of it is invented."""

from typing import Any

from ..queries import ME, NOBODY

# Days ago, who (as in the e-mail address), and what; all but the first are answers to it.
THREADS: tuple[dict[str, Any], ...] = (
    {
        "slug": "schutz-im-amt",
        "said": (
            (
                31,
                "buergermeisterin",
                "Bei uns stand im Frühjahr nachts jemand am Gartenzaun. Die Polizei war freundlich, aber es kam "
                "jedes Mal jemand anderes, und wir haben alles dreimal erzählt. Was hat bei Ihnen geholfen?",
            ),
            (
                30,
                "verwaltung",
                "Unsere Dienststelle hat eine feste Ansprechperson benannt, nachdem der Gemeinderat darum gebeten "
                "hatte. Seitdem dauert ein Anruf fünf Minuten. Ein Recht darauf haben wir aber nicht.",
            ),
            (
                29,
                "oberbuergermeister",
                "Wir haben eine Vereinbarung mit dem Präsidium: ein Name, eine Nummer, Rückruf am selben Tag. Den "
                "Text geben wir gern weiter.",
            ),
            (
                28,
                "buergermeisterin",
                "Danke! Den Text nehmen wir gern, @[Kranichsee] sicher auch. Für 800 Einwohner muss er nur kürzer werden.",
            ),
        ),
    },
    {
        "slug": "schutz-im-amt",
        "said": (
            (
                17,
                "verband",
                "Wir haben unsere Mitglieder gefragt: Von 64 Rathäusern haben 41 im letzten Jahr mindestens einen "
                "Vorfall notiert, 12 haben Anzeige erstattet. Die meisten haben danach nichts mehr gehört.",
            ),
            (
                16,
                "verwaltung",
                "So ist es auch bei uns: zwei Anzeigen, zwei Aktenzeichen, keine Nachricht. Schon ein Satz nach "
                "drei Monaten würde helfen.",
            ),
        ),
    },
    {
        "slug": "schutz-im-amt",
        "statement": "Ein Schutzkonzept soll für jede Kommune Pflicht werden.",
        "said": (
            (
                22,
                "verwaltung",
                "Wer soll das schreiben? Bei uns arbeiten drei Menschen im Rathaus, davon einer halbtags. Ohne "
                "Muster wird daraus ein Papier für den Schrank.",
            ),
            (
                21,
                "oberbuergermeister",
                "Mit einem Muster von vier Seiten wäre uns beiden geholfen. Unser Konzept hat 60 Seiten, gelesen "
                "werden die ersten vier.",
            ),
            (
                20,
                "verband",
                "An so einem Muster arbeiten wir gerade. Wer es ausprobieren möchte, meldet sich gern bei uns.",
            ),
        ),
    },
    {
        "slug": "schutz-im-amt",
        "statement": "Für Sicherheitsmaßnahmen am Wohnhaus",
        "said": (
            (
                12,
                "buergermeisterin",
                "Eine Kamera und neue Schlösser haben bei mir 3.400 Euro gekostet. Der Rat hat zugestimmt, aber "
                "angenehm war mir diese Sitzung nicht.",
            ),
            (
                11,
                "oberbuergermeister",
                "Gerade darum sollte nicht der eigene Rat darüber entscheiden müssen. Ich sehe nur nicht, warum "
                "Städte mit Rücklagen das nicht selbst bezahlen.",
            ),
        ),
    },
    {
        "slug": "foerderung-ohne-eigenanteil",
        "said": (
            (
                40,
                "verwaltung",
                "Für 12.000 Euro Zuschuss haben wir 31 Seiten ausgefüllt und 19 Stunden gebraucht. Beim nächsten "
                "Mal lassen wir es.",
            ),
            (
                39,
                "buergerin",
                "Das wusste ich nicht. Der Spielplatz, auf den wir seit Jahren warten, hängt also an einem Formular?",
            ),
            (
                38,
                "verwaltung",
                "An mehreren. Im Herbst versuchen wir es noch einmal, zusammen mit @[Lindenfurt].",
            ),
        ),
    },
    {
        "slug": "foerderung-ohne-eigenanteil",
        "statement": "Kleine Kommunen sollen sich für Anträge zusammenschließen müssen.",
        "said": (
            (
                33,
                "oberbuergermeister",
                "Wir stellen Anträge gern für unsere Nachbarn mit. Müssen sollte es niemand: Wer gezwungen wird, "
                "bringt keine gute Idee mit.",
            ),
            (
                32,
                "buergermeisterin",
                "Einverstanden: freiwillig, und mit einem Satz in der Richtlinie, dass es erlaubt ist.",
            ),
        ),
    },
    {
        "slug": "unterkunft-und-integration",
        "said": (
            (
                4,
                "verwaltung",
                "Wie liest das Ministerium jetzt den Abschnitt zu den Sprachkursen? Bei uns fehlt die Lehrkraft, "
                "nicht das Geld.",
            ),
            (
                3,
                "buergermeisterin",
                "Ihr Sondervotum steht direkt daneben. So ist zu sehen, woran es liegt.",
            ),
        ),
    },
    {
        "slug": "aufgaben-und-geld",
        "said": (
            (
                15,
                "buergermeisterin",
                "Gilt die Tabelle mit den drei Größen auch für Verordnungen oder nur für Gesetze?",
            ),
            (
                13,
                "ministerium",
                "Zugesagt ist sie für Gesetze. Ob sie auch für Verordnungen taugt, zeigt das Muster, das wir gerade "
                "erproben. Das Ergebnis steht im nächsten Bericht.",
            ),
            (
                12,
                "verband",
                "Das würde unseren Mitgliedern sehr helfen: Die meiste Arbeit machen ihnen Verordnungen.",
            ),
        ),
    },
)
BOILERPLATES = {
    "Zuständigkeit der Länder": (
        "Dafür sind nach dem Grundgesetz die Länder zuständig. Wir haben Ihre Position an die zuständige "
        "Fachministerkonferenz weitergegeben und berichten, was von dort zurückkommt."
    ),
    "Haushalt noch nicht beschlossen": (
        "Ob dafür Mittel bereitstehen, entscheidet der Bundestag mit dem nächsten Haushalt. Wir melden das "
        "Vorhaben an und berichten, sobald der Haushalt beschlossen ist."
    ),
    "Wird mit anderen Ressorts beraten": (
        "Wir bringen den Vorschlag in die laufende Abstimmung mit den anderen Ressorts ein. Zugesagt ist damit "
        "noch nichts; das Ergebnis erfahren Sie hier."
    ),
}
# Who, under which name, and what the form of the queue says for it.
FILTERS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("ministerium", "Liegt bei mir", {"stand": "da", "person": ME}),
    ("ministerium", "Überfällig", {"faellig": "ueberfaellig"}),
    ("ministerin", "Noch bei niemandem", {"person": NOBODY}),
)
