"""Brings a family's turns to the guardian that is kept when two are merged."""

from datetime import datetime
from uuid import UUID

from django.db.models import F

from tenant_apps.families.models import Guardian
from tenant_apps.openings.models import Opening, Ticket


def participants(kept_id: UUID, gone_id: UUID, at: datetime) -> None:
    """A turn is a family's, and names none of its children."""


def guardians(kept_id: UUID, gone_id: UUID, at: datetime) -> None:
    """Of two turns in one opening, the better stays: nobody loses theirs because staff put a file in order."""
    kept = Guardian.objects.get(pk=kept_id)
    for opening in Opening.objects.filter(tickets__guardian=gone_id).distinct():
        both = Ticket.objects.filter(opening=opening, guardian__in=(kept_id, gone_id))
        ours = both | Ticket.objects.filter(opening=opening, family=kept.family_id)
        [best, *others] = ours.order_by(F("position").asc(nulls_last=True), "joined_at")
        Ticket.objects.filter(pk__in=[each.pk for each in others]).delete()
        Ticket.objects.filter(pk=best.pk).update(guardian=kept, family=kept.family_id)
