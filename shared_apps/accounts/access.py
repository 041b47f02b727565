"""Who may open a view. Every view wears exactly one of these rules, and a test names the one that does not."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol
from uuid import UUID

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel.registry import Registry
from shared_apps.accounts import confirmation, detour, held
from shared_apps.audit.actors import GUEST, Actor

View = Callable[..., HttpResponseBase]


class Member(Protocol):
    """What an account is to the organisation that its person works for."""

    role: str


class Represented(Protocol):
    """The family that a member of staff acts for, once a room above has put it at `request.represented`."""

    @property
    def id(self) -> UUID: ...

    @property
    def name(self) -> str: ...


class Visit(Protocol):
    """Somebody of the platform who looks at the workplace by the organisation's leave, and changes nothing."""

    role: str

    @property
    def actor(self) -> Actor: ...


# Said by the rooms that know, at start-up: the member of staff whose account is at hand, and where the work of a
# person begins. Each answers None for whoever is no business of its own.
STAFF: Registry[Callable[[HttpRequest], Member | None]] = Registry("list of staff")
HOMES: Registry[Callable[[HttpRequest], str | None]] = Registry("first page")
# As long as the trail keeps a name.
_LABEL = 200


def public(view: View) -> View:
    """Anybody."""
    return _ruled("public", view, lambda request: None)


def signed_in(view: View) -> View:
    """Whoever has an account here, families and staff alike."""
    return _ruled("signed in", view, _sign_in)


def staff(*roles: str) -> Callable[[View], View]:
    """Staff of the organisation with the second factor, in one of `roles` where any are named.

    `request.staff_member` says who.
    """

    def check(request: HttpRequest) -> HttpResponseBase | None:
        if (visit := visit_of(request)) is not None:
            _let_look(request, visit, roles)
            return None
        if answer := _sign_in(request):
            return answer
        member = member_of(request)
        if member is None or (roles and member.role not in roles):
            raise PermissionDenied
        request.staff_member = member  # type: ignore[attr-defined]
        request.acting_as = "staff"  # type: ignore[attr-defined]
        return _second_factor(request)

    return lambda view: _ruled("staff", view, check)


def operator(view: View) -> View:
    """Staff of the platform, on the platform's own host, with the second factor."""

    def check(request: HttpRequest) -> HttpResponseBase | None:
        if not is_operations(request):
            raise PermissionDenied
        request.acting_as = "operator"  # type: ignore[attr-defined]
        return _sign_in(request) or _second_factor(request)

    return _ruled("operator", view, check)


def recently(what: str) -> Callable[[View], View]:
    """Inside one of the rules above: the account's holder signed in, or confirmed who they are, not long ago.

    `what` is one of settings.CONFIRMED_WITHIN: money, health, security, data. Guests, who have no account, are never
    asked. A form that was sent too late is held, and sent again by itself once its author is known.
    """

    def rule(view: View) -> View:
        @wraps(view)
        def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if visit_of(request) is not None:
                raise PermissionDenied
            if request.user.is_authenticated and not confirmation.is_recent(request, what):
                return _confirm(request)
            return view(held.released(request), *args, **kwargs)

        return asked

    return rule


def still_works(view: View) -> View:
    """Outside one of the rules above: it takes forms while the organisation is suspended (tenants.suspension).

    For who signs in, pays what is owed to the platform, or takes data away.
    """
    view.still_works = True  # type: ignore[attr-defined]
    return view


def is_operations(request: HttpRequest) -> bool:
    """Is this the platform's own host, where every account is an operator's?"""
    return getattr(getattr(request, "organisation", None), "is_operations", False)


def member_of(request: HttpRequest) -> Member | None:
    return next((member for _, staff_of in STAFF if (member := staff_of(request))), None)


def visit_of(request: HttpRequest) -> Visit | None:
    """Put at `request.visit` by a room above, once it has seen that the leave is open."""
    visit: Visit | None = getattr(request, "visit", None)
    return visit


def second_factor_done(request: HttpRequest) -> bool:
    """Has this session shown a second factor, at sign-in or when it was set up?"""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


def needs_second_factor(request: HttpRequest) -> bool:
    """Whoever works for an organisation or for the platform."""
    return is_operations(request) or member_of(request) is not None


def home_of(request: HttpRequest) -> str:
    """Where a person's own work begins, once signed in."""
    return next((home for _, home_for in HOMES if (home := home_for(request))), reverse("home"))


def actor_of(request: HttpRequest) -> Actor:
    """Who asks, as operations and the audit trail name them: by what the view lets them in for.

    A member of staff who registers a child of their own does it as a guardian, and another's as staff, for them.
    """
    if (visit := visit_of(request)) is not None:
        return visit.actor
    if not request.user.is_authenticated:
        return GUEST
    kind, name = getattr(request, "acting_as", "guardian"), str(request.user)
    represented: Represented | None = getattr(request, "represented", None)
    if represented is None:
        return Actor(kind=kind, user_id=request.user.pk, label=name)
    label = _("%(staff)s pour %(family)s") % {"staff": name, "family": represented.name}
    return Actor(kind="staff", user_id=request.user.pk, label=label[:_LABEL], on_behalf=represented.id)


def _ruled(rule: str, view: View, check: Callable[[HttpRequest], HttpResponseBase | None]) -> View:
    @wraps(view)
    def ruled(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return check(request) or view(request, *args, **kwargs)

    ruled.access = rule  # type: ignore[attr-defined]
    return ruled


def _let_look(request: HttpRequest, visit: Visit, roles: tuple[str, ...]) -> None:
    """What a visitor may see is what their role may; what asks to be confirmed, or to be sent, is not for them."""
    if roles and visit.role not in roles:
        raise PermissionDenied
    request.staff_member = visit  # type: ignore[attr-defined]


def _sign_in(request: HttpRequest) -> HttpResponseBase | None:
    if request.user.is_authenticated:
        return None
    return detour.by(request, "account_login", back=detour.page_of(request))


def _confirm(request: HttpRequest) -> HttpResponseBase:
    page = detour.page_of(request)
    if request.method == "POST" and page == request.get_full_path():
        page = held.hold(request)
    return detour.by(request, "account_reauthenticate", back=page)


def _second_factor(request: HttpRequest) -> HttpResponseBase | None:
    if second_factor_done(request):
        return None
    page = detour.page_of(request) if request.method == "GET" else home_of(request)
    if is_mfa_enabled(request.user, [Authenticator.Type.TOTP]):
        return detour.by(request, "mfa_reauthenticate", back=page)
    if is_mfa_enabled(request.user, [Authenticator.Type.WEBAUTHN]):
        return detour.by(request, "mfa_reauthenticate_webauthn", back=page)
    messages.info(request, _("Choisissez d’abord un second facteur\u202f: votre travail l’exige."))
    return detour.by(request, "choose_second_factor", back=page)
