"""« Pratiques de paiement »: what families may pay by, in how many times, and who is paid; each change is kept."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kernel import clock
from kernel.errors import Refusal
from kernel.words import in_language
from shared_apps.accounts.access import actor_of, recently, staff
from shared_apps.design.posting import posted
from tenant_apps.accounting import layouts
from tenant_apps.accounting.layouts import FIELDS
from tenant_apps.office.pages import page
from tenant_apps.office.payment_settings import words
from tenant_apps.office.payment_settings.book_forms import CodesForm, LayoutForm
from tenant_apps.office.payment_settings.practice_forms import PracticesForm
from tenant_apps.office.scope import PRICES
from tenant_apps.organisation import payment_practices
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.context import profile_of
from tenant_apps.organisation.rules import Rules, read

_LAST_CHANGES = 20


@staff(*PRICES)
@require_safe
def settings(request: HttpRequest) -> HttpResponse:
    rules = _rules(request)
    payees = list(organisation.payees())
    context = {
        "plans": [(plan.key, in_language(plan.label), words.of_plan(plan)) for plan in rules.paying.plans],
        "practices": words.of_practices(rules),
        "payees": payees,
        "codes": sum(1 for code in rules.accounting.get("codes", {}).values() if code),
        "lacks_iban": rules.paying.takes_transfers and not any(payee.iban for payee in payees),
        "changes": [words.change(entry) for entry in payment_practices.history()[:_LAST_CHANGES]],
    }
    return page(request, "office/payment_settings/settings.html", context, section="payment_settings")


@staff(*PRICES)
@recently("money")
@require_http_methods(["GET", "HEAD", "POST"])
def practices(request: HttpRequest) -> HttpResponse:
    form = PracticesForm.of(posted(request), _rules(request))
    kept = profile_of(request).rules.get("paying", {})
    if form.is_valid() and put(request, form, lambda: form.sections(kept)):
        return done(request)
    return show(request, "practices", _("Pratiques de paiement"), {"form": form}, form)


@staff(*PRICES)
@recently("money")
@require_http_methods(["GET", "HEAD", "POST"])
def codes(request: HttpRequest) -> HttpResponse:
    rules = _rules(request)
    form = CodesForm(posted(request), kept=rules.accounting.get("codes", {}), taxes=rules.prices.taxes)
    if form.is_valid() and put(request, form, lambda: {"accounting": {**rules.accounting, "codes": form.codes()}}):
        return done(request)
    return show(request, "codes", _("Codes comptables"), {"form": form}, form)


@staff(*PRICES)
@recently("money")
@require_http_methods(["GET", "HEAD", "POST"])
def layout(request: HttpRequest) -> HttpResponse:
    rules = _rules(request)
    kept = layouts.read(rules.accounting.get("layout", {}))
    form = LayoutForm(posted(request), initial=LayoutForm.initial_of(kept))
    if form.is_valid() and put(request, form, lambda: {"accounting": {**rules.accounting, "layout": form.layout()}}):
        return done(request)
    return show(request, "layout", _("Fichier du journal"), {"form": form, "fields": FIELDS.items()}, form)


def put(request: HttpRequest, form: forms.Form, sections: Callable[[], Mapping[str, Any]]) -> bool:
    """Write them over what the page showed; else the form says what stands against it."""
    try:
        payment_practices.put(
            sections=sections(), seen=request.POST.get("seen", ""), actor=actor_of(request), at=clock.now()
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def done(request: HttpRequest) -> HttpResponse:
    messages.success(request, _("Les réglages sont enregistrés."))
    return redirect("office:payment_settings")


def show(request: HttpRequest, template: str, title: str, context: Mapping[str, Any], form: forms.Form) -> HttpResponse:
    """What was shown first stays what is compared, however often the form comes back."""
    seen = request.POST.get("seen") or payment_practices.seal_of(profile_of(request))
    if form.non_field_errors():
        # Told of the change: the next try is made knowingly.
        seen = payment_practices.seal_of(profile_of(request))
    around = {"title": title, "seen": seen, **context}
    status = 422 if form.errors else 200
    return page(request, f"office/payment_settings/{template}.html", around, section="payment_settings", status=status)


def _rules(request: HttpRequest) -> Rules:
    return read(profile_of(request).rules)
