"""German words and numbers that the terminal and the HTML page share."""

from allmende.formats.opinion_report.model import (
    CoordinationRow,
    GroupRow,
    OpinionReport,
    StatementRow,
)

NO_GROUPS = {
    "too few": "Es sind zu wenige Teilnehmende oder Stimmen, um Gruppen zu bilden.",
    "no difference": "Die Stimmen haben keine gemeinsame Richtung; alle stehen am selben Punkt.",
    "not clearer than chance": "Keine stabilen Gruppen: Was sich abzeichnet, ist nicht deutlicher "
    "als bei zufällig gemischten Stimmen. Alle werden gemeinsam betrachtet.",
    "not stable": "Keine stabilen Gruppen: Mit zufällig gezogenen Teilnehmenden entstehen jedes "
    "Mal andere. Alle werden gemeinsam betrachtet.",
}
LEAST_SHARED = 0.5


def number(value: float, decimals: int = 0) -> str:
    """A number as it is written in German.

    >>> number(84669326), number(0.456, 2)
    ('84.669.326', '0,46')
    """
    return f"{value:,.{decimals}f}".translate(str.maketrans(",.-", ".,−"))


def percent(share: float) -> str:
    """A share in per cent; number and sign stay on one line.

    >>> percent(0.913).split("\N{NO-BREAK SPACE}")
    ['91', '%']
    """
    return f"{number(100 * share)}\N{NO-BREAK SPACE}%"


def span(interval: tuple[float, float]) -> str:
    """An interval in per cent.

    >>> span((0.871, 0.94)).split("\N{NO-BREAK SPACE}")
    ['87–94', '%']
    """
    low, high = interval
    return f"{number(100 * low)}–{percent(high)}"


def points(value: float) -> str:
    """A difference in percentage points.

    >>> points(0.321)
    '+32'
    """
    return f"{'+' if value > 0 else ''}{number(100 * value)}"


def counted(count: int, one: str, many: str) -> str:
    """A number with its noun.

    >>> counted(1, "Gruppe", "Gruppen"), counted(1200, "Gruppe", "Gruppen")
    ('1 Gruppe', '1.200 Gruppen')
    """
    return f"{number(count)} {one if count == 1 else many}"


def in_order(identifier: str) -> tuple[bool, int, str]:
    """Sort key that puts numbers in their order, before other identifiers.

    >>> sorted(["10", "9", "b", "a"], key=in_order)
    ['9', '10', 'a', 'b']
    """
    is_number = identifier.isdecimal() and identifier.isascii()
    return not is_number, int(identifier) if is_number else 0, identifier


def title_of(report: OpinionReport) -> str:
    """Topic of the conversation, or the name of the file."""
    return report.input.topic or report.input.name


def basis_of(report: OpinionReport) -> list[str]:
    """Sentences on what the figures rest on."""
    source, part = report.input, report.participation
    lines = [
        f"{counted(source.participants, 'Person hat', 'Teilnehmende haben')} "
        f"{counted(source.votes, 'Stimme', 'Stimmen')} zu "
        f"{counted(source.statements, 'Aussage', 'Aussagen')} abgegeben "
        f"(Median {number(source.median_votes)} Stimmen je Person)."
    ]
    if source.rejected:
        lines.append(
            f"{counted(source.rejected, 'abgelehnte Aussage zählt', 'abgelehnte Aussagen zählen')}"
            " nicht mit."
        )
    if source.rows > source.votes:
        lines.append(
            f"Die Datei hat {counted(source.rows, 'Zeile', 'Zeilen')}; von mehreren Stimmen einer "
            "Person zu einer Aussage zählt die letzte."
        )
    if part.whole is not None:
        lines.append(
            f"Grundgesamtheit laut Schichten-Datei: {number(part.whole)}; beteiligt haben sich "
            f"{percent(part.voted / max(part.whole, 1))}. Nach Gewichtung zählen die Antworten wie "
            f"{number(part.effective)} ungewichtete."
        )
    return lines


def grouping_of(report: OpinionReport) -> str:
    """Are there groups, how sure is that, and how many belong to none."""
    grouping, count = report.grouping, len(report.groups)
    outside = sum(row.group is None for row in report.participants)
    rest = (
        f" {counted(outside, 'Person gehört', 'Teilnehmende gehören')} zu keiner Gruppe, weil zu "
        "wenige Stimmen vorliegen."
        if outside and count
        else ""
    )
    if report.mode == "polis":
        return (
            f"{counted(count, 'Gruppe', 'Gruppen')} nach dem Verfahren von Polis. Polis prüft nicht,"
            f" ob Gruppen auch bei zufälligen Stimmen entstünden.{rest}"
        )
    if count == 0:
        return NO_GROUPS.get(grouping.reason, "Keine stabilen Gruppen.")
    chosen = next((row for row in grouping.candidates if row.count == count), None)
    if not grouping.examined or chosen is None or grouping.silhouette_threshold is None:
        return f"{number(count)} vorläufige Gruppen; ihre Stabilität ist nicht geprüft.{rest}"
    gap = {
        None: "",
        True: " Zwischen ihnen liegt eine Lücke.",
        False: " Eine Lücke zwischen ihnen ist nicht gesichert: Es können Teile einer "
        "durchgehenden Wolke von Meinungen sein, keine Lager.",
    }[grouping.separate]
    return (
        f"{number(count)} stabile Gruppen.{gap} Ihre Deutlichkeit (Silhouette) ist "
        f"{number(chosen.silhouette, 2)}; zufällig gemischte Stimmen erreichen in 95 % der Fälle "
        f"höchstens {number(grouping.silhouette_threshold, 2)}.{rest}"
    )


def describe_group(group: GroupRow) -> str:
    """Size and stability of a group."""
    text = f"{counted(group.size, 'Person', 'Teilnehmende')} ({percent(group.share)})"
    if group.stability is not None:
        text += f", Stabilität {number(group.stability, 2)}"
    return text


def describe_agreement(report: OpinionReport, statement: StatementRow) -> str:
    """Share of agreement, its interval, and the groups: one line under a statement."""
    groups = " · ".join(
        f"{report.groups[row.group].name} {percent(row.agree)}" for row in statement.groups
    )
    tail = f" · {groups}" if groups else ""
    if statement.municipalities is None:
        counts = statement.counts
        return (
            f"{number(counts.agree)} stimmen zu, {number(counts.disagree)} lehnen ab, "
            f"{number(counts.passed)} übergehen{tail}"
        )
    reading = statement.municipalities
    return (
        f"{percent(reading.agree)} stimmen zu (95 %: {span(reading.agree_interval)}), "
        f"{percent(reading.disagree)} lehnen ab{tail}"
    )


def shared(report: OpinionReport, direction: str) -> list[StatementRow]:
    """Statements with a smallest lower bound of at least one half, strongest first."""
    rows = [
        (floor.least, statement)
        for statement in report.statements
        if statement.consensus is not None
        for floor in [
            statement.consensus.agree if direction == "agree" else statement.consensus.disagree
        ]
        if floor.least >= LEAST_SHARED
    ]
    return [statement for _, statement in sorted(rows, key=lambda row: (-row[0], row[1].id))]


def by_group_consensus(report: OpinionReport) -> list[StatementRow]:
    """Statements by Polis' group-aware consensus, strongest first."""
    rows = [statement for statement in report.statements if statement.polis is not None]
    return sorted(
        rows, key=lambda row: (-row.polis.group_aware_consensus if row.polis else 0.0, row.id)
    )


def divisive(report: OpinionReport) -> list[StatementRow]:
    """Statements that divide for certain, most divisive first."""
    rows = [
        (statement.division.interval[0], statement)
        for statement in report.statements
        if statement.division is not None and statement.division.interval[0] > 0
    ]
    return [statement for _, statement in sorted(rows, key=lambda row: (-row[0], row[1].id))]


def describe_coordination(found: CoordinationRow) -> list[str]:
    """Sentences on coordinated voting, without accusing anybody."""
    if not found.checked:
        return [
            "Gleichlautende Stimmabgabe ist nicht geprüft, weil Zeitpunkte fehlen oder es zu viele "
            "Stimmen sind."
        ]
    lines = []
    if found.components:
        people = sum(len(component) for component in found.components)
        lines.append(
            f"{counted(people, 'Person', 'Teilnehmende')} in "
            f"{counted(len(found.components), 'Verbund', 'Verbünden')} haben fast gleich und "
            "gleichzeitig oder in derselben Reihenfolge gestimmt. Das kann eine gemeinsame Vorlage "
            "sein. Alle zählen mit."
        )
    else:
        lines.append("Keine gleichlautende Stimmabgabe gefunden.")
    if found.straight_lines:
        lines.append(
            f"{counted(len(found.straight_lines), 'Person hat', 'Teilnehmende haben')} auf alle Aussagen "
            "dieselbe Antwort gegeben, obwohl das sonst kaum vorkommt."
        )
    return lines
