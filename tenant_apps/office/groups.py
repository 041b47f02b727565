"""The list of a group: who takes part, with what, what the family answered, and who was told no."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.functional import Promise

from tenant_apps.catalog.models import Offering, Option
from tenant_apps.families.models import Guardian, Participant
from tenant_apps.forms.models import Decision, Submission
from tenant_apps.office import rosters
from tenant_apps.office.answers import Answer, Answers, Column, written
from tenant_apps.office.scope import Scope
from tenant_apps.organisation.models import Profile
from tenant_apps.registrations.models import Registration, Status


@dataclass(frozen=True, slots=True)
class Member:
    """One participant, with all that it takes in the offering."""

    participant: Participant
    registrations: list[Registration]
    consent: str
    signed: Submission | None
    answers: dict[str, Answer]

    @property
    def latest(self) -> Registration:
        return max(self.registrations, key=lambda registration: registration.created_at)

    @property
    def guardian(self) -> Guardian:
        return self.latest.basket.guardian

    @property
    def home_group(self) -> str:
        return written(self.latest, "home_group")

    @property
    def teacher(self) -> str:
        return written(self.latest, "teacher")

    @property
    def consent_words(self) -> str | Promise:
        return rosters.CONSENT_WORDS.get(self.consent, "")

    @property
    def plain(self) -> list[Answer]:
        return [answer for answer in self.answers.values() if not answer.is_health]

    @property
    def health(self) -> list[Answer]:
        return [answer for answer in self.answers.values() if answer.is_health]


@dataclass(slots=True)
class Total:
    """What the supplier is told of an option: quantities, of what is confirmed and of what may still be."""

    option: Option
    confirmed: int = 0
    pending: int = 0
    participants: set[UUID] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Group:
    offering: Offering
    members: list[Member]
    columns: list[Column]
    refused: list[Submission]

    @property
    def health_columns(self) -> list[Column]:
        return [column for column in self.columns if column.is_health]

    @property
    def totals(self) -> list[Total]:
        totals = {option.pk: Total(option) for option in self.offering.options.all()}
        for registration in (each for member in self.members for each in member.registrations):
            total = totals[registration.option_id]
            total.participants.add(registration.participant_id)
            if registration.status == Status.CONFIRMED:
                total.confirmed += registration.quantity
            else:
                total.pending += registration.quantity
        return list(totals.values())


def of_offering(offering: Offering, scope: Scope, profile: Profile) -> Group:
    """In a number of queries that does not grow with the group."""
    lines = rosters.lines_of(offering, scope.registrations())
    reader = Answers(profile, with_health=scope.sees_health)
    members = _members(lines, reader)
    submissions = [submission for member in members if (submission := member.latest.submission)]
    return Group(
        offering=offering,
        members=members,
        columns=reader.columns(submissions),
        refused=_refused(offering, scope, {member.participant.pk for member in members}),
    )


def _members(lines: Iterable[rosters.Line], reader: Answers) -> list[Member]:
    by_participant: dict[UUID, list[rosters.Line]] = {}
    for line in lines:
        by_participant.setdefault(line.registration.participant_id, []).append(line)
    return [_member(own, reader) for own in by_participant.values()]


def _member(lines: Sequence[rosters.Line], reader: Answers) -> Member:
    registrations = [line.registration for line in lines]
    latest = max(registrations, key=lambda registration: registration.created_at)
    return Member(
        participant=latest.participant,
        registrations=registrations,
        consent=lines[0].consent,
        signed=lines[0].signed,
        answers=reader.of(latest.submission, latest.participant) if latest.submission else {},
    )


def _refused(offering: Offering, scope: Scope, taking: set[UUID]) -> list[Submission]:
    """A refusal takes no place (S3-04): without these the school would not know whom it keeps (S3-28)."""
    if offering.consent_form_id is None:
        return []
    said = (
        Submission.objects.filter(version__form=offering.consent_form_id, participant__in=scope.participants(offering))
        .exclude(decision="")
        .exclude(participant__in=taking)
        .select_related("participant__establishment", "participant__level")
        .order_by("submitted_at", "id")
    )
    last = {submission.participant_id: submission for submission in said}.values()
    no = [submission for submission in last if submission.decision == Decision.NO]
    return sorted(no, key=lambda submission: str(submission.participant))
