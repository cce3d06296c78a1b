"""Text blocks of a ministry."""

import pytest
from django.test import Client

from allmende.accounts.models import User
from allmende.audit.models import Entry
from allmende.forum import services
from allmende.forum.models import Boilerplate
from allmende.registry.models import Office, Organisation
from tests.factories import MandateFactory, OrganisationFactory

pytestmark = pytest.mark.django_db

BLOCKS = "/ministerium/textbausteine/"


@pytest.fixture
def house() -> Organisation:
    return OrganisationFactory(region=None, kind="ministerium", name="Haus A", slug="haus-a")


@pytest.fixture
def ines(house: Organisation) -> User:
    return MandateFactory(organisation=house, office=Office.DESK, user__name="Ines Amt").user


def words(response: object) -> str:
    return " ".join(response.content.decode().split())  # type: ignore[attr-defined]


def test_a_block_is_written_found_changed_and_deleted(client: Client, ines: User) -> None:
    client.force_login(ines)
    assert "Noch hat Ihr Ministerium keinen Textbaustein." in words(client.get(BLOCKS))
    form = {"name": "Land", "text": "Dafür ist das Land zuständig."}
    assert client.post(f"{BLOCKS}neu/", form).status_code == 303
    block = Boilerplate.objects.get()
    assert "Dafür ist das Land zuständig." in words(client.get(BLOCKS, {"q": "zuständig"}))
    assert "Kein Textbaustein passt dazu." in words(client.get(BLOCKS, {"q": "Geld"}))
    there = f"{BLOCKS}{block.pk}/"
    seen = client.get(there).context["form"]["seen"].value()
    client.post(there, {"name": "Länder", "text": "Das ist Sache der Länder.", "seen": seen})
    block.refresh_from_db()
    assert (block.title, block.text) == ("Länder", "Das ist Sache der Länder.")
    client.post(f"{there}loeschen/")
    assert not Boilerplate.objects.exists()
    deeds = Entry.objects.order_by("number").values_list("deed", flat=True)
    assert list(deeds) == [
        "forum.add_boilerplate",
        "forum.change_boilerplate",
        "forum.remove_boilerplate",
    ]


def test_deleting_twice_leaves_one_entry(ines: User, house: Organisation) -> None:
    block = Boilerplate.objects.create(organisation=house, title="Land", text="Das Land.")
    for _click in range(2):
        services.remove_boilerplate(
            actor=ines,
            mandate=ines.mandates.get(),
            boilerplate=Boilerplate(pk=block.pk, organisation=house, title="Land"),
        )
    assert Entry.objects.filter(deed="forum.remove_boilerplate").count() == 1


def test_a_second_click_on_saving_leaves_one_block_and_one_entry(
    client: Client, ines: User
) -> None:
    client.force_login(ines)
    form = {"name": "Land", "text": "Das Land."}
    for _click in range(2):
        answer = client.post(f"{BLOCKS}neu/", form)
        assert (answer.status_code, answer.headers["Location"]) == (303, BLOCKS)
    block = Boilerplate.objects.get()
    form |= {"text": "Die Länder.", "seen": block.edition}
    for _click in range(2):
        assert client.post(f"{BLOCKS}{block.pk}/", form).status_code == 303
    assert "gibt es schon" not in words(client.get(BLOCKS))
    deeds = Entry.objects.order_by("number").values_list("deed", flat=True)
    assert list(deeds) == ["forum.add_boilerplate", "forum.change_boilerplate"]


def test_a_name_is_taken_once_in_a_ministry_and_nothing_typed_is_lost(
    client: Client, ines: User, house: Organisation
) -> None:
    Boilerplate.objects.create(organisation=house, title="Land", text="Das Land.")
    client.force_login(ines)
    page = words(client.post(f"{BLOCKS}neu/", {"name": "Land", "text": "Ein anderer Text."}))
    assert "Einen Textbaustein „Land“ gibt es schon." in page
    assert "Ein anderer Text." in page
    page = words(client.post(f"{BLOCKS}neu/", {"name": "", "text": ""}))
    assert "Bitte geben Sie dem Baustein einen Namen." in page


def test_who_works_in_two_ministries_says_for_which(
    client: Client, ines: User, house: Organisation
) -> None:
    other = MandateFactory(
        user=ines,
        organisation=OrganisationFactory(region=None, kind="ministerium", name="Haus B"),
        office=Office.DESK,
    ).organisation
    Boilerplate.objects.create(organisation=house, title="Land", text="Das Land.")
    client.force_login(ines)
    form = {"name": "Land", "text": "Das Land."}
    assert set(client.post(f"{BLOCKS}neu/", form).context["form"].errors) == {"haus"}
    client.post(f"{BLOCKS}neu/", form | {"haus": other.slug})
    assert Boilerplate.objects.get(organisation=other).title == "Land"
    assert client.get(BLOCKS).context["page"].paginator.count == 2


def test_two_who_change_a_block_at_once_see_each_other(
    client: Client, ines: User, house: Organisation
) -> None:
    block = Boilerplate.objects.create(organisation=house, title="Land", text="Das Land.")
    client.force_login(ines)
    there = f"{BLOCKS}{block.pk}/"
    seen = client.get(there).context["form"]["seen"].value()
    Boilerplate.objects.update(text="Die Länder.")
    page = client.post(there, {"name": "Land", "text": "Mein Text.", "seen": seen})
    assert page.status_code == 409
    assert "Die Länder." in words(page)
    assert "Mein Text." in words(page)
    again = page.context["form"].data["seen"]
    client.post(there, {"name": "Land", "text": "Mein Text.", "seen": again})
    block.refresh_from_db()
    assert block.text == "Mein Text."


def test_who_was_overtaken_is_shown_what_stands_there_now(ines: User, house: Organisation) -> None:
    block = Boilerplate.objects.create(organisation=house, title="Land", text="Das Land.")
    seen = block.edition
    Boilerplate.objects.update(text="Die Länder.")
    with pytest.raises(services.Overtaken) as overtaken:
        services.change_boilerplate(
            actor=ines,
            mandate=ines.mandates.get(),
            boilerplate=block,  # as it was when the page asked for it
            title="Land",
            text="Mein Text.",
            seen=seen,
        )
    assert overtaken.value.there.text == "Die Länder."


def test_blocks_of_another_ministry_are_not_there(client: Client, ines: User) -> None:
    other = OrganisationFactory(region=None, kind="ministerium", name="Haus B")
    block = Boilerplate.objects.create(organisation=other, title="Geheim", text="Nur Haus B.")
    client.force_login(ines)
    assert "Geheim" not in words(client.get(BLOCKS))
    assert client.get(f"{BLOCKS}{block.pk}/").status_code == 404
    assert client.post(f"{BLOCKS}{block.pk}/loeschen/").status_code == 404
