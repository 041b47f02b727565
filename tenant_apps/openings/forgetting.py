"""What becomes of the turns of people who are forgotten."""

from collections.abc import Collection
from uuid import UUID

from tenant_apps.families.models import Guardian
from tenant_apps.openings.models import Ticket


def forget(*, guardian_ids: Collection[UUID]) -> None:
    """Another adult of the household keeps the family's turn. One of nobody is not drawn; once drawn it stays, with
    nobody's name, since the published order is made of it.
    """
    tickets = Ticket.objects.filter(guardian_id__in=guardian_ids)
    others = Guardian.objects.exclude(id__in=guardian_ids).exclude(household=None)
    for ticket in tickets:
        other = others.filter(household=ticket.family).order_by("id").first()
        if other is not None:
            tickets.filter(pk=ticket.pk).update(guardian=other)
    tickets.filter(position=None).delete()
