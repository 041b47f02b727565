"""Which children an authorization concerns, what was said for each, and which registrations depend on it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from tenant_apps.catalog import timing
from tenant_apps.catalog.models import Nature, Offering, Status
from tenant_apps.families.models import GuardianshipRole, Participant
from tenant_apps.forms import consents
from tenant_apps.forms.consents import State, Verdict
from tenant_apps.forms.models import Form
from tenant_apps.registrations.models import Registration
from tenant_apps.registrations.states import TAKING

SILENT = Verdict()


@dataclass(frozen=True, slots=True)
class Person:
    """What must be known of a child to say whether it is asked."""

    id: UUID
    establishment_id: UUID | None
    level_id: UUID | None


@dataclass(frozen=True, slots=True)
class Subject:
    """An authorization that families are asked for: everyone's, or that of one offering."""

    form: Form
    offering: Offering | None = None

    @property
    def key(self) -> str:
        return f"offering:{self.offering.id}" if self.offering else f"form:{self.form.id}"

    @property
    def title(self) -> str:
        return self.offering.shown("title") if self.offering else self.form.shown_title

    @property
    def due_on(self) -> date | None:
        return self.offering.deadline_on if self.offering else self.form.due_on

    def is_open(self, *, at: datetime, zone: ZoneInfo) -> bool:
        """May families still answer (S3-36)?"""
        if self.offering:
            return not timing.of_offering(self.offering, at=at, zone=zone)
        return not consents.is_closed(self.form, at=at, zone=zone)

    def asks(self, person: Person, taking: frozenset[UUID] | set[UUID]) -> bool:
        """A school's outing asks the whole class (S3-28); anything else, only who takes part."""
        if self.offering is None or person.id in taking:
            return True
        return asks_the_class(self.offering) and _is_of_the_class(self.offering, person)


@dataclass(frozen=True, slots=True)
class Register:
    """What was said to one subject, by participant."""

    subject: Subject
    verdicts: Mapping[UUID, Verdict]

    @property
    def counts(self) -> Counter[State]:
        return Counter(verdict.state for verdict in self.verdicts.values())

    @property
    def silent(self) -> list[UUID]:
        return [person for person, verdict in self.verdicts.items() if verdict.state is State.SILENT]


def subjects() -> list[Subject]:
    """Everyone's authorizations, then those of what is published, by deadline."""
    offerings = _with_consent(Offering.objects.filter(status=Status.PUBLISHED))
    ordered = sorted(offerings, key=lambda each: (each.deadline_on or date.max, each.title))
    return [*map(Subject, consents.for_everyone()), *map(of_offering, ordered)]


def of_offering(offering: Offering) -> Subject:
    """Raises ValueError for an offering that asks for no authorization."""
    if offering.consent_form is None:
        raise ValueError(f"{offering.slug} asks for no authorization")
    return Subject(offering.consent_form, offering)


def asks_the_class(offering: Offering) -> bool:
    named = offering.establishments.all() if offering.reserved_to_establishments else ()
    return offering.nature == Nature.OUTING and bool(named or offering.levels.all())


def people(participants: QuerySet[Participant]) -> list[Person]:
    """Children who are there; an adult who takes part alone signs nothing here."""
    there = participants.filter(removed_at=None, merged_into=None).exclude(guardianships__role=GuardianshipRole.SELF)
    rows = there.order_by("search_text", "id").values_list("id", "establishment_id", "level_id")
    return [Person(*row) for row in rows]


def registers(
    asked: Iterable[Subject], participants: QuerySet[Participant], *, at: datetime, zone: ZoneInfo
) -> list[Register]:
    """In a number of queries that grows neither with the children nor with the subjects."""
    asked, known = list(asked), people(participants)
    said = consents.verdicts({subject.form.id for subject in asked}, [person.id for person in known], at=at, zone=zone)
    takers = _takers(subject.offering.id for subject in asked if subject.offering)
    return [_register(subject, known, said, takers) for subject in asked]


def awaited(children: Iterable[Participant], *, at: datetime, zone: ZoneInfo) -> list[tuple[Subject, Participant]]:
    """The outings of these children's classes that nobody has answered yet, and that can still be."""
    children = list(children)
    if not children:
        return []
    offerings = _with_consent(Offering.objects.filter(timing.in_time(at=at, zone=zone), nature=Nature.OUTING))
    asked = [Subject(each.consent_form, each) for each in offerings if each.consent_form]
    said = consents.standings(
        [subject.form.id for subject in asked], [child.id for child in children], at=at, zone=zone
    )
    return [
        (subject, child)
        for child in children
        for subject in asked
        if subject.asks(Person(child.id, child.establishment_id, child.level_id), frozenset())
        and said.of(subject.form.id, child.id).state is State.SILENT
    ]


def depending_on(form_id: UUID, participant_id: UUID) -> list[Registration]:
    """What the child cannot take part in without this authorization (S3-27)."""
    kept = Registration.objects.filter(Q(participant_id=participant_id) | Q(participant__merged_into_id=participant_id))
    return list(
        kept.filter(option__offering__consent_form_id=form_id, status__in=TAKING)
        .select_related("option__offering", "participant", "basket")
        .order_by("option__starts_on", "option__position")
    )


def _with_consent(offerings: QuerySet[Offering]) -> list[Offering]:
    asking = offerings.exclude(consent_form=None).filter(consent_form__asks_everyone=False).distinct()
    return list(asking.select_related("consent_form").prefetch_related("establishments", "levels"))


def _takers(offering_ids: Iterable[UUID]) -> dict[UUID, set[UUID]]:
    rows = Registration.objects.filter(option__offering_id__in=list(offering_ids), status__in=TAKING)
    takers: dict[UUID, set[UUID]] = {}
    for offering_id, participant_id in rows.values_list("option__offering_id", "participant_id"):
        takers.setdefault(offering_id, set()).add(participant_id)
    return takers


def _register(
    subject: Subject, known: list[Person], said: Mapping[tuple[UUID, UUID], Verdict], takers: Mapping[UUID, set[UUID]]
) -> Register:
    taking = takers.get(subject.offering.id, set()) if subject.offering else set()
    found = {person.id: said.get((subject.form.id, person.id), SILENT) for person in known}
    return Register(
        subject,
        {
            person.id: found[person.id]
            for person in known
            if subject.asks(person, taking) or found[person.id].state is not State.SILENT
        },
    )


def _is_of_the_class(offering: Offering, person: Person) -> bool:
    schools = {each.id for each in offering.establishments.all()} if offering.reserved_to_establishments else set()
    levels = {each.id for each in offering.levels.all()}
    return (not schools or person.establishment_id in schools) and (not levels or person.level_id in levels)
