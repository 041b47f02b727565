"""A member of staff on the family's own screens (S2-03): which of them open, and for whom each request is made.

What is not named here stays closed: a page that is added to the portal is the family's alone until somebody lets
staff in.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from kernel import clock
from shared_apps.accounts.access import actor_of, is_operations, member_of
from shared_apps.audit.actors import Actor
from tenant_apps.families import on_behalf
from tenant_apps.families import queries as families
from tenant_apps.families.models import Participant
from tenant_apps.families.on_behalf import Acting
from tenant_apps.families.operations import counter
from tenant_apps.forms import definitions
from tenant_apps.forms.models import FormVersion
from tenant_apps.portal.baskets import Content
from tenant_apps.privacy import readings
from tenant_apps.registrations import helping

# What every page asks for, whoever looks; and what a page asks by itself, which is no sign of anybody at work.
_NOBODYS = frozenset({"brand_css", "picture", "robots", "sitemap", "integration", "integration_script", "turn"})
# Of the one who acts, not of the family: to leave, to prove who they are once more, to read in another language.
_OWN = frozenset(
    {
        "account_logout",
        "account_reauthenticate",
        "confirm_by_mail",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "set_language",
    }
)
ALLOWED = frozenset(
    {
        "home",
        "catalogue",
        "establishment",
        "offering",
        "register",
        "added",
        "basket",
        "basket_promotion",
        "basket_remove",
        "basket_abandon",
        "basket_renew",
        "basket_take_again",
        "basket_wait",
        "finalise",
        "waiting_lists",
        "waiting_leave",
        "waiting_refuse",
        "checkout",
        "send_pay_link",
        "confirmation",
        "receipt",
        "invoices",
        "instalments",
        "statement",
        "statement_receipt",
        "invoice",
        "calendar_file",
        "waiting_room",
        "wishes",
        "wish_add",
        "wish_edit",
        "wish_form",
        "draw_results",
        "draw_file",
        "child_add",
        "child_edit",
        "record",
        "to_do",
        "acting_end",
        "accessibility",
        "privacy",
    }
)


class OnBehalfMiddleware:
    """Stands inside the accounts' own middleware: who is signed in is known."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        name = match.url_name if match else None
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        if match is None or name in _NOBODYS or not has_session or is_operations(request):
            return None
        if not on_behalf.is_begun(request):
            return None
        acting = on_behalf.current(request, at=clock.now())
        if acting is None:
            return _over(request)
        request.acting = acting  # type: ignore[attr-defined]
        if match.namespaces or name in _OWN:
            return None
        if name not in ALLOWED:
            return _refused(request)
        # From here on every operation is the member of staff's, for that family.
        request.represented = acting  # type: ignore[attr-defined]
        return None


def acting_of(request: HttpRequest) -> Acting | None:
    """For the banner, which the workplace shows too: a second tab says whose the first one is."""
    return getattr(request, "acting", None)


def is_by_staff(request: HttpRequest) -> bool:
    return getattr(request, "represented", None) is not None


def onward(request: HttpRequest, name: str) -> str:
    """Where a page leads to once it is done with: not to one that is closed to staff."""
    return reverse("catalogue" if is_by_staff(request) and name not in ALLOWED else name)


def recorded_by(request: HttpRequest) -> UUID | None:
    """The account of who types for somebody who is present; None where people answer for themselves."""
    return request.user.pk if is_by_staff(request) else None


def address(content: Content) -> str:
    """Where the family reads its mail: its own address, else the one that a form gave; empty where there is none."""
    own = [content.basket.guardian.email] if content.basket else []
    return next((each for each in [*own, *(line.contact_email for line in content.lines)] if each), "")


def may_read_health(request: HttpRequest) -> bool:
    """Of who the page is for: the family itself, or staff in a role that reads health anyway."""
    return not is_by_staff(request) or all(reads(request) for _name, reads in on_behalf.READERS)


def note_reading(request: HttpRequest, version: FormVersion | None, child: Participant | None) -> None:
    """What the family said of a child's health is about to be shown to staff: the trail says so first."""
    if not is_by_staff(request) or version is None or child is None:
        return
    asked = {name for each in definitions.questions(definitions.read(version.definition)) for name in each.names}
    member = member_of(request)
    # « Non » is an answer about health too.
    answered = {key for key, said in families.sealed_answers(child).items() if said not in (None, "", [])}
    if member is not None and asked & answered:
        readings.record(
            actor=actor_of(request),
            role=member.role,
            subject="participant",
            subject_id=child.id,
            participant_ids=[child.id],
            reason="counter",
            at=clock.now(),
        )


def stop(request: HttpRequest) -> None:
    """However it ends, the trail says so, and that it was staff for that family."""
    actor, at = _helper(request), clock.now()
    if (guardian_id := on_behalf.guardian_id_of(request)) is not None:
        counter.note_ended(guardian_id=guardian_id, actor=actor, at=at)
    basket_id, helper_id = on_behalf.basket_id_of(request), on_behalf.begun_by(request)
    if basket_id is not None and helper_id is not None:
        helping.stop_helping(basket_id=basket_id, helper_id=helper_id, actor=actor, at=at)
    on_behalf.end(request)


def _helper(request: HttpRequest) -> Actor:
    """By whom it was begun: by now nobody may be signed in, or the page be refused."""
    actor = actor_of(request)
    label = actor.label if actor.user_id == on_behalf.begun_by(request) else ""
    return Actor(
        kind="staff",
        user_id=on_behalf.begun_by(request),
        label=label,
        on_behalf=on_behalf.guardian_id_of(request),
    )


def on_signed_out(*, request: HttpRequest | None, **_said: object) -> None:
    if request is not None and hasattr(request, "session") and on_behalf.is_begun(request):
        stop(request)


def _over(request: HttpRequest) -> HttpResponseBase:
    """Nothing that was sent is done: it would be done in the name of who is signed in."""
    stop(request)
    messages.info(request, _("Vous n’agissez plus pour cette famille. Recommencez si elle est encore avec vous."))
    return redirect("office:home" if member_of(request) else "home")


def _refused(request: HttpRequest) -> HttpResponse:
    context = {"counter_url": reverse("office:counter")}
    return render(request, "portal/not_on_behalf.html", context, status=403)
