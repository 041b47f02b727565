"""« À recevoir »: what families owe, the oldest day first, and what staff do about it. Nothing cancels itself."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.core.paginator import Paginator
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, TextField, UUIDField, Value, When
from django.db.models.functions import Coalesce, Concat, TruncDate
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from kernel import clock, folding
from shared_apps.accounts.access import staff
from tenant_apps.office import exports
from tenant_apps.office.money.payments_of import failure_words
from tenant_apps.office.pages import page
from tenant_apps.office.scope import ORDERS, of_request
from tenant_apps.orders.models import Account, Order, OrderLine, Transfer
from tenant_apps.orders.models import Status as OrderStatus
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.context import profile_of
from tenant_apps.organisation.models import Payee
from tenant_apps.payments import failing
from tenant_apps.payments.models import Instalment, InstalmentStatus, Means, Payment, Status
from tenant_apps.payments.operations import askable
from tenant_apps.payments.operations.instalments import OPEN
from tenant_apps.payments.operations.later import last_reminded

_PER_PAGE = 50
OVERDUE, FAILED, GRACE_OVER, BOUNCED, TO_COME = "overdue", "failed", "grace_over", "bounced", "to_come"
_STATES = [
    ("", gettext_lazy("Tous")),
    (OVERDUE, gettext_lazy("En retard")),
    (FAILED, gettext_lazy("Prélèvement refusé")),
    (GRACE_OVER, gettext_lazy("Délai accordé dépassé")),
    (BOUNCED, gettext_lazy("Débit refusé par la banque")),
    (TO_COME, gettext_lazy("À venir")),
]


class OwingFilters(forms.Form):
    q = forms.CharField(label=gettext_lazy("Nom ou référence"), required=False, max_length=100, strip=True)
    payee = forms.ModelChoiceField(
        Payee.objects.none(), label=gettext_lazy("Compte de paiement"), required=False, empty_label=gettext_lazy("Tous")
    )
    state = forms.ChoiceField(label=gettext_lazy("Échéance"), required=False, choices=_STATES)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.fields["payee"].queryset = organisation.payees()  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Owed:
    """One order: `cents` owed since so many days, what is due next, and why a card was refused for it.

    `refused_id`: the instalment of which the card may be asked again.
    """

    order: Order
    cents: int
    days: int
    due_on: date | None
    is_late: bool
    failure: str
    grace_until: date | None
    reminded: datetime | None
    may_remind: bool
    refused_id: UUID | None


@staff(*ORDERS)
@require_safe
def owing(request: HttpRequest) -> HttpResponse:
    form = OwingFilters(request.GET)
    today = clock.today(profile_of(request).zone)
    wanted = _found(request, form, today)
    found = Paginator(wanted, _PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "found": found,
        "rows": _rows(found.object_list, today),
        "total": wanted.aggregate(sum=Sum("owed"))["sum"] or 0,
        "is_narrowed": any(form.cleaned_data.values()),
    }
    section = "finances" if of_request(request).sees_finances else "owing"
    return page(request, "office/money/owing.html", context, section=section)


@staff(*ORDERS)
@require_safe
def owing_csv(request: HttpRequest) -> HttpResponse:
    today = clock.today(profile_of(request).zone)
    rows = _rows(_found(request, OwingFilters(request.GET), today), today)
    head = [_("Commande"), _("Parent"), _("Courriel"), _("Téléphone"), _("Compte de paiement"), _("Reste à payer")]
    head += [_("Jours depuis l’inscription"), _("Prochaine échéance"), _("En retard"), _("Dernier refus")]
    return exports.table("a-recevoir", head, _cells(rows))


def _found(request: HttpRequest, form: OwingFilters, today: date) -> QuerySet[Order]:
    form.is_valid()
    wanted = form.cleaned_data
    orders = of_request(request).orders()
    found = _bounced(orders) if wanted.get("state") == BOUNCED else unpaid(orders)
    if payee := wanted.get("payee"):
        found = found.filter(payee=payee)
    found = _in_state(found, wanted.get("state") or "", today)
    return _named(found, wanted.get("q") or "").order_by(F("due_on").asc(nulls_first=True), "settled_at", "id")


def unpaid(orders: QuerySet[Order]) -> QuerySet[Order]:
    """Counted by the database from the ledger, so that a page is a page."""
    side = Case(When(debit=Account.RECEIVABLE, then=F("amount_cents")), default=-F("amount_cents"))
    rows = Transfer.objects.filter(Q(debit=Account.RECEIVABLE) | Q(credit=Account.RECEIVABLE), order=OuterRef("pk"))
    owed = rows.order_by().values("order").annotate(sum=Sum(side)).values("sum")
    due = Instalment.objects.filter(order=OuterRef("pk"), status__in=OPEN).order_by("due_on")
    refused = due.filter(status=InstalmentStatus.FAILED)
    return (
        orders.filter(status=OrderStatus.SETTLED)
        .annotate(
            owed=Subquery(owed),
            due_on=Subquery(due.values("due_on")[:1]),
            failure=Subquery(refused.values("failure")[:1]),
            grace_until=Subquery(refused.values("grace_until")[:1]),
            is_refused=Exists(refused),
            refused_id=Subquery(askable.refused().filter(order=OuterRef("pk")).order_by("due_on").values("id")[:1]),
        )
        .filter(owed__gt=0)
        .select_related("guardian", "payee")
    )


def _bounced(orders: QuerySet[Order]) -> QuerySet[Order]:
    """They are not sold yet: what they will owe is not in the ledger, and their places wait for another payment."""
    credit = Payment.objects.filter(order=OuterRef("pk"), means=Means.CREDIT, status=Status.STARTED)
    held = OrderLine.objects.filter(order=OuterRef("pk")).order_by("registration__held_until")
    until = TruncDate(Subquery(held.values("registration__held_until")[:1]))
    return (
        orders.filter(pk__in=failing.bounced().values("pk"))
        .annotate(
            owed=F("total_cents") - Coalesce(Subquery(credit.values("amount_cents")), 0),
            due_on=until,
            failure=Value(BOUNCED),
            grace_until=until,
            is_refused=Value(True),
            refused_id=Value(None, output_field=UUIDField()),
        )
        .select_related("guardian", "payee")
    )


def _in_state(found: QuerySet[Order], state: str, today: date) -> QuerySet[Order]:
    narrowing = {
        OVERDUE: Q(due_on__lt=today) | Q(due_on=None),
        FAILED: Q(is_refused=True),
        GRACE_OVER: Q(is_refused=True, grace_until__lt=today),
        TO_COME: Q(due_on__gte=today),
        BOUNCED: Q(),
    }
    return found.filter(narrowing[state]) if state else found


def _named(found: QuerySet[Order], text: str) -> QuerySet[Order]:
    if not text:
        return found
    names = ("guardian__last_name", "guardian__first_name", "reference")
    spaced = [part for name in names for part in (name, Value(" "))]
    found = found.annotate(names=folding.folded(Concat(*spaced, output_field=TextField())))
    for word in folding.words(text):
        found = found.filter(names__contains=word)
    return found


def _rows(orders: Iterable[Any], today: date) -> list[Owed]:
    known = list(orders)
    reminded, now = last_reminded([order.pk for order in known]), clock.now()
    return [
        Owed(
            order=order,
            cents=order.owed,
            days=(now - (order.settled_at or order.placed_at)).days,
            due_on=order.due_on,
            is_late=order.due_on is None or order.due_on < today,
            failure=failure_words(order.failure or "") if order.is_refused else "",
            grace_until=order.grace_until,
            reminded=reminded.get(order.pk),
            may_remind=bool(order.settled_at and order.guardian.email)
            and (order.pk not in reminded or now - reminded[order.pk] >= timedelta(days=1)),
            refused_id=order.refused_id,
        )
        for order in known
    ]


def _cells(rows: Iterable[Owed]) -> Iterator[list[object]]:
    for row in rows:
        yield [
            row.order.reference,
            row.order.guardian,
            row.order.guardian.email,
            row.order.guardian.phone,
            row.order.payee.name,
            exports.amount(row.cents),
            row.days,
            row.due_on.isoformat() if row.due_on else "",
            _("Oui") if row.is_late else _("Non"),
            row.failure,
        ]
