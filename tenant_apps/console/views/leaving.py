"""« Données et départ » of an organisation: copies that are made for it, its dates, and the certificate of its end."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of, operator, recently
from shared_apps.design import formats
from shared_apps.design.posting import posted
from tenant_apps.console import leaving
from tenant_apps.console.pages import row_of, tab
from tenants.context import in_registry
from tenants.leaving import certificate_paper, departing
from tenants.leaving.forms import LeavingForm
from tenants.models import Departure, Organisation


@operator
@recently("security")
@require_http_methods(["GET", "HEAD", "POST"])
def shown(request: HttpRequest, slug: str) -> HttpResponse:
    """A form to announce the departure, or its dates; while a copy is made, the page asks again by itself."""
    row = row_of(slug)
    organisation = row.organisation
    closes_on, erases_on = departing.usual_days(organisation, clock.now())
    form = LeavingForm(
        posted(request),
        organisation=organisation.name,
        initial={"closes_on": closes_on, "erases_on": erases_on},
    )
    if form.is_valid() and _announced(request, organisation, form):
        messages.success(request, _("Le départ est annoncé. Les propriétaires et administrateurs sont prévenus."))
        return redirect("console:leaving", slug)
    with in_registry():
        exports, departure = leaving.exports_of(organisation), departing.announced(organisation.pk)
    context = {
        "form": form,
        "exports": exports,
        "is_under_way": leaving.is_under_way(exports),
        "departure": departure,
        "matters": departing.matters(organisation, clock.now()) if departure and row.has_schema else [],
    }
    status = 422 if form.errors else 200
    return tab(request, "console/leaving.html", context, row=row, name="leaving", status=status)


@operator
@recently("data")
@require_POST
def export_asked(request: HttpRequest, slug: str) -> HttpResponse:
    return _done(request, slug, leaving.ask_export, _("La copie se prépare. Un propriétaire pourra la télécharger."))


@operator
@recently("security")
@require_POST
def cancelled(request: HttpRequest, slug: str) -> HttpResponse:
    return _done(request, slug, leaving.cancel, _("Le départ est annulé\u202f: rien n’est effacé."))


@operator
@require_safe
def certificate(request: HttpRequest, slug: str) -> HttpResponse:
    departure = _erased_or_404(slug)
    content = certificate_paper.pdf(departure, language=get_language() or "fr")
    return _file(HttpResponse(content, content_type="application/pdf"), certificate_paper.file_name(departure))


@operator
@require_safe
def certificate_data(request: HttpRequest, slug: str) -> HttpResponse:
    departure = _erased_or_404(slug)
    content = certificate_paper.data(departure)
    name = certificate_paper.file_name(departure).replace(".pdf", ".json")
    return _file(HttpResponse(content, content_type="application/json"), name)


def _announced(request: HttpRequest, organisation: Organisation, form: LeavingForm) -> bool:
    try:
        leaving.announce(organisation_id=organisation.pk, **form.days(), actor=actor_of(request), at=clock.now())
    except Refusal as refusal:
        form.refuse(refusal, formats.locale_for(get_language() or "fr", organisation.country))
        return False
    return True


def _done(request: HttpRequest, slug: str, do: Callable[..., object], said: str) -> HttpResponse:
    try:
        do(organisation_id=row_of(slug).organisation.pk, actor=actor_of(request), at=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect("console:leaving", slug)


def _erased_or_404(slug: str) -> Departure:
    organisation = row_of(slug).organisation
    with in_registry():
        found = Departure.objects.select_related("organisation").filter(organisation=organisation)
        departure = found.exclude(erased_at=None).first()
    if departure is None:
        raise Http404
    return departure


def _file(answer: HttpResponse, name: str) -> HttpResponse:
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    answer["Cache-Control"] = "private, no-store"
    return answer
