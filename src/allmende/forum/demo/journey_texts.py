"""The concerns of the demo that have gone on after their votes: what unites, what was answered, what became of it.

Statements: text and the share of agreement in each of three camps, as in ``texts``.
"""

from allmende.registry.models import Topic

from ..models import ConcernState, Disposition, Outcome

ASYLUM = {
    "slug": "unterkunft-und-integration",
    "topic": Topic.MIGRATION,
    "question": "Was brauchen Kommunen, um Geflüchtete gut aufzunehmen?",
    "background": (
        "Wohnungen, Kitaplätze und Sprachkurse fehlen, und niemand weiß, mit welchem Geld im nächsten Jahr zu "
        "rechnen ist. Was muss der Bund zusagen, damit die Aufnahme gelingt?"
    ),
    "municipalities": 96,
    "days_left": -34,
    "state": ConcernState.POSITION,
    "statements": (
        (
            "Der Bund soll Kosten der Unterkunft dauerhaft und nicht Jahr für Jahr übernehmen.",
            0.94,
            0.93,
            0.92,
        ),
        ("Wie viele Menschen kommen, soll sechs Wochen vorher feststehen.", 0.95, 0.91, 0.88),
        ("Sprachkurse sollen am ersten Tag beginnen können.", 0.86, 0.9, 0.94),
        ("Leere Gebäude des Bundes sollen Kommunen mietfrei nutzen dürfen.", 0.95, 0.92, 0.86),
        ("Große Unterkünfte sind besser als viele kleine Wohnungen.", 0.3, 0.45, 0.2),
        ("Die Verteilung soll sich nach freien Wohnungen richten.", 0.8, 0.5, 0.25),
    ),
}
DUTIES = {
    "slug": "aufgaben-und-geld",
    "topic": Topic.FINANCE,
    "question": "Wie kommt mit jeder neuen Aufgabe auch das Geld?",
    "background": (
        "Bundesgesetze geben Kommunen Aufgaben. Was sie kosten, steht oft erst fest, wenn sie gelten. Wie lässt "
        "sich das ändern, bevor das Gesetz beschlossen ist?"
    ),
    "municipalities": 170,
    "days_left": -160,
    "state": ConcernState.POSITION,
    "statements": (
        ("Kein Gesetz ohne eine Schätzung der Kosten in Kommunen jeder Größe.", 0.98, 0.98, 0.98),
        (
            "Kommunen sollen mindestens sechs Wochen Zeit für ihre Stellungnahme haben.",
            0.98,
            0.97,
            0.97,
        ),
        ("Zwei Jahre nach dem Start soll nachgerechnet werden.", 0.97, 0.97, 0.98),
        ("Formulare sollen vor dem Start in drei Kommunen ausprobiert werden.", 0.97, 0.97, 0.96),
        ("Die Umsatzsteuer soll stärker bei den Kommunen bleiben.", 0.97, 0.96, 0.96),
        ("Aufgaben sollen an die Kreise gehen, wo Kommunen klein sind.", 0.35, 0.5, 0.6),
    ),
}
SCHOOL = {
    "slug": "sichere-schulwege",
    "topic": Topic.TRAFFIC,
    "question": "Wie dürfen Kommunen Schulwege schneller sicher machen?",
    "background": (
        "Tempo 30 vor einer Schule scheiterte lange an Nachweisen, die eine kleine Verwaltung nicht erbringen kann."
    ),
    "municipalities": 140,
    "days_left": -290,
    "state": ConcernState.POSITION,
    "statements": (
        ("Tempo 30 auf Schulwegen soll ohne Gutachten möglich sein.", 0.98, 0.98, 0.98),
        ("Zebrastreifen sollen ohne Zählung der Fußgänger erlaubt sein.", 0.97, 0.96, 0.97),
        ("Der Bund soll Querungshilfen an Bundesstraßen bezahlen.", 0.96, 0.95, 0.96),
        ("Elterntaxis sollen vor Schulen verboten werden.", 0.3, 0.5, 0.7),
    ),
}
HEAT = {
    "slug": "waermeplanung",
    "topic": Topic.CLIMATE,
    "question": "Wie gelingt die Wärmeplanung, wo es kein Bauamt gibt?",
    "background": (
        "Auch Orte mit 800 Menschen müssen planen, woher ihre Wärme kommt. Daten und Büros fehlen, und die "
        "Fristen sind dieselben wie in der Großstadt."
    ),
    "municipalities": 64,
    "days_left": -150,
    "state": ConcernState.POSITION,
    "statements": (
        ("Kleine Kommunen sollen gemeinsam mit Nachbarn planen dürfen.", 0.95, 0.94, 0.93),
        ("Netzbetreiber sollen ihre Daten kostenlos bereitstellen.", 0.93, 0.95, 0.94),
        ("Jede Kommune soll selbst entscheiden, ob sie plant.", 0.8, 0.4, 0.2),
    ),
}
FIRE = {
    "slug": "brandschutz",
    "topic": Topic.SECURITY,
    "question": "Wer bezahlt neue Fahrzeuge für Freiwillige Feuerwehren?",
    "background": "Ein Löschfahrzeug kostet mehr als ein ganzer Jahreshaushalt. Viele Wehren fahren mit alten.",
    "municipalities": 58,
    "days_left": -110,
    "state": ConcernState.POSITION,
    "statements": (
        ("Der Bund soll Fahrzeuge für alle gemeinsam beschaffen.", 0.94, 0.93, 0.9),
        ("Prüfungen sollen in ganz Deutschland gleich sein.", 0.92, 0.9, 0.93),
        ("Kleine Wehren sollen sich zusammenschließen müssen.", 0.1, 0.3, 0.5),
    ),
}
TWICE = {
    "slug": "schutz-von-ratsmitgliedern",
    "topic": Topic.DEMOCRACY,
    "question": "Was hilft Ratsmitgliedern gegen Drohungen?",
    "background": "Auch wer ehrenamtlich im Rat sitzt, wird beleidigt und bedroht.",
    "municipalities": 7,
    "days_left": 20,
    "statements": (
        ("Ratsmitglieder sollen ihre Adresse nicht veröffentlichen müssen.", 0.9, 0.9, 0.9),
        (
            "Für Ratsmitglieder soll es dieselbe Anlaufstelle geben wie für Hauptamtliche.",
            0.9,
            0.85,
            0.9,
        ),
    ),
}
# Those whose votes have ended and that go on, in the order of ``journeys.travel``.
GO_ON = (ASYLUM, DUTIES, SCHOOL, HEAT, FIRE)
MERGED_BECAUSE = "Beide Anliegen fragen nach Schutz im Amt. Gemeinsam wiegen die Stimmen mehr."
EDITED_STARTS = "Der Bund soll Kosten der Unterkunft"
EDITED = (
    "Wir bitten den Bund, sich an den Kosten der Unterkunft dauerhaft zu beteiligen. Zusagen für ein einzelnes "
    "Jahr helfen nicht: Mietverträge laufen länger, und Fachkräfte bleiben nur, wo ihre Stelle bleibt."
)
DISSENTS = (
    (
        "Sprachkurse",
        "Kranichsee",
        "Sprachkurse am ersten Tag kann bei uns niemand anbieten: Die nächste Lehrkraft wohnt 60 Kilometer entfernt.",
    ),
    (
        "",
        "Falkenbrück",
        "Die Position verschweigt, dass Städte schon heute mehr Menschen aufnehmen, als ihnen zugeteilt werden.",
    ),
)
# What the ministry answers to the section that begins so; to others, it takes note of them.
ANSWERS = {
    "Kein Gesetz ohne": (
        Disposition.TAKEN_UP,
        "",
        (
            "Jeder Gesetzentwurf nennt die Kosten für Kommunen mit 800, 8.000 und 80.000 Einwohnern.",
            "Referat B 2",
            "In der Begründung jedes Entwurfs steht eine Tabelle mit drei Größen.",
            ("Muster für die Tabelle veröffentlichen", "Erster Entwurf mit Tabelle"),
        ),
    ),
    "Kommunen sollen mindestens sechs": (
        Disposition.PARTLY,
        "Sechs Wochen sind die Regel. In Eilfällen, die das Kabinett feststellt, sind es mindestens zwei.",
        (
            "Die Frist steht auf der ersten Seite jeder Anhörung, und jede Abweichung wird begründet.",
            "Referat B 2",
            "Anhörungen nennen Beginn, Ende und Zahl der Tage.",
            (),
        ),
    ),
    "Zwei Jahre nach": (
        Disposition.NOTED,
        "Nachgerechnet wird schon heute nach fünf Jahren. Ob zwei Jahre genügen, prüfen wir mit dem Normenkontrollrat.",
        (
            "Bericht, was eine Prüfung nach zwei Jahren kosten und bringen würde.",
            "Referat B 4",
            "Der Bericht ist öffentlich.",
            (),
        ),
    ),
    "Formulare sollen": (
        Disposition.NOT_TAKEN_UP,
        "Vor jedem Start in drei Kommunen zu proben, würde viele Gesetze um ein Jahr verzögern.",
        None,
    ),
    "Die Umsatzsteuer": (
        Disposition.OTHER_LEVEL,
        "Wie die Umsatzsteuer verteilt wird, beschließen Bund und Länder gemeinsam. Wir geben die Position weiter.",
        None,
    ),
}
NOTED_BECAUSE = "Das nehmen wir in die Beratungen mit."
SUMMARY = (
    "Die Schätzung der Kosten kommt, die Frist für Stellungnahmen wird zur Regel. Ein Probelauf vor jedem Gesetz "
    "kommt nicht. Über die Umsatzsteuer entscheiden auch die Länder."
)
SCHOOL_ANSWERS = {
    "Tempo 30 auf Schulwegen": (
        Disposition.TAKEN_UP,
        "",
        (
            "Die Straßenverkehrs-Ordnung erlaubt Tempo 30 auf viel genutzten Schulwegen.",
            "Referat B 7",
            "Die Änderung steht im Bundesgesetzblatt.",
            (),
        ),
    ),
    "Zebrastreifen": (
        Disposition.PARTLY,
        "Ohne Zählung, aber mit einer Begehung durch die Verkehrsbehörde.",
        None,
    ),
    "Der Bund soll Querungshilfen": (
        Disposition.OTHER_LEVEL,
        "An Ortsdurchfahrten sind die Länder zuständig.",
        None,
    ),
}
SCHOOL_SUMMARY = "Tempo 30 auf Schulwegen ist ohne Gutachten möglich, Zebrastreifen ohne Zählung."
HEAT_ANSWERS = {
    "Kleine Kommunen": (
        Disposition.TAKEN_UP,
        "Das Gesetz erlaubt es schon; ein Merkblatt sagt, wie es geht.",
        None,
    ),
    "Netzbetreiber": (
        Disposition.NOTED,
        "Über Daten der Netzbetreiber verhandelt der Bund noch mit den Ländern.",
        None,
    ),
}
HEAT_SUMMARY = "Gemeinsam zu planen ist möglich. Ob Daten kostenlos werden, steht noch nicht fest; zugesagt ist nichts."
KEPT = "Die Änderung gilt seit dem Frühjahr."
VERDICTS = (
    (Outcome.KEPT, "Bei uns gilt Tempo 30 seit dem Sommer."),
    (Outcome.PARTLY, "Die Anordnung dauerte trotzdem vier Monate."),
)
POSTPONED_BECAUSE = "Der Normenkontrollrat hat um zwei Monate mehr gebeten."
REPORT = "Das Muster für die Tabelle liegt vor und wird gerade in zwei Ministerien erprobt."
FINISHED_BECAUSE = "Die Zusage ist eingehalten, die Rückmeldungen der Kommunen liegen vor."
MINUTES = (
    "Das Ministerium berichtet vom Muster für die Kostentabelle. Lindenfurt und Kranichsee haben es ausgefüllt "
    "und brauchten dafür eine Stunde."
)
DECISION = "Die Allianz bittet das Ministerium, das Muster bis zur nächsten Sitzung um Kosten der Umstellung zu ergänzen."
