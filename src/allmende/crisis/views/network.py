"""What hangs on what: the chain of a facility, single points of failure, the map, and what happens if."""

from itertools import islice
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from allmende.portal.access import SignedInRequest, requires

from .. import queries
from ..drawing import Mark
from ..drawing.chains import draw_chain
from ..forms.outages import MOST_OFFERED, OutageForm
from ..models import SECTOR_OF, Facility, Sector, Service
from ..outages import Clock, Played, find_bottlenecks, play, tell
from ..outages.bottlenecks import MOST_FACILITIES
from ..outages.decisions import candidates
from ..outages.hazards import curves_of
from ..outages.pictures import course_of, draw_site, hours_by_town, state_map
from ..queries import Register, read_register

PAGE_SIZE = 50
MOST_LINKS, MOST_TOWNS, MOST_LINES, MOST_CALLS = 200, 30, 150, 15
OUTAGES = {"24": 24.0, "72": 72.0, "168": 168.0}


def _register_of(request: SignedInRequest) -> Register:
    return read_register(queries.visible_facilities(request.user))


@require_safe
@requires("crisis.view_facility", queries.get_facility, login=True)
def dependencies(request: SignedInRequest, facility: Facility) -> HttpResponse:
    """What a facility depends on and what depends on it, some steps away."""
    register = _register_of(request)
    context: dict[str, Any] = {"facility": facility}
    if facility.pk in register.nodes:
        chain = queries.chain_of(register, facility.pk)
        known = [need.facility for need in register.needed_by.get(facility.pk, ())]
        context |= {
            "chain": chain,
            "drawing": draw_chain(chain) if len(chain.steps) > 1 or chain.unseen else None,
            "links": chain.links[:MOST_LINKS],
            "more": max(0, len(chain.links) - MOST_LINKS),
            "hidden": queries.needed_by(facility).exclude(facility__in=known).count(),
            "findings": [each for each in register.findings if each.facility in chain.steps],
        }
    return render(request, "crisis/dependencies.html", context)


@require_safe
@requires("crisis.open_register", login=True)
def bottlenecks(request: SignedInRequest) -> HttpResponse:
    """Facilities whose failure alone takes others down."""
    register = _register_of(request)
    wanted = request.GET.get("stunden", "72")
    found = find_bottlenecks(register, hours=OUTAGES.get(wanted, 72.0))
    page = Paginator(found.rows, PAGE_SIZE).get_page(request.GET.get("seite"))
    context = {
        "register": register,
        "found": found,
        "page": page,
        "choices": OUTAGES,
        "chosen": wanted if wanted in OUTAGES else "72",
        "few": len(register.nodes) > MOST_FACILITIES,
    }
    return render(request, "crisis/bottlenecks.html", context)


@require_safe
@requires("crisis.open_register", login=True)
def sites(request: SignedInRequest) -> HttpResponse:
    """Where the facilities lie."""
    register, sectors = _register_of(request), list(Sector)
    site = draw_site(
        register,
        {each.number: sectors.index(_sector_of(each)) for each in register.nodes.values()},
        marks=tuple(Mark(number) for number in range(len(sectors))),
        labels=[str(sector.label) for sector in sectors],
        title=_("Karte: Einrichtungen nach Sektor; die Zahlen stehen auch in der Tabelle"),
    )
    used = [place for place in range(len(sectors)) if any(row[place] for _town, row in site.rows)]
    context = {
        "register": register,
        "site": site,
        "sectors": [sectors[place].label for place in used],
        "rows": [(town, sum(row), [row[place] for place in used]) for town, row in site.rows],
    }
    return render(request, "crisis/sites.html", context)


def _sector_of(node: queries.Node) -> Sector:
    return SECTOR_OF[Service(node.service)]


@require_safe
@requires("crisis.open_register", login=True)
def what_if(request: SignedInRequest) -> HttpResponse:
    """Play a failure through: nothing is stored, the address says it all."""
    register = _register_of(request)
    form = OutageForm(request.GET, register=register)
    plan = form.plan if form.asked else None
    context: dict[str, Any] = {
        "register": register,
        "form": form,
        "offered": form.offered,
        "most_offered": MOST_OFFERED,
        "curves": curves_of(register),
    }
    if plan is not None:
        played = play(register, plan)
        mobile = queries.visible_generators(request.user).filter(is_mobile=True)
        powers = list(mobile.order_by().values_list("power_kw", flat=True))
        context |= _told(played, Clock(plan.begin), powers) | _supply_of(played, powers)
    return render(request, "crisis/what_if.html", context)


def _supply_of(played: Played, powers: list[int]) -> dict[str, Any]:
    """How many mobile generators are known of, and how many of the chosen places they are enough for."""
    nodes = played.register.nodes
    wanted = [nodes[each].feed_in_kw or 0 for each in played.plan.generators]
    return {
        "mobile": len(powers),
        "wanted": len(wanted),
        "placed": queries.matching(powers, wanted),
    }


def _told(played: Played, clock: Clock, powers: list[int]) -> dict[str, Any]:
    """What the page says of it."""
    plan = played.plan
    alone = play(played.register, plan.undecided) if plan.decides else played
    happenings = list(islice(tell(played.register, played.run, clock), MOST_LINES + 1))
    services, towns = hours_by_town(played, MOST_TOWNS)
    calls = played.runs_out[:MOST_CALLS]
    contacts = queries.contacts_of(each.node.number for each in calls)
    return {
        "played": played,
        "alone": alone,
        "saved": alone.person_hours - played.person_hours,
        "fallen": len(played.down),
        "dragged": len(played.down.keys() - plan.failing),
        "hanging": queries.count_unseen_dependants(played.register, played.down),
        "worst": clock.say(played.worst),
        "calls": [
            (
                each,
                clock.say(each.at),
                played.register.town_of(each.node),
                contacts.get(each.node.number),
            )
            for each in calls
        ],
        "more_calls": max(0, len(played.runs_out) - MOST_CALLS),
        "candidates": [
            (each, clock.say(each.fails_at or 0))
            for each in candidates(alone, played, powers=powers)
        ],
        "happenings": happenings[:MOST_LINES],
        "cut": len(happenings) > MOST_LINES,
        "course": course_of(played, clock),
        "site": state_map(played, clock),
        "services": services,
        "towns": towns,
    }
