"""Requests of families: the queue, one request with its proofs, and the answer."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of, recently, staff
from shared_apps.design.posting import posted
from tenant_apps.entitlements import queries, residence, telling, terms, wording
from tenant_apps.entitlements.models import Entitlement, Kind
from tenant_apps.entitlements.operations import deciding
from tenant_apps.forms import uploads
from tenant_apps.forms.models import Upload
from tenant_apps.office import acquaintance
from tenant_apps.office.entitlements import answering, queue, readings
from tenant_apps.office.entitlements.forms import DecisionForm, EndForm
from tenant_apps.office.pages import page
from tenant_apps.office.scope import FAMILIES_CHANGE, of_request
from tenant_apps.organisation.context import profile_of
from tenant_apps.registrations import support

_PER_PAGE = 50


@staff(*FAMILIES_CHANGE)
@require_safe
def entitlements(request: HttpRequest) -> HttpResponse:
    filters = queue.QueueFilters(request.GET)
    found = Paginator(queue.narrowed(acquaintance.requests(of_request(request)), filters), _PER_PAGE).get_page(
        request.GET.get("page")
    )
    rows = queue.rows(found, queries.prices(), on=clock.today(profile_of(request).zone))
    context = {"found": found, "rows": rows, "form": filters, "is_narrowed": bool(request.GET)}
    return page(request, "office/entitlements.html", context, section="entitlements")


@staff(*FAMILIES_CHANGE)
@recently("health")
@require_http_methods(["GET", "HEAD", "POST"])
def entitlement(request: HttpRequest, entitlement_id: UUID) -> HttpResponse:
    found = _found(request, entitlement_id)
    today, prices = clock.today(profile_of(request).zone), queries.prices()
    siblings = answering.siblings_of(found, acquaintance.requests(of_request(request)))
    form = DecisionForm(
        posted(request),
        entitlement=found,
        prices=prices,
        today=today,
        until_on=terms.last_day(
            Kind(found.kind), from_on=today, rule=prices.residence, offering=found.offering, option=found.option
        ),
        siblings=siblings,
    )
    if request.method == "POST" and (said := answering.decided(request, found, siblings, form)):
        messages.success(request, said)
        return redirect("office:entitlements")
    readings.record_words(request, found)
    return page(
        request,
        "office/entitlement.html",
        {
            "entitlement": found,
            "title": wording.title(found, prices),
            "state": wording.state(found, today),
            "said": telling.said(found),
            "files": Upload.objects.filter(pk__in=[UUID(each) for each in found.uploads]),
            "address": residence.address(found.guardian.household.answers) if found.guardian.household else {},
            "kept": support.kept_place(found) if found.kind == Kind.SUPPORT else None,
            "form": form,
            "end_form": EndForm(initial={"until_on": today}),
            "trail": readings.trail_of(found),
        },
        section="entitlements",
        status=422 if form.errors else 200,
    )


@staff(*FAMILIES_CHANGE)
@recently("health")
@require_safe
def proof(request: HttpRequest, entitlement_id: UUID, upload_id: UUID) -> HttpResponse:
    """Whoever opens a proof is named in the trail, whether they decide or not."""
    found = _found(request, entitlement_id)
    if str(upload_id) not in found.uploads:
        raise Http404
    upload = get_object_or_404(Upload, pk=upload_id)
    answer = uploads.response(upload)
    readings.record_words(request, found)
    readings.record_proof(request, found, str(upload.id))
    return answer


@staff(*FAMILIES_CHANGE)
@require_POST
def end(request: HttpRequest, entitlement_id: UUID) -> HttpResponse:
    found, form = _found(request, entitlement_id), EndForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Écrivez le dernier jour, comme sur le calendrier."))
        return redirect("office:entitlement", entitlement_id=found.id)
    try:
        until_on = form.cleaned_data["until_on"]
        deciding.end(entitlement_id=found.id, until_on=until_on, actor=actor_of(request), at=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("C’est écourté\u202f: la famille en est avertie par courriel."))
    return redirect("office:entitlement", entitlement_id=found.id)


@staff(*FAMILIES_CHANGE)
@require_POST
def reopen(request: HttpRequest, entitlement_id: UUID) -> HttpResponse:
    """Not of a support request: its place has been handed over, or given to others."""
    found = _found(request, entitlement_id)
    if found.kind == Kind.SUPPORT:
        raise Http404
    try:
        deciding.reopen(entitlement_id=found.id, actor=actor_of(request), at=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("La demande est de nouveau à l’étude."))
    return redirect("office:entitlement", entitlement_id=found.id)


def _found(request: HttpRequest, entitlement_id: UUID) -> Entitlement:
    known = acquaintance.requests(of_request(request)).select_related(
        "guardian__household", "participant", "offering", "option"
    )
    return get_object_or_404(known, pk=entitlement_id)
