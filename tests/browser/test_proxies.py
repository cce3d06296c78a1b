"""Answering for members: the member grants, the agent answers, the member looks at it."""

import pytest
from playwright.sync_api import expect

from allmende.forum.models import Vote
from allmende.registry.models import Office, Proxy, Topic
from tests.browser.conftest import Eye, assert_accessible, assert_fits, every_way, sign_in, take
from tests.factories import (
    AgentFactory,
    ConcernFactory,
    MandateFactory,
    ProxyFactory,
    StatementFactory,
    second_factor,
)

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_member_grants_the_agent_answers_and_the_member_looks(look: Eye) -> None:
    kreis = AgentFactory(region__name="Landkreis Ahornkreis", region__invented=True)
    mandate = MandateFactory(
        user__name="Maria Muster",
        region__name="Lindenfurt",
        region__parent=kreis.region,
        region__invented=True,
        office=Office.MAYOR,
        may_release=True,
    )
    mayor = second_factor(mandate.user)
    clerk = MandateFactory(user__name="Jule Ahorn", organisation=kreis).user
    concern = ConcernFactory(
        question="Wie werden Förderprogramme einfacher?",
        topic=Topic.FINANCE,
        is_example=True,
        owner=mandate.region,
    )
    StatementFactory(concern=concern, text="Der Bund soll Fördermittel pauschal auszahlen.")
    StatementFactory(concern=concern, text="Förderanträge sollen auf zwei Seiten passen.")
    for _ in range(3):
        ProxyFactory(member=MandateFactory(region__invented=True).organisation, agent=kreis)
    page = sign_in(look(), mayor)
    page.goto(f"{mandate.organisation.get_absolute_url()}vollmachten/")
    page.get_by_role("link", name="Vollmacht erteilen").click()
    page.get_by_role("link", name="Landkreis Ahornkreis").click()
    page.get_by_label("Finanzen und Förderung").check()
    for way in every_way(page):
        assert_accessible(page)
        assert_fits(page)
        if way == "phone-light":
            take(page, "vollmacht-erteilen-phone-light")
    page.get_by_role("button", name="Vollmacht erteilen").click()
    expect(page.get_by_text("Landkreis Ahornkreis darf jetzt für Lindenfurt")).to_be_visible()
    assert Proxy.objects.filter(member=mandate.organisation).count() == 1
    assert_accessible(page)
    agent = sign_in(look(), clerk)
    agent.goto(f"/forum/{concern.slug}/mitglieder/")
    assert_accessible(agent)
    assert_fits(agent)
    agent.get_by_role("link", name="Für alle zusammen antworten").click()
    for way in every_way(agent):
        assert_accessible(agent)
        assert_fits(agent)
        if way == "desk-light":
            take(agent, "vollmacht-antworten-desk-light")
    agent.get_by_role("button", name="Stimme zu").click()
    expect(agent.get_by_text("Für 4 Kommunen gespeichert.")).to_be_visible()
    assert Vote.objects.filter(answered_by=kreis).count() == 4
    page.goto(f"/forum/{concern.slug}/stimmen/")
    for way in every_way(page):
        assert_accessible(page)
        assert_fits(page)
        if way == "phone-light":
            take(page, "vollmacht-stimmen-phone-light")
    page.get_by_role("button", name="Alle als eigene übernehmen").click()
    expect(page.get_by_text("1 Antwort übernommen.")).to_be_visible()
