"""A receipt that says something wrong: staff issue another one in its place, and say why (F7)."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of, recently, staff
from shared_apps.design.posting import posted
from tenant_apps.office.pages import page
from tenant_apps.office.scope import PRICES, of_request
from tenant_apps.payments import receipts
from tenant_apps.payments.models import Receipt
from tenant_apps.payments.operations import correcting
from tenant_apps.payments.operations.correcting import Words


class CorrectionForm(forms.Form):
    """What the new receipt says; a cancelled one says that its payment is not to be counted on it."""

    payer = forms.CharField(
        label=gettext_lazy("Payé par"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Vide\u202f: le nom de la personne qui a commandé."),
    )
    address = forms.CharField(
        label=gettext_lazy("Adresse"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )
    note = forms.CharField(
        label=gettext_lazy("Mention à imprimer"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    is_cancelled = forms.BooleanField(
        label=gettext_lazy("Annuler ce reçu"),
        required=False,
        help_text=gettext_lazy("Le nouveau reçu dit que celui-ci ne vaut plus. Le paiement, lui, n’est pas touché."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Motif"),
        max_length=200,
        help_text=gettext_lazy("Il est imprimé sur le nouveau reçu."),
        error_messages={"required": gettext_lazy("Dites pourquoi ce reçu est remplacé.")},
    )

    @property
    def words(self) -> Words:
        said = self.cleaned_data
        # A browser ends its lines as nobody else does.
        address, note = (said[name].replace("\r\n", "\n") for name in ("address", "note"))
        return Words(payer=said["payer"], address=address, note=note, is_cancelled=said["is_cancelled"])


@staff(*PRICES)
@recently("money")
@require_http_methods(["GET", "HEAD", "POST"])
def receipt_correct(request: HttpRequest, receipt_id: UUID) -> HttpResponse:
    """Only one that stands; of one that was replaced meanwhile, it says so and leads to the order."""
    receipt = get_object_or_404(
        Receipt.objects.select_related("payment__order__guardian").filter(
            payment__order__in=of_request(request).orders()
        ),
        pk=receipt_id,
    )
    order = receipt.payment.order
    form = CorrectionForm(posted(request), initial=receipt.words)
    if form.is_valid() and _is_done(request, form, receipt):
        return redirect("office:order", order.reference)
    context: dict[str, Any] = {"form": form, "receipt": receipt, "order": order}
    status = 422 if form.errors else 200
    return page(request, "office/money/receipt_correct.html", context, section="registrations", status=status)


def _is_done(request: HttpRequest, form: CorrectionForm, receipt: Receipt) -> bool:
    try:
        issued = correcting.correct(
            receipt_id=receipt.pk,
            words=form.words,
            reason=form.cleaned_data["reason"],
            actor=actor_of(request),
            at=clock.now(),
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    said = {"new": receipts.number(issued), "old": receipts.number(receipt)}
    messages.success(
        request,
        _("Le reçu nº %(new)s remplace le reçu nº %(old)s. La famille le reçoit par courriel.") % said,
    )
    return True
