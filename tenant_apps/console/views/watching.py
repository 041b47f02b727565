"""What operators watch besides the board: how one organisation goes, errors, tasks, and what operators did."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from kernel import clock
from shared_apps.accounts.access import actor_of, operator
from tenant_apps.console import health, journal, watching
from tenant_apps.console.pages import page, row_of, tab
from tenants.context import in_registry

_PER_PAGE = 50


@operator
def of_one(request: HttpRequest, slug: str) -> HttpResponse:
    row = row_of(slug)
    with in_registry():
        faults = list(health.faults(slug=slug)[:10])
    context = {
        "now": clock.now(),
        "figures": health.figures(row.pulse),
        "megabytes": health.megabytes(row.pulse),
        "jobs": health.jobs(row.organisation),
        "faults": faults,
    }
    return tab(request, "console/health.html", context, row=row, name="health")


@require_POST
@operator
def mail_again(request: HttpRequest, slug: str) -> HttpResponse:
    organisation = row_of(slug).organisation
    try:
        number = watching.send_failed_again(organisation=organisation, actor=actor_of(request), at=clock.now())
    except watching.NotServed:
        messages.error(request, _("Son état a changé entre-temps\u202f: rien n’a été fait."))
    else:
        words = ngettext("%(number)s courriel repart.", "%(number)s courriels repartent.", number)
        messages.success(request, words % {"number": number})
    return redirect("console:health", slug=slug)


@operator
def faults(request: HttpRequest) -> HttpResponse:
    slug, with_settled = request.GET.get("organisation", ""), "toutes" in request.GET
    with in_registry():
        found = health.faults(slug=slug, with_settled=with_settled)
        shown = Paginator(found, _PER_PAGE).get_page(request.GET.get("page"))
        rows = list(shown)
    context = {"rows": rows, "found": shown, "slug": slug, "with_settled": with_settled}
    return page(request, "console/faults.html", context, section="console:faults")


@require_POST
@operator
def fault_settled(request: HttpRequest, fault_id: int) -> HttpResponse:
    watching.settle(fault_id=fault_id, actor=actor_of(request), at=clock.now())
    return redirect("console:faults")


@require_POST
@operator
def fault_reopened(request: HttpRequest, fault_id: int) -> HttpResponse:
    watching.reopen(fault_id=fault_id, actor=actor_of(request), at=clock.now())
    return redirect("console:faults")


@operator
def tasks(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    context = {"machine": health.machine(at=at), "now": at}
    return page(request, "console/tasks.html", context, section="console:tasks")


@require_POST
@operator
def events_again(request: HttpRequest) -> HttpResponse:
    number = watching.handle_events_again(actor=actor_of(request), at=clock.now())
    words = ngettext("%(number)s événement repris.", "%(number)s événements repris.", number)
    messages.success(request, words % {"number": number})
    return redirect("console:tasks")


@operator
def deeds(request: HttpRequest) -> HttpResponse:
    form = journal.JournalFilters(request.GET)
    shown = Paginator(journal.narrowed(form), _PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "rows": journal.told(shown),
        "found": shown,
        "form": form,
        "is_narrowed": any(form.cleaned_data.values()),
    }
    return page(request, "console/journal.html", context, section="console:journal")
