"""Step 5: in how many times it is paid, where its money goes in the books, and what tax slips say of it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kernel import clock
from shared_apps.accounts.access import actor_of, staff
from shared_apps.design.posting import posted
from tenant_apps.catalog.models import Offering
from tenant_apps.catalog.operations import offerings
from tenant_apps.office.editor import saving, shell
from tenant_apps.office.editor.forms.payment import PaymentForm
from tenant_apps.office.scope import CHANGES
from tenant_apps.organisation import rules
from tenant_apps.organisation.context import profile_of
from tenant_apps.slips.forms import OfferingSlipsForm

_STEP = "paiement"
_SHOWN = ("payment_terms", "accounting", "slips")


@staff(*CHANGES)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_payment(request: HttpRequest, slug: str) -> HttpResponse:
    offering = shell.found(request, slug)
    form = PaymentForm.of(offering, posted(request), rules.read(profile_of(request).rules))
    slips = _slips(request, offering)
    context: dict[str, Any] = {"form": form, "slips": slips}
    context["seen"] = request.POST.get("seen") or shell.marks(offering, _SHOWN)
    # Both are looked at, so that all the faults of the page are said at once.
    if request.method == "POST" and all([form.is_valid(), slips is None or slips.is_valid()]):
        columns = form.columns(offering) | ({"slips": slips.data_to_keep()} if slips else {})
        outcome = saving.attempt(
            form,
            offering,
            lambda: offerings.change_offering(
                offering_id=offering.id,
                columns=columns,
                seen=shell.seen(request),
                actor=actor_of(request),
                at=clock.now(),
            ),
        )
        if outcome.is_done:
            messages.success(request, _("Le paiement et la comptabilité sont enregistrés."))
            return redirect(shell.address(_STEP, slug) if "stay" in request.POST else shell.after(_STEP, slug))
        if outcome.met:
            context |= {"met": outcome.met, "seen": shell.marks(shell.found(request, slug), _SHOWN)}
    is_wrong = form.errors or (slips and slips.errors)
    return shell.show(request, "payment", offering, _STEP, context, status=422 if is_wrong else 200)


def _slips(request: HttpRequest, offering: Offering) -> OfferingSlipsForm | None:
    """Asked where its payee issues any, or where the offering says something already."""
    if not (offering.payee.slips.get("kinds") or offering.slips):
        return None
    return OfferingSlipsForm(posted(request), initial=OfferingSlipsForm.initial_of(offering.slips))
