"""Who is visiting the portal: a signed-in guardian, or a guest whom only this session knows.

Where a member of staff acts for a family (portal.acting), it is that family everywhere.
"""

from datetime import datetime
from uuid import UUID

from allauth.account.models import EmailAddress
from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from kernel import clock, ids
from shared_apps.accounts.models import User
from shared_apps.audit.actors import Actor
from tenant_apps.families import queries as family_queries
from tenant_apps.families.models import Guardian
from tenant_apps.families.on_behalf import acting_for
from tenant_apps.families.operations import claiming, guardians
from tenant_apps.registrations.models import Registration
from tenant_apps.registrations.states import PENDING
from tenants.suspension import refuse_to_begin

_GUEST_KEY = "guest_guardian"
_LINKED_KEY = "linked_guardian"


def guardian(request: HttpRequest) -> Guardian | None:
    """The visitor's own profile, or None: a guest who has not taken anything yet."""
    if represented := acting_for(request):
        return represented
    if isinstance(request.user, User):
        return family_queries.guardian_of(request.user)
    return _guest(request)


def account_holder(request: HttpRequest) -> Guardian | None:
    """The profile of who has an account, or of the family that staff act for; never a guest's own."""
    return acting_for(request) or family_queries.guardian_of(request.user)


def basket_owner(request: HttpRequest) -> Guardian | None:
    """Whose basket is shown: what was begun without an account is finished first, even after signing in."""
    if represented := acting_for(request):
        return represented
    guest = _guest(request) or _linked(request)
    if guest and Registration.objects.filter(basket__guardian=guest, status__in=PENDING).exists():
        return guest
    return guardian(request)


def waiting_owner(request: HttpRequest) -> Guardian | None:
    """Whose waiting lists are shown: the basket's owner, or whom a mailed link let in and who has refused since."""
    return basket_owner(request) or _linked(request)


def signed_in_guardian(request: HttpRequest, *, at: datetime) -> Guardian:
    """The account holder's profile, made at the first visit. Only behind `signed_in`."""
    if represented := acting_for(request):
        return represented
    if not isinstance(request.user, User):
        raise TypeError("This page is for account holders.")
    known = family_queries.guardian_of(request.user)
    if known is not None:
        return known
    refuse_to_begin(request)
    _welcome(request, request.user, at=at)
    return guardians.ensure_guardian(user=request.user, at=at)


def go_without_account(request: HttpRequest) -> None:
    """The guest has an identifier before the form is shown: sent several times at once, it makes one of them.

    Until the browser closes: the next person at a shared computer finds nothing of theirs.
    """
    if not goes_without_account(request):
        request.session[_GUEST_KEY] = str(ids.uuid7())
        request.session.set_expiry(0)


def goes_without_account(request: HttpRequest) -> bool:
    """True once the visitor chose « Continuer sans compte », so that the question is not asked again."""
    return _GUEST_KEY in request.session


def guest_id(request: HttpRequest) -> UUID:
    """The identifier that this session's guest has, or will have."""
    known = request.session.get(_GUEST_KEY)
    return UUID(known) if known else ids.uuid7()


def guest_email(request: HttpRequest) -> str:
    """The address that this session's guest gave, to be written once."""
    guest = _guest(request)
    return guest.email if guest else ""


def on_email_confirmed(*, request: HttpRequest, email_address: EmailAddress, **_said: object) -> None:
    """This session's guest has proved by a code that the address is theirs: what they did is their account's."""
    guest, user, at = _guest(request), email_address.user, clock.now()
    if guest and guest.email.casefold() == email_address.email.casefold():
        guardians.give_to_account(guest_id=guest.id, user=user, actor=_actor(user), at=at)
    _welcome(request, user, at=at)


def _welcome(request: HttpRequest, user: User, *, at: datetime) -> None:
    """Whom the organisation knows by an address that they have proved finds their children at once (S4-08)."""
    if claiming.claim(user=user, actor=_actor(user), at=at):
        messages.success(request, _("Nous avons trouvé votre dossier\u202f: vos enfants figurent dans votre liste."))


def _actor(user: User) -> Actor:
    return Actor(kind="guardian", user_id=user.id, label=str(user))


def open_linked(request: HttpRequest, guardian: Guardian) -> None:
    """The link that was mailed to a family without an account opens its basket, and nothing else of it."""
    request.session[_LINKED_KEY] = str(guardian.id)
    request.session.set_expiry(0)


def _linked(request: HttpRequest) -> Guardian | None:
    known = request.session.get(_LINKED_KEY)
    return Guardian.objects.filter(id=UUID(known), user=None).first() if known else None


def _guest(request: HttpRequest) -> Guardian | None:
    known = request.session.get(_GUEST_KEY)
    return Guardian.objects.filter(id=UUID(known), user=None).first() if known else None
