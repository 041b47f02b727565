"""Asking: a proof of residence or of income, a subsidy, an approval, support for a child."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of, recently, signed_in
from tenant_apps.entitlements import queries, wording
from tenant_apps.entitlements.models import Kind
from tenant_apps.entitlements.operations import asking as operations
from tenant_apps.families.models import Guardian, PriceCategory
from tenant_apps.forms import uploads
from tenant_apps.organisation.context import profile_of
from tenant_apps.portal import asking, visitor
from tenant_apps.portal.answers import SeeOther
from tenant_apps.portal.forms.entitlements import ChildRequestForm, ProofForm, RequestForm
from tenant_apps.portal.views.offering import offering_or_404
from tenant_apps.registrations import support

_METHODS = ["GET", "HEAD", "POST"]
_TITLES = {
    Kind.RESIDENCE: gettext_lazy("Prouver ma résidence"),
    Kind.INCOME: gettext_lazy("Prouver mon revenu"),
    Kind.SUBSIDY: gettext_lazy("Demander une aide financière"),
    Kind.APPROVAL: gettext_lazy("Demander à inscrire"),
    Kind.SUPPORT: gettext_lazy("Demander du soutien"),
}


@signed_in
@require_http_methods(_METHODS)
def proof(request: HttpRequest, kind: str) -> HttpResponse:
    """Of residence or of income, or a subsidy: for the family or for some of its children."""
    at, prices = clock.now(), queries.prices()
    guardian = visitor.signed_in_guardian(request, at=at)
    named = wording.named(kind, prices)
    if not (named or (kind == Kind.RESIDENCE and prices.residence.asks_proof)):
        raise Http404
    children = asking.askable_children(guardian)
    form = ProofForm(*_sent(request), guardian=guardian, children=children, named=named)

    def send() -> None:
        operations.ask(
            guardian_id=guardian.id,
            kind=Kind(kind),
            key=form.cleaned_data.get("which") or PriceCategory.RESIDENT,
            participant_ids=form.participant_ids,
            words=form.cleaned_data["words"],
            upload_ids=form.upload_ids,
            actor=actor_of(request),
            at=at,
        )

    return _page(request, form, guardian, send, {"kind": kind, "is_health": False})


@signed_in
@require_http_methods(_METHODS)
def approval(request: HttpRequest, slug: str) -> HttpResponse:
    at = clock.now()
    guardian, offering = visitor.signed_in_guardian(request, at=at), offering_or_404(slug)
    if not asking.takes_approval(offering):
        raise Http404
    form = _child_form(request, guardian)

    def send() -> None:
        operations.ask(
            guardian_id=guardian.id,
            kind=Kind.APPROVAL,
            participant_ids=[UUID(form.cleaned_data["child"])],
            offering_id=offering.id,
            words=form.cleaned_data["words"],
            upload_ids=form.upload_ids,
            actor=actor_of(request),
            at=at,
        )

    return _page(request, form, guardian, send, {"kind": Kind.APPROVAL, "offering": offering, "is_health": False})


@signed_in
@recently("health")
@require_http_methods(_METHODS)
def support_request(request: HttpRequest, slug: str) -> HttpResponse:
    at, profile = clock.now(), profile_of(request)
    guardian, offering = visitor.signed_in_guardian(request, at=at), offering_or_404(slug)
    calendar, today = support.calendar_of(offering), clock.local_date(at, profile.zone)
    if calendar is None:
        raise Http404
    options = asking.supported_options(offering, at=at, zone=profile.zone, country=profile.territory)
    form = _child_form(request, guardian, options=options)

    def send() -> None:
        requests = support.ask(
            guardian_id=guardian.id,
            participant_id=UUID(form.cleaned_data["child"]),
            option_ids=[UUID(each) for each in form.cleaned_data["options"]],
            words=form.cleaned_data["words"],
            upload_ids=form.upload_ids,
            actor=actor_of(request),
            at=at,
        )
        if len(support.kept_places(requests)) < len(requests):
            messages.warning(request, _("Aucune place n’est gardée pour une partie de vos choix."))

    context = {"kind": Kind.SUPPORT, "offering": offering, "calendar": calendar, "is_health": True}
    if not calendar.is_open(today) or not options:
        return render(request, "portal/entitlement_closed.html", context)
    return _page(request, form, guardian, send, context)


def _page(
    request: HttpRequest, form: RequestForm, guardian: Guardian, send: Callable[[], None], context: dict[str, Any]
) -> HttpResponse:
    """What was typed and sent stays when something is missing or refused."""
    if request.method == "POST":
        is_valid = form.is_valid()
        uploads.keep_files(form, guardian_id=guardian.id, at=clock.now(), is_health=context["is_health"])
        if is_valid and _is_sent(form, send):
            messages.success(request, _("Votre demande est envoyée. Nous vous écrirons dès qu’elle sera étudiée."))
            return SeeOther(reverse("entitlements"))
    title = _TITLES[Kind(context["kind"])]
    return render(request, "portal/entitlement_ask.html", {**context, "form": form, "title": title})


def _is_sent(form: RequestForm, send: Callable[[], None]) -> bool:
    try:
        send()
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _child_form(request: HttpRequest, guardian: Guardian, **options: Any) -> ChildRequestForm:
    children = asking.askable_children(guardian)
    chosen = asking.initial_child(children, request.GET.get("enfant", ""))
    return ChildRequestForm(*_sent(request), guardian=guardian, children=children, chosen=chosen, **options)


def _sent(request: HttpRequest) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)
