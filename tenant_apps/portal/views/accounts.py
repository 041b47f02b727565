"""« Comptes et reçus » (S2-23, S2-25): what is owed first, then one account per order, with its receipts."""

from datetime import date

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kernel import clock
from shared_apps.accounts.access import signed_in
from tenant_apps.families import queries as families
from tenant_apps.families.models import Guardian, Participant
from tenant_apps.orders.models import Order, OrderLine
from tenant_apps.organisation.context import profile_of
from tenant_apps.organisation.models import Payee
from tenant_apps.payments.movements import Movement, movements
from tenant_apps.portal import accounts
from tenant_apps.portal.forms.account import AccountFilters
from tenant_apps.portal.views.members import guardian_of

_PER_PAGE = 20


@signed_in
@require_safe
def invoices(request: HttpRequest) -> HttpResponse:
    guardian, today = guardian_of(request), today_of(request)
    orders = accounts.orders_of(guardian.id)
    form = _filters(request, orders, guardian)
    page = Paginator(_narrowed(orders, form), _PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "owed": accounts.owed_by(guardian),
        "today": today,
        "form": form,
        "page": page,
        "accounts": accounts.of_orders(page, guardian.id, today=today),
        "credits": _credits(guardian),
    }
    return render(request, "portal/account/invoices.html", context)


@signed_in
@require_safe
def instalments(request: HttpRequest) -> HttpResponse:
    """What is to come of every order, the first first."""
    context = {"coming": accounts.coming_of(guardian_of(request)), "today": today_of(request)}
    return render(request, "portal/account/instalments.html", context)


def today_of(request: HttpRequest) -> date:
    return clock.now().astimezone(profile_of(request).zone).date()


def _credits(guardian: Guardian) -> list[tuple[Payee, list[Movement]]]:
    """By payee, the latest movement first: it says what there is."""
    found: dict[Payee, list[Movement]] = {}
    for each in movements(guardian.id):
        found.setdefault(each.payee, []).append(each)
    return list(found.items())


def _filters(request: HttpRequest, orders: QuerySet[Order], guardian: Guardian) -> AccountFilters:
    """Nobody from whom the guardian was kept away since is a choice."""
    ordered_for = OrderLine.objects.filter(order__in=orders.order_by()).values("registration__participant_id")
    children = Participant.objects.filter(pk__in=ordered_for).exclude(pk__in=families.hidden_from(guardian.id))
    named = sorted(((child.pk, str(child)) for child in children), key=lambda each: each[1])
    years = [day.year for day in orders.order_by().dates("placed_at", "year", order="DESC")]
    return AccountFilters(request.GET, years=years, children=named)


def _narrowed(orders: QuerySet[Order], form: AccountFilters) -> QuerySet[Order]:
    if form.year:
        orders = orders.filter(placed_at__year=form.year)
    if form.child_id:
        lines = OrderLine.objects.filter(registration__participant_id=form.child_id)
        orders = orders.filter(pk__in=lines.values("order_id"))
    return orders
