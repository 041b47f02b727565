"""Back from the processor's pages to the account of an order: after a payment, and after another card was given."""

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from billing.gateway.pages import PAGE_ID
from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import public, recently
from shared_apps.accounts.limits import limited
from tenant_apps.catalog.pricing.wording import amount
from tenant_apps.orders.models import Order, Status
from tenant_apps.payments.models import Payment
from tenant_apps.payments.models import Status as PaymentStatus
from tenant_apps.payments.operations import cards
from tenant_apps.payments.operations.cancel import close, live_of
from tenant_apps.payments.operations.settle import settle
from tenant_apps.portal import paying
from tenant_apps.portal.answers import SeeOther, personal
from tenant_apps.portal.views.statement import own_or_404
from tenants import links


@public
@require_safe
@personal
def paid(request: HttpRequest, token: str) -> HttpResponseBase:
    """Believe only what the processor itself answers."""
    order = own_or_404(request, token)
    if isinstance(order, HttpResponseBase):
        return order
    payment = paying.payment_of_return(order, request.GET.get("page", ""))
    if payment is not None:
        _tell(request, payment)
    return SeeOther(reverse("statement", args=[token]))


@public
@require_safe
@personal
def cancelled(request: HttpRequest, token: str) -> HttpResponseBase:
    """Whoever leaves the processor's page has it closed behind them."""
    order = own_or_404(request, token)
    if isinstance(order, HttpResponseBase):
        return order
    if order.status == Status.OPEN:
        return SeeOther(reverse("checkout"))
    _leave(request, order)
    return SeeOther(reverse("statement", args=[token]))


@public
@recently("money")
@limited("payment", sent="token")
@require_http_methods(["GET", "POST"])
@personal
def change_card(request: HttpRequest, token: str) -> HttpResponseBase:
    """Another card for what is due later: it is given on the processor's page, where nothing is paid."""
    order = own_or_404(request, token)
    if isinstance(order, HttpResponseBase):
        return order
    here = reverse("statement", args=[token])
    if request.method == "GET":
        return SeeOther(here)
    try:
        address = cards.begin_change(
            order_ids=[order.pk],
            return_url=f"{links.absolute(reverse('card_changed', args=[token]))}?page={PAGE_ID}",
            cancel_url=links.absolute(here),
            at=clock.now(),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
        address = here
    return SeeOther(address)


@public
@require_safe
@personal
def card_changed(request: HttpRequest, token: str) -> HttpResponseBase:
    order = own_or_404(request, token)
    if isinstance(order, HttpResponseBase):
        return order
    try:
        label = cards.finish_change(page_id=request.GET.get("page", ""), at=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        if label:
            messages.success(
                request, _("Vos prochains versements seront pris sur la carte %(card)s.") % {"card": label}
            )
        else:
            messages.info(request, _("La carte n’a pas été changée."))
    return SeeOther(reverse("statement", args=[token]))


def _tell(request: HttpRequest, payment: Payment) -> None:
    try:
        payment = settle(payment_id=payment.pk, at=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return
    said = {"amount": amount(payment.amount_cents)}
    if payment.status == PaymentStatus.SUCCEEDED:
        told = _("Merci\u202f: votre paiement de %(amount)s est reçu. Le reçu vous est envoyé par courriel.")
        messages.success(request, told % said)
    elif payment.status == PaymentStatus.PROCESSING:
        told = _("Votre paiement de %(amount)s est en cours\u202f: le reçu vous sera envoyé dès qu’il arrive.")
        messages.info(request, told % said)
    else:
        messages.warning(request, _("Le paiement n’a pas abouti. Rien n’a été pris."))


def _leave(request: HttpRequest, order: Order) -> None:
    try:
        ended = [close(payment, at=clock.now()) for payment in live_of([order])]
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return
    if any(payment.status == PaymentStatus.SUCCEEDED for payment in ended):
        messages.success(request, _("Votre paiement était déjà fait\u202f: il est reçu."))
    elif ended:
        messages.info(request, _("Vous avez quitté le paiement. Rien n’a été payé."))
