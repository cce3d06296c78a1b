"""One object of every kind in every phase, and one person in every role, to ask all rules about them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from allmende.accounts.models import User
from allmende.audit.models import Entry
from allmende.audit.services import record
from allmende.forum.models import (
    AgendaItem,
    Attachment,
    Attendance,
    Boilerplate,
    Commitment,
    Concern,
    ConcernState,
    Contribution,
    Draft,
    DraftKind,
    Evidence,
    OParlServer,
    Participant,
    SavedFilter,
    SealedPosition,
    SealedSection,
    Section,
    SectionVersion,
    Series,
    Sitting,
    SittingState,
    StatementState,
    Voices,
)
from allmende.forum.services import compute_now
from allmende.mail.letters import unsubscribe_url
from allmende.mail.models import Message
from allmende.mail.services import queue_message
from allmende.portal.models import BarrierReport, PageVersion, Upload
from allmende.portal.open_data import dumps
from allmende.portal.services import keep_upload
from allmende.portal.uploads import check_file
from allmende.registry.models import (
    Confirmation,
    Invitation,
    InvitationList,
    LetterBatch,
    Level,
    MandateRequest,
    Office,
    Organisation,
    Region,
)
from allmende.registry.services.tokens import hash_of
from allmende.webhooks.models import Delivery, Webhook
from tests.factories import (
    CommitmentFactory,
    ConcernFactory,
    MandateFactory,
    MunicipalityFactory,
    OrganisationFactory,
    ParticipantFactory,
    SectionAnswerFactory,
    SeriesFactory,
    SittingFactory,
    StatementFactory,
    UserFactory,
    VoteFactory,
    second_factor,
)

from . import crisis_world

CONCERN_PHASES: dict[str, dict[str, Any]] = {
    "draft": {"state": ConcernState.DRAFT},
    "open": {},
    "confidential": {"is_confidential": True},
    "position": {"state": ConcernState.POSITION},
    "sent": {"state": ConcernState.SENT, "sent_at": timezone.now()},
    "answered": {
        "state": ConcernState.ANSWERED,
        "sent_at": timezone.now(),
        "answered_at": timezone.now(),
    },
}
CONTRIBUTION_PHASES: dict[str, dict[str, Any]] = {
    "standing": {},
    "removed": {"removed_at": timezone.now(), "removal_reason": "Werbung"},
}
ORGANISATION_PHASES = ("existing", "dissolved")
# Other rules of the forum are asked about a concern, of the registry about an organisation.
ABOUT_NOTHING = {
    "webhooks.add_webhook",
    "accounts.operate",
    "forum.add_concern",
    "forum.add_series",
    "forum.work_in_ministry",
    "crisis.open_register",
    "crisis.add_facility",
    "crisis.add_generator",
    "crisis.add_exercise",
}
# Other objects than these, by rule: a key of ``World.things``.
ABOUT = {
    "forum.view_commitment": "commitments",
    "forum.report_commitment": "commitments",
    "forum.settle_commitment": "commitments",
    "forum.judge_commitment": "commitments",
    "webhooks.change_webhook": "webhooks",
    "forum.change_boilerplate": "boilerplates",
    "forum.change_filter": "filters",
    "forum.change_draft": "drafts",
    "forum.change_contribution": "contributions",
    "forum.report_contribution": "contributions",
    "forum.view_attachment": "attachments",
    "forum.run_series": "series",
    "forum.view_sitting": "sittings",
    "forum.run_sitting": "sittings",
    "forum.change_agenda": "sittings",
    "forum.propose_item": "sittings",
    "forum.keep_minutes": "sittings",
    "forum.close_minutes": "sittings",
    "forum.view_minutes": "sittings",
    "forum.view_closed_minutes": "sittings",
    "forum.add_addendum": "sittings",
    "forum.write_minutes": "items",
    "forum.make_promise": "items",
    "forum.answer_invitation": "invitations",
    "crisis.view_facility": "facilities",
    "crisis.change_facility": "facilities",
    "crisis.close_facility": "facilities",
    "crisis.carry_out_import": "imports",
    "crisis.revoke_insight": "insights",
    "crisis.change_particulars": "providers",
    "crisis.change_generator": "generators",
    **dict.fromkeys(
        (
            "crisis.view_exercise",
            "crisis.join_exercise",
            "crisis.prepare_exercise",
            "crisis.control_exercise",
            "crisis.play_exercise",
            "crisis.write_note",
            "crisis.view_log",
            "crisis.read_report",
            "crisis.write_report",
            "crisis.settle_report",
            "crisis.add_improvement",
            "crisis.observe_exercise",
            "crisis.answer_questionnaire",
            "crisis.close_questionnaire",
        ),
        "exercises",
    ),
    **dict.fromkeys(
        ("crisis.view_improvement", "crisis.change_improvement", "crisis.raise_concern"),
        "improvements",
    ),
    "crisis.open_delivery": "deliveries",
    "crisis.mark_task": "deliveries",
    "crisis.remove_observation": "observations",
    "crisis.write_script": "script_drafts",
    "crisis.fetch_attachment": "exercise_files",
}
NOTHING = "always"

ABSENT: dict[str, object] = {
    "slug": "gibt-es-nicht",
    "number": 2**63,  # no column holds it
    "step": 2**63,
    "report": 2**63,
    "delivery": 2**63,
    "ars": "999999999999",
    "job": UUID(int=0),
    "key": "99999999",
    "agent": "gibt-es-nicht",
    "token": "falsch",
    "decision": "gibt-es-nicht",
    "provider_id": "gibt-es-nicht",
    "pk": 2**63,
    "uidb36": "zz",
    "name": "gibt-es-nicht",
    "topic": "gibtesnicht",
    "dump": "gibt-es-nicht",
    "file": "gibt-es-nicht",
    "section": "gibt-es-nicht",
}


@dataclass
class World:
    """Who there is (by role) and what there is (by kind and phase)."""

    people: dict[str, User | AnonymousUser]
    concerns: dict[str, Concern]
    organisations: dict[str, Organisation]
    things: dict[str, dict[str, object]]  # of other kinds, by kind and phase

    def objects(self, permission: str) -> dict[str, object | None]:
        """What a rule can be asked about, by phase."""
        if permission in ABOUT_NOTHING:
            return {NOTHING: None}
        if kind := ABOUT.get(permission):
            return dict(self.things[kind])
        if permission == "forum.add_evidence":
            return {
                phase: _participant(concern)
                for phase, concern in self.concerns.items()
                if phase != "draft"
            }
        return dict(self.concerns if permission.startswith("forum.") else self.organisations)


def make_world() -> World:
    """Alice's municipality owns everything; all others look at it from where they stand."""
    organisation = OrganisationFactory()
    people: dict[str, User | AnonymousUser] = {
        "visitor": AnonymousUser(),
        "stranger": UserFactory(),
        "neighbour": MandateFactory().user,
        "member": MandateFactory(organisation=organisation).user,
        "manager": second_factor(
            MandateFactory(organisation=organisation, may_release=True, may_manage=True).user
        ),
        "operator": second_factor(UserFactory(is_operator=True)),
        "former": MandateFactory(
            organisation=organisation,
            may_release=True,
            may_manage=True,
            until=timezone.localdate() - timedelta(days=1),
        ).user,
    }
    ministry = OrganisationFactory(region=None, kind="ministerium", slug="ministerium")
    people["official"] = second_factor(
        MandateFactory(organisation=ministry, office=Office.DESK, may_release=True).user
    )
    dissolved = OrganisationFactory(region=None, kind="netzwerk")
    for role in ("member", "manager", "former"):
        mandate = people[role].mandates.get()  # type: ignore[union-attr]
        MandateFactory(
            user=mandate.user,
            organisation=dissolved,
            office="board",
            until=mandate.until,
            **{f"may_{right}": True for right in mandate.rights},
        )
    dissolved.dissolved_on = timezone.localdate()
    dissolved.save()
    concerns = {
        phase: ConcernFactory(owner=organisation.region, ministry=ministry, **fields)
        for phase, fields in CONCERN_PHASES.items()
    }
    for phase, concern in concerns.items():
        if phase != "draft":
            statements = StatementFactory.create_batch(3, concern=concern)
            for participant in ParticipantFactory.create_batch(8, concern=concern):
                for number, statement in enumerate(statements):
                    VoteFactory(participant=participant, statement=statement, stand=1 - number % 3)
            compute_now(concern=concern, voices=Voices.OFFICIAL)
    member = people["member"]
    assert isinstance(member, User)
    draft = Draft.objects.create(
        concern=concerns["open"],
        participant=ParticipantFactory(concern=concerns["open"], region=organisation.region),
        organisation=organisation,
        kind=DraftKind.STATEMENT,
        text="Der Bund soll Anzeigen gegen Drohungen in einem Formular annehmen.",
        drafted_by=member,
        mandate=member.mandates.get(organisation=organisation),
    )
    contributions: dict[str, object] = {
        phase: Contribution.objects.create(
            concern=concerns["open"],
            author=member,
            mandate=draft.mandate,
            organisation=organisation,
            text="Bei uns auch.",
            **fields,
        )
        for phase, fields in CONTRIBUTION_PHASES.items()
    }
    return World(
        people=people,
        concerns=concerns,
        organisations={"existing": organisation, "dissolved": dissolved},
        things={
            "drafts": {"waiting": draft},
            "contributions": contributions,
            "attachments": {phase: _attached(each) for phase, each in contributions.items()},
            "commitments": _commitments(concerns),
            "boilerplates": {
                "existing": Boilerplate.objects.create(
                    organisation=ministry, title="Zuständigkeit", text="Das Land ist zuständig."
                )
            },
            "filters": {
                "own": SavedFilter.objects.create(user=people["official"], name="Überfällig")
            },
            "webhooks": {
                "existing": Webhook.objects.create(
                    organisation=organisation, url="https://rathaus.example/allmende"
                )
            },
        }
        | _sittings(host=ministry, member=organisation)
        | crisis_world.make_things(people, staff=organisation, authority=ministry),
    )


def _attached(contribution: object) -> Attachment:
    """A file of a contribution."""
    assert isinstance(contribution, Contribution)
    content = SimpleUploadedFile("Plan.pdf", b"%PDF-1.7\nPlan\n%%EOF\n")
    upload = keep_upload(actor=contribution.author, file=check_file(content))
    return Attachment.objects.create(contribution=contribution, upload=upload)


def _commitments(concerns: dict[str, Concern]) -> dict[str, object]:
    """One in a draft of the answer, and three of a published one; each with a milestone and a report."""
    drafted = SectionAnswerFactory(answer__position__concern=concerns["sent"], section__number=1)
    published = SectionAnswerFactory(
        answer__position__concern=concerns["answered"],
        answer__published_at=timezone.now(),
        section__number=1,
    )
    yesterday = timezone.localdate() - timedelta(days=1)
    commitments = {
        "drafted": CommitmentFactory(answer=drafted),
        "promised": CommitmentFactory(answer=published),
        "overdue": CommitmentFactory(answer=published, due_on=yesterday),
        "settled": CommitmentFactory(answer=published, outcome="kept"),
    }
    for commitment in commitments.values():
        commitment.milestones.create(title="Entwurf", due_on=commitment.due_on)
        upload = Upload(name="Richtlinie.pdf", media_type="application/pdf", size=4, sha256="")
        upload.file.save("Richtlinie.pdf", ContentFile(b"%PDF"))
        commitment.reports.create(text="Der Entwurf liegt vor.", upload=upload)
    return dict(commitments)


def _sittings(*, host: Organisation, member: Organisation) -> dict[str, dict[str, object]]:
    """One sitting in every state, to which Alice's municipality is invited by the ministry."""
    series = SeriesFactory(host=host)
    series.members.add(member)
    sittings = {str(state): SittingFactory(series=series, state=state) for state in SittingState}
    things: dict[str, dict[str, object]] = {
        "series": {"existing": series},
        "sittings": dict(sittings),
        "items": {
            state: AgendaItem.objects.create(sitting=sitting, place=1, title="Begrüßung")
            for state, sitting in sittings.items()
        },
        "invitations": {
            state: Attendance.objects.create(sitting=sitting, organisation=member)
            for state, sitting in sittings.items()
            if state != SittingState.PLANNED
        },
    }
    return things


def named_patterns(
    resolver: URLResolver | None = None, space: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    """Every address with its full name."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            if entry.namespace == "api":
                continue  # its operations have guards of their own: OPERATIONS
            inner = f"{entry.namespace}:" if entry.namespace else ""
            yield from named_patterns(entry, space + inner)
        else:
            yield f"{space}{entry.name}", entry


def all_patterns() -> dict[str, URLPattern]:
    """Every address by its full name."""
    return dict(named_patterns())


def parts_of(pattern: URLPattern) -> list[str]:
    """The names of an address's variable parts."""
    return list(pattern.pattern.regex.groupindex)


# What stands in the variable parts of an address, by its name or, failing that, by its app.
Maker = Callable[[World, str], dict[str, object]]


def _forum(world: World, phase: str) -> dict[str, object]:
    concern = world.concerns[phase if phase in world.concerns else "open"]
    statement = concern.statements.filter(state=StatementState.PENDING).first()
    return {
        "slug": concern.slug,
        "number": (statement or StatementFactory(concern=concern, state="pending")).pk,
        "ars": _participant(concern).region.ars,
    }


def _participant(concern: Concern) -> Participant:
    """The owner's municipality among those that take part."""
    found = concern.participants.filter(region=concern.owner).first()
    return found or ParticipantFactory(concern=concern, region=concern.owner)


def _evidence(world: World, phase: str) -> dict[str, object]:
    participant = _participant(world.concerns[phase])
    evidence = participant.evidence.first() or Evidence.objects.create(
        participant=participant,
        level="council",
        decided_on=timezone.localdate(),
        title="Städtebau",
        oparl_url="https://rat.example.org/paper/1",
        snapshot={},
    )
    return {"slug": participant.concern.slug, "number": evidence.pk}


def _contribution(world: World, phase: str) -> dict[str, object]:
    """One that stands in the concern of a phase, or the world's own in that phase."""
    if phase in CONTRIBUTION_PHASES:
        found = world.things["contributions"][phase]
        assert isinstance(found, Contribution)
    else:
        concern = world.concerns[phase]
        found = concern.contributions.first() or Contribution.objects.create(
            concern=concern, text="Bei uns auch."
        )
    return {"slug": found.concern.slug, "number": found.pk}


def _attachment(world: World, phase: str) -> dict[str, object]:
    attachment = world.things["attachments"][phase]
    assert isinstance(attachment, Attachment)
    return {"slug": attachment.contribution.concern.slug, "number": attachment.pk}


def _accepted(world: World, phase: str) -> dict[str, object]:
    """A statement that stands to vote."""
    concern = world.concerns[phase]
    statement = concern.statements.filter(state=StatementState.ACCEPTED).first()
    return {"slug": concern.slug, "number": (statement or StatementFactory(concern=concern)).pk}


def _server(world: World, phase: str) -> dict[str, object]:
    return {"number": OParlServer.objects.get_or_create(host="rat.example.org")[0].pk}


def _registry(world: World, phase: str) -> dict[str, object]:
    organisation = world.organisations[phase if phase in world.organisations else "existing"]
    region = world.organisations["existing"].region
    return {"slug": organisation.slug, "key": region.key if region else ""}


def _agent(world: World, phase: str) -> dict[str, object]:
    """A Landkreis that a municipality may empower."""
    kreis = Region.objects.filter(level=Level.KREIS).first() or MunicipalityFactory(
        level=Level.KREIS, ars="09574", kind=44
    )
    agent = OrganisationFactory(region=kreis, kind="kreis", slug="landkreis")
    return {**_registry(world, phase), "agent": agent.slug}


def _members(world: World, phase: str) -> dict[str, object]:
    return {"slug": _agent(world, phase)["agent"]}


def _draft(world: World, phase: str) -> dict[str, object]:
    draft = world.things["drafts"]["waiting"]
    assert isinstance(draft, Draft)
    return {"slug": draft.concern.slug, "number": draft.pk}


def _sealed_section(world: World, phase: str) -> dict[str, object]:
    return {"slug": world.concerns[phase].slug, "number": 1}


def _drafted_commitment(world: World, phase: str) -> dict[str, object]:
    return {
        "slug": world.concerns[phase].slug,
        "number": world.things["commitments"]["drafted"].pk,  # type: ignore[attr-defined]
    }


def _commitment(world: World, phase: str) -> dict[str, object]:
    commitment = world.things["commitments"][phase]
    assert isinstance(commitment, Commitment)
    return {
        "number": commitment.pk,
        "step": commitment.milestones.get().pk,
        "report": commitment.reports.get().pk,
    }


def _mandate(world: World, phase: str) -> dict[str, object]:
    member = world.people["member"]
    assert isinstance(member, User)
    return {"number": member.mandates.get(organisation=world.organisations[phase]).pk}


def _invitation(world: World, phase: str) -> dict[str, object]:
    token = "token-of-the-world"
    organisation = world.organisations[phase if phase in world.organisations else "existing"]
    invitation, _ = Invitation.objects.get_or_create(
        organisation=organisation,
        defaults={
            "email": "neu@example.org",
            "office": Office.ADMINISTRATION,
            "confirmation": Confirmation.MANAGER,
            "token_hash": hash_of(token) if phase == NOTHING else organisation.slug,
            "expires_at": timezone.now() + timedelta(days=30),
        },
    )
    return {"number": invitation.pk, "token": token}


def _request(world: World, phase: str) -> dict[str, object]:
    stranger = world.people["stranger"]
    assert isinstance(stranger, User)
    request, _ = MandateRequest.objects.get_or_create(
        user=stranger,
        organisation=world.organisations[phase],
        defaults={"email": "neu@example.org", "office": Office.ADMINISTRATION},
    )
    return {"number": request.pk}


def _list(world: World, phase: str) -> dict[str, object]:
    return {"number": InvitationList.objects.get_or_create(file_name="kommunen.csv")[0].pk}


def _page(world: World, phase: str) -> dict[str, object]:
    version, _ = PageVersion.objects.get_or_create(
        slug="impressum", number=1, defaults={"title": "Impressum", "text": "Wir"}
    )
    return {"slug": version.slug, "number": version.number}


def _job(world: World, phase: str) -> dict[str, object]:
    job, _ = DBTaskResult.objects.get_or_create(
        task_path="allmende.forum.tasks.recompute",
        defaults={"args_kwargs": {"args": [], "kwargs": {}}, "backend_name": "default"},
    )
    return {"job": job.pk}


def _report(world: World, phase: str) -> dict[str, object]:
    return {"number": BarrierReport.objects.get_or_create(text="Zu klein")[0].pk}


def _message(world: World, phase: str) -> dict[str, object]:
    message = Message.objects.filter(key="world").first() or queue_message(
        key="world", to="alice@example.org", subject="Post", text="Text"
    )
    assert message is not None
    return {"number": message.pk, "token": unsubscribe_url(1, ["forum.opened"]).split("/")[-2]}


def _entry(world: World, phase: str) -> dict[str, object]:
    operator = world.people["operator"]
    assert isinstance(operator, User)
    entry = Entry.objects.first() or record(
        actor=operator, deed="accounts.make_operator", obj=operator
    )
    return {"number": entry.number}


def _letters(world: World, phase: str) -> dict[str, object]:
    batch, _ = LetterBatch.objects.get_or_create(note="Bayern")
    return {"number": batch.pk}


def _nothing_there(world: World, phase: str) -> dict[str, object]:
    """What is the visitor's own, or lies elsewhere: 404 is right for everybody here."""
    return ABSENT


def _feed(world: World, phase: str) -> dict[str, object]:
    region = world.organisations["existing"].region
    return {"key": region.key if region else "", "topic": "finanzen", "slug": "ministerium"}


def _thing(kind: str) -> Maker:
    """The thing of a kind in this phase, by number."""

    def find(world: World, phase: str) -> dict[str, object]:
        things = world.things[kind]
        thing = things.get(phase) or next(iter(things.values()))
        assert isinstance(thing, Series | Sitting | AgendaItem | Attendance)
        return {"number": thing.pk, "slug": getattr(thing, "slug", "")}

    return find


def _open_data(world: World, phase: str) -> dict[str, object]:
    dump = dumps.newest() or dumps.make_dump()
    return {"name": "anliegen", "dump": dump.name, "file": "allmende.sqlite"}


def _webhook(world: World, phase: str) -> dict[str, object]:
    webhook = world.things["webhooks"]["existing"]
    assert isinstance(webhook, Webhook)
    delivery, _ = Delivery.objects.get_or_create(
        webhook=webhook, key="world", defaults={"event": "webhook.test", "body": "{}"}
    )
    return {"number": webhook.pk, "delivery": delivery.pk}


def _desk(kind: str) -> Maker:
    """What the ministry, or its official, keeps for the work."""

    def find(world: World, phase: str) -> dict[str, object]:
        [thing] = world.things[kind].values()
        assert isinstance(thing, Boilerplate | SavedFilter)
        return {"number": thing.pk}

    return find


def _section(world: World, phase: str) -> dict[str, object]:
    """A section of the position that is being worked on, of two."""
    concern = world.concerns[phase]
    if not concern.sections.exists():
        for place in (1, 2):
            section = Section.objects.create(concern=concern, place=place)
            SectionVersion.objects.create(section=section, number=1, title="Geld", text="Mehr.")
    return {"slug": concern.slug, "number": concern.sections.all()[0].pk}


def _edition(world: World, phase: str) -> dict[str, object]:
    """A sealed edition of the position."""
    concern = world.concerns[phase]
    origin = Section.objects.get(pk=_section(world, phase)["number"])
    if not concern.sealed_positions.exists():
        document = {
            "format": "allmende/position",
            "version": 1,
            "concern": {"question": "?", "topic": "", "owner": None, "is_example": False},
            "edition": 1,
            "sealed_at": timezone.now().isoformat(),
            "sealed_in": "",
            "rapporteurs": [],
            "sections": [
                {"number": 1, "title": "Geld", "text": "Mehr.", "statement": None, "figures": None}
            ],
        }
        sealed = SealedPosition.objects.create(
            concern=concern, number=1, document=document, hash="0" * 64
        )
        SealedSection.objects.create(
            position=sealed, number=1, title="Geld", text="Mehr.", origin=origin
        )
    return {"slug": concern.slug, "number": 1}


MAKERS: dict[str, Maker] = {
    **crisis_world.MAKERS,
    "feeds": _feed,
    "webhooks": _webhook,
    "forum": _forum,
    "ministry": _desk("boilerplates"),
    **dict.fromkeys(
        ("ministry:rename_filter", "ministry:choose_first_filter", "ministry:remove_filter"),
        _desk("filters"),
    ),
    "sittings": _thing("sittings"),
    "sittings:feed": _thing("series"),
    "sittings:series": _thing("series"),
    "sittings:change_series": _thing("series"),
    "sittings:plan": _thing("series"),
    "sittings:members": _thing("series"),
    "sittings:members_csv": _thing("series"),
    "sittings:members_json": _thing("series"),
    "sittings:add_member": _thing("series"),
    "sittings:add_many": _thing("series"),
    "sittings:remove_member": _thing("series"),
    "sittings:answer": _thing("invitations"),
    "sittings:move_item": _thing("items"),
    "sittings:remove_item": _thing("items"),
    "sittings:decide_item": _thing("items"),
    "sittings:write": _thing("items"),
    "sittings:promise": _thing("items"),
    "forum:change_draft": _draft,
    "forum:withdraw_draft": _draft,
    **dict.fromkeys(
        (
            "forum:section",
            "forum:section_versions",
            "forum:restore_section",
            "forum:move_section",
            "forum:remove_section",
            "forum:put_back_section",
        ),
        _section,
    ),
    **dict.fromkeys(
        (
            "forum:edition",
            "forum:edition_json",
            "forum:edition_pdf",
            "forum:edition_docx",
            "forum:words",
            "forum:words_csv",
            "forum:words_json",
        ),
        _edition,
    ),
    "forum:evidence": _evidence,
    "forum:withdraw_evidence": _evidence,
    "forum:attachment": _attachment,
    "forum:statement_discussion": _accepted,
    "forum:contribute_on": _accepted,
    "forum:thread": _contribution,
    "forum:reply": _contribution,
    "forum:change_contribution": _contribution,
    "forum:take_back_contribution": _contribution,
    "forum:report_contribution": _contribution,
    "forum:remove_contribution": _contribution,
    "forum:restore_contribution": _contribution,
    "forum:keep_contribution": _contribution,
    "forum:answer_section": _sealed_section,
    "forum:add_commitment": _sealed_section,
    "forum:change_commitment": _drafted_commitment,
    "forum:remove_commitment": _drafted_commitment,
    "commitments": _commitment,
    "forum_desk": _server,
    "registry": _registry,
    "registry:members": _members,
    "registry:members_csv": _members,
    "registry:members_json": _members,
    "registry:grant_proxy": _agent,
    "registry:revoke_proxy": _agent,
    "registry:change_mandate": _mandate,
    "registry:end_mandate": _mandate,
    "registry:decide_request": _request,
    "registry:list": _list,
    "registry:list_faults": _list,
    "registry:carry_out_list": _list,
    "registry:resend_invitation": _invitation,
    "registry:revoke_invitation": _invitation,
    "registry:invitation": _invitation,
    "registry:accept_invitation": _invitation,
    "registry:decline_invitation": _invitation,
    "registry:sign_up": _invitation,
    "mail": _message,
    "audit": _entry,
    "letters": _letters,
    **dict.fromkeys(
        ("open_data_set", "open_data_csv", "open_data_json", "open_data_file", "open_data_kept"),
        _open_data,
    ),
    "desk_page": _page,
    "desk_page_version": _page,
    "desk_repeat_job": _job,
    "desk_settle": _report,
}
# Addresses of what is only ever one's own or a configured directory's: others find nothing there.
NOBODYS = {
    "account_end_session",
    "account_revoke_token",
    "openid_connect_login",
    "openid_connect_callback",
}


def address(
    world: World, name: str, pattern: URLPattern, *, rule: str, phase: str
) -> tuple[str, str]:
    """An address of something that is there in this phase, and the same for something that is not."""
    needed = parts_of(pattern)
    if not needed:
        return reverse(name), ""
    if name in NOBODYS or rule == "allauth":
        maker: Maker = _nothing_there
    else:
        maker = MAKERS.get(name) or MAKERS[name.split(":", maxsplit=1)[0]]
    given = maker(world, phase)
    there = {part: given[part] for part in needed}
    return (
        reverse(name, kwargs=there),
        reverse(name, kwargs={part: ABSENT[part] for part in needed}),
    )
