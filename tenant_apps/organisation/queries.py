"""Reads the organisation's own face, places, levels and staff."""

from collections.abc import Collection
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from kernel.kept import kept, only, sole_of
from shared_apps.accounts.models import User
from tenant_apps.organisation.models import Establishment, Level, MemberState, Payee, Profile, StaffMember


def profile() -> Profile:
    """The one row. Raises Profile.DoesNotExist before the organisation is provisioned, and on the operators' host."""
    found = only(_profiles())
    if found is None:
        raise Profile.DoesNotExist
    return found


def establishments() -> QuerySet[Establishment]:
    return Establishment.objects.all()


def levels() -> QuerySet[Level]:
    return Level.objects.all()


def payees() -> QuerySet[Payee]:
    return Payee.objects.order_by("name")


def transfer_codes() -> dict[UUID, int]:
    """Of the payees that take bank transfers, the number that begins their structured communications (S4-45)."""
    taking = Payee.objects.exclude(iban="").exclude(code=None)
    return {payee_id: code for payee_id, code in taking.values_list("id", "code") if code is not None}


def staff_member_of(user: User | AnonymousUser) -> StaffMember | None:
    """Whoever works here now: neither who is only invited nor who was withdrawn."""
    if not isinstance(user, User):
        return None
    # The user keeps it: whoever asks again in the same request asks no database.
    return sole_of(user, "staff_member", _of_account)


def at_work(roles: Collection[str]) -> QuerySet[StaffMember]:
    """Who may still sign in with one of these roles, with their account: whom the organisation is written to."""
    members = StaffMember.objects.filter(role__in=roles, state=MemberState.ACTIVE, user__is_active=True)
    return members.select_related("user").order_by("user__email")


@kept
def _profiles() -> QuerySet[Profile]:
    return Profile.objects.order_by()


@kept
def _of_account(user_id: UUID) -> QuerySet[StaffMember]:
    return StaffMember.objects.filter(user_id=user_id, state=MemberState.ACTIVE)
