"""Money: what there is to do today, the balances of the ledger, and the payments."""

from collections.abc import Iterator

from django import forms
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel import clock
from shared_apps.accounts.access import staff
from tenant_apps.office import balances, exports
from tenant_apps.office.money import today
from tenant_apps.office.pages import page
from tenant_apps.office.periods import PeriodFilters
from tenant_apps.office.scope import FINANCES
from tenant_apps.organisation.context import profile_of
from tenant_apps.payments.models import Payment, RefundStatus, Status

_PER_PAGE = 50


class PaymentFilters(PeriodFilters):
    status = forms.ChoiceField(
        label=gettext_lazy("État"), required=False, choices=[("", gettext_lazy("Tous")), *Status.choices]
    )

    field_order = ("payee", "status", "from_on", "until_on")


@staff(*FINANCES)
def finances(request: HttpRequest) -> HttpResponse:
    form = PaymentFilters(request.GET)
    found = Paginator(_found(request, form), _PER_PAGE).get_page(request.GET.get("page"))
    every = balances.of_payees()
    accounts = balances.used(every)
    return page(
        request,
        "office/finances.html",
        {
            "form": form,
            "found": found,
            "balances": [(balance, balance.columns(accounts)) for balance in every],
            "accounts": [account.label for account in accounts],
            "tasks": today.tasks(every),
        },
        section="finances",
    )


@staff(*FINANCES)
def payments_csv(request: HttpRequest) -> HttpResponse:
    found = _found(request, PaymentFilters(request.GET))
    zone = profile_of(request).zone
    head = [_("Date"), _("Commande"), _("Compte de paiement"), _("Payé par"), _("État"), _("Montant"), _("Remboursé")]

    def rows() -> Iterator[list[object]]:
        for payment in found:
            yield [
                clock.local_date(payment.started_at, zone).isoformat(),
                payment.order.reference,
                payment.order.payee.name,
                payment.order.guardian,
                payment.get_status_display(),
                exports.amount(payment.amount_cents),
                exports.amount(payment.refunded or 0),  # type: ignore[attr-defined]
            ]

    return exports.table("paiements", head, rows())


def _found(request: HttpRequest, form: PaymentFilters) -> QuerySet[Payment]:
    narrowed = form.narrowing(payee="order__payee", moment="started_at", zone=profile_of(request).zone)
    if status := form.cleaned_data.get("status"):
        narrowed &= Q(status=status)
    paid_back = Sum("refunds__amount_cents", filter=Q(refunds__status=RefundStatus.SUCCEEDED))
    return (
        Payment.objects.filter(narrowed)
        .select_related("order__payee", "order__guardian")
        .annotate(refunded=paid_back)
        .order_by("-started_at", "-id")
    )
