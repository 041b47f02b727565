"""Who is visiting the portal: a signed-in guardian, or a guest whom only this session knows."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest

from shared_apps.accounts.models import User
from shared_apps.audit.actors import GUEST, Actor
from tenant_apps.families import operations as families
from tenant_apps.families import queries as family_queries
from tenant_apps.families.models import Guardian
from tenant_apps.registrations.models import Registration
from tenant_apps.registrations.states import PENDING

_GUEST_KEY = "guest_guardian"
_WITHOUT_ACCOUNT_KEY = "without_account"


def guardian(request: HttpRequest) -> Guardian | None:
    """The visitor's own profile, or None: a guest who has not taken anything yet."""
    if isinstance(request.user, User):
        return family_queries.guardian_of(request.user)
    return _guest(request)


def basket_owner(request: HttpRequest) -> Guardian | None:
    """Whose basket is shown: what was begun without an account is finished first, even after signing in."""
    guest = _guest(request)
    if guest and Registration.objects.filter(basket__guardian=guest, status__in=PENDING).exists():
        return guest
    return guardian(request)


def signed_in_guardian(request: HttpRequest, *, at: datetime) -> Guardian:
    """The account holder's profile, made at the first visit. Only behind `signed_in`."""
    if not isinstance(request.user, User):
        raise TypeError("This page is for account holders.")
    return family_queries.guardian_of(request.user) or families.ensure_guardian(user=request.user, at=at)


def actor(request: HttpRequest) -> Actor:
    if isinstance(request.user, User):
        return Actor(kind="guardian", user_id=request.user.id, label=str(request.user))
    return GUEST


def remember_guest(request: HttpRequest, guest: Guardian) -> None:
    """Until the browser closes: the next person at a shared computer finds nothing of theirs."""
    request.session[_GUEST_KEY] = str(guest.id)
    request.session.set_expiry(0)


def _guest(request: HttpRequest) -> Guardian | None:
    known = request.session.get(_GUEST_KEY)
    return Guardian.objects.filter(id=UUID(known), user=None).first() if known else None


def goes_without_account(request: HttpRequest) -> bool:
    """True once the visitor chose « Continuer sans compte », so that the question is not asked again."""
    return bool(request.session.get(_WITHOUT_ACCOUNT_KEY))


def go_without_account(request: HttpRequest) -> None:
    request.session[_WITHOUT_ACCOUNT_KEY] = True
