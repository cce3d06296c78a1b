"""Several people write, seal and endorse a position at the same moment: once, and nothing is lost."""

from datetime import timedelta

import pytest
from django.utils import timezone

from allmende.accounts.models import User
from allmende.forum import queries, services
from allmende.forum.models import Concern, ConcernState, SealedPosition, Section, Word, WordKind
from tests.factories import ConcernFactory

from .test_concurrency import AT_ONCE, all_at_once
from .test_position import mandate_of, say, seal, titles, write

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def concern(alice: User) -> Concern:
    return ConcernFactory(
        owner=alice.mandates.get().region,
        state=ConcernState.POSITION,
        deadline=timezone.now() - timedelta(days=1),
    )


def test_of_several_who_saw_the_same_version_one_saves(concern: Concern, alice: User) -> None:
    section = write(concern, alice)

    def save(number: int) -> bool:
        try:
            services.write_section(
                actor=alice,
                mandate=mandate_of(alice),
                section=Section.objects.get(pk=section.pk),
                seen=1,
                title="Schulungen",
                text=f"Text {number}",
            )
        except services.Overtaken:
            return False
        return True

    assert sum(all_at_once(save)) == 1
    assert list(section.versions.values_list("number", flat=True)) == [1, 2]


def test_a_position_is_sealed_once(concern: Concern, alice: User) -> None:
    write(concern, alice)

    def press(_: int) -> bool:
        try:
            seal(Concern.objects.get(pk=concern.pk), alice)
        except services.Conflict:
            return False
        return True

    assert sum(all_at_once(press)) == 1
    assert list(SealedPosition.objects.values_list("number", flat=True)) == [1]


def test_sections_keep_their_numbers_however_many_add_one(concern: Concern, alice: User) -> None:
    all_at_once(lambda n: write(Concern.objects.get(pk=concern.pk), alice, f"Abschnitt {n}"))
    assert sorted(titles(concern)) == [f"Abschnitt {n}" for n in range(AT_ONCE)]
    assert list(concern.sections.values_list("place", flat=True)) == [1, 2, 3, 4]


def test_an_organisation_has_one_word(concern: Concern, alice: User, charlie: User) -> None:
    write(concern, alice)
    position = seal(concern, alice)

    def speak(number: int) -> None:
        kind = WordKind.DISSENT if number % 2 else WordKind.ENDORSEMENT
        say(queries.get_edition(concern.slug, position.number), charlie, kind, text=f"{number}")

    all_at_once(speak)
    assert Word.objects.current().count() == 1
    assert Word.objects.count() == AT_ONCE
