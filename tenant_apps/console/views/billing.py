"""« Facturation » of one organisation, and « Offres »: what the platform sells and who has it."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from billing import limits, overview, plans, pricing
from billing.gateway.client import ProcessorRefused, ProcessorUnavailable
from billing.models import Plan
from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of, operator, recently
from tenant_apps.console import billing
from tenant_apps.console.forms_billing import PlanForm, TimeForm, WordsForm
from tenant_apps.console.pages import page, row_of, tab
from tenants.context import in_registry


@operator
@require_safe
def offers(request: HttpRequest) -> HttpResponse:
    shown = [
        (plan, plans.name_of(plan), _prices(plan), limits.words_of(plan), count)
        for plan, count in billing.counted_plans()
    ]
    return page(request, "console/plans.html", {"offers": shown}, section="console:plans")


@operator
@require_safe
def one(request: HttpRequest, slug: str) -> HttpResponse:
    return _shown(request, slug)


@operator
@recently("money")
@require_POST
def plan_changed(request: HttpRequest, slug: str) -> HttpResponse:
    form = PlanForm(request.POST, prefix="plan")
    if not form.is_valid():
        return _shown(request, slug, plan=form)
    code = form.cleaned_data["plan"]
    return _done(request, slug, billing.change_plan, _("Le forfait est changé."), code=code)


@operator
@recently("money")
@require_POST
def paid(request: HttpRequest, slug: str, invoice_id: UUID) -> HttpResponse:
    form = WordsForm(request.POST, prefix="paid")
    if not form.is_valid():
        return _shown(request, slug, paid=form)
    said = _("La facture est payée.")
    words = form.cleaned_data["words"]
    return _done(request, slug, billing.record_payment, said, invoice_id=invoice_id, words=words)


@operator
@recently("money")
@require_POST
def time_given(request: HttpRequest, slug: str) -> HttpResponse:
    form = TimeForm(request.POST, prefix="time")
    if not form.is_valid():
        return _shown(request, slug, time=form)
    zone = ZoneInfo(row_of(slug).organisation.time_zone)
    until = clock.end_of_day(form.cleaned_data["until"], zone)
    words = form.cleaned_data["words"]
    return _done(request, slug, billing.give_time, _("Le délai est prolongé."), until=until, words=words)


def _shown(request: HttpRequest, slug: str, **wrong: object) -> HttpResponse:
    """With the form that was refused in the place of its empty one."""
    row = row_of(slug)
    with in_registry():
        shown = overview.of(row.organisation, at=clock.now())
        forms = {
            "plan": PlanForm(prefix="plan", initial={"plan": shown.plan.code} if shown else {}),
            "paid": WordsForm(prefix="paid"),
            "time": TimeForm(prefix="time", initial={"until": clock.now() + timedelta(days=14)}),
        }
    context = {
        "shown": shown,
        "price": pricing.price(shown.plan, shown.subscription.currency, terms=shown.terms) if shown else None,
        "largest": max([month.participants for month in shown.months], default=0) if shown else 0,
        "forms": {**forms, **wrong},
    }
    status = 422 if wrong else 200
    return tab(request, "console/organisation_billing.html", context, row=row, name="billing", status=status)


def _done(request: HttpRequest, slug: str, move: Callable[..., None], said: str, **arguments: object) -> HttpResponse:
    organisation = row_of(slug).organisation
    with in_registry():
        if overview.of(organisation, at=clock.now()) is None:
            raise Http404
    try:
        move(organisation_id=organisation.pk, actor=actor_of(request), at=clock.now(), **arguments)
    except ProcessorUnavailable:
        messages.error(request, _("Le processeur de paiement ne répond pas. Réessayez dans quelques minutes."))
    except ProcessorRefused:
        messages.error(request, _("Le processeur de paiement a refusé."))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect("console:billing", slug=slug)


def _prices(plan: Plan) -> list[pricing.Price]:
    return [pricing.price(plan, currency) for currency in plan.prices]
