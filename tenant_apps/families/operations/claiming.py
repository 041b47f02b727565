"""Gives to an account the children that an import says are of the person at its address."""

from datetime import datetime
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db.models import QuerySet

from kernel.database import lock
from kernel.folding import fold
from kernel.transactions import operation
from shared_apps.accounts.models import User
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from tenant_apps.families.models import Guardian, Guardianship

# The mark of a guardian whom the organisation named itself, unlike a guest, who says any address they like.
NAMED_BY_ADDRESS = "email"


def awaiting_account(*emails: str) -> QuerySet[Guardian]:
    """Guardians that an import named with one of these addresses, and that no account is yet."""
    known = Guardian.objects.filter(user=None, merged_into=None, locked_fields__contains=[NAMED_BY_ADDRESS])
    return known.filter(email__in=[email.lower() for email in emails if email])


@operation
def claim(*, user: User, actor: Actor, at: datetime) -> list[UUID]:
    """The children that become visible to the account, whose addresses must be verified. Safe to repeat.

    An account without a profile becomes the guardian of its own name, else the eldest; one that has a profile, or an
    address that several share, receives the links. What is blocked for one of them stays blocked.
    """
    verified = EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)
    named = sorted(lock(awaiting_account(*verified)), key=lambda each: (each.created_at, each.id))
    if not named:
        return []
    own = Guardian.objects.filter(user=user).first() or _become(named, user)
    links = Guardianship.objects.filter(guardian__in=named).exclude(guardian=own)
    given = [_link(link, own, at) for link in links.order_by("-is_blocked")]
    Guardianship.objects.bulk_create(given, ignore_conflicts=True)
    barred = [link.participant_id for link in given if link.is_blocked]
    Guardianship.objects.filter(guardian=own, participant__in=barred).update(is_blocked=True)
    _forget_mark([guardian.id for guardian in named])
    audit.record(action="guardian.claimed", subject="guardian", subject_id=own.id, actor=actor, at=at)
    seen = Guardianship.objects.filter(guardian=own, is_blocked=False, participant__removed_at=None)
    return list(seen.values_list("participant_id", flat=True))


def _become(named: list[Guardian], user: User) -> Guardian:
    name = fold(f"{user.last_name} {user.first_name}")
    chosen = next((each for each in named if fold(f"{each.last_name} {each.first_name}") == name), named[0])
    Guardian.objects.filter(id=chosen.id, user=None).update(user=user)
    return chosen


def _link(link: Guardianship, guardian: Guardian, at: datetime) -> Guardianship:
    return Guardianship(
        guardian=guardian,
        participant_id=link.participant_id,
        role=link.role,
        may_enrol=link.may_enrol,
        may_see_health=link.may_see_health,
        may_pay=link.may_pay,
        custody=link.custody,
        is_blocked=link.is_blocked,
        blocked_reason=link.blocked_reason,
        created_at=at,
    )


def _forget_mark(guardian_ids: list[UUID]) -> None:
    """Their address has been claimed: it is nobody else's to claim."""
    for guardian in Guardian.objects.filter(id__in=guardian_ids):
        guardian.locked_fields = [name for name in guardian.locked_fields if name != NAMED_BY_ADDRESS]
        guardian.save(update_fields=["locked_fields"])
