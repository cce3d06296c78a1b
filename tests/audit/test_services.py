"""Who did what, when and why."""

import pytest
from django.db import transaction

from allmende.accounts.models import User
from allmende.audit.models import Entry
from allmende.audit.queries import history_of
from allmende.audit.services import record


def test_record_says_who_did_what_to_which_object(alice: User, bob: User) -> None:
    record(actor=alice, deed="accounts.rename_user", obj=bob, reason="Heirat", old="Bob Berg")
    entry = Entry.objects.get()
    assert (entry.actor, entry.deed, entry.reason) == (alice, "accounts.rename_user", "Heirat")
    assert (entry.object_kind, entry.object_key) == ("accounts.User", str(bob.pk))
    assert (entry.object_name, entry.details) == ("Bob Brandt", {"old": "Bob Berg"})


def test_history_tells_of_one_object_newest_first(alice: User, bob: User) -> None:
    for deed in ("accounts.open_user", "accounts.close_user"):
        record(actor=alice, deed=deed, obj=bob)
    record(actor=alice, deed="accounts.open_user", obj=alice)
    assert [entry.deed for entry in history_of(bob)] == [
        "accounts.close_user",
        "accounts.open_user",
    ]


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


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_leaves_no_entry(alice: User) -> None:
    with transaction.atomic():
        record(actor=alice, deed="accounts.open_user", obj=alice)
        transaction.set_rollback(True)
    assert Entry.objects.count() == 0


def test_whoever_acted_stays_in_the_records(alice: User, bob: User) -> None:
    record(actor=alice, deed="accounts.open_user", obj=bob)
    with pytest.raises(Exception, match="protected"):
        alice.delete()
