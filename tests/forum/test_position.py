"""The joint position: drafted from the result, written, sealed, endorsed."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import override

from allmende.accounts.models import User
from allmende.audit.queries import history_of
from allmende.formats.position import digest
from allmende.forum import queries, services
from allmende.forum.models import (
    Concern,
    ConcernState,
    SealedPosition,
    SealedSection,
    Section,
    SectionVersion,
    Support,
    Voices,
    Word,
    WordKind,
)
from allmende.forum.portal.tasks import tasks
from allmende.mail.models import Notice
from allmende.registry.models import Mandate, Topic
from tests.factories import (
    ConcernFactory,
    MandateFactory,
    OrganisationFactory,
    ParticipantFactory,
    StatementFactory,
    UserFactory,
    VoteFactory,
    second_factor,
)


@pytest.fixture
def concern(alice: User) -> Concern:
    """Voting in the concern of Alice's municipality has ended."""
    return ConcernFactory(
        owner=alice.mandates.get().region,
        state=ConcernState.POSITION,
        deadline=timezone.now() - timedelta(days=1),
    )


def mandate_of(user: User) -> Mandate:
    return user.mandates.get()


def with_result(concern: Concern, *, uniting: int = 2) -> None:
    """Twelve municipalities agree on some statements and quarrel about one."""
    agreed = [
        StatementFactory(concern=concern, text=f"Der Bund soll Punkt {n} regeln.")
        for n in range(uniting)
    ]
    divided = StatementFactory(concern=concern, text="Das trennt.")
    for number, participant in enumerate(ParticipantFactory.create_batch(12, concern=concern)):
        for statement in agreed:
            VoteFactory(statement=statement, participant=participant)
        VoteFactory(statement=divided, participant=participant, stand=1 if number % 2 else -1)
    services.compute_now(concern=concern, voices=Voices.OFFICIAL)


def write(concern: Concern, actor: User, title: str = "Schulungen", **fields: Any) -> Section:
    given = {"text": f"Der Bund bezahlt {title}.", "mandate": mandate_of(actor)}
    return services.add_section(actor=actor, concern=concern, title=title, **given | fields)


def seal(concern: Concern, actor: User) -> SealedPosition:
    seen = queries.edition_of(queries.draft_rows(concern))
    return services.seal_position(
        actor=actor, mandate=mandate_of(actor), concern=concern, seen=seen
    )


def titles(concern: Concern) -> list[str]:
    return [row.version.title for row in queries.draft_rows(concern)]


# The draft


def test_the_draft_is_made_of_what_unites(concern: Concern, alice: User) -> None:
    with_result(concern)
    made = services.draft_sections(actor=alice, mandate=mandate_of(alice), concern=concern)
    assert titles(concern) == ["Der Bund soll Punkt 0 regeln", "Der Bund soll Punkt 1 regeln"]
    figures = made[0].figures
    result = concern.results.get()
    assert (figures["agree"], figures["votes"], figures["participants"]) == (1000, 12, 12)
    assert figures["result"] == result.input_hash
    assert 500 < figures["floor"] <= figures["low"] <= 1000
    assert all(isinstance(value, int | str | None) for value in figures.values())
    assert services.statements_to_take(concern) == 0
    with pytest.raises(services.Conflict, match="keine verbindende Aussage"):
        services.draft_sections(actor=alice, mandate=mandate_of(alice), concern=concern)
    assert history_of(concern)[0].details == {
        "statements": [section.statement_id for section in made]
    }


def test_ten_at_once_and_the_rest_on_a_second_click(concern: Concern, alice: User) -> None:
    with_result(concern, uniting=12)
    for count, left in ((10, 2), (12, 0)):
        services.draft_sections(actor=alice, mandate=mandate_of(alice), concern=concern)
        assert (len(titles(concern)), services.statements_to_take(concern)) == (count, left)


def test_a_statement_that_was_taken_out_is_not_made_again(concern: Concern, alice: User) -> None:
    with_result(concern)
    made = services.draft_sections(actor=alice, mandate=mandate_of(alice), concern=concern)
    services.remove_section(actor=alice, mandate=mandate_of(alice), section=made[0])
    assert services.statements_to_take(concern) == 0


def test_without_a_result_nothing_is_drafted(concern: Concern, alice: User) -> None:
    with pytest.raises(services.Conflict, match="keine verbindende Aussage"):
        services.draft_sections(actor=alice, mandate=mandate_of(alice), concern=concern)


def test_each_save_is_a_version_with_author_and_office(concern: Concern, alice: User) -> None:
    section = write(concern, alice)
    services.write_section(
        actor=alice,
        mandate=mandate_of(alice),
        section=section,
        seen=1,
        title="Schulungen",
        text="Der Bund bezahlt alles.",
        note="Kürzer",
    )
    assert list(
        section.versions.values_list("number", "text", "note", "written_by", "mandate__office")
    ) == [
        (1, "Der Bund bezahlt Schulungen.", "", alice.pk, "administration"),
        (2, "Der Bund bezahlt alles.", "Kürzer", alice.pk, "administration"),
    ]
    assert [entry.deed for entry in history_of(section)] == [
        "forum.write_section",
        "forum.add_section",
    ]


def test_who_saw_an_older_version_does_not_overwrite_the_newer(
    concern: Concern, alice: User, bob: User
) -> None:
    section = write(concern, alice)
    fields = {"section": section, "seen": 1, "title": "Schulungen"}
    services.write_section(actor=bob, mandate=mandate_of(bob), text="Bobs Text", **fields)
    with pytest.raises(services.Overtaken, match="nicht verloren") as overtaken:
        services.write_section(actor=alice, mandate=mandate_of(alice), text="Alices", **fields)
    assert (overtaken.value.there.number, overtaken.value.there.text) == (2, "Bobs Text")
    with pytest.raises(services.Conflict, match="nichts geändert"):
        services.write_section(
            actor=bob, mandate=mandate_of(bob), text="Bobs Text", **fields | {"seen": 2}
        )
    assert section.versions.count() == 2


def test_an_old_version_is_restored_as_a_new_one(concern: Concern, alice: User) -> None:
    section = write(concern, alice)
    by_alice: dict[str, Any] = {
        "actor": alice,
        "mandate": mandate_of(alice),
        "section": section,
    }
    services.write_section(seen=1, title="Anders", text="Anderes", **by_alice)
    version = services.restore_section(number=1, **by_alice)
    assert (version.number, version.title, version.note) == (
        3,
        "Schulungen",
        "Version 1 wiederhergestellt",
    )
    with pytest.raises(services.Conflict, match="schon diesen Wortlaut"):
        services.restore_section(number=1, **by_alice)


def test_sections_move_and_go_and_come_back(concern: Concern, alice: User) -> None:
    first, second, third = (write(concern, alice, title) for title in ("A", "B", "C"))
    by_alice: dict[str, Any] = {"actor": alice, "mandate": mandate_of(alice)}
    services.move_section(section=third, seen=3, up=True, **by_alice)
    assert titles(concern) == ["A", "C", "B"]
    with pytest.raises(services.Conflict, match="Reihenfolge"):
        services.move_section(section=third, seen=3, up=True, **by_alice)
    assert titles(concern) == ["A", "C", "B"]
    services.move_section(section=first, seen=1, up=True, **by_alice)
    assert titles(concern) == ["A", "C", "B"]
    services.remove_section(section=third, **by_alice)
    assert titles(concern) == ["A", "B"]
    for change in (services.remove_section, services.move_section):
        with pytest.raises(services.Conflict, match="entfernt"):
            change(
                section=third,
                **by_alice,
                **({"seen": 2, "up": True} if change is services.move_section else {}),
            )
    services.put_back_section(section=third, **by_alice)
    assert titles(concern) == ["A", "C", "B"]
    with pytest.raises(services.Conflict, match="schon wieder"):
        services.put_back_section(section=third, **by_alice)
    assert list(concern.sections.values_list("place", flat=True)) == [1, 2, 3]
    assert second.versions.count() == 1


def test_once_it_is_sent_nobody_writes_it(concern: Concern, alice: User) -> None:
    section = write(concern, alice)
    seal(concern, alice)
    Concern.objects.update(state=ConcernState.SENT)
    by_alice: dict[str, Any] = {"actor": alice, "mandate": mandate_of(alice)}
    for change in (
        lambda: write(concern, alice, "B"),
        lambda: services.write_section(section=section, seen=1, title="X", text="Y", **by_alice),
        lambda: services.remove_section(section=section, **by_alice),
        lambda: services.draft_sections(concern=concern, **by_alice),
        lambda: seal(concern, alice),
    ):
        with pytest.raises(services.Conflict):
            change()
    assert SectionVersion.objects.count() == 1


# Who writes it


def test_owner_and_rapporteurs_write_and_who_releases_seals(
    concern: Concern, alice: User, charlie: User, dora: User, operator: User
) -> None:
    def may(user: User) -> tuple[bool, bool, bool]:
        user.forget_remembered()
        found = queries.get_position(concern.slug)
        return tuple(  # type: ignore[return-value]
            user.has_perm(f"forum.{rule}", found)
            for rule in ("write_position", "seal_position", "choose_rapporteurs")
        )

    assert may(alice) == (True, True, True)
    assert may(charlie) == may(dora) == may(operator) == (False, False, False)
    helper = mandate_of(charlie).organisation
    services.add_rapporteur(
        actor=alice, mandate=mandate_of(alice), concern=concern, organisation=helper
    )
    assert may(charlie) == (True, True, False)
    helper.four_eyes = True
    helper.save()
    assert may(charlie) == (True, False, False)
    mandate = mandate_of(charlie)
    mandate.may_release = True
    mandate.save()
    assert may(charlie) == (True, False, False)  # not without a second factor
    second_factor(charlie)
    assert may(charlie) == (True, True, False)
    services.remove_rapporteur(
        actor=alice, mandate=mandate_of(alice), concern=concern, organisation=helper
    )
    assert may(charlie) == (False, False, False)
    Concern.objects.update(owner=None)
    assert may(operator) == (True, True, True)
    assert may(alice) == (False, False, False)


def test_adding_twice_and_removing_twice_is_said(
    concern: Concern, alice: User, charlie: User
) -> None:
    given: dict[str, Any] = {
        "actor": alice,
        "mandate": mandate_of(alice),
        "concern": concern,
        "organisation": mandate_of(charlie).organisation,
    }
    services.add_rapporteur(**given)
    with pytest.raises(services.Conflict, match="schreibt schon mit"):
        services.add_rapporteur(**given)
    services.remove_rapporteur(**given)
    with pytest.raises(services.Conflict, match="nicht mehr mit"):
        services.remove_rapporteur(**given)


# Sealing


def test_a_sealed_edition_says_what_the_draft_said(concern: Concern, alice: User) -> None:
    with_result(concern)
    services.draft_sections(actor=alice, mandate=mandate_of(alice), concern=concern)
    position = seal(concern, alice)
    position.refresh_from_db()
    assert position.number == 1
    assert position.hash == digest(position.document)
    assert [
        (section["number"], section["title"], section["text"])
        for section in position.document["sections"]
    ] == list(position.sections.values_list("number", "title", "text"))
    assert position.document["sections"][0]["figures"] == position.sections.all()[0].figures
    assert position.document["concern"]["owner"] == "Lindenfurt"
    assert position.document["sealed_in"] == "Verwaltung · Lindenfurt"
    assert history_of(concern)[0].details == {"edition": 1, "hash": position.hash}


def test_nothing_and_nothing_new_and_nothing_unread_is_sealed(
    concern: Concern, alice: User, bob: User
) -> None:
    with pytest.raises(services.Conflict, match="keinen Abschnitt"):
        seal(concern, alice)
    section = write(concern, alice)
    seen = queries.edition_of(queries.draft_rows(concern))
    services.write_section(
        actor=bob, mandate=mandate_of(bob), section=section, seen=1, title="B", text="C"
    )
    by_alice: dict[str, Any] = {"actor": alice, "mandate": mandate_of(alice), "concern": concern}
    with pytest.raises(services.Overtaken, match="noch einmal"):
        services.seal_position(seen=seen, **by_alice)
    assert seal(concern, alice).number == 1
    with pytest.raises(services.Conflict, match="Seit Fassung 1 hat sich nichts geändert"):
        seal(concern, alice)
    write(concern, alice, "Noch etwas")
    assert seal(concern, alice).number == 2


def test_what_is_sealed_and_logged_is_german_whoever_does_it(concern: Concern, alice: User) -> None:
    concern.topic = Topic.FINANCE
    concern.save()
    write(concern, alice)
    with override("en"):
        position = seal(concern, alice)
        assert mandate_of(alice).get_office_display() == "Administration"
    assert position.document["concern"]["topic"] == "Finanzen und Förderung"
    assert position.document["sealed_in"] == "Verwaltung · Lindenfurt"
    assert history_of(concern)[0].capacity == position.document["sealed_in"]


def test_the_database_keeps_what_was_sealed(concern: Concern, alice: User) -> None:
    write(concern, alice)
    position = seal(concern, alice)
    changes = (
        lambda: SealedPosition.objects.filter(pk=position.pk).update(document={}),
        lambda: SealedPosition.objects.filter(pk=position.pk).update(hash="0" * 64),
        lambda: SealedPosition.objects.filter(pk=position.pk)._raw_delete("default"),
        lambda: SealedSection.objects.filter(position=position).update(text="Anders"),
        lambda: SealedSection.objects.filter(position=position).update(title="Anders"),
        lambda: SealedSection.objects.filter(position=position)._raw_delete("default"),
    )
    for change in changes:
        with pytest.raises(DatabaseError, match="sealed"), transaction.atomic():
            change()
    by_hand = "UPDATE forum_sealedposition SET number = 7"
    with pytest.raises(DatabaseError, match="sealed"), transaction.atomic():
        connection.cursor().execute(by_hand)
    position.refresh_from_db()
    assert (position.number, position.hash) == (1, digest(position.document))
    # Who sealed it is forgotten with her account.
    SealedPosition.objects.filter(pk=position.pk).update(sealed_by=None)


def test_with_the_quorum_reached_the_seal_sends_it(concern: Concern, alice: User) -> None:
    write(concern, alice)
    ministry = OrganisationFactory(region=None, kind="ministerium", slug="ministerium")
    Concern.objects.update(quorum_at=timezone.now(), ministry=ministry)
    position = seal(concern, alice)
    concern.refresh_from_db()
    assert concern.state == ConcernState.SENT
    assert concern.answer_due is not None
    assert [entry.deed for entry in history_of(concern)[:2]] == [
        "forum.send_concern",
        "forum.seal_position",
    ]
    assert concern.sealed_positions.get() == position


# Words


def say(
    position: SealedPosition,
    actor: User,
    kind: WordKind = WordKind.ENDORSEMENT,
    section: int | None = None,
    text: str = "",
) -> Word:
    return services.give_word(
        actor=actor,
        mandate=mandate_of(actor),
        position=position,
        section=queries.get_sealed_section(position, section),
        kind=kind,
        text=text,
    )


@pytest.fixture
def position(concern: Concern, alice: User) -> SealedPosition:
    write(concern, alice, "A")
    write(concern, alice, "B")
    return seal(concern, alice)


def test_who_said_something_of_a_section_counts_there_with_that(
    position: SealedPosition, alice: User, charlie: User
) -> None:
    say(position, alice)
    say(position, charlie)
    say(position, charlie, WordKind.DISSENT, 2, "Sache der Länder")
    other = MandateFactory().user
    say(position, other, WordKind.ENDORSEMENT, 1)
    counted = {
        number: (standing.endorse, standing.dissent)
        for number, standing in queries.standings(position).items()
    }
    assert counted == {None: (2, 0), 1: (3, 0), 2: (1, 1)}


def test_a_later_word_takes_the_place_of_an_earlier_one(
    position: SealedPosition, charlie: User
) -> None:
    say(position, charlie)
    say(position, charlie)  # twice at once
    assert Word.objects.count() == 1
    say(position, charlie, WordKind.DISSENT, text="Doch nicht")
    assert [(word.kind, word.withdrawn_at is None) for word in Word.objects.order_by("pk")] == [
        ("endorsement", False),
        ("dissent", True),
    ]
    withdraw: dict[str, Any] = {
        "actor": charlie,
        "mandate": mandate_of(charlie),
        "position": position,
        "section": None,
    }
    services.withdraw_word(**withdraw)
    assert Word.objects.current().count() == 0
    with pytest.raises(services.Conflict, match="schon zurückgezogen"):
        services.withdraw_word(**withdraw)


def test_a_dissent_gives_its_reason(position: SealedPosition, charlie: User) -> None:
    with pytest.raises(services.Conflict, match="Begründung"):
        say(position, charlie, WordKind.DISSENT, text="  ")
    with pytest.raises(IntegrityError), transaction.atomic():
        Word.objects.create(
            position=position,
            organisation=mandate_of(charlie).organisation,
            kind=WordKind.DISSENT,
        )


def test_words_end_with_the_answer_and_belong_to_one_edition(
    position: SealedPosition, concern: Concern, alice: User, charlie: User
) -> None:
    say(position, charlie)
    write(concern, alice, "C")
    later = seal(concern, alice)
    with pytest.raises(services.Conflict, match="Inzwischen liegt Fassung 2 vor"):
        say(position, charlie, WordKind.DISSENT, text="Nein")
    assert Word.objects.current().filter(position=position).count() == 1
    Concern.objects.update(state=ConcernState.SENT)
    say(later, charlie)
    Concern.objects.update(state=ConcernState.ANSWERED)
    with pytest.raises(services.Conflict, match="Beantwortet"):
        say(later, charlie, WordKind.DISSENT, text="Nein")


def test_with_four_eyes_only_who_releases_speaks(position: SealedPosition, charlie: User) -> None:
    organisation = mandate_of(charlie).organisation
    organisation.four_eyes = True
    organisation.save()
    with pytest.raises(services.Conflict, match="wer für Kranichsee freigibt"):
        say(position, charlie)
    releasing = second_factor(MandateFactory(organisation=organisation, may_release=True).user)
    assert say(position, releasing).organisation == organisation


def test_municipalities_and_associations_of_its_kind_may_speak(
    concern: Concern, position: SealedPosition, charlie: User, dora: User
) -> None:
    found = queries.get_position(concern.slug)

    def may(user: User) -> bool:
        user.forget_remembered()
        return user.has_perm("forum.give_word", found)

    def of(kind: str, *, is_example: bool = False) -> User:
        organisation = OrganisationFactory(region=None, kind=kind, is_example=is_example)
        return MandateFactory(organisation=organisation).user

    assert [may(user) for user in (charlie, of("spitzenverband"))] == [True, True]
    assert [may(user) for user in (dora, of("ministerium"), of("netzwerk"))] == [False] * 3
    assert may(of("spitzenverband", is_example=True)) is False
    assert may(MandateFactory(region__invented=True).user) is False


# Tasks and notices


def asked(user: User) -> list[str]:
    user.forget_remembered()
    return [task.title for task in tasks(user) if "Position" in task.title]


def test_who_took_part_or_signed_is_asked_until_it_says_something(
    concern: Concern, position: SealedPosition, alice: User, charlie: User
) -> None:
    voter = MandateFactory().user
    VoteFactory(
        statement__concern=concern,
        participant__concern=concern,
        participant__region=mandate_of(voter).region,
    )
    association = OrganisationFactory(region=None, kind="spitzenverband")
    signer = MandateFactory(organisation=association).user
    Support.objects.create(concern=concern, organisation=association)
    title = f"Position liegt vor: mittragen oder Sondervotum zu „{concern.question}“"
    assert [asked(user) for user in (voter, signer, charlie)] == [[title], [title], []]
    say(position, voter)
    say(position, signer, section=1)
    assert [asked(user) for user in (voter, signer)] == [[], []]
    write(concern, alice, "C")
    seal(concern, alice)
    assert asked(voter) == [title]
    Concern.objects.update(state=ConcernState.ANSWERED)
    assert asked(voter) == []


def test_who_owns_it_is_asked_to_write(concern: Concern, alice: User, charlie: User) -> None:
    title = f"Gemeinsame Position schreiben: „{concern.question}“"
    assert [asked(alice), asked(charlie)] == [[title], []]
    write(concern, alice)
    seal(concern, alice)
    assert title not in asked(alice)


def test_the_tick_tells_those_who_may_speak_once(
    concern: Concern, position: SealedPosition
) -> None:
    voter = MandateFactory(user=UserFactory()).user
    VoteFactory(
        statement__concern=concern,
        participant__concern=concern,
        participant__region=mandate_of(voter).region,
    )
    for _twice in range(2):
        services.tell_of_concerns()
    told = Notice.objects.filter(topic="forum.position")
    assert [(notice.user_id, notice.title) for notice in told] == [
        (voter.pk, f"Die gemeinsame Position liegt vor: {concern.question}")
    ]
