"""After the payment: the confirmation, its receipt and its calendar file. Who holds the token may see them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from shared_apps.accounts.access import public
from tenant_apps.catalog.models import Nature
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Order, Status
from tenant_apps.payments import queries as payments
from tenant_apps.payments import receipts
from tenant_apps.payments.models import Status as Paid
from tenant_apps.payments.operations import warning
from tenant_apps.payments.states import LIVE
from tenant_apps.portal import by_transfer, calendar_file, concealing, summaries
from tenant_apps.portal.answers import SeeOther, personal
from tenant_apps.registrations.models import Status as Registered


@public
@require_safe
@personal
def confirmation(request: HttpRequest, token: str) -> HttpResponse:
    order = order_or_404(token)
    hidden = concealing.hidden_in(order)
    lines = concealing.ShownOrder(order, hidden).lines
    if not lines:
        raise Http404
    if order.status != Status.SETTLED:
        return _not_settled(request, order)
    context = {
        "order": order,
        "lines": lines,
        **_money(order),
        "receipt": payments.receipt_of(order),
        "others": [each for each in summaries.settled_orders(order.basket) if each.order.id != order.id],
        "is_partial": any(line.registration.status != Registered.CONFIRMED for line in lines),
        "has_dates": bool(calendar_file.entries(order, hidden)),
        "has_membership": any(line.registration.option.offering.nature == Nature.MEMBERSHIP for line in lines),
        "emails": sorted({line.registration.contact_email for line in lines}),
        "is_guest": order.guardian.user_id is None and not request.user.is_authenticated,
        "is_owner": order.guardian.user_id is not None and order.guardian.user_id == request.user.pk,
    }
    return render(request, "portal/confirmation.html", context)


def _money(order: Order) -> dict[str, object]:
    """A settled order is not always a paid one: what is still owed is read from the ledger alone."""
    owed = max(ledger.balance_of_order(order.id), 0)
    return {
        "paid_cents": sum(each.amount_cents for each in order.payments.all() if each.status == Paid.SUCCEEDED),
        "owed_cents": owed,
        "instalments": payments.to_come(order.id) if owed else [],
        "transfer": by_transfer.of(order, owed),
        "card_ends_before": warning.card_expires_before(order) if owed and order.card else None,
    }


def _not_settled(request: HttpRequest, order: Order) -> HttpResponse:
    payment = payments.latest_payment(order)
    # Once more, after its payment: the processor's event may have settled both since the order was read.
    order.refresh_from_db(fields=["status"])
    if order.status == Status.SETTLED:
        return SeeOther(reverse("confirmation", args=[order.token]))
    if payment is not None and payment.status in LIVE and order.status == Status.OPEN:
        is_processing = payment.status == Paid.PROCESSING
        return render(request, "portal/waiting.html", {"order": order, "is_processing": is_processing})
    return render(request, "portal/not_paid.html", {"order": order, "waiting": _at_the_bank(order)})


def _at_the_bank(order: Order) -> list[dict[str, object]]:
    """Each order of the basket that a transfer would settle, with until when it keeps its places."""
    if order.status != Status.OPEN:
        return []
    together = payments.detailed().filter(basket_id=order.basket_id, status=Status.OPEN).order_by("number")
    found = ((each, by_transfer.awaited(each)) for each in together)
    return [
        {
            "order": each,
            "transfer": transfer,
            "until": by_transfer.must_come_before(each),
        }
        for each, transfer in found
        if transfer
    ]


@public
@require_safe
@personal
def receipt(request: HttpRequest, token: str) -> HttpResponse:
    """Of one's own money, whatever else is kept back since."""
    order = order_or_404(token)
    found = payments.receipt_of(order)
    if found is None:
        raise Http404
    return _file(
        receipts.pdf(found, hidden=concealing.hidden_in(order)),
        "application/pdf",
        receipts.file_name(found),
        inline=True,
    )


@public
@require_safe
@personal
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    order = order_or_404(token)
    hidden = concealing.hidden_in(order)
    if order.status != Status.SETTLED or not calendar_file.entries(order, hidden):
        raise Http404
    content = calendar_file.of_order(order, host=request.get_host().partition(":")[0], hidden=hidden)
    return _file(content, "text/calendar; charset=utf-8", f"{order.reference}.ics", inline=False)


def order_or_404(token: str) -> Order:
    order = payments.order_by_token(token)
    if order is None:
        raise Http404
    return order


def _file(content: bytes, media_type: str, name: str, *, inline: bool) -> HttpResponse:
    disposition = "inline" if inline else "attachment"
    return HttpResponse(
        content, content_type=media_type, headers={"Content-Disposition": f'{disposition}; filename="{name}"'}
    )
