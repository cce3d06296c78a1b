"""The audit log on the operator's desk."""

import pytest

from allmende.audit.services import record
from tests.factories import ConcernFactory, MandateFactory, UserFactory, second_factor

from .conftest import Eye, assert_accessible, assert_fits, every_way, sign_in, take

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_log_and_an_entry_are_accessible_and_fit(look: Eye) -> None:
    operator = second_factor(UserFactory(name="Olga Ostermann", is_operator=True))
    mandate = MandateFactory(user__name="Maria Muster", region__name="Lindenfurt")
    concern = ConcernFactory(question="Wie schützt der Bund Menschen im Amt?")
    record(actor=None, deed="accounts.make_operator", obj=operator)
    record(actor=operator, deed="registry.grant_mandate", obj=mandate, until="2030-12-31")
    record(actor=mandate.user, deed="forum.open_concern", obj=concern, mandate=mandate)
    reason = "Die Stellungnahme des Bundes liegt vor."
    record(
        actor=mandate.user, deed="forum.close_concern", obj=concern, mandate=mandate, reason=reason
    )
    page = sign_in(look(), operator)
    page.goto("/betrieb/protokoll/")
    for way in every_way(page):
        assert_accessible(page)
        assert_fits(page)
        take(page, f"protokoll-{way}")
    with page.expect_download() as download:
        page.get_by_role("button", name="Als CSV").click()
    assert download.value.suggested_filename == "protokoll.csv"
    page.get_by_text("Filtern").click()
    page.get_by_label("Stichwort").fill("stellungnahme")
    page.get_by_role("button", name="Anzeigen").click()
    page.get_by_role("link", name="Abstimmung beendet.").click()
    assert page.locator("h1").inner_text() == "Abstimmung beendet."
    for way in every_way(page):
        assert_accessible(page)
        assert_fits(page)
        take(page, f"protokoll-eintrag-{way}")
