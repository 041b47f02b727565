"""Back from the processor's page, paid or not: only what the processor itself answers is believed."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from billing.gateway.intents import NEEDS_PAYER
from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of, public
from tenant_apps.catalog.pricing import wording
from tenant_apps.orders.models import Order, Status
from tenant_apps.payments.models import Status as PaymentStatus
from tenant_apps.payments.operations import together
from tenant_apps.payments.operations.check_out import leave_check_out
from tenant_apps.payments.operations.instalments import is_charging
from tenant_apps.payments.operations.settle import settle
from tenant_apps.portal import paying
from tenant_apps.portal.answers import SeeOther, personal
from tenant_apps.portal.views.confirmation import order_or_404


@public
@require_safe
@personal
def payment_return(request: HttpRequest, token: str) -> HttpResponse:
    order = order_or_404(token)
    if page := request.GET.get("ensemble"):
        return _several(request, order, page)
    payment = paying.payment_of_return(order, request.GET.get("page", ""))
    if payment is not None and payment.status != PaymentStatus.SUCCEEDED:
        try:
            payment = settle(payment_id=payment.id, at=clock.now())
        except Refusal:
            return render(request, "portal/waiting.html", {"order": order})
    # Once more, after its payment: the processor's event may have settled both since the order was read.
    order.refresh_from_db(fields=["status"])
    if order.status == Status.SETTLED:
        return _after_payment(order)
    if payment is not None and payment.status == PaymentStatus.STARTED and is_charging(payment):
        return render(request, "portal/waiting.html", {"order": order})
    if payment is not None and payment.status == PaymentStatus.PROCESSING:
        return render(request, "portal/waiting.html", {"order": order, "is_processing": True})
    return _not_paid(request)


def _several(request: HttpRequest, order: Order, page: str) -> HttpResponse:
    """Back from the page of several payees: what each of them received is told by itself (O-02)."""
    again = f"{reverse('payment_return', args=[order.token])}?{urlencode({'ensemble': page})}"
    try:
        outcomes = together.finish(page_id=page, at=clock.now())
    except Refusal:
        return render(request, "portal/waiting.html", {"order": order, "again": again})
    if order.id not in {outcome.order.id for outcome in outcomes}:
        return _not_paid(request)
    if any(outcome.is_unknown for outcome in outcomes):
        return render(request, "portal/waiting.html", {"order": order, "again": again})
    for told in filter(None, (_told(outcome) for outcome in outcomes)):
        messages.warning(request, told)
    order.refresh_from_db(fields=["status"])
    if order.status == Status.SETTLED:
        return _after_payment(order)
    return SeeOther(reverse("checkout"))


def _told(outcome: together.Outcome) -> str:
    """Why a payee received nothing, and what is to be done; nothing of one that was paid, which the page shows."""
    payment = outcome.payment
    if payment is None or outcome.is_paid:
        return ""
    words = {"amount": wording.amount(payment.amount_cents), "payee": outcome.order.payee.name}
    if outcome.failure == NEEDS_PAYER:
        return (
            _(
                "Votre banque veut vous poser une question avant de payer %(amount)s à %(payee)s. "
                "Ce montant n’est pas débité\u202f: payez-le sur sa propre page."
            )
            % words
        )
    return (
        _(
            "La carte n’a pas pu payer %(amount)s à %(payee)s. "
            "Ce montant n’est pas débité\u202f: payez-le sur sa propre page, avec cette carte ou une autre."
        )
        % words
    )


def _not_paid(request: HttpRequest) -> HttpResponse:
    told = _("Le paiement n’a pas abouti. Rien n’est perdu\u202f: vos places sont toujours gardées.")
    messages.warning(request, told)
    return SeeOther(reverse("checkout"))


def _after_payment(order: Order) -> HttpResponse:
    if paying.still_to_pay(order):
        return SeeOther(reverse("checkout"))
    return SeeOther(reverse("confirmation", args=[order.token]))


@public
@require_safe
@personal
def payment_cancelled(request: HttpRequest, token: str) -> HttpResponse:
    """The visitor left the processor's page. The way back closes it, so that nothing is paid behind their back."""
    order = order_or_404(token)
    if order.status == Status.OPEN:
        try:
            leave_check_out(basket_id=order.basket_id, actor=actor_of(request), at=clock.now())
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            if Order.objects.filter(basket_id=order.basket_id, status=Status.SETTLED).exists():
                left = _("Vous avez quitté le paiement. Rien n’est perdu et rien d’autre n’a été payé.")
            else:
                left = _("Vous avez quitté le paiement. Rien n’est perdu et rien n’a été payé.")
            messages.info(request, left)
    return SeeOther(reverse("checkout"))
