"""A family that is served at the counter or by telephone pays there, or is registered to pay later (S2-23, S2-24)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of, recently, staff
from shared_apps.audit.actors import Actor
from shared_apps.design.posting import posted
from tenant_apps.families import on_behalf
from tenant_apps.families.on_behalf import Acting
from tenant_apps.office.pages import page
from tenant_apps.office.scope import FAMILIES_CHANGE
from tenant_apps.orders.models import Order
from tenant_apps.orders.models import Status as OrderStatus
from tenant_apps.organisation.context import profile_of
from tenant_apps.organisation.rules import Rules, read
from tenant_apps.payments import agreement
from tenant_apps.payments.agreement import Terms
from tenant_apps.payments.operations import later
from tenant_apps.payments.operations.check_out import check_out
from tenant_apps.payments.terms import IN_FULL, LATER, schedule
from tenant_apps.registrations import queries as registrations
from tenant_apps.registrations.errors import BasketChanged
from tenant_apps.registrations.models import Registration

NOW = "now"
_HOW = {
    NOW: gettext_lazy("Encaisser maintenant"),
    LATER: gettext_lazy("Inscrire, à payer plus tard"),
}


class HowForm(forms.Form):
    """`total` is what the page showed; a basket that has changed since is shown again."""

    total = forms.IntegerField(widget=forms.HiddenInput)
    how = forms.ChoiceField(
        label=gettext_lazy("Comment la famille paie"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choisissez comment la famille paie.")},
    )
    accepts = forms.BooleanField(
        label=gettext_lazy("La famille a entendu les modalités de paiement et les accepte"),
        error_messages={"required": gettext_lazy("Sans son accord, rien ne peut être enregistré.")},
    )

    def __init__(self, data: Mapping[str, Any] | None, *, total: int, ways: Sequence[str], asks: bool) -> None:
        super().__init__(data, initial={"total": total, "how": ways[0] if len(ways) == 1 else None})
        self.fields["how"].choices = [(way, _HOW[way]) for way in ways]  # type: ignore[attr-defined]
        if not asks:
            del self.fields["accepts"]


@staff(*FAMILIES_CHANGE)
@recently("money")
@require_http_methods(["GET", "HEAD", "POST"])
def check_out_at_counter(request: HttpRequest) -> HttpResponse:
    acting = on_behalf.current(request, at=clock.now())
    if acting is None:
        messages.info(request, _("Choisissez d’abord la famille que vous servez."))
        return redirect("office:counter")
    lines = _lines(acting)
    rules, today = read(profile_of(request).rules), clock.today(profile_of(request).zone)
    total, ways = sum(line.amount_cents for line in lines), _ways(lines, rules)
    if not total or not ways:
        return redirect("checkout")
    form = HowForm(posted(request), total=total, ways=ways, asks=bool(rules.label("terms")))
    if form.is_valid():
        try:
            return _onward(request, _placed(request, acting, lines, rules, form))
        except BasketChanged as refusal:
            messages.error(request, str(refusal))
            return redirect("office:counter_check_out")
        except Refusal as refusal:
            form.add_error("how", str(refusal))
    context = {
        "form": form,
        "lines": lines,
        "total": total,
        "guardian": acting.guardian,
        "terms_text": rules.label("terms"),
        "due_on": _due_on(lines, rules, today) if LATER in ways else None,
    }
    return page(request, "office/money/at_counter.html", context, section="counter", status=422 if form.errors else 200)


def _lines(acting: Acting) -> list[Registration]:
    basket = registrations.open_basket_of(acting.id)
    basket_id = acting.basket_id or (basket.id if basket else None)
    return registrations.basket_lines(basket_id) if basket_id else []


def _ways(lines: Sequence[Registration], rules: Rules) -> list[str]:
    may_wait = LATER in agreement.choices(agreement.bought_of(lines), rules.paying, by_staff=True)
    return [*([NOW] if rules.paying.counter else []), *([LATER] if may_wait else [])]


def _due_on(lines: Sequence[Registration], rules: Rules, today: date) -> date:
    """The day that is told: the first, where there are several payees."""
    bought = agreement.bought_of(lines).values()
    return min(due.on for each in bought for due in schedule(each, LATER, rules.paying, on=today))


def _placed(
    request: HttpRequest, acting: Acting, lines: Sequence[Registration], rules: Rules, form: HowForm
) -> list[Order]:
    actor, at = replace(actor_of(request), on_behalf=acting.id), clock.now()
    plan = LATER if form.cleaned_data["how"] == LATER else IN_FULL
    placed = check_out(
        basket_id=lines[0].basket_id,
        expected_cents=form.cleaned_data["total"],
        actor=actor,
        language=acting.guardian.language,
        at=at,
        terms=Terms(plan=plan, words=rules.label("terms")),
    )
    return [_registered(order, actor, at) if order.plan == LATER else order for order in placed]


def _registered(order: Order, actor: Actor, at: datetime) -> Order:
    return later.register_unpaid(order_id=order.pk, actor=actor, at=at)


def _onward(request: HttpRequest, placed: Sequence[Order]) -> HttpResponse:
    """To the first that is paid now; where none is, to what was registered."""
    waiting = [order for order in placed if order.status == OrderStatus.OPEN]
    if len(waiting) < len(placed):
        messages.success(request, _("L’inscription est faite. La famille reçoit ce qu’elle doit et jusqu’à quand."))
    if not waiting:
        return redirect("office:order", placed[0].reference)
    if len(waiting) > 1:
        messages.info(request, _("Le panier va à plusieurs comptes de paiement\u202f: recevez chacun à son tour."))
    return redirect("office:receive", waiting[0].reference)
