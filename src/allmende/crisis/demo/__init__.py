"""Example data: the register of an invented Kreis, who sits in its crisis staffs, and what hangs on what.

Every facility is invented and says so. How many there are of a kind follows the inhabitants they supply;
hours in store are guesses, except those of hospitals (docs/algorithms/cascade.md).
"""

from allmende.registry.models import Mandate, Organisation

from .. import services
from ..models import Facility, Function, Seat
from .association import make_association
from .drafts import make_draft
from .duties import make_duties
from .exercises import make_exercises
from .facilities import make_facilities
from .generators import make_generators
from .reports import make_report

# Whoever the example data let sit in a crisis staff, by the first part of her address.
STAFF = (
    ("buergermeisterin", Function.HEAD),
    ("oberbuergermeister", Function.HEAD),
    ("stadt", Function.SITUATION),
    ("landkreis", Function.HEAD),
    ("ministerin", Function.ADVISER),
)


def fill(seed: int) -> list[str]:
    """Fill in staffs and facilities, once."""
    for key, function in STAFF:
        mandate = Mandate.objects.current().filter(user__email=f"{key}@example.org").first()
        if mandate is not None and not Seat.objects.filter(mandate=mandate).exists():
            services.appoint(actor=None, mandate=None, who=mandate, function=function)
    kreis = Organisation.objects.filter(slug__startswith="ahornkreis", is_example=True).first()
    provider = Organisation.objects.filter(name="Ahornwerke", is_example=True).first()
    if Facility.objects.exists() or kreis is None or provider is None:
        return []
    make_facilities(kreis=kreis, provider=provider, seed=seed)
    make_duties(provider=provider)
    make_association(kreis=kreis)
    make_generators(kreis=kreis, provider=provider)
    count = Facility.objects.count()
    lines = [f"Krise: {count} erfundene Einrichtungen im {kreis.name}."]
    if make_exercises(kreis):
        make_report()
        lines.append(
            "Krise: eine Übung in der Pause, geleitet von werke@example.org, und eine beendete."
        )
    if make_draft(kreis):
        lines.append("Krise: ein Drehbuch mit dem Netz des Registers.")
    return lines
