"""Reading the federal answer: as it is being drafted, and once it is published."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import OuterRef, Subquery

from allmende.registry.models import Mandate, OrganisationKind
from allmende.registry.queries import acting_mandate, mandates_of, mandates_with

from ..models import (
    Answer,
    Boilerplate,
    Commitment,
    Concern,
    ConcernQuerySet,
    Disposition,
    SealedPosition,
    SealedSection,
    SectionAnswer,
    Word,
    WordKind,
)
from ..models.answers import edition_of
from .concerns import count_of
from .mandates import VOTES, WRITES, needs_release

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from allmende.accounts.models import User
    from allmende.registry.models import Organisation

    Person = User | AnonymousUser


def get_answered_concern(slug: str) -> Concern:
    """A concern with its owner, its ministry and its extension."""
    return Concern.objects.select_related("owner", "ministry", "extension").get(slug=slug)


def position_to_answer(concern: Concern) -> SealedPosition | None:
    """The newest sealed edition of a concern's position: that is the one that gets an answer."""
    return concern.sealed_positions.first()


def get_section_to_answer(slug: str, number: int) -> SealedSection:
    """A section of the position that gets an answer, or ``DoesNotExist``."""
    concern = get_answered_concern(slug)
    position = position_to_answer(concern)
    if position is None:
        raise SealedPosition.DoesNotExist
    position.concern = concern
    section = position.sections.get(number=number)
    section.position = position
    return section


def get_drafted_commitment(slug: str, number: int) -> Commitment:
    """A commitment that belongs to a concern's answer, by the number in its address."""
    return Commitment.objects.select_related(
        "answer__section", "answer__answer", "concern__owner", "concern__ministry"
    ).get(answer__answer__concern__slug=slug, pk=number)


@dataclass(frozen=True)
class AnsweredSection:
    """A section of the position, what becomes of it, and what is promised with it."""

    section: SealedSection
    answer: SectionAnswer | None
    commitments: list[Commitment]


@dataclass(frozen=True)
class AnswerState:
    """The whole answer to a concern, or as much of it as there is."""

    concern: Concern
    position: SealedPosition | None
    answer: Answer | None
    rows: list[AnsweredSection]

    @property
    def open(self) -> list[SealedSection]:
        """The sections that still wait for their answer."""
        return [row.section for row in self.rows if row.answer is None]

    @property
    def done(self) -> int:
        return len(self.rows) - len(self.open)

    @property
    def commitments(self) -> list[Commitment]:
        return [commitment for row in self.rows for commitment in row.commitments]

    @property
    def tally(self) -> Mapping[Disposition, int]:
        """How many sections have which disposition, in the order of the dispositions."""
        found = Counter(row.answer.disposition for row in self.rows if row.answer)
        return {kind: found[kind] for kind in Disposition if found[kind]}

    @property
    def is_complete(self) -> bool:
        """Whether it may be published: every section answered, and the summary written."""
        return bool(self.rows and not self.open and self.answer and self.answer.summary)

    @property
    def edition(self) -> str:
        """Another one whenever any part of it is another."""
        return edition_of(
            self.answer and self.answer.edition,
            *(row.answer and row.answer.edition for row in self.rows),
            *(f"{c.pk} {c.edition}" for c in self.commitments),
        )


def answer_state(concern: Concern) -> AnswerState:
    """What a concern's answer says so far, section by section; in six queries at most."""
    answer = Answer.objects.select_related("position", "ministry", "mandate__organisation").filter(
        concern=concern
    )
    found = answer.first()
    position = found.position if found else position_to_answer(concern)
    given: dict[int, SectionAnswer] = {}
    promised: dict[int, list[Commitment]] = {}
    if found:
        given = {each.section_id: each for each in found.sections.select_related("changed_by")}
        commitments = Commitment.objects.filter(answer__answer=found).select_related("organisation")
        for commitment in commitments.prefetch_related("milestones").order_by("pk"):
            promised.setdefault(commitment.answer_id or 0, []).append(commitment)
    rows = []
    for section in position.sections.all() if position else ():
        said = given.get(section.pk)
        rows.append(AnsweredSection(section, said, promised.get(said.pk, []) if said else []))
    return AnswerState(concern, position, found, rows)


def ministry_mandate(user: "Person", concern: Concern) -> Mandate | None:
    """The mandate in which a person works on the answer, if she works for the ministry."""
    return acting_mandate(user, concern.ministry, *WRITES) if concern.ministry else None


def ministries_of(user: "Person") -> set[int]:
    """The ministries (keys) for which a person may write."""
    return {
        mandate.organisation_id
        for right in WRITES
        for mandate in mandates_with(right, user)
        if mandate.organisation.kind == OrganisationKind.MINISTRY
    }


def with_open_sections(concerns: ConcernQuerySet) -> ConcernQuerySet:
    """Add ``open_sections``: how many sections of the newest position have no answer yet."""
    newest = SealedPosition.objects.filter(concern=OuterRef(OuterRef("pk"))).order_by("-number")
    open_ = SealedSection.objects.filter(position=Subquery(newest.values("pk")[:1]), answer=None)
    return concerns.annotate(  # type: ignore[no-redef]  # declared on the model for its readers
        open_sections=count_of(open_.values("position"))
    )


def works_for(user: "Person", organisation: "Organisation") -> bool:
    """Whether a person belongs to an organisation today."""
    return any(mandate.organisation_id == organisation.pk for mandate in mandates_of(user))


def speaking_mandate(user: "Person", organisation: "Organisation") -> Mandate | None:
    """The mandate in which a person speaks in public for an organisation without anybody else."""
    found = (m for right in VOTES for m in mandates_with(right, user, organisation))
    return next((mandate for mandate in found if not needs_release(user, mandate)), None)


def boilerplates_of(organisation: "Organisation | None") -> list[Boilerplate]:
    """The text blocks that an organisation keeps."""
    return list(Boilerplate.objects.filter(organisation=organisation)) if organisation else []


@dataclass(frozen=True)
class WordCount:
    """How many endorse a section, and how many file a dissent; words about the whole included."""

    endorsements: int
    dissents: int


def words_on(section: SealedSection) -> WordCount:
    """Who stands behind a section: each organisation once, her word about the section before that
    about the whole.
    """
    said: dict[int, str] = {}
    words = Word.objects.current().filter(position=section.position_id)
    for whose, about, kind in words.values_list("organisation", "section", "kind"):
        if about == section.pk or (about is None and whose not in said):
            said[whose] = kind
    kinds = Counter(said.values())
    return WordCount(kinds[WordKind.ENDORSEMENT], kinds[WordKind.DISSENT])
