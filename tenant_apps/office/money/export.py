"""« Export comptable »: the journal of a period for the accounting system, and whether what was given still stands."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from kernel import clock
from shared_apps.accounts.access import actor_of, recently, staff
from shared_apps.design.posting import posted
from tenant_apps.accounting import exporting, layouts
from tenant_apps.accounting.lines import Period
from tenant_apps.office import exports
from tenant_apps.office.pages import page
from tenant_apps.office.periods import SENSIBLE_DAYS
from tenant_apps.office.scope import FINANCES
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.context import profile_of
from tenant_apps.organisation.models import Payee
from tenant_apps.organisation.rules import read

_LATEST = 12
_MOST_DAYS = 400


class PeriodForm(forms.Form):
    """Whole days; a year and a month at most, so that a file stays one that a program opens."""

    payee = forms.ModelChoiceField(
        Payee.objects.order_by("name"),
        label=gettext_lazy("Compte de paiement"),
        required=False,
        empty_label=gettext_lazy("Tous"),
    )
    from_on = forms.DateField(
        label=gettext_lazy("Du"), validators=SENSIBLE_DAYS, widget=forms.DateInput(format="%Y-%m-%d")
    )
    until_on = forms.DateField(
        label=gettext_lazy("Au"), validators=SENSIBLE_DAYS, widget=forms.DateInput(format="%Y-%m-%d")
    )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = said.get("from_on"), said.get("until_on")
        if first and last and last < first:
            self.add_error("until_on", _("La fin vient avant le début."))
        elif first and last and (last - first).days > _MOST_DAYS:
            self.add_error("until_on", _("Au plus %(days)s jours à la fois.") % {"days": _MOST_DAYS})
        return said

    def period(self, request: HttpRequest) -> Period:
        said, zone = self.cleaned_data, profile_of(request).zone
        return Period(said["from_on"], said["until_on"], zone, said["payee"].pk if said["payee"] else None)


def last_month(today: date) -> dict[str, date]:
    """What is usually asked for: the month that is over."""
    last = today.replace(day=1) - timedelta(days=1)
    return {"from_on": last.replace(day=1), "until_on": last}


@staff(*FINANCES)
@recently("money")
@require_http_methods(["GET", "HEAD", "POST"])
def journal_export(request: HttpRequest) -> HttpResponse:
    profile = profile_of(request)
    today = clock.today(profile.zone)
    form = PeriodForm(posted(request), initial=last_month(today))
    accounting = read(profile.rules).accounting
    lacking = None
    if form.is_valid():
        period = form.period(request)
        if not period.transfers.exists():
            messages.info(request, _("Aucune écriture dans cette période."))
            return redirect("office:journal_export")
        if "check" not in request.POST:
            return _file(request, period, accounting)
        lacking = exporting.accounts_without_code(period, accounting)
    names: dict[UUID | None, str] = {payee.pk: payee.name for payee in organisation.payees()}
    context = {
        "form": form,
        "lacking": lacking,
        "given": [(each, names.get(each.payee_id, "")) for each in exporting.given(profile.zone, most=_LATEST)],
    }
    return page(request, "office/money/export.html", context, section="finances", status=422 if form.errors else 200)


def _file(request: HttpRequest, period: Period, accounting: Any) -> HttpResponse:
    data = exporting.export(period=period, accounting=accounting, actor=actor_of(request), at=clock.now())
    charset = layouts.ENCODINGS[layouts.read(accounting.get("layout", {})).encoding]
    name = f"journal-{period.from_on.isoformat()}-{period.until_on.isoformat()}.csv"
    return exports.file(name, data, f"text/csv; charset={charset}")
