"""The federal answer: drafted section by section, published once and whole."""

from datetime import timedelta

import pytest
from django.utils import timezone

from allmende.audit.queries import history_of
from allmende.forum import queries, services
from allmende.forum.models import (
    Answer,
    Commitment,
    Concern,
    ConcernState,
    Disposition,
    SealedSection,
    SectionAnswer,
)
from allmende.registry.models import Mandate, Organisation
from tests.factories import (
    MandateFactory,
    MinistryFactory,
    SealedSectionFactory,
    second_factor,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def sections() -> list[SealedSection]:
    """A position of two sections that waits for its answer."""
    first = SealedSectionFactory(number=1, title="Schulungen")
    return [first, SealedSectionFactory(number=2, title="Meldestelle", position=first.position)]


@pytest.fixture
def sent(sections: list[SealedSection]) -> Concern:
    concern: Concern = sections[0].position.concern
    return concern


@pytest.fixture
def ministry(sent: Concern) -> Organisation:
    assert sent.ministry is not None
    return sent.ministry


@pytest.fixture
def desk(ministry: Organisation) -> Mandate:
    """Somebody who drafts in the ministry."""
    return MandateFactory(organisation=ministry, office="desk", user__name="Dilek")


@pytest.fixture
def head(ministry: Organisation) -> Mandate:
    """Somebody who releases for the ministry."""
    mandate = MandateFactory(
        organisation=ministry, office="leadership", may_release=True, user__name="Hedwig"
    )
    second_factor(mandate.user)
    return mandate


def say(
    mandate: Mandate, section: SealedSection, seen: str = "", **fields: object
) -> SectionAnswer:
    given = {"disposition": Disposition.PARTLY, "reason": "Im Haushalt ist nur die Hälfte."}
    return services.answer_section(
        actor=mandate.user, mandate=mandate, section=section, seen=seen, **given | fields
    )


def summarise(mandate: Mandate, concern: Concern, summary: str = "Die Hälfte kommt.") -> Answer:
    answer = Answer.objects.filter(concern=concern).first() or Answer()
    return services.write_summary(
        actor=mandate.user,
        mandate=mandate,
        concern=concern,
        summary=summary,
        seen=answer.edition,
    )


def promise(mandate: Mandate, answer: SectionAnswer, **fields: object) -> Commitment:
    given = {
        "what": "Schulungen bezahlen",
        "who": "Referat H III 2",
        "due_on": timezone.localdate() + timedelta(days=90),
        "sign": "Die Richtlinie steht im Bundesanzeiger.",
    }
    return services.make_commitment(
        actor=mandate.user,
        mandate=mandate,
        organisation=mandate.organisation,
        answer=answer,
        **given | fields,  # type: ignore[arg-type]
    )


def publish(mandate: Mandate, concern: Concern) -> Answer:
    return services.publish_answer(
        actor=mandate.user,
        mandate=mandate,
        concern=concern,
        seen=queries.answer_state(concern).edition,
    )


def test_an_answer_is_published_once_it_is_whole(
    sent: Concern, sections: list[SealedSection], desk: Mandate, head: Mandate
) -> None:
    say(desk, sections[0])
    assert [row.number for row in queries.answer_state(sent).open] == [2]
    with pytest.raises(services.Conflict, match="Noch ein Abschnitt ist offen"):
        publish(head, sent)
    say(desk, sections[1], disposition=Disposition.TAKEN_UP, reason="")
    with pytest.raises(services.Conflict, match="Kurzfassung fehlt"):
        publish(head, sent)
    summarise(desk, sent)
    answer = publish(head, sent)
    sent.refresh_from_db()
    assert sent.state == ConcernState.ANSWERED
    assert sent.answered_at == answer.published_at
    assert (answer.published_by, answer.mandate) == (head.user, head)
    assert [step.state for step in sent.steps.all()] == ["answered"]
    assert queries.answer_state(sent).tally == {Disposition.TAKEN_UP: 1, Disposition.PARTLY: 1}
    assert [(entry.deed, entry.reason) for entry in history_of(sent)] == [
        ("forum.publish_answer", "Wird aufgegriffen: 1, Wird teilweise aufgegriffen: 1.")
    ]
    for again in (lambda: publish(head, sent), lambda: say(desk, sections[0])):
        with pytest.raises(services.Conflict, match="schon veröffentlicht"):
            again()


def test_commitments_are_pursued_from_the_answer_on(
    sent: Concern, sections: list[SealedSection], desk: Mandate, head: Mandate
) -> None:
    given = [say(desk, section) for section in sections]
    summarise(desk, sent)
    commitment = promise(desk, given[0])
    assert list(Commitment.objects.public()) == []
    publish(head, sent)
    sent.refresh_from_db()
    assert sent.state == ConcernState.PURSUED
    assert [(step.state, step.reason) for step in sent.steps.all()] == [
        ("answered", "Wird teilweise aufgegriffen: 2."),
        ("pursued", f"Zugesagt: {commitment.what}"),
    ]
    assert list(Commitment.objects.public()) == [commitment]


def test_somebody_else_was_quicker(
    sent: Concern, sections: list[SealedSection], desk: Mandate, head: Mandate
) -> None:
    first = say(desk, sections[0])
    with pytest.raises(services.Overtaken):
        say(head, sections[0], reason="Anders")
    say(head, sections[0], seen=first.edition, reason="Anders")
    with pytest.raises(services.Overtaken) as overtaken:
        say(desk, sections[0], seen=first.edition)
    assert (overtaken.value.there.reason, overtaken.value.there.changed_by) == ("Anders", head.user)
    assert SectionAnswer.objects.get().reason == "Anders"
    summarise(desk, sent)
    with pytest.raises(services.Overtaken) as overtaken:
        services.write_summary(
            actor=head.user, mandate=head, concern=sent, summary="Neu", seen=Answer().edition
        )
    assert overtaken.value.there.summary == Answer.objects.get().summary != ""
    seen = queries.answer_state(sent).edition
    say(desk, sections[1])
    with pytest.raises(services.Overtaken, match="seit Sie ihn geöffnet haben"):
        services.publish_answer(actor=head.user, mandate=head, concern=sent, seen=seen)
    sent.refresh_from_db()
    assert sent.state == ConcernState.SENT


def test_a_draft_handed_over_is_promised_by_who_answers(
    sent: Concern, sections: list[SealedSection], desk: Mandate
) -> None:
    given = [say(desk, section) for section in sections]
    summarise(desk, sent)
    promise(desk, given[0])
    other = MinistryFactory()
    Concern.objects.update(ministry=other)
    sent.refresh_from_db()
    answer = publish(MandateFactory(organisation=other, office="leadership"), sent)
    assert answer.ministry == other
    assert Commitment.objects.get().organisation == other


def test_commitments_are_changed_and_removed_while_the_answer_is_a_draft(
    sent: Concern, sections: list[SealedSection], desk: Mandate, head: Mandate
) -> None:
    given = [say(desk, section) for section in sections]
    today = timezone.localdate()
    commitment = promise(desk, given[0], milestones=[("Entwurf", today + timedelta(days=30))])
    change = {
        "actor": desk.user,
        "mandate": desk,
        "commitment": commitment,
        "what": "Alle Schulungen bezahlen",
        "who": "Referat H III 2",
        "due_on": today + timedelta(days=60),
        "sign": "Bescheide",
    }
    seen = commitment.edition
    services.change_commitment(
        **change, milestones=[("Richtlinie", today + timedelta(days=31))], seen=seen
    )
    changed = Commitment.objects.get()
    assert [str(step) for step in changed.milestones.all()] == ["Richtlinie"]
    with pytest.raises(services.Overtaken) as overtaken:
        services.change_commitment(**change, milestones=[], seen=seen)
    assert overtaken.value.there.edition == changed.edition != seen
    late = [("Richtlinie", today + timedelta(days=61))]
    with pytest.raises(services.Conflict, match="nach dem Tag"):
        services.change_commitment(**change, milestones=late, seen=changed.edition)
    other = promise(desk, given[1])
    services.remove_commitment(actor=desk.user, mandate=desk, commitment=other)
    with pytest.raises(services.Conflict, match="inzwischen jemand entfernt"):
        services.remove_commitment(actor=desk.user, mandate=desk, commitment=other)
    summarise(desk, sent)
    publish(head, sent)
    with pytest.raises(services.Conflict, match="schon veröffentlicht"):
        services.remove_commitment(actor=desk.user, mandate=desk, commitment=changed)
    with pytest.raises(services.Conflict, match="schon veröffentlicht"):
        promise(desk, given[1])


def test_a_day_that_has_passed_is_no_promise(
    sent: Concern, sections: list[SealedSection], desk: Mandate, head: Mandate
) -> None:
    given = [say(desk, section) for section in sections]
    yesterday = timezone.localdate() - timedelta(days=1)
    with pytest.raises(services.Conflict, match="Dieser Tag ist vorbei"):
        promise(desk, given[0], due_on=yesterday)
    promise(desk, given[0])
    Commitment.objects.update(due_on=yesterday)
    summarise(desk, sent)
    with pytest.raises(services.Conflict, match="Das Datum einer Zusage ist inzwischen vorbei"):
        publish(head, sent)


@pytest.mark.parametrize(("due", "answered", "late"), [(-3, None, 3), (3, None, 0), (-9, -4, 5)])
def test_days_after_the_date_are_counted(
    sent: Concern, *, due: int, answered: int | None, late: int
) -> None:
    now = timezone.now()
    sent.answer_due = now + timedelta(days=due)
    sent.answered_at = None if answered is None else now + timedelta(days=answered)
    assert sent.days_late == late
