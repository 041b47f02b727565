"""Who may open a view. Every view wears exactly one of these rules, and a test names the one that does not."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol

from allauth.account.authentication import get_authentication_records
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from kernel.registry import Registry
from shared_apps.audit.actors import GUEST, Actor

View = Callable[..., HttpResponseBase]


class Member(Protocol):
    """What an account is to the organisation that its person works for."""

    role: str


# Said by the rooms that know, at start-up: the member of staff whose account is at hand, and where the work of a
# person begins. Each answers None for whoever is no business of its own.
STAFF: Registry[Callable[[HttpRequest], Member | None]] = Registry("list of staff")
HOMES: Registry[Callable[[HttpRequest], str | None]] = Registry("first page")


def public(view: View) -> View:
    """Anybody."""
    return _ruled("public", view, lambda request: None)


def signed_in(view: View) -> View:
    """Whoever has an account here, families and staff alike."""
    return _ruled("signed in", view, _sign_in)


def staff(*roles: str) -> Callable[[View], View]:
    """Staff of the organisation, in one of `roles` where any are named. `request.staff_member` says who."""

    def check(request: HttpRequest) -> HttpResponseBase | None:
        if answer := _sign_in(request):
            return answer
        member = member_of(request)
        if member is None or (roles and member.role not in roles):
            raise PermissionDenied
        request.staff_member = member  # type: ignore[attr-defined]
        request.acting_as = "staff"  # type: ignore[attr-defined]
        return None

    return lambda view: _ruled("staff", view, check)


def operator(view: View) -> View:
    """Staff of the platform, on the platform's own host, with the second factor."""

    def check(request: HttpRequest) -> HttpResponseBase | None:
        if not is_operations(request):
            raise PermissionDenied
        request.acting_as = "operator"  # type: ignore[attr-defined]
        return _sign_in(request) or _second_factor(request)

    return _ruled("operator", view, check)


def is_operations(request: HttpRequest) -> bool:
    """Is this the platform's own host, where every account is an operator's?"""
    return getattr(getattr(request, "organisation", None), "is_operations", False)


def member_of(request: HttpRequest) -> Member | None:
    return next((member for _, staff_of in STAFF if (member := staff_of(request))), None)


def second_factor_done(request: HttpRequest) -> bool:
    """Has this session shown a second factor, at sign-in or when it was set up?"""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


def home_of(request: HttpRequest) -> str:
    """Where a person's own work begins, once signed in."""
    return next((home for _, home_for in HOMES if (home := home_for(request))), reverse("home"))


def actor_of(request: HttpRequest) -> Actor:
    """Who asks, as operations and the audit trail name them: by what the view lets them in for.

    A member of staff who registers a child of their own does it as a guardian.
    """
    if not request.user.is_authenticated:
        return GUEST
    return Actor(kind=getattr(request, "acting_as", "guardian"), user_id=request.user.pk, label=str(request.user))


def _ruled(rule: str, view: View, check: Callable[[HttpRequest], HttpResponseBase | None]) -> View:
    @wraps(view)
    def ruled(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return check(request) or view(request, *args, **kwargs)

    ruled.access = rule  # type: ignore[attr-defined]
    return ruled


def _sign_in(request: HttpRequest) -> HttpResponseBase | None:
    if request.user.is_authenticated:
        return None
    if getattr(request, "htmx", False):
        # A piece of a page cannot hold the sign-in page: the browser itself must go there, and come back to the whole.
        page = request.htmx.current_url_abs_path or "/"  # type: ignore[attr-defined]
        return HttpResponseClientRedirect(redirect_to_login(page, reverse("account_login")).url)
    return redirect_to_login(request.get_full_path(), reverse("account_login"))


def _second_factor(request: HttpRequest) -> HttpResponseBase | None:
    if second_factor_done(request):
        return None
    messages.info(request, _("Activez d’abord votre application d’authentification\u202f: la console l’exige."))
    return redirect("mfa_activate_totp")
