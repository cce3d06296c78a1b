"""Who did what, when and why."""

from dataclasses import dataclass

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from allmende.accounts.models import User
from allmende.audit.anchors import verify_chain
from allmende.audit.chain import digest
from allmende.audit.models import Entry
from allmende.audit.protection import lifted
from allmende.audit.services import Deed, audited, record, record_many
from tests.forum.test_concurrency import AT_ONCE, all_at_once


@dataclass
class Office:
    """A mandate as the registry has them."""

    pk: int = 12
    capacity: str = "Ratsmitglied · Lindenfurt"


def test_record_says_who_did_what_to_which_object(alice: User, bob: User) -> None:
    record(actor=alice, deed="accounts.rename_user", obj=bob, reason="Heirat", fields=["name"])
    entry = Entry.objects.get()
    assert (entry.actor, entry.deed, entry.reason) == (alice, "accounts.rename_user", "Heirat")
    assert (entry.object_kind, entry.object_key) == ("accounts.User", str(bob.pk))
    assert entry.details == {"fields": ["name"]}
    assert (entry.mandate_key, entry.capacity) == ("", "")


def test_record_says_in_which_mandate(alice: User, bob: User) -> None:
    record(actor=alice, deed="accounts.rename_user", obj=bob, mandate=Office())
    entry = Entry.objects.get()
    assert (entry.mandate_key, entry.capacity) == ("12", "Ratsmitglied · Lindenfurt")


def test_an_account_is_a_number_in_entries(bob: User) -> None:
    record(actor=None, deed="accounts.rename_user", obj=bob)
    assert Entry.objects.get().object_name == f"Konto {bob.pk}"


def test_entries_are_numbered_and_chained(alice: User) -> None:
    written = [record(actor=alice, deed="accounts.open_user", obj=alice, round=n) for n in range(3)]
    stored = list(Entry.objects.order_by("number"))
    assert [entry.number for entry in stored] == [1, 2, 3]
    assert [entry.previous_hash for entry in stored] == ["", written[0].hash, written[1].hash]
    # As it comes back from the database, an entry still has the hash that it was written with.
    assert [digest(entry.as_link()) for entry in stored] == [entry.hash for entry in written]


def test_details_come_back_as_they_were_hashed(alice: User) -> None:
    details = {"grün": ["ß", 10**20, True, None], "": {"b": -1, "a": "1e5"}}
    record(actor=alice, deed="accounts.open_user", obj=alice, all=details)
    assert Entry.objects.get().details == {"all": details}
    assert verify_chain().is_sound


@pytest.mark.parametrize("value", [0.1, 1e16, float("nan")])
def test_details_hold_no_floats(alice: User, value: float) -> None:
    with pytest.raises(TypeError, match="whole numbers"):
        record(actor=alice, deed="accounts.open_user", obj=alice, share=value)
    assert Entry.objects.count() == 0


def test_an_entry_cannot_be_changed_or_removed(alice: User) -> None:
    entry = record(actor=None, deed="accounts.open_user", obj=alice)
    entry.reason = "etwas anderes"
    with pytest.raises(TypeError, match="never changed"):
        entry.save()
    with pytest.raises(TypeError, match="never removed"):
        entry.delete()
    assert Entry.objects.get().reason == ""


def test_many_entries_at_once_cannot_be_changed_or_removed_either(alice: User) -> None:
    record(actor=None, deed="accounts.open_user", obj=alice)
    with pytest.raises(TypeError, match="never changed"):
        Entry.objects.update(reason="etwas anderes")
    with pytest.raises(TypeError, match="never removed"):
        Entry.objects.all().delete()
    assert Entry.objects.get().reason == ""


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entry SET reason = 'anders'", "DELETE FROM audit_entry"]
)
def test_the_database_itself_refuses(alice: User, statement: str) -> None:
    record(actor=None, deed="accounts.open_user", obj=alice)
    with pytest.raises(DatabaseError, match="audit entries are never"):
        execute(statement)
    assert Entry.objects.get().reason == ""


@pytest.mark.django_db(transaction=True)
def test_emptying_the_whole_database_works_and_protects_anew(alice: User) -> None:
    record(actor=None, deed="accounts.open_user", obj=alice)
    call_command("flush", interactive=False, verbosity=0)
    assert Entry.objects.count() == 0
    record(actor=None, deed="accounts.open_user", obj=User.objects.create(email="eva@example.org"))
    with pytest.raises(DatabaseError, match="audit entries are never"):
        execute("DELETE FROM audit_entry")


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_leaves_no_entry_and_no_gap(alice: User) -> None:
    with audited():
        record(actor=alice, deed="accounts.open_user", obj=alice)
        transaction.set_rollback(True)
    assert Entry.objects.count() == 0
    assert record(actor=alice, deed="accounts.open_user", obj=alice).number == 1


@pytest.mark.django_db(transaction=True)
def test_an_entry_outlives_the_account(alice: User, bob: User) -> None:
    record(actor=bob, deed="accounts.open_user", obj=bob)
    number = bob.pk
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM account_emailaddress WHERE user_id = %s", [number])
    bob.delete()
    entry = Entry.objects.select_related("actor").get()
    assert (entry.actor_id, entry.actor) == (number, None)
    assert verify_chain().is_sound


@pytest.mark.django_db(transaction=True)
def test_parallel_writers_leave_one_unbroken_chain(alice: User) -> None:
    def write(writer: int) -> None:
        for turn in range(5):
            with audited():
                User.objects.filter(pk=alice.pk).update(name=f"{writer}/{turn}")
                record(actor=alice, deed="accounts.open_user", obj=alice, writer=writer)
                if turn == 3:
                    transaction.set_rollback(True)

    all_at_once(write)
    report = verify_chain()
    assert (report.findings, report.entries) == ([], AT_ONCE * 4)


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("UPDATE audit_entry SET reason = 'anders' WHERE number = 3", "Eintrag 3 wurde geändert."),
        ("UPDATE audit_entry SET actor_id = NULL WHERE number = 2", "Eintrag 2 wurde geändert."),
        ("UPDATE audit_entry SET details = '{}' WHERE number = 5", "Eintrag 5 wurde geändert."),
        ("DELETE FROM audit_entry WHERE number = 4", "Eintrag 4 fehlt."),
    ],
)
def test_what_was_done_to_the_table_is_found(alice: User, statement: str, finding: str) -> None:
    for turn in range(5):
        record(actor=alice, deed="accounts.open_user", obj=alice, turn=turn)
    with lifted():
        execute(statement)
    assert [str(found) for found in verify_chain().findings] == [finding]


@pytest.mark.parametrize("column", ["at", "details"])
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL stores nothing malformed")
def test_what_cannot_even_be_read_is_found(alice: User, column: str) -> None:
    for _ in range(3):
        record(actor=alice, deed="accounts.open_user", obj=alice)
    with lifted():
        # Each column has its own check in SQLite, too; whoever edits the file goes past it.
        execute("PRAGMA ignore_check_constraints = ON")
        broken = "UPDATE audit_entry SET % = '2026-13-45 99:99:99' WHERE number = 2"
        execute(broken.replace("%", column))
        execute("PRAGMA ignore_check_constraints = OFF")
    assert [str(found) for found in verify_chain().findings] == ["Eintrag 2 wurde geändert."]


def test_the_chain_is_read_in_batches(alice: User, django_assert_num_queries: object) -> None:
    for _ in range(5):
        record(actor=alice, deed="accounts.open_user", obj=alice)
    with django_assert_num_queries(3):
        assert verify_chain(batch=2).entries == 5


def execute(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_many_deeds_are_chained_like_single_ones(alice: User, bob: User) -> None:
    first = record(actor=alice, deed="accounts.open_user", obj=alice)
    with audited():
        written = record_many(
            actor=alice,
            deeds=[
                Deed("accounts.rename_user", each, Office(), {"round": number}, "Heirat")
                for number, each in enumerate((alice, bob))
            ],
        )
    last = record(actor=alice, deed="accounts.open_user", obj=bob)
    assert [entry.number for entry in (first, *written, last)] == [1, 2, 3, 4]
    assert [entry.object_key for entry in written] == [str(alice.pk), str(bob.pk)]
    assert (written[1].details, written[1].reason) == ({"round": 1}, "Heirat")
    assert verify_chain().is_sound
    with pytest.raises(TypeError):
        record_many(actor=alice, deeds=[Deed("accounts.open_user", bob, details={"x": 0.5})])
