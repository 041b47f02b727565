"""The account of one order: its lines, its payments, what is still to come, and the ways to pay it.

A guest opens it by the order's own address, which they were sent; of who has an account, only they themselves.
"""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from billing.gateway.pages import PAGE_ID
from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts import detour
from shared_apps.accounts.access import public, recently
from shared_apps.accounts.limits import limited
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Order, Status
from tenant_apps.payments import invoices, receipts
from tenant_apps.payments import queries as payment_queries
from tenant_apps.payments.models import Receipt
from tenant_apps.payments.operations.begin import begin_payment
from tenant_apps.portal import accounts, acting, by_transfer, concealing, embedding, visitor
from tenant_apps.portal.answers import SeeOther, personal
from tenant_apps.portal.forms.account import AmountForm
from tenant_apps.portal.views.accounts import today_of
from tenant_apps.portal.views.confirmation import order_or_404
from tenants import links


@public
@require_safe
@personal
def statement(request: HttpRequest, token: str) -> HttpResponseBase:
    order = own_or_404(request, token)
    if isinstance(order, HttpResponseBase):
        return order
    if order.status == Status.CANCELLED:
        return SeeOther(reverse("confirmation", args=[token]))
    return _shown(request, order)


@public
@recently("money")
@limited("payment", sent="token")
@require_http_methods(["GET", "POST"])
@personal
def pay(request: HttpRequest, token: str) -> HttpResponseBase:
    """All that is owed, or the part that was written, on the processor's page. Opened by itself, it is the account."""
    order = own_or_404(request, token)
    if isinstance(order, HttpResponseBase):
        return order
    if request.method == "GET":
        return SeeOther(reverse("statement", args=[token]))
    if order.status == Status.OPEN:
        return SeeOther(reverse("checkout"))
    owed = max(ledger.balance_of_order(order.pk), 0)
    form = AmountForm(request.POST, owed_cents=owed)
    if not owed:
        messages.info(request, _("Il n’y a plus rien à payer pour cette commande."))
        return SeeOther(reverse("statement", args=[token]))
    if not form.is_valid():
        return _shown(request, order, form)
    try:
        address = begin_payment(
            order_id=order.pk,
            return_url=f"{links.absolute(reverse('statement_return', args=[token]))}?page={PAGE_ID}",
            cancel_url=links.absolute(reverse("statement_cancelled", args=[token])),
            at=clock.now(),
            most_cents=form.cleaned_data["amount"],
            shown_on=embedding.shown_on(order),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
        address = None
    return SeeOther(address or reverse("statement", args=[token]))


@public
@require_safe
@personal
def invoice(request: HttpRequest, token: str) -> HttpResponseBase:
    order = own_or_404(request, token)
    if isinstance(order, HttpResponseBase):
        return order
    if order.status == Status.CANCELLED:
        raise Http404
    return _pdf(invoices.pdf(order, hidden=concealing.hidden_in(order)), invoices.file_name(order))


@public
@require_safe
@personal
def receipt(request: HttpRequest, token: str, number: int) -> HttpResponseBase:
    """One that was replaced stays to be read, and says by which."""
    order = own_or_404(request, token)
    if isinstance(order, HttpResponseBase):
        return order
    found = Receipt.objects.filter(payment__order=order, number=number).select_related("payment__order__payee").first()
    if found is None:
        raise Http404
    return _pdf(receipts.pdf(found, hidden=concealing.hidden_in(order)), receipts.file_name(found))


def own_or_404(request: HttpRequest, token: str) -> Order | HttpResponseBase:
    """The order, or the way to sign in first; another household's does not exist."""
    order = order_or_404(token)
    if order.guardian.user_id is None:
        return order
    if not request.user.is_authenticated:
        page = request.get_full_path() if request.method != "POST" else reverse("statement", args=[token])
        return detour.by(request, "account_login", back=page)
    holder = visitor.account_holder(request)
    if holder is None or holder.pk != order.guardian_id:
        raise Http404
    return order


def _shown(request: HttpRequest, order: Order, form: AmountForm | None = None) -> HttpResponse:
    account = accounts.of_order(order, today=today_of(request))
    may_pay = account.balance_cents > 0 and order.status == Status.SETTLED and not account.is_processing
    awaited = None if account.is_processing else by_transfer.awaited(order)
    changes_card = _awaits_card(account) and not acting.is_by_staff(request)
    is_paused = may_pay and bool(payment_queries.paused([order.payee]))
    at_once = accounts.asked_at_once(order, today=account.today) if changes_card else []
    context = {
        "account": account,
        "order": order,
        "form": form or (AmountForm(None, owed_cents=account.balance_cents) if may_pay and not is_paused else None),
        "transfer": by_transfer.of(order, account.balance_cents) if may_pay else awaited,
        "transfer_until": by_transfer.must_come_before(order) if awaited else None,
        "may_pay": may_pay
        and not is_paused
        and not acting.is_by_staff(request)
        and bool(order.payee.processor_account),
        "is_paused": is_paused,
        "changes_card": changes_card,
        "at_once": at_once,
        "at_once_cents": sum(each.left_cents for each in at_once),
    }
    return render(request, "portal/statement.html", context)


def _awaits_card(account: accounts.Account) -> bool:
    return account.order.status == Status.SETTLED and any(each.is_automatic for each in account.coming)


def _pdf(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)
