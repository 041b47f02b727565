"""Who works here, as the reader may know it, and what happened to each."""

from datetime import datetime

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from shared_apps.audit.models import Entry
from shared_apps.audit.trails import Words, told
from tenant_apps.office.scope import Scope
from tenant_apps.organisation import staff
from tenant_apps.organisation.models import Establishment, MemberState, StaffMember

WORDS: Words = {
    "staff.invited": _("Invitation envoyée"),
    "staff.invited_again": _("Invitation renvoyée"),
    "staff.accepted": _("Invitation acceptée"),
    "staff.changed": _("Rôle ou établissements changés"),
    "staff.withdrawn": _("Accès retiré"),
    "staff.given_back": _("Accès rendu"),
}


def of(scope: Scope, *, at: datetime) -> list[StaffMember]:
    """Who works here; whoever is of one establishment sees those who are of it too, and those who are of none.

    Invitations are for those who manage them, each with `is_over` where its link has run out.
    """
    states = [MemberState.ACTIVE, MemberState.INVITED] if scope.sees_settings else [MemberState.ACTIVE]
    found = _all().filter(state__in=states)
    if scope.establishments is not None:
        of_others = StaffMember.establishments.through.objects.exclude(establishment_id__in=scope.establishments)
        own = StaffMember.establishments.through.objects.filter(establishment_id__in=scope.establishments)
        found = found.filter(pk__in=own.values("staffmember_id")) | found.exclude(
            pk__in=of_others.values("staffmember_id")
        )
    members = list(found.order_by("role", "user__last_name", "user__first_name"))
    for member in members:
        member.is_over = member.state == MemberState.INVITED and staff.ends_at(member) <= at  # type: ignore[attr-defined]
    return members


def gone() -> QuerySet[StaffMember]:
    return _all().filter(state=MemberState.WITHDRAWN).order_by("user__last_name", "user__first_name")


def trail_of(member: StaffMember) -> list[dict[str, object]]:
    return told(Entry.objects.filter(subject="staff", subject_id=member.pk).order_by("-at", "-id")[:20], WORDS)


def _all() -> QuerySet[StaffMember]:
    places = Prefetch("establishments", queryset=Establishment.objects.order_by("position", "name"))
    return StaffMember.objects.select_related("user").prefetch_related(places)
