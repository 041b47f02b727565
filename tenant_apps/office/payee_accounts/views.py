"""« Comptes de paiement »: who is paid, for which places, and whether the processor takes and sends their money."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of, recently, staff
from shared_apps.design.posting import posted
from tenant_apps.catalog.models import Offering, Status
from tenant_apps.office.payee_accounts import processor, rows
from tenant_apps.office.payee_accounts.forms import PayeeForm, PlacesForm
from tenant_apps.office.payee_accounts.pages import show
from tenant_apps.office.scope import PRICES
from tenant_apps.organisation import payees
from tenant_apps.organisation.models import Payee
from tenant_apps.payments.operations import accounts as operations

_PAGE = "office:payee_accounts"


@staff(*PRICES)
@require_safe
def accounts(request: HttpRequest) -> HttpResponse:
    return show(request, "accounts", {"rows": rows.every()})


@staff(*PRICES)
@recently("money")
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """A payee, with its account: from here to the processor's page."""
    form = PayeeForm(posted(request))
    if form.is_valid():
        try:
            made = payees.add(
                name=form.cleaned_data["name"],
                legal_name=form.cleaned_data["legal_name"],
                establishments=form.cleaned_data["places"],
                actor=actor_of(request),
                at=clock.now(),
            )
            return processor.opened(request, made, form.cleaned_data["email"])
        except payees.NameTaken as refusal:
            form.add_error("name", str(refusal))
    return _form(request, "add", _("Ajouter un compte de paiement"), form)


@staff(*PRICES)
@recently("money")
@require_http_methods(["GET", "HEAD", "POST"])
def places(request: HttpRequest, payee_id: UUID) -> HttpResponse:
    payee = get_object_or_404(Payee, pk=payee_id)
    form = PlacesForm(posted(request), payee=payee)
    if form.is_valid():
        payees.assign(
            payee_id=payee.pk, establishments=form.cleaned_data["places"], actor=actor_of(request), at=clock.now()
        )
        messages.success(request, _("Les établissements sont enregistrés."))
        return redirect(_PAGE)
    return _form(request, "places", payee.name, form)


@staff(*PRICES)
@recently("security")
@require_http_methods(["GET", "HEAD", "POST"])
def disconnect(request: HttpRequest, payee_id: UUID) -> HttpResponse:
    """What stands against it is said before the button, and again by whoever sends the form."""
    payee = get_object_or_404(Payee, pk=payee_id)
    account = operations.account_of(payee)
    if account is None or account.is_disconnected:
        return redirect(_PAGE)
    if request.method == "POST":
        try:
            operations.disconnect(payee_id=payee.pk, actor=actor_of(request), at=clock.now())
            messages.success(request, _("Le compte est déconnecté."))
            return redirect(_PAGE)
        except Refusal as refusal:
            messages.error(request, str(refusal))
    sold = Offering.objects.filter(payee=payee, status=Status.PUBLISHED).order_by("title")
    context = {"payee": payee, "under_way": operations.under_way(payee), "sold": sold}
    status = 409 if request.method == "POST" else 200
    return show(request, "disconnect", context, status=status)


def _form(request: HttpRequest, template: str, title: str, form: forms.Form) -> HttpResponse:
    return show(request, template, {"title": title, "form": form}, status=422 if form.errors else 200)
