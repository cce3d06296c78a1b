"""Objects for tests: as few as a test needs, as real as the database holds them."""

import time
from datetime import timedelta
from decimal import Decimal
from typing import Any

import factory
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.contrib.auth.hashers import make_password
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from factory.django import DjangoModelFactory

from allmende.accounts.models import User
from allmende.crisis.models import (
    Contact,
    Document,
    Facility,
    Function,
    Generator,
    Incident,
    Measure,
    Seat,
    Service,
    Supply,
)
from allmende.forum.models import (
    Answer,
    Commitment,
    Concern,
    ConcernState,
    Disposition,
    Extension,
    Participant,
    SealedPosition,
    SealedSection,
    Section,
    SectionAnswer,
    SectionVersion,
    Series,
    Sitting,
    SittingState,
    Stand,
    Statement,
    StatementState,
    Voices,
    Vote,
)
from allmende.portal.models import Upload
from allmende.portal.services import keep_upload
from allmende.portal.uploads import check_file
from allmende.registry.models import (
    Level,
    Mandate,
    Office,
    Organisation,
    OrganisationKind,
    Proxy,
    Region,
    SizeClass,
    Topic,
)

TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORD = "ein langes Wort für Tests"


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")


class AccountFactory(UserFactory):
    """A person who can sign in: with ``PASSWORD`` and a confirmed address."""

    class Meta:
        skip_postgeneration_save = True

    password = factory.LazyFunction(lambda: make_password(PASSWORD))
    address = factory.RelatedFactory(
        "tests.factories.EmailAddressFactory",
        factory_related_name="user",
        email=factory.SelfAttribute("user.email"),
    )


class EmailAddressFactory(DjangoModelFactory[EmailAddress]):
    class Meta:
        model = EmailAddress

    verified = True
    primary = True


def second_factor(user: User) -> User:
    """Give a person an app that shows codes; ``code_of`` tells what it shows."""
    TOTP.activate(user, TOTP_SECRET)
    user.forget_remembered()
    return user


def code_of(user: User, *, later: int = 0) -> str:
    """What the app of a person shows now, or so many half minutes later: each code counts once."""
    assert Authenticator.objects.filter(user=user, type="totp").exists()
    return str(format_hotp_value(hotp_value(TOTP_SECRET, int(time.time()) // 30 + later)))


class MunicipalityFactory(DjangoModelFactory[Region]):
    class Meta:
        model = Region

    level = Level.GEMEINDE
    ars = factory.Sequence(lambda n: f"0905{n:08d}")
    ags = factory.LazyAttribute(lambda region: region.ars[:5] + region.ars[9:])
    land = factory.LazyAttribute(lambda region: region.ars[:2])
    name = factory.Sequence(lambda n: f"Lindenfurt {n}")
    search_key = factory.LazyAttribute(lambda region: region.name.lower())
    population = 812
    size_class = factory.LazyAttribute(lambda region: SizeClass.of(region.population))


class OrganisationFactory(DjangoModelFactory[Organisation]):
    """That of a municipality; with ``region=None`` and another ``kind``, of somebody else."""

    class Meta:
        model = Organisation

    region = factory.SubFactory(MunicipalityFactory)
    kind = OrganisationKind.MUNICIPALITY
    name = factory.LazyAttribute(lambda org: org.region.name if org.region else "Verein")
    slug = factory.LazyAttributeSequence(lambda org, n: org.region.ars if org.region else f"o-{n}")
    search_key = factory.LazyAttribute(lambda org: org.name.lower())
    is_example = factory.LazyAttribute(lambda org: bool(org.region and org.region.invented))

    @classmethod
    def _create(cls, model_class: type[Organisation], *args: object, **fields: Any) -> Organisation:
        """A region has one organisation, however many people speak for it."""
        there = Organisation.objects.filter(region=fields["region"]) if fields["region"] else None
        found = there.first() if there is not None else None
        return found or super()._create(model_class, *args, **fields)


class MandateFactory(DjangoModelFactory[Mandate]):
    """Somebody of the administration who votes for a municipality: ``region`` says for which."""

    class Meta:
        model = Mandate

    class Params:
        region = factory.SubFactory(MunicipalityFactory)

    user = factory.SubFactory(UserFactory)
    organisation = factory.SubFactory(OrganisationFactory, region=factory.SelfAttribute("..region"))
    office = Office.ADMINISTRATION
    may_contribute = True
    may_vote = True
    since = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=100))


class AgentFactory(OrganisationFactory):
    """A Landkreis that may answer for municipalities that allow it."""

    region = factory.SubFactory(
        MunicipalityFactory,
        level=Level.KREIS,
        name=factory.Sequence(lambda n: f"Landkreis Ahornkreis {n}"),
        ars=factory.Sequence(lambda n: f"{10_000 + n}"),
        ags="",
        size_class=None,
    )
    kind = OrganisationKind.DISTRICT


class ProxyFactory(DjangoModelFactory[Proxy]):
    """A municipality lets a Landkreis answer for it."""

    class Meta:
        model = Proxy

    member = factory.SubFactory(OrganisationFactory)
    agent = factory.SubFactory(AgentFactory)
    topic = Topic.FINANCE


class ConcernFactory(DjangoModelFactory[Concern]):
    class Meta:
        model = Concern

    slug = factory.Sequence(lambda n: f"anliegen-{n}")
    topic = Topic.DEMOCRACY
    question = factory.Sequence(lambda n: f"Wie schützt der Bund Menschen im Amt ({n})?")
    background = "Mehr als ein Drittel wurde bedroht."
    owner = factory.SubFactory(MunicipalityFactory)
    state = ConcernState.OPEN
    opened_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=7))
    deadline = factory.LazyFunction(lambda: timezone.now() + timedelta(days=9))


class StatementFactory(DjangoModelFactory[Statement]):
    class Meta:
        model = Statement

    concern = factory.SubFactory(ConcernFactory)
    text = factory.Sequence(lambda n: f"Der Bund soll Schulungen bezahlen ({n}).")
    state = StatementState.ACCEPTED


class ParticipantFactory(DjangoModelFactory[Participant]):
    """A municipality in a concern; a person or an imported voter where the test says so."""

    class Meta:
        model = Participant

    concern = factory.SubFactory(ConcernFactory)
    voices = Voices.OFFICIAL
    region = factory.SubFactory(MunicipalityFactory)


class VoteFactory(DjangoModelFactory[Vote]):
    class Meta:
        model = Vote

    statement = factory.SubFactory(StatementFactory)
    participant = factory.SubFactory(
        ParticipantFactory, concern=factory.SelfAttribute("..statement.concern")
    )
    stand = Stand.AGREE


class SeriesFactory(DjangoModelFactory[Series]):
    """Meetings twice a year, to which an association invites."""

    class Meta:
        model = Series

    name = factory.Sequence(lambda n: f"Plenum der Allianz {n}")
    slug = factory.Sequence(lambda n: f"plenum-{n}")
    host = factory.SubFactory(
        OrganisationFactory, region=None, kind=OrganisationKind.ASSOCIATION, name="Städtebund"
    )


class SittingFactory(DjangoModelFactory[Sitting]):
    """A sitting in two weeks, from 10 to 12 o'clock, to which members are invited."""

    class Meta:
        model = Sitting

    series = factory.SubFactory(SeriesFactory)
    title = "Plenum der Allianz"
    starts_at = factory.LazyFunction(
        lambda: (
            timezone.localtime().replace(hour=10, minute=0, second=0, microsecond=0)
            + timedelta(days=14)
        )
    )
    ends_at = factory.LazyAttribute(lambda sitting: sitting.starts_at + timedelta(hours=2))
    place = "Rathaus Lindenfurt"
    state = SittingState.INVITED
    invited_at = factory.LazyAttribute(
        lambda sitting: None if sitting.state == SittingState.PLANNED else timezone.now()
    )
    minutes_at = factory.LazyAttribute(
        lambda sitting: timezone.now() if sitting.state == SittingState.HELD else None
    )


class MinistryFactory(OrganisationFactory):
    """A federal ministry, which answers concerns."""

    region = None
    kind = OrganisationKind.MINISTRY
    name = factory.Sequence(lambda n: f"Bundesministerium {n}")
    slug = factory.Sequence(lambda n: f"ministerium-{n}")


class SentConcernFactory(ConcernFactory):
    """A concern that waits for the answer of a ministry, for six more weeks."""

    state = ConcernState.SENT
    deadline = factory.LazyFunction(lambda: timezone.now() - timedelta(days=30))
    ministry = factory.SubFactory(MinistryFactory)
    sent_at = factory.LazyFunction(lambda: timezone.now() - timedelta(days=14))
    answer_due = factory.LazyFunction(lambda: timezone.now() + timedelta(days=42))


class ExtensionFactory(DjangoModelFactory[Extension]):
    """More time for an answer: a week, given by the ministry."""

    class Meta:
        model = Extension

    concern = factory.SubFactory(SentConcernFactory)
    before = factory.LazyAttribute(lambda extension: extension.after - timedelta(weeks=1))
    after = factory.SelfAttribute("concern.answer_due")
    reason = "Die Länder müssen zustimmen."
    mandate = factory.SubFactory(
        MandateFactory, organisation=factory.SelfAttribute("..concern.ministry"), office="desk"
    )


class SealedPositionFactory(DjangoModelFactory[SealedPosition]):
    """An edition of the position; ``SealedSectionFactory`` adds its sections."""

    class Meta:
        model = SealedPosition

    concern = factory.SubFactory(SentConcernFactory)
    number = 1
    document = factory.LazyAttribute(
        lambda sealed: {
            "format": "allmende/position",
            "version": 1,
            "concern": {
                "question": sealed.concern.question,
                "topic": "",
                "owner": None,
                "is_example": sealed.concern.is_example,
            },
            "edition": sealed.number,
            "sealed_at": timezone.now().isoformat(),
            "sealed_in": "",
            "rapporteurs": [],
            "sections": [],
        }
    )
    hash = "0" * 64


def _origin(sealed: Any) -> Section:
    """The section of the draft that was sealed; it is made with its first version."""
    section = Section.objects.create(concern=sealed.position.concern, place=sealed.number)
    SectionVersion.objects.create(section=section, number=1, title=sealed.title, text=sealed.text)
    return section


class SealedSectionFactory(DjangoModelFactory[SealedSection]):
    class Meta:
        model = SealedSection

    position = factory.SubFactory(SealedPositionFactory)
    number = factory.Sequence(lambda n: n + 1)
    title = factory.LazyAttribute(lambda section: f"Schulungen ({section.number})")
    text = "Der Bund bezahlt Schulungen für Menschen im Amt."
    origin = factory.LazyAttribute(_origin)


class AnswerFactory(DjangoModelFactory[Answer]):
    """A draft; with ``published_at`` it is public."""

    class Meta:
        model = Answer

    position = factory.SubFactory(SealedPositionFactory)
    concern = factory.SelfAttribute("position.concern")
    ministry = factory.SelfAttribute("concern.ministry")


class SectionAnswerFactory(DjangoModelFactory[SectionAnswer]):
    class Meta:
        model = SectionAnswer

    answer = factory.SubFactory(AnswerFactory)
    section = factory.SubFactory(
        SealedSectionFactory, position=factory.SelfAttribute("..answer.position")
    )
    disposition = Disposition.TAKEN_UP


class CommitmentFactory(DjangoModelFactory[Commitment]):
    """A commitment of an answer that was published a fortnight ago; ``due_on`` in six weeks."""

    class Meta:
        model = Commitment

    answer = factory.SubFactory(
        SectionAnswerFactory,
        answer__published_at=factory.LazyFunction(lambda: timezone.now() - timedelta(days=14)),
        answer__summary="Der Bund bezahlt die Schulungen.",
        answer__position__concern__state=ConcernState.PURSUED,
        answer__position__concern__sent_at=factory.LazyFunction(
            lambda: timezone.now() - timedelta(days=44)
        ),
        answer__position__concern__answered_at=factory.LazyFunction(
            lambda: timezone.now() - timedelta(days=14)
        ),
    )
    concern = factory.SelfAttribute("answer.answer.concern")
    organisation = factory.SelfAttribute("concern.ministry")
    what = factory.Sequence(lambda n: f"Schulungen für Menschen im Amt werden bezahlt ({n})")
    who = "Referat H III 2"
    due_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=42))
    sign = "Die Förderrichtlinie steht im Bundesanzeiger."


class FacilityFactory(DjangoModelFactory[Facility]):
    """A waterworks in a municipality of its own, run by somebody who is not here."""

    class Meta:
        model = Facility

    name = factory.Sequence(lambda n: f"Wasserwerk {n}")
    service = Service.DRINKING_WATER
    region = factory.SubFactory(MunicipalityFactory)
    provider_name = factory.LazyAttribute(lambda it: "" if it.provider else "Stadtwerke")
    provider = None
    served = 800


class SupplyFactory(DjangoModelFactory[Supply]):
    """Electricity for a waterworks; ``of`` are those who can supply it, one is made without."""

    class Meta:
        model = Supply
        skip_postgeneration_save = True

    facility = factory.SubFactory(FacilityFactory)
    service = Service.POWER
    buffer_hours = 4

    @factory.post_generation
    def of(self, create: bool, extracted: Any, **kwargs: Any) -> None:
        for supplier in extracted or [
            FacilityFactory(service=Service.POWER, region=self.facility.region)
        ]:
            self.rows.create(facility=supplier)


class ContactFactory(DjangoModelFactory[Contact]):
    """Whom to call about a facility, confirmed today."""

    class Meta:
        model = Contact

    facility = factory.SubFactory(FacilityFactory)
    name = "Bereitschaft"
    telephone = "0800 000000"
    confirmed_on = factory.LazyFunction(timezone.localdate)


class GeneratorFactory(DjangoModelFactory[Generator]):
    """A mobile generator of the fire brigade, confirmed today."""

    class Meta:
        model = Generator

    name = "Aggregat Feuerwehr"
    owner_name = "Freiwillige Feuerwehr"
    region = factory.SubFactory(MunicipalityFactory)
    is_mobile = True
    power_kw = 100
    fuel_hours = 10
    release_name = "Wehrleitung"
    release_telephone = "0800 112"
    confirmed_on = factory.LazyFunction(timezone.localdate)


class DocumentFactory(DjangoModelFactory[Document]):
    """A paper of a facility, with a file that is there."""

    class Meta:
        model = Document

    facility = factory.SubFactory(FacilityFactory)
    title = "Notfallhandbuch"

    @factory.lazy_attribute
    def upload(self) -> Upload:
        file = SimpleUploadedFile("Handbuch.pdf", b"%PDF-1.7\nHandbuch\n%%EOF\n")
        return keep_upload(actor=None, file=check_file(file))


class MeasureFactory(DjangoModelFactory[Measure]):
    """What a waterworks gave in 2024; no threshold comes with it."""

    class Meta:
        model = Measure

    facility = factory.SubFactory(FacilityFactory)
    key = "wasserwerk"
    year = 2024
    value = Decimal(22_000_000)


class IncidentFactory(DjangoModelFactory[Incident]):
    """A waterworks failed two hours ago; somebody learnt of it an hour ago."""

    class Meta:
        model = Incident

    facility = factory.SubFactory(FacilityFactory)
    what = "Kein Druck im Netz"
    began_at = factory.LazyFunction(lambda: timezone.now() - timedelta(hours=2))
    known_at = factory.LazyFunction(lambda: timezone.now() - timedelta(hours=1))


class SeatFactory(DjangoModelFactory[Seat]):
    """Somebody in the crisis staff of a municipality, without a second factor."""

    class Meta:
        model = Seat

    mandate = factory.SubFactory(MandateFactory)
    function = Function.SITUATION
