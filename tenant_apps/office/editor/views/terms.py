"""Step 4: how prices become what a family pays, to whom, and what is given back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kernel import clock
from shared_apps.accounts.access import actor_of, staff
from shared_apps.design.posting import posted
from tenant_apps.catalog.operations import offerings
from tenant_apps.office.editor import consequences, preview, rulebooks, saving, shell
from tenant_apps.office.editor.forms.terms import TermsForm
from tenant_apps.office.scope import CHANGES
from tenant_apps.organisation import rules
from tenant_apps.organisation.context import profile_of

_STEP = "prix"
_SHOWN = ("payee", "checkout", "refund_policy", "pricing", "translations")


@staff(*CHANGES)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_terms(request: HttpRequest, slug: str) -> HttpResponse:
    offering = shell.found(request, slug)
    prices = rules.read(profile_of(request).rules).prices
    form = TermsForm.of(offering, posted(request), languages=shell.languages(request), prices=prices)
    context: dict[str, Any] = {"form": form, "seen": request.POST.get("seen") or shell.marks(offering, _SHOWN)}
    if request.method == "POST" and form.is_valid():
        columns = form.columns(offering.pricing)
        warned = consequences.of_offering(saving.difference(offering, columns), shell.held(offering))
        if warned and not saving.is_confirmed(request):
            context["consequences"] = warned
        else:
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
                messages.success(request, _("Les prix et le paiement sont enregistrés."))
                return redirect(shell.address(_STEP, slug) if "stay" in request.POST else shell.after(_STEP, slug))
            if outcome.met:
                context |= {"met": outcome.met, "seen": shell.marks(shell.found(request, slug), _SHOWN)}
    context |= {"book": rulebooks.prices(offering), "preview": preview.of(request, offering)}
    return shell.show(request, "terms", offering, _STEP, context, status=422 if form.errors else 200)
