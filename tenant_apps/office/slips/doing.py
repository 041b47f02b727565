"""What is done with slips: make what is ready, publish, ask families, correct, cancel."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of, recently, staff
from shared_apps.design.posting import posted
from tenant_apps.office.pages import page
from tenant_apps.office.scope import PRICES
from tenant_apps.office.slips.views import chosen
from tenant_apps.slips.models import Slip
from tenant_apps.slips.operations import asking, correcting, making


class CancelForm(forms.Form):
    reason = forms.CharField(
        label=_("Pourquoi"),
        max_length=200,
        help_text=_("Gardé avec l’attestation."),
        error_messages={"required": _("Dites pourquoi.")},
    )


@staff(*PRICES)
@recently("money")
@require_POST
def make(request: HttpRequest) -> HttpResponse:
    choice = chosen(request)
    done = making.make(
        payee_id=choice.payee.pk, kind=choice.kind, year=choice.year, actor=actor_of(request), at=clock.now()
    )
    told = ngettext("%(count)d attestation est faite.", "%(count)d attestations sont faites.", done)
    messages.success(request, told % {"count": done})
    return redirect(choice.address)


@staff(*PRICES)
@recently("money")
@require_POST
def publish(request: HttpRequest) -> HttpResponse:
    choice = chosen(request)
    done = making.publish(
        payee_id=choice.payee.pk, kind=choice.kind, year=choice.year, actor=actor_of(request), at=clock.now()
    )
    told = ngettext("%(count)d attestation est publiée.", "%(count)d attestations sont publiées.", done)
    messages.success(request, told % {"count": done})
    return redirect(choice.address)


@staff(*PRICES)
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    choice = chosen(request)
    done = asking.ask(
        payee_id=choice.payee.pk, kind=choice.kind, year=choice.year, actor=actor_of(request), at=clock.now()
    )
    told = ngettext("%(count)d courriel est parti.", "%(count)d courriels sont partis.", done)
    messages.success(request, told % {"count": done})
    return redirect(choice.address)


@staff(*PRICES)
@recently("money")
@require_POST
def amend(request: HttpRequest, slip_id: UUID) -> HttpResponse:
    get_object_or_404(Slip, pk=slip_id)
    try:
        made = correcting.amend(slip_id=slip_id, actor=actor_of(request), at=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("office:slip", slip_id)
    messages.success(request, _("L’attestation est modifiée\u202f: voici la nouvelle."))
    return redirect("office:slip", made.pk)


@staff(*PRICES)
@recently("money")
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, slip_id: UUID) -> HttpResponse:
    found = get_object_or_404(Slip.objects.select_related("guardian"), pk=slip_id)
    form = CancelForm(posted(request))
    if form.is_valid():
        try:
            made = correcting.cancel(
                slip_id=slip_id, reason=form.cleaned_data["reason"], actor=actor_of(request), at=clock.now()
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("L’attestation est annulée."))
            return redirect("office:slip", made.pk)
    status = 422 if form.errors else 200
    return page(request, "office/slips/cancel.html", {"form": form, "slip": found}, section="finances", status=status)
