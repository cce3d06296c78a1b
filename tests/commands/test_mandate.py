"""``allmende mandate`` and ``allmende operator``."""

from datetime import date

import pytest
from allauth.account.models import EmailAddress
from click.testing import CliRunner, Result
from django.utils import timezone
from tests.factories import (
    AccountFactory,
    MunicipalityFactory,
    OrganisationFactory,
    second_factor,
)

from allmende.accounts.models import User
from allmende.audit.models import Entry
from allmende.cli import commands
from allmende.registry.models import Mandate, OrganisationKind, Region, Right
from allmende.registry.queries import mandates_of

pytestmark = pytest.mark.django_db


def run(*words: str) -> Result:
    return CliRunner().invoke(commands, list(words))


@pytest.fixture
def lindenfurt() -> Region:
    return MunicipalityFactory(name="Lindenfurt", ags="09574132")


def test_a_new_person_gets_an_account_and_a_mandate(lindenfurt: Region) -> None:
    result = run("mandate", "Maria@example.org", "09574132", "--name", "Maria", "--office", "buergermeister",
                 "--until", "31.12.2030")  # fmt: skip
    assert result.exit_code == 0, result.output
    mandate = Mandate.objects.get()
    assert (mandate.user.email, mandate.region, mandate.office, mandate.until) == (
        "maria@example.org",
        lindenfurt,
        "mayor",
        date(2030, 12, 31),
    )
    assert not mandate.user.has_usable_password()
    assert [held.region for held in mandates_of(mandate.user)] == [lindenfurt]
    assert [e.deed for e in Entry.objects.order_by("pk")] == [
        "accounts.invite_person",
        "registry.grant_mandate",
    ]


def test_a_mandate_is_ended(lindenfurt: Region) -> None:
    run("mandate", "maria@example.org", "09574132", "--name", "Maria")
    result = run("mandate", "maria@example.org", "09574132", "--end")
    assert (result.exit_code, Mandate.objects.get().until) == (0, timezone.localdate())


def test_every_office_ends_and_can_be_given_again(lindenfurt: Region) -> None:
    for office in ("rat", "verwaltung"):
        run("mandate", "maria@example.org", "09574132", "--name", "Maria", "--office", office)
    run("mandate", "maria@example.org", "09574132", "--end")
    assert {m.until for m in Mandate.objects.all()} == {timezone.localdate()}
    run("mandate", "maria@example.org", "09574132")
    assert Mandate.objects.get(office="administration").until is None


def test_an_end_before_the_beginning_is_bad_input(lindenfurt: Region) -> None:
    run("mandate", "maria@example.org", "09574132", "--name", "Maria")
    result = run("mandate", "maria@example.org", "09574132", "--end", "--until", "01.01.2001")
    assert (result.exit_code, "vor dem Beginn" in result.output) == (2, True)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("maria@example.org", "09574132"), "--name"),
        (("maria@example.org", "99999999", "--name", "Maria"), "keine Gemeinde"),
        (("maria", "09574132", "--name", "Maria"), "keine E-Mail-Adresse"),
        (("maria@example.org", "09574132", "--end"), "kein Mandat"),
        (("maria@example.org", "09574132", "--name", "Maria", "--until", "2001-01-01"), "Ende"),
        (("maria@example.org", "09574132", "--until", "bald"), "bald"),
    ],
)
def test_bad_input_is_named_and_changes_nothing(
    words: tuple[str, ...], message: str, lindenfurt: Region
) -> None:
    result = run("mandate", *words)
    assert result.exit_code == 2
    assert message in result.output
    assert (Mandate.objects.count(), User.objects.count()) == (0, 0)


def test_an_organisation_is_named_by_its_slug_and_gets_a_manager() -> None:
    OrganisationFactory(
        region=None, kind=OrganisationKind.ASSOCIATION, name="Städtebund", slug="staedtebund"
    )
    result = run("mandate", "ina@example.org", "staedtebund", "--name", "Ina", "--office",
                 "geschaeftsstelle", "--manage")  # fmt: skip
    assert result.exit_code == 0, result.output
    assert Mandate.objects.get().rights == {Right.CONTRIBUTE, Right.VOTE, Right.MANAGE}
    assert run("mandate", "ina@example.org", "nirgends").exit_code == 2


def test_an_operator_is_made() -> None:
    result = run("operator", "olga@example.org", "--name", "Olga")
    assert (result.exit_code, User.objects.get().is_operator) == (0, True)
    assert "erst, wenn sie einen zweiten Faktor eingerichtet hat" in result.output


def test_who_began_an_account_with_her_address_does_not_become_operator() -> None:
    begun = AccountFactory.create(email="olga@example.org")
    EmailAddress.objects.update(verified=False)
    run("operator", "olga@example.org", "--name", "Olga")
    olga = User.objects.get(is_operator=True)
    assert (olga.name, olga.has_usable_password()) == ("Olga", False)
    assert not User.objects.filter(pk=begun.pk).exists()


def test_an_operator_is_let_go() -> None:
    second_factor(AccountFactory.create(email="olga@example.org"))
    made = run("operator", "olga@example.org")
    assert "zweiten Faktor" not in made.output
    assert run("operator", "olga@example.org", "--end").exit_code == 0
    assert not User.objects.get().is_operator
    assert run("operator", "olga@example.org", "--end").exit_code == 2
