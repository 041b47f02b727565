"""« À remplir »: what a family still has to fill in, renew or answer, child by child (S4-15 to S4-18)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from kernel import clock
from tenant_apps.families import queries as families
from tenant_apps.families.models import Guardian, Participant
from tenant_apps.forms import building
from tenant_apps.forms import queries as forms
from tenant_apps.forms.models import Form, FormVersion, Purpose
from tenant_apps.forms.queries import Standing, State
from tenant_apps.organisation.models import Profile
from tenant_apps.portal import consents
from tenant_apps.registrations.models import Registration
from tenant_apps.registrations.states import TAKING

# A record that is about to run out is named this long before.
SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Task:
    """`state` is missing, expired, soon (a record) or unanswered (an authorization); `day` is the one that counts."""

    participant: Participant
    title: str
    state: str
    address: str
    day: date | None = None

    @property
    def is_urgent(self) -> bool:
        """Locks something, or will: what is only about to run out can wait."""
        return self.state != "soon"


@dataclass(frozen=True, slots=True)
class Child:
    participant: Participant
    tasks: list[Task]


def of_family(guardian: Guardian, *, at: datetime, profile: Profile) -> list[Child]:
    """Every child with what there is to do, in a number of queries that does not grow with them."""
    children = families.participants_of(guardian.id)
    tasks = [*_records(guardian, children, at, profile), *_consents(guardian, at, profile)]
    return [Child(child, [task for task in tasks if task.participant.id == child.id]) for child in children]


def onward(guardian: Guardian, child: Participant, *, at: datetime, profile: Profile, destination: str = "") -> str:
    """Where to go once something is filled in: this child's next record, the place one came for, the other children's.

    Nothing when all is done and nobody was on the way anywhere.
    """
    missing = [
        task for task in _records(guardian, families.participants_of(guardian.id), at, profile) if task.is_urgent
    ]
    own = [task for task in missing if task.participant.id == child.id]
    if own:
        return _with(own[0].address, destination)
    return destination or (missing[0].address if missing else "")


def _records(guardian: Guardian, children: Sequence[Participant], at: datetime, profile: Profile) -> list[Task]:
    if not children:
        return []
    asked = forms.records_for_everyone()
    today = clock.local_date(at, profile.zone)
    required = _required(children, today)
    every = {form.id: form for form in (*asked, *(form for found in required.values() for form in found))}
    known = forms.standing([child.id for child in children], every, at=at, zone=profile.zone)
    version, changeable = _profile_form(), families.changeable_by(guardian.id)
    tasks = []
    for child in children:
        tasks += _profile_task(version, child) if child.id in changeable else []
        wanted = {form.id: form for form in (*asked, *required.get(child.id, []))}
        for form in sorted(wanted.values(), key=lambda form: (form.position, form.shown_title)):
            tasks += _task(child, known[child.id, form.id], today)
    return tasks


def _task(child: Participant, standing: Standing, today: date) -> list[Task]:
    address = reverse("record", args=[child.id, standing.form.key])
    if not standing.is_valid:
        return [Task(child, standing.form.shown_title, standing.state.value, address, standing.until)]
    if standing.until and standing.until - today <= SOON:
        return [Task(child, standing.form.shown_title, "soon", address, standing.until)]
    return []


def _profile_form() -> FormVersion | None:
    try:
        return forms.profile_form()
    except FormVersion.DoesNotExist:
        return None


def _profile_task(version: FormVersion | None, child: Participant) -> list[Task]:
    """A child that the organisation enrolled itself may lack what a form would have asked."""
    if version is None or not building.gaps_of(version, child):
        return []
    address = reverse("child_edit", args=[child.id])
    return [Task(child, version.form.shown_title, State.MISSING.value, address)]


def _required(children: Sequence[Participant], today: date) -> dict[UUID, list[Form]]:
    """The records that each child's registrations ask for, beside those asked of everyone."""
    coming = Q(option__offering__ends_on=None) | Q(option__offering__ends_on__gte=today)
    taken = Registration.objects.filter(coming, participant__in=children, status__in=TAKING)
    asking = taken.exclude(option__offering__requirements=[], option__requirements=[])
    rows = asking.values_list("participant_id", "option__offering__requirements", "option__requirements").distinct()
    wanted: dict[UUID, set[str]] = {}
    for child_id, *requirements in rows:
        rules = chain.from_iterable(requirements)
        wanted.setdefault(child_id, set()).update(rule["form"] for rule in rules if rule["kind"] == "form")
    keys = {key for found in wanted.values() for key in found}
    if not keys:
        return {}
    records = {form.key: form for form in Form.objects.filter(key__in=keys, purpose=Purpose.RECORD, is_open=True)}
    return {child_id: [records[key] for key in found if key in records] for child_id, found in wanted.items()}


def _consents(guardian: Guardian, at: datetime, profile: Profile) -> list[Task]:
    return [
        Task(each.participant, each.title, "unanswered", each.address, each.due_on)
        for each in consents.to_answer(guardian, at=at, profile=profile)
    ]


def _with(address: str, destination: str) -> str:
    return f"{address}?{urlencode({'next': destination})}" if destination else address
