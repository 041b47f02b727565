"""The processor's page inside ours: its script runs on this page alone, under a policy of its own."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from billing.gateway.pages import PAGE_ID
from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import public
from shared_apps.accounts.limits import limited
from shared_apps.design.security import embedding_policy
from tenant_apps.orders.models import Order, Status
from tenant_apps.payments.models import Payment
from tenant_apps.payments.models import Status as PaymentStatus
from tenant_apps.payments.operations.begin import begin_payment
from tenant_apps.payments.operations.cancel import close
from tenant_apps.payments.operations.embedded import secret_of, waiting_on
from tenant_apps.portal import embedding
from tenant_apps.portal.answers import SeeOther, personal
from tenant_apps.portal.views.confirmation import order_or_404
from tenant_apps.portal.views.statement import own_or_404
from tenants import links


@public
@limited("payment", sent="token")
@require_http_methods(["GET", "HEAD", "POST"])
@personal
def pay_embedded(request: HttpRequest, token: str) -> HttpResponseBase:
    """Sent, the processor's own page instead: for who has no script, and for whom this page does not serve."""
    order = order_or_404(token)
    if order.status == Status.SETTLED:
        owned = own_or_404(request, token)
        if isinstance(owned, HttpResponseBase):
            return owned
    payment = waiting_on(page=embedding.page_of(order), order_id=order.pk)
    if payment is None:
        # « Back » after it was paid or left: paying begins where it always does, and never twice.
        return SeeOther(embedding.ways_of(order).begin)
    try:
        return _elsewhere(order, payment) if request.method == "POST" else _shown(request, order, payment)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return SeeOther(embedding.ways_of(order).begin)


def _shown(request: HttpRequest, order: Order, payment: Payment) -> HttpResponse:
    secret = secret_of(payment, at=clock.now())
    if not secret:
        return _after(order, payment)
    context = {
        "order": order,
        "payment": payment,
        "left_url": embedding.ways_of(order).left,
        "script_url": settings.STRIPE_JS_URL,
        "public_key": settings.STRIPE_PUBLISHABLE_KEY,
        "account": order.payee.processor_account,
        "secret": secret,
        "locale": get_language() or "auto",
    }
    response = render(request, "portal/pay_embedded.html", context)
    response["Content-Security-Policy"] = embedding_policy(settings.STRIPE_API_BASE, settings.STRIPE_JS_URL)
    return response


def _elsewhere(order: Order, payment: Payment) -> HttpResponse:
    """Only once the page inside ours is closed: one page at a time."""
    at, ways = clock.now(), embedding.ways_of(order)
    if close(payment, at=at).status in (PaymentStatus.SUCCEEDED, PaymentStatus.PROCESSING):
        return _after(order, payment)
    address = begin_payment(
        order_id=order.pk,
        return_url=f"{links.absolute(ways.paid)}?page={PAGE_ID}",
        cancel_url=links.absolute(ways.left),
        at=at,
        most_cents=payment.amount_cents,
    )
    return SeeOther(address or ways.begin)


def _after(order: Order, payment: Payment) -> HttpResponse:
    """As the processor itself sends back: the payment is looked at there."""
    return SeeOther(f"{embedding.ways_of(order).paid}?{urlencode({'page': payment.session_id})}")
