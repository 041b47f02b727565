"""Organisations: a new one, what it is, its preparation as it goes, and taking it out of service and back."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of, operator, recently
from shared_apps.audit.models import Entry
from shared_apps.audit.trails import told
from shared_apps.design.posting import posted
from tenant_apps.console import operations, trails
from tenant_apps.console.forms import OrganisationForm, SuspensionForm
from tenant_apps.console.pages import page, row_of, tab
from tenants.operations.suspend import NotInService
from tenants.regions import NotServedHere

# The older ones are in the journal.
_LATEST = 20


@operator
def new(request: HttpRequest) -> HttpResponse:
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.open_organisation(**form.cleaned_data, actor=actor_of(request), at=clock.now())
            return redirect("console:organisation", slug=made.slug)
        except NotServedHere as refusal:
            form.add_error("kind", str(refusal))
        except Refusal as refusal:
            form.add_error("slug", str(refusal))
    return page(
        request, "console/new.html", {"form": form}, section="console:organisations", status=422 if form.errors else 200
    )


@operator
def one(request: HttpRequest, slug: str) -> HttpResponse:
    """While the organisation is in preparation, the page asks again by itself."""
    row = row_of(slug)
    entries = Entry.objects.filter(subject="organisation", subject_id=row.organisation.pk).order_by("-at", "-id")
    context = {"events": told(entries[:_LATEST], trails.WORDS), "now": clock.now()}
    return tab(request, "console/organisation.html", context, row=row, name="organisation")


@operator
@recently("security")
@require_http_methods(["GET", "HEAD", "POST"])
def suspended(request: HttpRequest, slug: str) -> HttpResponse:
    """What it does is said, and why is asked, before it is done."""
    row, form = row_of(slug), SuspensionForm(posted(request))
    if form.is_valid():
        move = partial(operations.suspend, words=form.cleaned_data["words"])
        return _moved(request, slug, move, _("L’organisation est suspendue."))
    status = 422 if form.errors else 200
    context = {"row": row, "form": form}
    return page(request, "console/suspend.html", context, section="console:organisations", status=status)


@operator
@recently("security")
@require_POST
def resumed(request: HttpRequest, slug: str) -> HttpResponse:
    return _moved(request, slug, operations.resume, _("L’organisation est en service."))


@require_POST
@operator
def prepared_again(request: HttpRequest, slug: str) -> HttpResponse:
    row = row_of(slug)
    if not row.has_schema:
        operations.prepare_again(organisation_id=row.organisation.pk, actor=actor_of(request), at=clock.now())
        messages.info(request, _("La préparation est redemandée."))
    return redirect("console:organisation", slug=slug)


def _moved(request: HttpRequest, slug: str, move: Callable[..., None], done: str) -> HttpResponse:
    try:
        move(organisation_id=row_of(slug).organisation.pk, actor=actor_of(request), at=clock.now())
    except NotInService:
        messages.error(request, _("Son état a changé entre-temps\u202f: rien n’a été fait."))
    else:
        messages.success(request, done)
    return redirect("console:organisation", slug=slug)
