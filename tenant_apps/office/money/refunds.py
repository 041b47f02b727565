"""Money that goes back: what waits for a person, what is under way, what is done; and one of them from end to end."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of, recently, staff
from shared_apps.design.posting import posted
from tenant_apps.office.money.refund_forms import (
    DONE,
    ON_ITS_WAY,
    TODO,
    DoneForm,
    GiveBackForm,
    OtherwiseForm,
    RefundFilters,
)
from tenant_apps.office.pages import page
from tenant_apps.office.scope import FINANCES, REFUNDS, of_request
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Order
from tenant_apps.organisation.context import profile_of
from tenant_apps.payments import refunding
from tenant_apps.payments.models import Payment, Refund, RefundMeans, RefundStatus
from tenant_apps.payments.operations import refund_by_hand

_PER_PAGE = 50
_STATES = {
    TODO: refunding.AGAIN | refunding.TO_MAKE,
    ON_ITS_WAY: refunding.ON_ITS_WAY,
    DONE: refunding.DONE,
    "all": Q(replaced_by=None),
}


@staff(*FINANCES)
@require_safe
def refunds(request: HttpRequest) -> HttpResponse:
    form = RefundFilters(request.GET)
    narrowed = form.narrowing(payee="payment__order__payee", moment="requested_at", zone=profile_of(request).zone)
    narrowed &= _STATES[form.cleaned_data.get("status") or TODO]
    found = Paginator(_known().filter(narrowed).order_by("requested_at", "id"), _PER_PAGE)
    context = {
        "form": form,
        "found": found.get_page(request.GET.get("page")),
        "again": Refund.objects.filter(refunding.AGAIN).count(),
        "to_make": Refund.objects.filter(refunding.TO_MAKE).count(),
        "is_todo": not form.cleaned_data.get("status"),
    }
    return page(request, "office/money/refunds.html", context, section="finances")


@staff(*FINANCES)
@recently("money")
@require_http_methods(["GET", "HEAD", "POST"])
def refund_page(request: HttpRequest, refund_id: UUID) -> HttpResponse:
    """One refund: how it goes back, and what may be done about it."""
    found = get_object_or_404(_known(), pk=refund_id)
    action = request.POST.get("action") if of_request(request).gives_back else None
    done = DoneForm(posted(request) if action == "done" else None, refund=found)
    otherwise = OtherwiseForm(posted(request) if action == "otherwise" else None, refund=found)
    if action and (went_to := _acted(request, found, action, done, otherwise)):
        return redirect("office:refund_page", went_to.pk)
    context = {
        "refund": found,
        "order": found.payment.order,
        "done_form": done,
        "otherwise_form": otherwise,
        "may_be_otherwise": refunding.may_be_otherwise(found),
        "is_to_make": found.status == RefundStatus.DUE and found.means in refunding.BY_HAND,
        "may_return": refunding.may_return(found),
        "replaced_by": Refund.objects.filter(replaces=found).first(),
    }
    status = 422 if done.errors or otherwise.errors else 200
    return page(request, "office/money/refund.html", context, section="finances", status=status)


@staff(*REFUNDS)
@recently("money")
@require_http_methods(["GET", "HEAD", "POST"])
def give_back(request: HttpRequest, reference: str) -> HttpResponse:
    """Of an order: what was paid too much, or because the organisation wants to."""
    order = get_object_or_404(of_request(request).orders().select_related("guardian", "payee"), reference=reference)
    left = sum(refunding.left_of_payments(Payment.objects.filter(order=order)).values())
    beyond = max(-ledger.balance_of_order(order.pk), 0)
    form = GiveBackForm(posted(request), first_cents=min(beyond or left, left))
    if form.is_valid() and _given(request, order, form):
        messages.success(request, _("Le remboursement est enregistré\u202f: la famille en est avertie par courriel."))
        return redirect("office:order", order.reference)
    context = {"form": form, "order": order, "left": left, "beyond": beyond}
    return page(
        request, "office/money/give_back.html", context, section="registrations", status=422 if form.errors else 200
    )


def _known() -> QuerySet[Refund]:
    given = Refund.objects.filter(refunding.GIVEN)
    return given.select_related("payment__order__guardian", "payment__order__payee", "replaces")


def _given(request: HttpRequest, order: Order, form: GiveBackForm) -> bool:
    said = form.cleaned_data
    try:
        refund_by_hand.give_back(
            order_id=order.pk,
            cents=said["amount"],
            means=form.chosen,
            words=said["words"],
            key=said["key"],
            actor=actor_of(request),
            at=clock.now(),
        )
    except Refusal as refusal:
        form.add_error("amount", str(refusal))
        return False
    return True


def _acted(request: HttpRequest, found: Refund, action: str, done: DoneForm, otherwise: OtherwiseForm) -> Refund | None:
    """The refund to show next, or None where the form says what is wrong."""
    told = {"refund_id": found.pk, "actor": actor_of(request), "at": clock.now()}
    form = done if action == "done" else otherwise
    if action != "returned" and not form.is_valid():
        return None
    try:
        if action == "done":
            went = refund_by_hand.mark_done(proof=done.cleaned_data["proof"], **told)  # type: ignore[arg-type]
        elif action == "returned":
            went = refund_by_hand.mark_returned(**told)  # type: ignore[arg-type]
        else:
            means = RefundMeans(otherwise.cleaned_data["means"])
            went = refund_by_hand.do_otherwise(means=means, **told)  # type: ignore[arg-type]
    except Refusal as refusal:
        # Somebody was faster: the page shows what became of it.
        messages.error(request, str(refusal))
        return found
    messages.success(request, _("C’est enregistré."))
    return went
