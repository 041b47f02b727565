"""Payments that a payer's bank contests, those that wait for an answer first; what is lost may be forgiven."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kernel import clock
from shared_apps.accounts.access import actor_of, recently, staff
from shared_apps.design.posting import posted
from tenant_apps.office.money.refund_forms import ForgiveForm
from tenant_apps.office.pages import page
from tenant_apps.office.scope import FINANCES, REFUNDS, of_request
from tenant_apps.orders import ledger
from tenant_apps.payments.disputed import dispute_words, is_open
from tenant_apps.payments.models import Payment
from tenant_apps.payments.operations import refund_by_hand

_PER_PAGE = 50


@staff(*FINANCES)
@require_safe
def disputes(request: HttpRequest) -> HttpResponse:
    contested = Payment.objects.exclude(dispute={}).select_related("order__guardian", "order__payee")
    found = Paginator(contested.order_by("-started_at", "-id"), _PER_PAGE).get_page(request.GET.get("page"))
    balances = ledger.balances_of_orders([payment.order_id for payment in found])
    rows = [
        (payment, dispute_words(payment.dispute), is_open(payment.dispute), max(balances[payment.order_id], 0))
        for payment in found
    ]
    return page(request, "office/money/disputes.html", {"found": found, "rows": rows}, section="finances")


@staff(*REFUNDS)
@recently("money")
@require_http_methods(["GET", "HEAD", "POST"])
def forgive(request: HttpRequest, reference: str) -> HttpResponse:
    """The organisation asks for it no more."""
    order = get_object_or_404(of_request(request).orders().select_related("guardian", "payee"), reference=reference)
    owed = max(ledger.balance_of_order(order.pk), 0)
    form = ForgiveForm(posted(request), owed=owed)
    if form.is_valid():
        said = form.cleaned_data
        refund_by_hand.forgive(
            order_id=order.pk,
            cents=said["amount"],
            words=said["words"],
            key=said["key"],
            actor=actor_of(request),
            at=clock.now(),
        )
        messages.success(request, _("C’est enregistré."))
        return redirect("office:order", order.reference)
    context = {"form": form, "order": order, "owed": owed}
    return page(
        request, "office/money/forgive.html", context, section="registrations", status=422 if form.errors else 200
    )
