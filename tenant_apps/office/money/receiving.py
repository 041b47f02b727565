"""Money comes to the counter for an order (S2-24, S2-26); what is due later is moved, or asked of the card again."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of, recently, staff
from shared_apps.design import formats
from shared_apps.design.posting import posted
from tenant_apps.office.money.counter_forms import DueForm, ReceiveForm
from tenant_apps.office.money.payments_of import failure_words
from tenant_apps.office.pages import page
from tenant_apps.office.scope import RECEIVING, of_request
from tenant_apps.orders.models import Order
from tenant_apps.organisation.context import profile_of
from tenant_apps.organisation.rules import read
from tenant_apps.payments.errors import ChargeUnderWay, PaymentUnavailable
from tenant_apps.payments.models import Instalment, InstalmentStatus, Payment
from tenant_apps.payments.operations import charging, counter, later
from tenant_apps.payments.rounding import in_coins


@staff(*RECEIVING)
@recently("money")
@require_http_methods(["GET", "HEAD", "POST"])
def receive(request: HttpRequest, reference: str) -> HttpResponse:
    order = _order_or_404(request, reference)
    profile = profile_of(request)
    rules = read(profile.rules).paying
    owed = counter.due(order)
    form = ReceiveForm(posted(request), owed=owed, rules=rules, today=clock.today(profile.zone))
    if form.is_valid() and (payment := _received(request, order, form)):
        _say(request, payment, form.change_cents)
        return redirect("office:order", order.reference)
    context = {
        "form": form,
        "order": order,
        "owed": owed,
        "coins": in_coins(owed, rules.cash_step_cents),
        "takes_cash": "cash" in rules.counter,
        "takes_any": bool(rules.counter),
    }
    return page(
        request, "office/money/receive.html", context, section="registrations", status=422 if form.errors else 200
    )


@staff(*RECEIVING)
@require_http_methods(["GET", "HEAD", "POST"])
def due_day(request: HttpRequest, instalment_id: UUID) -> HttpResponse:
    """Another day for what is due, which the family asked for."""
    instalment = _instalment_or_404(request, instalment_id)
    form = DueForm(posted(request), initial={"due_on": instalment.due_on})
    if form.is_valid() and _is_moved(request, instalment, form):
        messages.success(request, _("La date est changée."))
        return redirect("office:order", instalment.order.reference)
    context = {"form": form, "instalment": instalment, "order": instalment.order}
    return page(
        request, "office/money/due_day.html", context, section="registrations", status=422 if form.errors else 200
    )


@staff(*RECEIVING)
@recently("money")
@require_POST
def ask_card(request: HttpRequest, instalment_id: UUID) -> HttpResponse:
    """The card that is kept, of what it refused."""
    instalment = _instalment_or_404(request, instalment_id)
    try:
        after = charging.charge_now(instalment_id=instalment.pk, actor=actor_of(request), at=clock.now())
    except ChargeUnderWay:
        messages.error(request, _("Un paiement de cette commande est déjà en cours. Réessayez dans quelques minutes."))
    except PaymentUnavailable:
        messages.error(
            request,
            _("La banque n’a pas répondu. Relisez la commande dans quelques minutes\u202f: rien n’est pris deux fois."),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        _say_charged(request, after)
    return _back(request, instalment.order.reference)


@staff(*RECEIVING)
@require_POST
def remind(request: HttpRequest, reference: str) -> HttpResponse:
    order = _order_or_404(request, reference)
    try:
        later.remind(order_id=order.pk, actor=actor_of(request), at=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Le rappel part à %(email)s.") % {"email": order.guardian.email})
    return _back(request, reference)


def _back(request: HttpRequest, reference: str) -> HttpResponse:
    return redirect("office:owing") if request.POST.get("from") == "list" else redirect("office:order", reference)


def _instalment_or_404(request: HttpRequest, instalment_id: UUID) -> Instalment:
    found = Instalment.objects.select_related("order__guardian").filter(order__in=of_request(request).orders())
    return get_object_or_404(found, pk=instalment_id)


def _order_or_404(request: HttpRequest, reference: str) -> Order:
    found = of_request(request).orders().select_related("guardian", "payee")
    return get_object_or_404(found, reference=reference)


def _received(request: HttpRequest, order: Order, form: ReceiveForm) -> Payment | None:
    try:
        return counter.receive(
            order_id=order.pk,
            payment_id=form.cleaned_data["key"],
            received=form.received,
            actor=actor_of(request),
            at=clock.now(),
        )
    except counter.MeansRefused as refusal:
        form.add_error("means", str(refusal))
    except Refusal as refusal:
        form.add_error("amount", str(refusal))
    return None


def _say_charged(request: HttpRequest, after: Instalment) -> None:
    if after.status == InstalmentStatus.PAID and after.payment is not None:
        said = {"amount": _amount(request, after.payment, after.payment.amount_cents), "card": after.payment.method}
        messages.success(request, _("%(amount)s pris sur la carte %(card)s.") % said)
    elif after.status == InstalmentStatus.CHARGING:
        messages.success(request, _("Le prélèvement est demandé\u202f: la banque n’a pas encore dit oui."))
    else:
        why = {"why": failure_words(after.failure)}
        messages.error(request, _("Le versement n’est pas payé. %(why)s") % why)


def _say(request: HttpRequest, payment: Payment, change_cents: int) -> None:
    paid = payment.amount_cents + payment.rounding_cents
    said = {"amount": _amount(request, payment, paid), "change": _amount(request, payment, change_cents)}
    if change_cents:
        messages.success(request, _("%(amount)s enregistrés. Rendez %(change)s à la famille.") % said)
    else:
        messages.success(request, _("%(amount)s enregistrés.") % said)


def _amount(request: HttpRequest, payment: Payment, cents: int) -> str:
    locale = formats.locale_for(request.LANGUAGE_CODE, profile_of(request).territory)
    return formats.money(cents, payment.currency.upper(), locale)


def _is_moved(request: HttpRequest, instalment: Instalment, form: DueForm) -> bool:
    try:
        later.change_due(
            instalment_id=instalment.pk, on=form.cleaned_data["due_on"], actor=actor_of(request), at=clock.now()
        )
    except Refusal as refusal:
        form.add_error("due_on", str(refusal))
        return False
    return True
