"""Which openings a member of staff knows, and what is offered in each."""

from datetime import date
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from tenant_apps.catalog.models import Offering, Option, Status
from tenant_apps.office.scope import Scope
from tenant_apps.openings.models import Opening, Ticket
from tenant_apps.registrations.models import PlaceRequest, RequestStatus


def openings(scope: Scope) -> QuerySet[Opening]:
    """All of them for who sees every establishment; else those with something of the member's own."""
    if scope.establishments is None:
        return Opening.objects.all()
    return Opening.objects.filter(pk__in=scope.offerings().exclude(opening=None).values("opening_id"))


def listed(scope: Scope) -> QuerySet[Opening]:
    """With how many offerings and families there are in each; the nearest to come first, those that ended last."""
    found = openings(scope).annotate(
        offering_count=_count(Offering.objects.filter(pk__in=scope.offerings())),
        ticket_count=_count(Ticket.objects.all()),
        wish_count=_count(PlaceRequest.objects.filter(status=RequestStatus.WISHED), "guardian"),
    )
    return found.order_by("ended_at", "opens_at", "name")


def offerings(opening: Opening, scope: Scope) -> QuerySet[Offering]:
    return scope.offerings().filter(opening=opening).order_by("title", "pk")


def options(opening: Opening, scope: Scope) -> QuerySet[Option]:
    """Those on offer, with their offerings."""
    known = Option.objects.filter(offering__in=offerings(opening, scope), is_offered=True)
    return known.select_related("offering").order_by("offering__title", "position", "pk")


def choosable(scope: Scope, opening: Opening | None, *, today: date) -> QuerySet[Offering]:
    """What may open there: not put away, not over, and of no other opening."""
    free = Q(opening=None) | Q(opening=opening) if opening else Q(opening=None)
    coming = Q(ends_on__gte=today) | Q(ends_on=None, starts_on__gte=today) | Q(ends_on=None, starts_on=None)
    here = Q(opening=opening) if opening else Q(pk__in=[])
    found = scope.offerings().filter(free, coming | here).exclude(status=Status.ARCHIVED)
    return found.order_by("title", "pk")


def _count(rows: QuerySet[Any], different: str = "pk") -> Coalesce:
    """Each counted on its own: joined to one another, thousands of each would be multiplied."""
    of_one = rows.filter(opening=OuterRef("pk")).order_by().values("opening")
    return Coalesce(Subquery(of_one.values(counted=Count(different, distinct=True))), 0)
