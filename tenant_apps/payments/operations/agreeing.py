"""What a family agrees to when it checks out: laid down for each order, and kept as the proof of it."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from shared_apps.outbox import operations as outbox
from tenant_apps.orders import operations as orders
from tenant_apps.orders.models import Order
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.rules import read as read_rules
from tenant_apps.payments import agreement, credit
from tenant_apps.payments.agreement import Part, Terms
from tenant_apps.payments.models import Instalment
from tenant_apps.payments.operations import instalments
from tenant_apps.payments.terms import IN_FULL
from tenant_apps.registrations.models import Registration


def agree(order: Order, pending: Sequence[Registration], chosen: Terms, actor: Actor, at: datetime) -> Part:
    """Of each order by itself, since what may be paid by instalments may be of one payee only."""
    had = credit.locked(order) if chosen.spends_credit else 0
    part = _part(order, pending, chosen, had, actor, at)
    if not part.dues and not part.credit_cents:
        return part
    instalments.lay(order, part.dues, today=part.on)
    credit.reserve(order=order, most_cents=part.credit_cents, at=at)
    orders.agree(order_id=order.id, plan=part.plan, first_cents=part.first_cents)
    order.plan, order.first_cents = part.plan, part.first_cents
    audit.record(
        action="orders.agreed",
        subject="order",
        subject_id=order.id,
        actor=actor,
        at=at,
        details=_consent(part, chosen.words),
    )
    return part


def is_agreed(order: Order, pending: Sequence[Registration], terms: Terms, actor: Actor, at: datetime) -> bool:
    """What was agreed may be less than what is asked for now, or more, or on other days: it is agreed anew."""
    if terms.plan == IN_FULL and not terms.spends_credit:
        return order.plan == IN_FULL and order.first_cents == order.total_cents
    reserved = credit.reserved_for(order.id)
    had = credit.available(order.guardian_id, order.payee_id) + reserved if terms.spends_credit else 0
    part = _part(order, pending, terms, had, actor, at)
    laid = Instalment.objects.filter(order=order).order_by("position").values_list("due_on", "amount_cents")
    return (order.plan, order.first_cents, reserved, list(laid)) == (
        part.plan,
        part.first_cents,
        part.credit_cents,
        [(due.on, due.cents) for due in part.dues],
    )


def tell_of_transfers(placed: Sequence[Order], terms: Terms, at: datetime) -> None:
    for order in placed if terms.by_transfer else []:
        if order.first_cents and order.communication:
            outbox.tell(kind="orders.await_transfer", payload={"order": str(order.id)}, at=at)


def _part(
    order: Order, pending: Sequence[Registration], chosen: Terms, credit_cents: int, actor: Actor, at: datetime
) -> Part:
    profile = organisation.profile()
    return agreement.part(
        order.payee_id,
        agreement.bought_of(pending).get(order.payee_id, []),
        chosen.plan,
        read_rules(profile.rules).paying,
        credit_cents=credit_cents,
        on=at.astimezone(profile.zone).date(),
        by_staff=actor.kind == "staff",
    )


def _consent(part: Part, words: str) -> dict[str, object]:
    """The proof of the mandate: amounts, days, whether a card is kept, and which words were accepted (R-54)."""
    return {
        "plan": part.plan,
        "now_cents": part.first_cents,
        "credit_cents": part.credit_cents,
        "later": [{"on": str(due.on), "cents": due.cents} for due in part.later],
        "keeps_card": part.keeps_card,
        "words_sha256": hashlib.sha256(words.encode()).hexdigest(),
    }
