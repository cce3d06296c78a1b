"""How sure the groups are, in sentences; and if there are none, why."""

from allmende.portal.templatetags.portal import number, percent

from .figures import Candidate
from .reader import Reader
from .statements import seldom_answered

MOST_NAMES = 8


def certainty(reader: Reader) -> list[str]:
    """How sure the groups are; if there are none, why."""
    figures = reader.figures
    best = max(figures.candidates, key=lambda c: c.silhouette, default=None)
    if figures.groups:
        shown = next((c for c in figures.candidates if c.count == len(figures.groups)), best)
        kept = ", ".join(f"{g.letter} zu {percent(g.stability)}" for g in figures.groups)
        sentences = [
            f"Würden dieselben Gruppen entstehen, wenn andere {reader.noun} mitgemacht hätten? In "
            f"100 Wiederholungen mit zufällig gezogenen {reader.noun_dative} blieben im Mittel "
            f"gleich: {kept}. Gezeigt werden Gruppen erst ab 75\u202f%.",
            f"Die Gruppen trennen sich auch deutlicher als zufällig gemischte Stimmen: {_two(shown)}, "
            f"bei Zufall fast immer unter {number(figures.silhouette_threshold, 2)}.",
        ]
        if figures.separate is False:
            sentences.append(
                "Eine Lücke zwischen ihnen ist nicht gesichert: Es können Teile einer durchgehenden Wolke "
                "von Meinungen sein, keine Lager."
            )
    else:
        sentences = [_why_no_groups(reader, best)]
    if reader.is_official and figures.whole is None:
        sentences.append(
            "Die Anteile sind nicht gewichtet und gelten nur für die, die abgestimmt haben: Nicht alle von "
            "ihnen stehen mit Land und Größe im Verzeichnis."
        )
    elif reader.is_official:
        sentences.append(
            "Die Anteile sind nach Land und Größe gewichtet, damit schwach vertretene Kommunen nicht "
            "untergehen."
        )
        if round(figures.effective) < figures.voted:
            sentences[-1] += (
                f" Die {number(figures.voted)} Kommunen sagen dadurch so viel aus wie "
                f"{number(figures.effective)} zufällig gezogene."
            )
    return sentences + _seldom_answered(reader)


def _seldom_answered(reader: Reader) -> list[str]:
    """Whether statements have too few votes to be ranked beside the others."""
    seldom = seldom_answered(reader.figures)
    count = len(seldom.numbers)
    if not count:
        return []
    some, they = (
        ("Eine Aussage hat", "Sie steht")
        if count == 1
        else (f"{number(count)} Aussagen haben", "Sie stehen")
    )
    return [
        f"{some} noch weniger als {number(seldom.floor)} Stimmen. {they} darum in der Liste aller "
        "Aussagen, aber noch nicht unter dem, was verbindet oder trennt."
    ]


def _why_no_groups(reader: Reader, best: Candidate | None) -> str:
    threshold = number(reader.figures.silhouette_threshold, 2)
    stability = percent(best.stability) if best else "–"
    return {
        "too few": f"Für Gruppen haben noch zu wenige {reader.noun} genug Stimmen abgegeben. "
        "Darum zeigen wir nur, was verbindet und was trennt.",
        "no difference": "Alle stimmen fast gleich ab. Es gibt nichts, was Gruppen trennen könnte.",
        "not clearer than chance": "Jede Menge von Punkten lässt sich in Gruppen teilen. Diese "
        f"trennen sich aber nicht deutlicher ({_two(best)}) als Gruppen aus zufällig gemischten "
        f"Stimmen (bis {threshold}). Darum zeigen wir nur, was verbindet und was trennt.",
        "not stable": f"Nähmen andere {reader.noun} teil, entstünden andere Gruppen: In "
        f"Wiederholungen mit zufällig gezogenen {reader.noun_dative} blieb die unsicherste Gruppe nur zu "
        f"{stability} gleich, nötig sind 75\u202f%. Darum zeigen wir nur, was verbindet und was "
        "trennt.",
    }.get(reader.figures.no_groups_because, "Es gibt keine stabilen Gruppen.")


def alike(reader: Reader) -> list[str]:
    """Who voted conspicuously alike, without accusing anybody; empty where nobody did."""
    found = reader.figures.coordination
    if found is None:
        return []
    sentences = []
    if found.components:
        count = sum(len(component) for component in found.components)
        sentences.append(
            f"{number(count)} {reader.noun} haben in {number(len(found.components))} "
            f"{'Verbund' if len(found.components) == 1 else 'Verbünden'} fast gleich gestimmt, und zwar "
            "gleichzeitig oder in derselben Reihenfolge. Das kann eine gemeinsame Vorlage sein, etwa "
            "eines Verbandes. Alle Stimmen zählen mit."
        )
        sentences += [] if reader.is_anonymous else [_named(reader, c) for c in found.components]
    if found.straight_lines:
        sentences.append(
            f"{number(found.straight_lines)} {reader.noun} haben auf alle Aussagen dieselbe Antwort "
            "gegeben, obwohl das sonst kaum vorkommt. Auch diese Stimmen zählen mit."
        )
    if sentences and reader.answered:
        sentences.append(
            "Verglichen wurde nur, was Kommunen selbst geantwortet haben. Antworten in Vollmacht sind "
            "ausgenommen: Bei ihnen steht, wer geantwortet hat."
        )
    return sentences


def _named(reader: Reader, component: tuple[str, ...]) -> str:
    known = {place.member.key: place.member.name for place in reader.all_places}
    names = [known[key] for key in component if key in known]
    more = f" und {number(len(names) - MOST_NAMES)} weitere" if len(names) > MOST_NAMES else ""
    return f"{', '.join(names[:MOST_NAMES])}{more}."


def _two(candidate: Candidate | None) -> str:
    return f"Trennschärfe {number(candidate.silhouette, 2)}" if candidate else "–"
