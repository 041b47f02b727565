"""The credit of families: who has some, one family's statement, and what staff may change of it."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of, recently, staff
from shared_apps.design.posting import posted
from tenant_apps.catalog.pricing.wording import amount
from tenant_apps.families.models import Guardian
from tenant_apps.office.money.refund_forms import CreditForm, GrantForm, MoveForm, PayOutForm
from tenant_apps.office.pages import page
from tenant_apps.office.scope import FINANCES, REFUNDS
from tenant_apps.organisation.models import Payee
from tenant_apps.payments import credit, movements
from tenant_apps.payments.models import RefundMeans
from tenant_apps.payments.operations import crediting

_PER_PAGE = 50
_FORMS: dict[str, type[CreditForm]] = {"accorder": GrantForm, "virer": MoveForm, "verser": PayOutForm}


@staff(*FINANCES)
@require_safe
def credits(request: HttpRequest) -> HttpResponse:
    found = Paginator(credit.families(), _PER_PAGE).get_page(request.GET.get("page"))
    return page(request, "office/money/credits.html", {"found": found}, section="finances")


@staff(*FINANCES)
@require_safe
def credit_of(request: HttpRequest, guardian_id: UUID) -> HttpResponse:
    guardian = get_object_or_404(Guardian, pk=guardian_id, merged_into=None)
    context = {"guardian": guardian, "held": _held(guardian), "movements": movements.movements(guardian.pk)}
    return page(request, "office/money/credit.html", context, section="finances")


@staff(*REFUNDS)
@recently("money")
@require_http_methods(["GET", "HEAD", "POST"])
def credit_change(request: HttpRequest, guardian_id: UUID, what: str) -> HttpResponse:
    guardian = get_object_or_404(Guardian, pk=guardian_id, merged_into=None)
    if what not in _FORMS:
        raise Http404
    held = {payee.pk: amount(cents) for payee, cents in _held(guardian)}
    form = _FORMS[what](posted(request), payees=list(Payee.objects.order_by("name")), held=held)
    if form.is_valid() and _changed(request, guardian, form):
        messages.success(request, _("C’est enregistré."))
        return redirect("office:credit", guardian.pk)
    titles = {
        "accorder": _("Accorder un crédit"),
        "virer": _("Virer un crédit vers un autre compte de paiement"),
        "verser": _("Verser un crédit à la famille"),
    }
    context = {"guardian": guardian, "form": form, "title": titles[what], "is_possible": what == "accorder" or held}
    return page(
        request, "office/money/credit_change.html", context, section="finances", status=422 if form.errors else 200
    )


def _held(guardian: Guardian) -> list[tuple[Payee, int]]:
    """What nothing open reserves, by payee."""
    balances = credit.by_payee(guardian.pk)
    payees = Payee.objects.filter(pk__in=balances).order_by("name")
    return [(payee, credit.available(guardian.pk, payee.pk)) for payee in payees]


def _changed(request: HttpRequest, guardian: Guardian, form: CreditForm) -> bool:
    said, actor, at = form.cleaned_data, actor_of(request), clock.now()
    payee_id, cents, key = UUID(said["payee"]), said["amount"], said["key"]
    try:
        if isinstance(form, GrantForm):
            crediting.grant(
                guardian_id=guardian.pk,
                payee_id=payee_id,
                cents=cents,
                words=said["words"],
                key=key,
                actor=actor,
                at=at,
            )
        elif isinstance(form, MoveForm):
            crediting.move(
                guardian_id=guardian.pk,
                from_payee_id=payee_id,
                to_payee_id=UUID(said["other"]),
                cents=cents,
                key=key,
                actor=actor,
                at=at,
            )
        else:
            crediting.pay_out(
                guardian_id=guardian.pk,
                payee_id=payee_id,
                cents=cents,
                means=RefundMeans(said["means"]),
                proof=said["proof"],
                key=key,
                actor=actor,
                at=at,
            )
    except Refusal as refusal:
        form.add_error("proof" if refusal.code == "proof_missing" else "amount", str(refusal))
        return False
    return True
