"""« Fonds »: what each fund with a purpose of its own was given, and gave back (R-56)."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kernel import clock
from shared_apps.accounts.access import staff
from tenant_apps.accounting import funds as books
from tenant_apps.accounting.funds import Fund
from tenant_apps.office import exports
from tenant_apps.office.money.export import PeriodForm
from tenant_apps.office.pages import page
from tenant_apps.office.scope import FINANCES
from tenant_apps.organisation.context import profile_of


@staff(*FINANCES)
@require_safe
def funds(request: HttpRequest) -> HttpResponse:
    form = _form(request)
    found = books.of_period(form.period(request)) if form.is_valid() else []
    context = {"form": form, "funds": found, "has_funds": any(fund.name for fund in found)}
    return page(request, "office/money/funds.html", context, section="finances")


@staff(*FINANCES)
@require_safe
def funds_csv(request: HttpRequest) -> HttpResponse:
    form = _form(request)
    found = books.of_period(form.period(request)) if form.is_valid() else []
    head = [_("Fonds"), _("Activité"), _("Compte de paiement"), _("Code"), _("Vendu"), _("Retranché"), _("Net")]
    return exports.table("fonds", head, _rows(found))


def _form(request: HttpRequest) -> PeriodForm:
    """The year until today, where nothing is asked."""
    today = clock.today(profile_of(request).zone)
    asked = request.GET if "from_on" in request.GET or "until_on" in request.GET else None
    usual = {"from_on": today.replace(month=1, day=1).isoformat(), "until_on": today.isoformat()}
    return PeriodForm(asked if asked is not None else usual)


def _rows(found: list[Fund]) -> Iterator[list[object]]:
    for fund in found:
        for part in fund.parts:
            amounts = [exports.amount(cents) for cents in (part.sold, part.taken_off, part.left)]
            offering = part.offering
            yield [
                fund.name,
                offering.title if offering else "",
                part.payee,
                offering.accounting.get("code", "") if offering else "",
                *amounts,
            ]
