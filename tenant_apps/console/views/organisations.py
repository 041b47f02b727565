"""Organisations: the list, a new one, its preparation as it goes, and taking it out of service and back."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kernel import clock
from kernel.errors import Refusal
from kernel.tasks import nudge
from kernel.transactions import operation
from shared_apps.accounts.access import actor_of, operator
from shared_apps.audit import operations as audit
from shared_apps.audit.models import Entry
from tenant_apps.console import kinds, organisations, trails
from tenant_apps.console.forms import OrganisationForm
from tenant_apps.console.pages import page
from tenants.models import Organisation
from tenants.operations import suspend
from tenants.operations.create import create
from tenants.operations.tasks import provision_organisation


@operator
def every(request: HttpRequest) -> HttpResponse:
    return page(request, "console/organisations.html", {"rows": organisations.every()}, section="console:organisations")


@operator
def new(request: HttpRequest) -> HttpResponse:
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("console:organisation", slug=_create(request, form.cleaned_data).slug)
        except Refusal as refusal:
            form.add_error("slug", str(refusal))
    return page(request, "console/new.html", {"form": form}, section="console:new", status=422 if form.errors else 200)


@operator
def one(request: HttpRequest, slug: str) -> HttpResponse:
    """While the organisation is in preparation, the page asks again by itself."""
    row = _row(slug)
    entries = Entry.objects.filter(subject="organisation", subject_id=row.organisation.pk).order_by("-at", "-id")
    return page(
        request,
        "console/organisation.html",
        {"row": row, "events": trails.events(entries)},
        section="console:organisations",
    )


@require_POST
@operator
def suspended(request: HttpRequest, slug: str) -> HttpResponse:
    return _moved(request, slug, suspend.suspend, "organisations.suspended", _("L’organisation est suspendue."))


@require_POST
@operator
def resumed(request: HttpRequest, slug: str) -> HttpResponse:
    return _moved(request, slug, suspend.resume, "organisations.resumed", _("L’organisation est en service."))


@require_POST
@operator
def prepared_again(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask once more for the preparation: it does nothing to an organisation that is already in service."""
    row = _row(slug)
    if not row.has_schema:
        nudge(provision_organisation, organisation_id=str(row.organisation.pk))
        _record(request, "organisations.prepared_again", row.organisation.pk)
        messages.info(request, _("La préparation est redemandée."))
    return redirect("console:organisation", slug=slug)


@operation
def _create(request: HttpRequest, wanted: dict[str, Any]) -> Organisation:
    kind = kinds.kind(wanted["kind"])
    organisation = create(
        name=wanted["name"],
        slug=wanted["slug"],
        preset=kind.key,
        time_zone=kind.time_zone,
        currency=kind.currency,
        country=kind.country,
        language=wanted["language"],
    )
    _record(request, "organisations.created", organisation.pk)
    return organisation


def _moved(request: HttpRequest, slug: str, move: Callable[..., None], action: str, done: str) -> HttpResponse:
    row = _row(slug)
    try:
        move(organisation_id=row.organisation.pk)
    except suspend.NotInService:
        messages.error(request, _("Son état a changé entre-temps\u202f: rien n’a été fait."))
    else:
        _record(request, action, row.organisation.pk)
        messages.success(request, done)
    return redirect("console:organisation", slug=slug)


def _record(request: HttpRequest, action: str, organisation_id: UUID) -> None:
    audit.record(
        action=action,
        subject="organisation",
        subject_id=organisation_id,
        actor=actor_of(request),
        at=clock.now(),
    )


def _row(slug: str) -> organisations.Row:
    try:
        return organisations.one(slug)
    except Organisation.DoesNotExist:
        raise Http404 from None
