"""Pages and notices speak the language of whoever reads them; what is kept for good is German."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override

from allmende.accounts.models import User
from allmende.forum import queries, services
from allmende.forum.models import Concern, ConcernState, Presence, SittingState, Step, Voices
from allmende.forum.portal import tick
from allmende.mail.models import Notice
from allmende.registry.models import Topic
from tests.factories import CommitmentFactory, ConcernFactory, MandateFactory
from tests.forum.conversations import two_camps

pytestmark = pytest.mark.django_db


def english(text: str) -> str:
    with override("en"):
        return gettext(text)


@pytest.fixture
def ended(alice: User) -> Concern:
    """Voting has just ended, and the tick has seen it."""
    return ConcernFactory(
        owner=alice.mandates.get().region,
        topic=Topic.SECURITY,
        deadline=timezone.now() - timedelta(hours=1),
    )


def test_each_is_told_in_her_own_language(concern: Concern, charlie: User) -> None:
    reader = MandateFactory(user__name="Emily", user__language="en").user
    Concern.objects.update(opened_at=timezone.now())
    services.tell_of_concerns()
    german = "Neues Anliegen: %(question)s"
    assert dict(Notice.objects.values_list("user", "title").exclude(user=concern.author_id)) == {
        **{
            person.pk: german % {"question": concern.question}
            for person in User.objects.exclude(pk=reader.pk)
        },
        reader.pk: english(german) % {"question": concern.question},
    }


def test_a_step_that_nobody_took_gives_its_reason_in_the_reader_s_language(ended: Concern) -> None:
    tick()
    assert Step.objects.get(concern=ended, state=ConcernState.POSITION).reason == (
        "Die Frist ist abgelaufen."
    )
    ended.refresh_from_db()
    with override("en"):
        stop = next(s for s in queries.way_of(ended) if s.state == ConcernState.POSITION)
    assert stop.reason == english("Die Frist ist abgelaufen.")


def test_a_map_is_kept_in_memory_for_each_language(concern: Concern, client: Client) -> None:
    two_camps(concern)
    services.compute_now(concern=concern, voices=Voices.OFFICIAL)
    address = reverse("forum:result", args=[concern.slug])
    for language in ("de", "en", "de"):
        page = client.get(address, headers={"Accept-Language": language}).content.decode()
        with override(language):
            title = gettext("Meinungskarte")
        assert f'<title id="karte-t">{title}</title>' in page


def test_files_speak_german_whoever_asks(concern: Concern, client: Client) -> None:
    answer = client.get(reverse("forum:concerns_csv"), headers={"Accept-Language": "en"})
    header = b"".join(answer).decode("utf-8-sig").splitlines()[0]
    assert header.split(";")[:3] == ["Frage", "Themenfeld", "Eingebracht von"]


def test_a_guest_declines_and_a_sitting_is_cancelled() -> None:
    assert Presence.NOT_COMING.label == SittingState.CANCELLED.label == "Abgesagt"
    with override("en"):
        labels = (str(Presence.NOT_COMING.label), str(SittingState.CANCELLED.label))
    assert labels == ("Declined", "Cancelled")


def test_what_people_wrote_is_marked_as_german(client: Client) -> None:
    commitment = CommitmentFactory()
    english = {"Accept-Language": "en"}
    for page in (reverse("commitments:commitments"), commitment.get_absolute_url()):
        shown = client.get(page, headers=english).content.decode()
        assert f' lang="de">{commitment.what}</' in shown
        assert f'">{commitment.what}' not in shown.replace(f'lang="de">{commitment.what}', "")
    listed = client.get(reverse("commitments:commitments"), headers=english).content.decode()
    assert f'<span lang="de">{commitment.concern.question}</span>' in listed
