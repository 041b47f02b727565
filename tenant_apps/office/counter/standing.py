"""Whom a member of staff may act for: asked when it begins, and again at every page of it."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest

from kernel import clock
from shared_apps.accounts import access
from tenant_apps.families.models import Guardian, Guardianship
from tenant_apps.families.on_behalf import Acting
from tenant_apps.office import acquaintance
from tenant_apps.office.scope import FAMILIES_CHANGE, HEALTH, Scope, scope_of
from tenant_apps.organisation.models import StaffMember
from tenant_apps.registrations import helping
from tenant_apps.registrations.models import Registration, Status

_ONCE_CONFIRMED = (Status.CONFIRMED, Status.WITHDRAWN, Status.CANCELLED)


def families(scope: Scope) -> QuerySet[Guardian]:
    """Whom the member knows, and who was added at a counter and is nobody else's yet."""
    known = acquaintance.guardians(scope)
    if scope.establishments is None:
        return known
    found = Q(pk__in=known.values("pk")) | Q(pk__in=added(scope).values("pk"))
    return Guardian.objects.filter(found, merged_into=None)


def added(scope: Scope) -> QuerySet[Guardian]:
    """By staff, as far as the data says: without an account, and no child of theirs is known elsewhere."""
    return Guardian.objects.filter(~Exists(_known_elsewhere(scope)), user=None, merged_into=None)


def _known_elsewhere(scope: Scope) -> QuerySet[Guardianship]:
    """The children of a guardian who are another establishment's, come from a file, have another family's account or
    were confirmed where the member sees nothing.
    """
    confirmed = Registration.objects.filter(status__in=_ONCE_CONFIRMED).exclude(
        pk__in=scope.registrations().values("pk")
    )
    theirs = Q(participant__establishment__isnull=False) & ~Q(participant__establishment__in=scope.establishments or ())
    followed = Q(participant__guardianships__guardian__user__isnull=False)
    registered = Q(participant__in=confirmed.values("participant_id"))
    imported = ~Q(participant__external_id="")
    return Guardianship.objects.filter(theirs | imported | followed | registered, guardian=OuterRef("pk"))


def is_partly_unknown(guardian: Guardian, scope: Scope) -> bool:
    """One of the children is another school's: the family's own screens would show it to who does not know it."""
    if scope.establishments is None:
        return False
    shown = Guardianship.objects.filter(guardian=guardian, is_blocked=False, participant__removed_at=None)
    elsewhere = shown.exclude(participant__establishment=None)
    return elsewhere.exclude(participant__establishment__in=scope.establishments).exists()


def allows(request: HttpRequest, acting: Acting) -> bool:
    """As the member is now: a role may have been taken away, a family may have ended the help."""
    member = access.member_of(request)
    if not isinstance(member, StaffMember) or member.role not in FAMILIES_CHANGE:
        return False
    if not access.second_factor_done(request):
        return False
    if acting.basket_id is not None:
        return helping.is_helped_by(acting.basket_id, member.user_id, at=clock.now())
    return not is_partly_unknown(acting.guardian, scope_of(member))


def reads_health(request: HttpRequest) -> bool:
    member = access.member_of(request)
    return member is not None and member.role in HEALTH
