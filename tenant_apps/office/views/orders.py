"""An order from end to end: what was ordered, what was paid, what the ledger says, what was done."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from shared_apps.accounts.access import recently, staff
from tenant_apps.office import answers, health, trails
from tenant_apps.office.money import payments_of
from tenant_apps.office.pages import page
from tenant_apps.office.scope import ORDERS, Scope, of_request
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Order
from tenant_apps.organisation.context import profile_of
from tenant_apps.payments import queries as payments
from tenant_apps.payments import receipts
from tenant_apps.payments.models import Receipt
from tenant_apps.registrations.models import Registration


@staff(*ORDERS)
@recently("health")
def order(request: HttpRequest, reference: str) -> HttpResponse:
    scope = of_request(request)
    found = get_object_or_404(payments.detailed().filter(pk__in=scope.orders().values("pk")), reference=reference)
    registrations = _registrations(found, scope)
    seen = {registration.pk for registration in registrations}
    lines = list(found.lines.all())
    reader = answers.Answers(profile_of(request), with_health=scope.sees_health)
    filled = answers.of_registrations(registrations, reader)
    balance = ledger.balance_of_order(found.pk)
    read = _told_health(filled)
    health.record_reading(request, subject="order", subject_id=found.pk, participants=read, reason="order")
    return page(
        request,
        "office/order.html",
        {
            "order": found,
            "currency": found.currency.upper(),
            "lines": [line for line in lines if line.registration_id in seen],
            "hidden_lines": sum(line.registration_id not in seen for line in lines),
            "filled": filled,
            "transfers": ledger.transfers_of(found.pk),
            "balance": balance,
            "owed_back": max(-balance, 0),
            "money": payments_of.of_order(found),
            "events": trails.events_of(found),
        },
        section="registrations",
    )


@staff(*ORDERS)
def receipt(request: HttpRequest, receipt_id: UUID) -> HttpResponse:
    """All of it or nothing: a receipt names every child of its order."""
    found = get_object_or_404(
        Receipt.objects.select_related("payment__order__payee", "payment__order__guardian").filter(
            payment__order__in=of_request(request).orders()
        ),
        pk=receipt_id,
    )
    order = found.payment.order
    if of_request(request).hides_lines_of(order):
        return page(request, "office/receipt_refused.html", {"order": order}, section="registrations", status=403)
    response = HttpResponse(receipts.pdf(found), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{receipts.file_name(found)}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _registrations(order: Order, scope: Scope) -> list[Registration]:
    seen = scope.registrations().filter(order_lines__order=order)
    return list(
        seen.select_related(
            "participant__establishment",
            "participant__level",
            "option__offering",
            "submission__version",
            "submission__sealed",
        ).order_by("order_lines__position")
    )


def _told_health(filled: list[answers.Filled]) -> set[UUID]:
    """The children about whose health the page says something."""
    return {each.participant.pk for each in filled if any(answer.is_health for answer in each.answers)}
