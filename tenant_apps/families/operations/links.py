"""Links a guardian to a participant, once, and brings two guardians under one roof."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kernel.errors import Refusal
from kernel.transactions import operation
from tenant_apps.families import locks
from tenant_apps.families.models import Guardian, Guardianship, Household
from tenant_apps.families.rights import Rights


class NotPending(Refusal):
    code = "not_pending"
    message = _("Cette demande n’attend plus de réponse.")


class Blocked(Refusal):
    """Only staff is told: whoever is blocked hears what anybody hears."""

    code = "blocked"
    message = _("L’accès de cet adulte est bloqué. Levez d’abord le blocage.")


@operation
def link(*, guardian_id: UUID, participant_id: UUID, role: str, rights: Rights, at: datetime) -> Guardianship:
    """The link of these two, made if there is none; one that exists is left as it is. Raises Blocked."""
    locks.guardian(guardian_id)
    found, _made = Guardianship.objects.get_or_create(
        guardian_id=guardian_id,
        participant_id=participant_id,
        defaults={"role": role, "created_at": at, **rights.columns()},
    )
    if found.is_blocked:
        raise Blocked
    return found


@operation
def share_household(*, host_id: UUID, guest_id: UUID, at: datetime) -> None:
    """The guest comes to live in the host's household; what both had answered is the host's word.

    What was answered with others stays theirs.
    """
    for guardian_id in sorted((host_id, guest_id)):
        locks.guardian(guardian_id)
    host = Guardian.objects.select_related("household").get(id=host_id)
    guest = Guardian.objects.select_related("household").get(id=guest_id)
    if host.household is None:
        host.household = Household.objects.create(created_at=at)
        host.save(update_fields=["household"])
    if guest.household_id == host.household_id:
        return
    if guest.household is not None and not guest.household.guardians.exclude(id=guest.id).exists():
        host.household.answers = {**guest.household.answers, **host.household.answers}
        host.household.save(update_fields=["answers"])
    guest.household = host.household
    guest.save(update_fields=["household"])
