"""Brings the links of two records together: one link for each pair, and what is blocked stays blocked."""

from collections.abc import Collection
from uuid import UUID

from kernel.database import lock
from tenant_apps.families.models import Guardianship


def links_of_participants(kept_id: UUID, gone_id: UUID, wanted: Collection[UUID]) -> None:
    """The links of the record that goes: those `wanted`, and those that are blocked, become the other's."""
    own = {link.guardian_id: link for link in lock(Guardianship.objects.filter(participant_id=kept_id))}
    for link in lock(Guardianship.objects.filter(participant_id=gone_id)):
        known = own.get(link.guardian_id)
        if known is not None:
            _unite(known, link)
        elif link.id in wanted or link.is_blocked:
            link.participant_id = kept_id
            link.save(update_fields=["participant"])
        else:
            link.delete()


def links_of_guardians(kept_id: UUID, gone_id: UUID) -> None:
    own = {link.participant_id: link for link in lock(Guardianship.objects.filter(guardian_id=kept_id))}
    for link in lock(Guardianship.objects.filter(guardian_id=gone_id)):
        known = own.get(link.participant_id)
        if known is not None:
            _unite(known, link)
        else:
            link.guardian_id = kept_id
            link.save(update_fields=["guardian"])


def _unite(kept: Guardianship, gone: Guardianship) -> None:
    if gone.is_blocked and not kept.is_blocked:
        kept.is_blocked, kept.blocked_reason = True, gone.blocked_reason
    kept.custody = kept.custody or gone.custody
    gone.delete()
    kept.save(update_fields=["is_blocked", "blocked_reason", "custody"])
