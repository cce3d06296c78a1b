"""A facility with all that it depends on to its left and all that depends on it to its right."""

from collections import defaultdict

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from allmende.portal.templatetags.portal import number

from ..queries import Chain, Node
from .layers import Arrow, Box, draw_layers

MOST_ROWS = 9


def draw_chain(chain: Chain) -> SafeString:
    """Draw it; of a long column those that join most others are shown, and how many more there are."""
    joined: dict[int, int] = defaultdict(int)
    buffers: dict[int, list[float]] = defaultdict(list)
    nodes: dict[int, Node] = {chain.middle.number: chain.middle}
    for link in chain.links:
        for node in (link.supplier, link.facility):
            joined[node.number] += 1
            nodes[node.number] = node
        buffers[link.facility.number].append(link.need.buffer_hours)
    columns: dict[int, list[Node]] = defaultdict(list)
    for each, step in chain.steps.items():
        columns[step].append(nodes[each])
    boxes, shown = [], {}
    for step, column in sorted(columns.items()):
        column.sort(key=lambda node: (-joined[node.number], node.name))
        kept = column if len(column) <= MOST_ROWS else column[: MOST_ROWS - 1]
        for node in column:
            shown[node.number] = str(node.number) if node in kept else f"rest{step}"
        boxes += [
            Box(
                str(node.number),
                step,
                node.name,
                _below(node, buffers[node.number]),
                "self" if step == 0 else "seen",
            )
            for node in kept
        ]
        if more := len(column) - len(kept):
            said = ngettext("%(n)s weitere", "%(n)s weitere", more) % {"n": number(more)}
            boxes.append(Box(f"rest{step}", step, said, _("siehe Tabelle"), "rest"))
    arrows = {(shown[link.supplier.number], shown[link.facility.number]) for link in chain.links}
    hidden = sum(need.hidden for need in chain.unseen if need.facility == chain.middle.number)
    if hidden:
        boxes.append(Box("unseen", -1, number(hidden), _("für Sie nicht sichtbar"), "rest"))
        arrows.add(("unseen", shown[chain.middle.number]))
    return draw_layers(
        boxes,
        [Arrow(start, end) for start, end in sorted(arrows) if not _is_within(start, end, boxes)],
        title=_("Wovon „%(name)s“ abhängt und was von ihr abhängt; dasselbe steht in der Tabelle")
        % {"name": chain.middle.name},
    )


def _is_within(start: str, end: str, boxes: list[Box]) -> bool:
    """Whether an arrow only joins what is left out of a column with that column."""
    columns = {box.key: box.column for box in boxes}
    left_out = start.startswith("rest") or end.startswith("rest")
    return start == end or (left_out and columns[start] == columns[end])


def _below(node: Node, buffers: list[float]) -> str:
    """What it gives, and how long it lasts without what it needs first."""
    if not buffers:
        return node.service_name
    hours = min(buffers)
    if not hours:
        return _("kein Vorrat · %(what)s") % {"what": node.service_name}
    return _("Vorrat %(hours)s Std. · %(what)s") % {
        "what": node.service_name,
        "hours": number(hours, 0 if hours == int(hours) else 1),
    }
