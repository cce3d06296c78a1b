"""What the clerk of a city has drafted: her mayor finds something to release, and something came back."""

from allmende.registry.demo import CLERK, HEAD
from allmende.registry.models import Mandate

from ..models import Concern, Draft, Stand, StatementState
from ..queries import Voice
from ..services import add_statement, cast_vote, join_concern, return_drafts

STANDS = (Stand.AGREE, Stand.AGREE, Stand.DISAGREE, Stand.AGREE)
STATEMENT = "Städte sollen ihre Schulungen auch für Nachbargemeinden öffnen und dafür Geld vom Bund bekommen."
REASON = "Das kostet uns selbst Geld. Bitte zuerst mit der Kämmerei sprechen."


def draft_for_a_city() -> None:
    """Draft votes and a statement in the first concern; one vote was returned with a reason."""
    people = {
        mandate.user.email: mandate
        for mandate in Mandate.objects.filter(user__email__in=(CLERK, HEAD)).select_related(
            "user", "organisation__region"
        )
    }
    if not {CLERK, HEAD} <= people.keys():
        return
    clerk, head = people[CLERK], people[HEAD]
    concern = Concern.objects.get(slug="schutz-im-amt")
    city = join_concern(concern=concern, voice=Voice(clerk.user, clerk.region, clerk))
    statements = concern.statements.filter(state=StatementState.ACCEPTED).order_by("pk")
    drafts = [
        cast_vote(
            actor=clerk.user,
            participant=city,
            statement=statement,
            stand=stand,
            mandate=clerk,
        )
        for statement, stand in zip(statements, STANDS, strict=False)
    ]
    add_statement(actor=clerk.user, concern=concern, author=city, text=STATEMENT, mandate=clerk)
    returned = [draft for draft in drafts if isinstance(draft, Draft)][-1:]
    return_drafts(actor=head.user, concern=concern, drafts=returned, reason=REASON, mandate=head)
