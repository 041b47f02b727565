"""Deposits: what waits in each drawer by day, the count, the numbered slip and those that were made."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of, recently, staff
from shared_apps.audit.models import Entry
from shared_apps.design import formats
from shared_apps.design.amounts import CentsField
from shared_apps.design.posting import posted
from tenant_apps.office.pages import page
from tenant_apps.office.scope import DEPOSITING, FINANCES
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.context import profile_of
from tenant_apps.organisation.models import Payee
from tenant_apps.payments import deposit_slips, drawer
from tenant_apps.payments.drawer import Deposit, Drawer
from tenant_apps.payments.operations import depositing

_PER_PAGE = 25


class CountForm(forms.Form):
    """`expected` is what the page showed: a drawer that has changed since is looked at again."""

    expected = forms.IntegerField(widget=forms.HiddenInput)
    counted = CentsField(
        label=gettext_lazy("Espèces comptées"),
        help_text=gettext_lazy("Tout ce qui est dans la caisse et part à la banque."),
        error_messages={"required": gettext_lazy("Comptez les espèces, et écrivez zéro s’il n’y en a pas.")},
    )
    cheques = forms.MultipleChoiceField(
        label=gettext_lazy("Chèques à déposer"), widget=forms.CheckboxSelectMultiple, required=False
    )
    note = forms.CharField(
        label=gettext_lazy("Explication de l’écart"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Obligatoire si le compte diffère de ce qui est attendu."),
    )

    def __init__(self, data: Mapping[str, Any] | None, *, found: Drawer, choices: list[tuple[str, str]]) -> None:
        first = {"expected": found.cash_cents, "cheques": [value for value, _label in choices]}
        super().__init__(data, initial=first if found.cash_cents else {**first, "counted": 0})
        self.fields["cheques"].choices = choices  # type: ignore[attr-defined]
        if not choices:
            del self.fields["cheques"]

    @property
    def count(self) -> depositing.Count:
        said = self.cleaned_data
        return depositing.Count(
            expected_cents=said["expected"],
            counted_cents=said["counted"],
            cheques=[UUID(each) for each in said.get("cheques", [])],
            note=said["note"],
        )

    def shows_again(self, found: Drawer) -> None:
        """With what is there now, to be sent once more; what was typed stays."""
        data = self.data.copy()  # type: ignore[attr-defined]
        data["expected"] = str(found.cash_cents)
        self.data = data


@staff(*FINANCES)
@require_safe
def deposits(request: HttpRequest) -> HttpResponse:
    payees = list(organisation.payees())
    names = {payee.pk: payee for payee in payees}
    made = Paginator(drawer.deposits(names), _PER_PAGE).get_page(request.GET.get("page"))
    notes = _notes(made)
    drawers = [(payee, drawer.of_payee(payee.pk)) for payee in payees]
    context = {
        "drawers": [each for each in drawers if not each[1].is_empty],
        "found": made,
        "made": [(slip, names[slip.payee_id], notes.get((slip.payee_id, slip.number), "")) for slip in made],
    }
    return page(request, "office/money/deposits.html", context, section="finances")


@staff(*DEPOSITING)
@recently("money")
@require_http_methods(["GET", "HEAD", "POST"])
def deposit(request: HttpRequest, payee_id: UUID) -> HttpResponse:
    payee = get_object_or_404(Payee, pk=payee_id)
    found = drawer.of_payee(payee.pk)
    form = CountForm(posted(request), found=found, choices=_choices(found, profile_of(request).currency.upper()))
    if form.is_valid() and (number := _made(request, payee, form)):
        messages.success(
            request, _("Le dépôt nº %(number)s est prêt\u202f: imprimez son bordereau.") % {"number": number}
        )
        return redirect("office:deposits")
    context = {"form": form, "payee": payee, "drawer": found}
    return page(request, "office/money/deposit.html", context, section="finances", status=422 if form.errors else 200)


@staff(*FINANCES)
@require_safe
def deposit_slip(request: HttpRequest, payee_id: UUID, number: int) -> HttpResponse:
    payee = get_object_or_404(Payee, pk=payee_id)
    slip = next((each for each in drawer.deposits([payee.pk]) if each.number == number), None)
    if slip is None:
        raise Http404
    response = HttpResponse(
        deposit_slips.pdf(slip, payee, language=get_language() or "fr"), content_type="application/pdf"
    )
    response.headers["Content-Disposition"] = f'inline; filename="{deposit_slips.file_name(slip)}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _made(request: HttpRequest, payee: Payee, form: CountForm) -> int | None:
    try:
        return depositing.deposit(payee_id=payee.pk, count=form.count, actor=actor_of(request), at=clock.now())
    except depositing.DifferenceUnexplained as refusal:
        form.add_error("note", str(refusal))
    except Refusal as refusal:
        form.add_error("counted", str(refusal))
        form.shows_again(drawer.of_payee(payee.pk))
    return None


def _choices(found: Drawer, currency: str) -> list[tuple[str, str]]:
    locale = formats.locale_for(get_language() or "fr", formats.country_of(currency))
    return [
        (
            str(each.pk),
            f"{each.reference} · {each.order.guardian} · {formats.money(each.amount_cents, currency, locale)}",
        )
        for each in found.cheques
    ]


def _notes(slips: Iterable[Deposit]) -> dict[tuple[UUID, int], str]:
    """How each difference was explained, by payee and number."""
    payees = {slip.payee_id for slip in slips if slip.difference_cents}
    made = Entry.objects.filter(action=depositing.MADE, subject="payee", subject_id__in=payees)
    said = made.values_list("subject_id", "details")
    return {(payee_id, details["deposit"]): details["note"] for payee_id, details in said if payee_id}
