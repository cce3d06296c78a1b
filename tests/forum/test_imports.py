"""An exported conversation becomes a concern; imported again, nothing changes."""

import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from allmende.audit.models import Entry
from allmende.commands.import_votes import votes as command
from allmende.formats.polis_export import read_polis_export
from allmende.forum import services
from allmende.forum.models import (
    Ballot,
    Concern,
    Participant,
    Statement,
    StatementState,
    Voices,
    Vote,
)
from allmende.forum.services import ImportedConversation
from tests.factories import ConcernFactory, UserFactory, second_factor

pytestmark = pytest.mark.django_db

VOTES = """timestamp,datetime,comment-id,voter-id,vote
1650000000000,x,0,1,1
1650000001000,x,0,2,-1
1650000002000,x,1,1,0
1650000003000,x,2,2,1
1650000004000,x,0,2,1
"""
COMMENTS = """timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body
1649000000000,x,0,1,2,1,1,Wasser gehört allen.
1649000001000,x,1,2,0,0,0,Mehr Bäume.
1649000002000,x,2,7,1,0,-1,Kauft bei mir!
"""
SUMMARY = """topic,Klima in der Stadt
url,https://example.org/klima
conversation-description,"Was tun wir?"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "klima.2022"
    folder.mkdir()
    (folder / "votes.csv").write_text(VOTES)
    (folder / "comments.csv").write_text(COMMENTS)
    (folder / "summary.csv").write_text(SUMMARY)
    (folder / "NOTICE.md").write_text("CC BY 4.0, The Example Project")
    return folder


def take_in(folder: Path, **options: bool) -> ImportedConversation:
    return services.import_conversation(actor=None, export=read_polis_export(folder), **options)


def stands() -> dict[tuple[str, str], int]:
    return {
        (vote.participant.imported_as, vote.statement.imported_as): vote.stand
        for vote in Vote.objects.select_related("participant", "statement")
    }


def test_an_export_becomes_a_closed_concern_with_its_source(folder: Path) -> None:
    concern = take_in(folder).concern
    assert (concern.slug, concern.question) == ("klima-2022", "Klima in der Stadt")
    assert (concern.is_over, concern.owner, concern.is_example) == (True, None, False)
    assert concern.source == "CC BY 4.0, The Example Project\n\nhttps://example.org/klima"
    assert concern.deadline.timestamp() == 1_650_000_004


def test_the_last_vote_of_each_pair_counts_and_the_log_is_kept(folder: Path) -> None:
    take_in(folder)
    assert stands() == {("1", "0"): 1, ("2", "0"): 1, ("1", "1"): 0, ("2", "2"): 1}
    log = Ballot.objects.values_list("participant__imported_as", "stand")
    assert list(log) == [("1", 1), ("2", -1), ("1", 0), ("2", 1), ("2", 1)]


def test_voters_and_authors_are_personal_participants_nobody_can_sign_in_as(folder: Path) -> None:
    take_in(folder)
    found = Participant.objects.order_by("imported_as").values_list("imported_as", "voices", "user")
    assert list(found) == [(name, Voices.PERSONAL, None) for name in ("1", "2", "7")]


def test_moderation_is_taken_over_with_a_reason(folder: Path) -> None:
    take_in(folder)
    found = Statement.objects.order_by("imported_as").values_list("state", "reason")
    assert list(found) == [
        (StatementState.ACCEPTED, ""),
        (StatementState.PENDING, ""),
        (StatementState.REJECTED, "Im ursprünglichen Gespräch abgelehnt."),
    ]


def test_where_nobody_moderated_everything_counts(folder: Path) -> None:
    (folder / "comments.csv").write_text(COMMENTS.replace(",1,Wasser", ",0,Wasser"))
    take_in(folder)
    assert Statement.objects.filter(state=StatementState.ACCEPTED).count() == 2


def test_the_same_export_again_changes_nothing(folder: Path) -> None:
    take_in(folder)
    before = stands(), Ballot.objects.count(), Statement.objects.count(), Entry.objects.count()
    again = take_in(folder)
    assert (again.is_new, again.participants, again.statements, again.votes) == (False, 0, 0, 0)
    assert before == (
        stands(), Ballot.objects.count(), Statement.objects.count(), Entry.objects.count(),
    )  # fmt: skip


def test_a_newer_export_adds_what_is_new(folder: Path) -> None:
    take_in(folder)
    (folder / "votes.csv").write_text(VOTES + "1650000005000,x,0,1,-1\n1650000006000,x,1,3,1\n")
    (folder / "comments.csv").write_text(COMMENTS.replace(",0,Mehr", ",1,Mehr"))
    again = take_in(folder)
    assert (again.is_new, again.participants, again.votes, again.changed) == (False, 1, 1, 1)
    assert stands()["1", "0"] == -1
    assert Statement.objects.get(imported_as="1").state == StatementState.ACCEPTED
    assert Ballot.objects.count() == 7


def test_what_was_decided_here_is_not_undone_by_a_newer_export(folder: Path) -> None:
    take_in(folder)
    statement = Statement.objects.get(imported_as="0")
    services.decide_statement(
        actor=second_factor(UserFactory(is_operator=True)),
        statement=statement,
        state=StatementState.REJECTED,
        reason="Werbung.",
        seen_state=StatementState.ACCEPTED,
    )
    take_in(folder)
    statement.refresh_from_db()
    assert (statement.state, statement.reason) == (StatementState.REJECTED, "Werbung.")


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("votes.csv", "voter-id,comment-id,vote\n1,0,1\n"),
        ("summary.csv", SUMMARY.replace("klima", "verkehr")),
    ],
)
def test_another_conversation_of_the_same_name_is_not_mixed_with_the_first(
    folder: Path, file: str, content: str
) -> None:
    take_in(folder)
    before = stands(), list(Statement.objects.values_list("text", flat=True))
    (folder / file).write_text(content)
    (folder / "comments.csv").write_text(COMMENTS.replace("Wasser", "Bier"))
    done = CliRunner().invoke(command, [str(folder)])
    assert (done.exit_code, "anderes Gespräch" in done.output) == (2, True), done.output
    assert before == (stands(), list(Statement.objects.values_list("text", flat=True)))


def test_the_address_of_the_form_for_new_concerns_is_never_taken(folder: Path) -> None:
    assert take_in(folder.rename(folder.parent / "neu")).concern.slug == "gespraech-neu"


def test_it_can_stay_open(folder: Path) -> None:
    assert take_in(folder, stays_open=True).concern.is_open


def test_a_lone_file_of_votes_gets_numbered_statements(tmp_path: Path) -> None:
    file = tmp_path / "votes.csv"
    file.write_text("voter-id,comment-id,vote\na,x,1\nb,x,-1\n")
    concern = take_in(file).concern
    assert [statement.text for statement in concern.statements.all()] == ["Aussage x"]


def test_an_address_that_is_taken_stays_with_who_has_it(folder: Path) -> None:
    ConcernFactory(slug="klima-2022")
    assert take_in(folder).concern.slug == "klima-2022-eingelesen"
    assert not take_in(folder).is_new


def test_the_command_imports_and_computes(folder: Path) -> None:
    done = CliRunner().invoke(command, [str(folder)])
    assert done.exit_code == 0, done.output
    assert "3 neue Teilnehmende, 3 neue Aussagen" in done.output
    assert "/forum/klima-2022/ergebnis/" in done.output
    assert Concern.objects.get().results.get().is_there
    again = CliRunner().invoke(command, [str(folder)])
    assert (again.exit_code, "nichts Neues" in again.output) == (0, True)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "votes.csv"),
        ("voter-id,comment-id,vote\na,x,7\n", "Zeile 2"),
        ("a,b\n1,2\n", "votes.csv"),
    ],
)
def test_bad_input_is_refused_and_nothing_changed(folder: Path, content: str, message: str) -> None:
    (folder / "votes.csv").write_text(content)
    done = CliRunner().invoke(command, [str(folder)])
    assert (done.exit_code, message in done.output) == (2, True), done.output
    assert "Es wurde nichts geändert." in done.output
    assert not Concern.objects.exists()


def test_a_folder_that_does_not_exist_is_bad_input(tmp_path: Path) -> None:
    done = CliRunner().invoke(command, [str(tmp_path / "nichts")])
    assert (done.exit_code, "gibt es nicht" in done.output) == (2, True)


@pytest.mark.shared
@pytest.mark.slow
def test_sixty_one_thousand_real_votes_take_seconds(shared_data: Path) -> None:
    export = read_polis_export(shared_data / "votes" / "austria-climate.5twd2jsnkf.2022-08-08")
    clock = time.process_time()
    done = services.import_conversation(actor=None, export=export)
    assert time.process_time() - clock < 15
    assert (done.votes, Ballot.objects.count(), done.statements) == (61_384, 61_936, 522)
    assert done.concern.statements.filter(state=StatementState.ACCEPTED).count() == 277
