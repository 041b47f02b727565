"""To the processor's page and back: the account is looked at again on each return, whoever comes and however often."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing import standing
from billing.standing import Standing
from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of, recently, staff, still_works
from shared_apps.design.posting import posted
from tenant_apps.office.first_day.following import lead_on
from tenant_apps.office.payee_accounts.forms import OpenForm
from tenant_apps.office.payee_accounts.pages import show
from tenant_apps.office.scope import PRICES
from tenant_apps.organisation.context import profile_of
from tenant_apps.organisation.models import Payee
from tenant_apps.payments.operations import accounts as operations
from tenants import links

_PAGE = "office:payee_accounts"


@staff(*PRICES)
@recently("money")
@require_http_methods(["GET", "HEAD", "POST"])
def open_account(request: HttpRequest, payee_id: UUID) -> HttpResponse:
    payee = get_object_or_404(Payee, pk=payee_id)
    known = operations.account_of(payee)
    if known is not None and not known.is_disconnected:
        return redirect(_PAGE)
    form = OpenForm(posted(request), initial={"email": profile_of(request).contact_email})
    if form.is_valid():
        return opened(request, payee, form.cleaned_data["email"])
    context = {"title": payee.name, "form": form, "is_again": known is not None}
    return show(request, "open", context, status=422 if form.errors else 200)


@still_works
@staff(*PRICES)
@recently("money")
@require_POST
def complete(request: HttpRequest, payee_id: UUID) -> HttpResponse:
    return _sent(request, get_object_or_404(Payee, pk=payee_id))


@staff(*PRICES)
@recently("money")
@require_safe
def again(request: HttpRequest, payee_id: UUID) -> HttpResponse:
    """Where the processor sends whoever comes by a link that was used or is too old: to a new one."""
    return _sent(request, get_object_or_404(Payee, pk=payee_id))


@staff(*PRICES)
@require_safe
def back(request: HttpRequest, payee_id: UUID) -> HttpResponse:
    """From the processor's page, finished or not: only the processor's own word counts."""
    payee = get_object_or_404(Payee, pk=payee_id)
    try:
        account = operations.look_again(payee)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(_PAGE)
    if standing.asked_of_us(account):
        messages.warning(request, _("Le processeur attend encore des renseignements pour ce compte."))
    elif standing.of(account) == Standing.IN_SERVICE:
        messages.success(request, _("Le compte est en service\u202f: les familles peuvent payer en ligne."))
        lead_on(request)
    else:
        messages.info(request, _("Le processeur vérifie ce qui lui a été donné. Nous vous écrirons."))
    return redirect(_PAGE)


def opened(request: HttpRequest, payee: Payee, email: str) -> HttpResponse:
    """The account is opened, and the page where it is finished follows."""
    try:
        payee = operations.open_account(payee_id=payee.pk, email=email, actor=actor_of(request), at=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(_PAGE)
    return _sent(request, payee)


def _sent(request: HttpRequest, payee: Payee) -> HttpResponse:
    try:
        address = operations.page_of(
            payee,
            return_url=links.absolute(reverse("office:payee_back", args=[payee.pk])),
            refresh_url=links.absolute(reverse("office:payee_again", args=[payee.pk])),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(_PAGE)
    return HttpResponseRedirect(address)
