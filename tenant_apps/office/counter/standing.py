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


def families(scope: Scope) -> QuerySet[Guardian]:
    """Whom the member knows, and who was just added at a counter and has no child yet."""
    known = acquaintance.guardians(scope)
    if scope.establishments is None:
        return known
    has_child = Exists(Guardianship.objects.filter(guardian=OuterRef("pk")))
    new = Q(~has_child, user=None)
    return Guardian.objects.filter(Q(pk__in=known.values("pk")) | new, merged_into=None)


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
