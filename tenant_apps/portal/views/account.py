"""The family's own file: its children, its registrations, what it paid and what it owes."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kernel import clock
from shared_apps.accounts.access import signed_in
from tenant_apps.catalog import queries as catalogue
from tenant_apps.changes import queries as changes
from tenant_apps.changes.models import Status as Asked
from tenant_apps.families import queries as families
from tenant_apps.families.models import Guardian
from tenant_apps.openings import queries as openings
from tenant_apps.orders.models import Status
from tenant_apps.organisation.context import profile_of
from tenant_apps.organisation.rules import read
from tenant_apps.portal import accounts, baskets, by_staff, choosing, relatives, to_do, waiting_lists
from tenant_apps.portal.views.accounts import today_of
from tenant_apps.portal.views.members import guardian_of
from tenant_apps.registrations import queries as registrations


@signed_in
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """One card per member, each with its own way to register (S2-04, S4-23)."""
    guardian = guardian_of(request)
    tasks = _tasks(request, guardian)
    context = {
        "guardian": guardian,
        "members": _cards(request, guardian, tasks),
        "claims": families.claims_of(guardian.id),
        "adds_self": _adds_self(request, guardian.id),
        "to_decide": relatives.askers(families.claims_to_decide(guardian.id)),
        "tasks": tasks,
        "content": baskets.content_of(guardian),
        "waited": waiting_lists.of_family(guardian),
        "coming": registrations.registrations_of(guardian.id).filter(ended_at=None)[:5],
        "turns": openings.of_family(guardian.id, at=clock.now()),
    }
    return render(request, "portal/account/home.html", context)


@signed_in
@require_safe
def bookings(request: HttpRequest) -> HttpResponse:
    guardian = guardian_of(request)
    context = {
        "registrations": registrations.registrations_of(guardian.id),
        "waiting": changes.of_guardian(guardian.id).filter(status=Asked.ASKED),
        "by_staff": by_staff.registered_for(guardian.id),
    }
    return render(request, "portal/account/bookings.html", context)


@signed_in
@require_safe
def profile(request: HttpRequest) -> HttpResponse:
    """« Profil »: « Liste des enfants » and « Historique » (S1-14 to S1-16)."""
    guardian = guardian_of(request)
    context = {
        "guardian": guardian,
        "children": families.participants_of(guardian.id),
        "changeable": families.changeable_by(guardian.id),
        "claims": families.claims_of(guardian.id),
        "adds_self": _adds_self(request, guardian.id),
        "accounts": accounts.of_orders(
            accounts.orders_of(guardian.id).filter(status=Status.SETTLED), guardian.id, today=today_of(request)
        ),
    }
    return render(request, "portal/account/profile.html", context)


@dataclass(frozen=True)
class Card:
    """One of the family; `missing` is what must be filled in before the way to register appears (S4-24, S4-25)."""

    person: choosing.Person
    missing: list[to_do.Task]
    is_closed: bool

    @property
    def is_changeable(self) -> bool:
        return self.person.standing is None or self.person.standing.may_enrol

    @property
    def registers(self) -> bool:
        return not (self.person.reasons or self.missing or self.is_closed)


def _cards(request: HttpRequest, guardian: Guardian, tasks: list[to_do.Task]) -> list[Card]:
    profile = profile_of(request)
    in_order = read(profile.rules).records_first
    is_closed = in_order and not catalogue.is_anything_open(at=clock.now(), zone=profile.zone)
    needed = [task for task in tasks if in_order and task.state in {"missing", "expired"}]
    return [
        Card(person, [task for task in needed if task.participant.id == person.participant.id], is_closed)
        for person in choosing.members(guardian)
    ]


def _tasks(request: HttpRequest, guardian: Guardian) -> list[to_do.Task]:
    family = to_do.of_family(guardian, at=clock.now(), profile=profile_of(request))
    return [task for child in family for task in child.tasks]


def _adds_self(request: HttpRequest, guardian_id: UUID) -> bool:
    """Where adults take part too, whoever does not yet is asked (S2-05)."""
    return read(profile_of(request).rules).adults_take_part and families.own_membership(guardian_id) is None
