"""Back from the processor's page, paid or not: only what the processor itself answers is believed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of, public
from tenant_apps.orders.models import Order, Status
from tenant_apps.payments.models import Status as PaymentStatus
from tenant_apps.payments.operations.check_out import leave_check_out
from tenant_apps.payments.operations.settle import settle
from tenant_apps.portal import paying
from tenant_apps.portal.answers import SeeOther, personal
from tenant_apps.portal.views.confirmation import order_or_404


@public
@require_safe
@personal
def payment_return(request: HttpRequest, token: str) -> HttpResponse:
    order = order_or_404(token)
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
    if payment is not None and payment.status == PaymentStatus.PROCESSING:
        return render(request, "portal/waiting.html", {"order": order, "is_processing": True})
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
            messages.info(request, _("Vous avez quitté le paiement. Rien n’est perdu et rien n’a été payé."))
    return SeeOther(reverse("checkout"))
