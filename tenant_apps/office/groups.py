"""The list of a group: who takes part, with what, what the family answered, and who was told no."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.functional import Promise

from tenant_apps.catalog.models import Offering, Option
from tenant_apps.families.models import Guardian, Participant
from tenant_apps.forms import consents
from tenant_apps.forms.consents import State
from tenant_apps.forms.models import Submission
from tenant_apps.office import rosters
from tenant_apps.office.answers import Answer, Answers, Column, written
from tenant_apps.office.scope import Scope
from tenant_apps.organisation.models import Profile
from tenant_apps.registrations.models import Registration, Status

# The questions by which a parent offers to help.
HELP = ("may_accompany", "may_volunteer")


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
class Refusal:
    """A child who takes no part, and the word that says so."""

    participant: Participant
    word: Submission


@dataclass(frozen=True, slots=True)
class Group:
    offering: Offering
    members: list[Member]
    columns: list[Column]
    refused: list[Refusal]

    @property
    def health_columns(self) -> list[Column]:
        return [column for column in self.columns if column.is_health]

    @property
    def helpers(self) -> list[tuple[str, int]]:
        """How many families offered help, by what they offered (S1-21, S3-38)."""
        labels = {column.key: column.label for column in self.columns if column.key in HELP}
        ticked = Counter(key for member in self.members for key in HELP if _is_offered(member, key))
        return [(labels[key], ticked[key]) for key in HELP if key in labels]

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


def of_offering(offering: Offering, scope: Scope, profile: Profile, *, at: datetime) -> Group:
    """In a number of queries that does not grow with the group."""
    lines = rosters.lines_of(offering, scope.registrations(), at=at, zone=profile.zone)
    reader = Answers(profile, with_health=scope.sees_health)
    members = _members(lines, reader)
    submissions = [submission for member in members if (submission := member.latest.submission)]
    return Group(
        offering=offering,
        members=members,
        columns=reader.columns(submissions),
        refused=_refused(offering, scope, {member.participant.pk for member in members}, at=at, zone=profile.zone),
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


def _refused(offering: Offering, scope: Scope, taking: set[UUID], *, at: datetime, zone: ZoneInfo) -> list[Refusal]:
    """A refusal takes no place (S3-04): without these the school would not know whom it keeps (S3-28)."""
    if offering.consent_form_id is None:
        return []
    answered = Submission.objects.filter(version__form=offering.consent_form_id).exclude(decision="")
    seen = scope.participants(offering).filter(removed_at=None, pk__in=answered.values("participant_id"))
    people = {each.pk: each for each in seen.exclude(pk__in=taking).select_related("establishment", "level")}
    said = consents.standings([offering.consent_form_id], people, at=at, zone=zone)
    found = [(person, said.of(offering.consent_form_id, key)) for key, person in people.items()]
    refused = [
        Refusal(person, standing.word)
        for person, standing in found
        if standing.word is not None and standing.state in (State.NO, State.WITHDRAWN)
    ]
    return sorted(refused, key=lambda refusal: str(refusal.participant))


def _is_offered(member: Member, key: str) -> bool:
    return key in member.answers and member.answers[key].is_yes
