"""The payees: their names, bank accounts and codes, and what tax slips say of them."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of, recently, staff
from shared_apps.design.posting import posted
from tenant_apps.office.pages import page
from tenant_apps.office.payment_settings.book_forms import CodesForm
from tenant_apps.office.payment_settings.payee_forms import PayeeForm
from tenant_apps.office.scope import PRICES
from tenant_apps.organisation import payment_practices
from tenant_apps.organisation.context import profile_of
from tenant_apps.organisation.models import Payee
from tenant_apps.organisation.payment_practices import NameTaken
from tenant_apps.organisation.rules import read
from tenant_apps.slips.forms import IssuerForm


@staff(*PRICES)
@recently("money")
@require_http_methods(["GET", "HEAD", "POST"])
def payee(request: HttpRequest, payee_id: UUID) -> HttpResponse:
    found = get_object_or_404(Payee, pk=payee_id)
    rules = read(profile_of(request).rules)
    form = PayeeForm.of(posted(request), found)
    usual = rules.accounting.get("codes", {})
    kept = found.accounting.get("codes", {})
    codes = CodesForm(posted(request), kept=kept, taxes=rules.prices.taxes, usual=usual)

    def columns() -> dict[str, Any]:
        books = {"segment": form.cleaned_data["segment"], "codes": codes.codes()}
        return {**form.columns(), "accounting": {**found.accounting, **books}}

    # Both are looked at, so that all the faults of the page are said at once.
    if all([form.is_valid(), codes.is_valid()]) and _put(request, found, form, columns):
        return redirect("office:payment_settings")
    return _show(request, "payee", found, {"form": form, "codes": codes}, form, codes)


@staff(*PRICES)
@recently("money")
@require_http_methods(["GET", "HEAD", "POST"])
def issuer(request: HttpRequest, payee_id: UUID) -> HttpResponse:
    """What tax slips say of who issues them."""
    found = get_object_or_404(Payee, pk=payee_id)
    form = IssuerForm(posted(request), initial=IssuerForm.initial_of(found.slips))
    if form.is_valid() and _put(request, found, form, lambda: {"slips": {**found.slips, **form.data_to_keep()}}):
        return redirect("office:payment_settings")
    return _show(request, "issuer", found, {"form": form}, form)


def _put(request: HttpRequest, payee: Payee, form: forms.Form, columns: Callable[[], Mapping[str, Any]]) -> bool:
    try:
        payment_practices.change_payee(
            payee_id=payee.pk,
            columns=columns(),
            seen=request.POST.get("seen", ""),
            actor=actor_of(request),
            at=clock.now(),
        )
    except NameTaken as refusal:
        form.add_error("name", str(refusal))
        return False
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("Le compte de paiement est enregistré."))
    return True


def _show(
    request: HttpRequest, template: str, payee: Payee, context: Mapping[str, Any], *sent: forms.Form
) -> HttpResponse:
    is_told = any(form.non_field_errors() for form in sent)
    seen = "" if is_told else request.POST.get("seen")
    around = {"payee": payee, "title": payee.name, "seen": seen or payment_practices.seal_of_payee(payee), **context}
    status = 422 if any(form.errors for form in sent) else 200
    return page(request, f"office/payment_settings/{template}.html", around, section="payment_settings", status=status)
