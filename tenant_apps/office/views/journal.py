"""The journal: every row of the ledger, for those who answer for money."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from kernel import clock
from shared_apps.accounts.access import staff
from tenant_apps.office import exports
from tenant_apps.office import journal as entries
from tenant_apps.office.pages import page
from tenant_apps.office.periods import PeriodFilters
from tenant_apps.office.scope import FINANCES
from tenant_apps.orders.models import Account, Transfer
from tenant_apps.organisation.context import profile_of

_PER_PAGE = 50


@staff(*FINANCES)
def journal(request: HttpRequest) -> HttpResponse:
    form = PeriodFilters(request.GET)
    transfers = _found(request, form)
    found = Paginator(entries.with_running(transfers), _PER_PAGE).get_page(request.GET.get("page"))
    totals = entries.totals(transfers)
    return page(
        request,
        "office/journal.html",
        {
            "form": form,
            "found": found,
            "rows": entries.rows(found.object_list),
            "totals": [total for total in totals if total.debits or total.credits],
            "debits": sum(total.debits for total in totals),
            "credits": sum(total.credits for total in totals),
            "is_narrowed": any(form.cleaned_data.values()),
        },
        section="finances",
    )


@staff(*FINANCES)
def journal_csv(request: HttpRequest) -> HttpResponse:
    found = entries.with_running(_found(request, PeriodFilters(request.GET)))
    head = [_("Date"), _("Commande"), _("Compte de paiement"), _("Activité"), _("Débit"), _("Crédit"), _("Montant")]
    head += [_("Cumul, débits moins crédits\u202f: %(account)s") % {"account": account.label} for account in Account]
    return exports.table("journal", [*head, _("Somme des cumuls")], _rows(found, profile_of(request).zone))


def _rows(found: QuerySet[Transfer], zone: ZoneInfo) -> Iterator[list[object]]:
    for row in entries.rows(found):
        transfer = row.transfer
        yield [
            clock.local_date(transfer.at, zone).isoformat(),
            transfer.order.reference if transfer.order else "",
            transfer.payee.name,
            transfer.offering.title if transfer.offering else "",
            transfer.get_debit_display(),
            transfer.get_credit_display(),
            exports.amount(transfer.amount_cents),
            *(exports.amount(cents) for cents in row.running.values()),
            exports.amount(row.sum),
        ]


def _found(request: HttpRequest, form: PeriodFilters) -> QuerySet[Transfer]:
    narrowed = form.narrowing(payee="payee", moment="at", zone=profile_of(request).zone)
    return Transfer.objects.filter(narrowed).select_related("order", "payee", "offering")
