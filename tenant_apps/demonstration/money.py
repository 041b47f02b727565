"""Loads what families owe: an account paid in instalments with a credit, and one that staff left to be paid later."""

from datetime import datetime
from typing import Any

from kernel import ids
from shared_apps.accounts.models import User
from shared_apps.audit.actors import SYSTEM, Actor
from tenant_apps.catalog.models import Option
from tenant_apps.demonstration import reading
from tenant_apps.families import queries as families
from tenant_apps.families.models import Guardian
from tenant_apps.organisation.models import Payee, StaffMember
from tenant_apps.payments.agreement import Terms
from tenant_apps.payments.operations import crediting, settle
from tenant_apps.payments.operations.check_out import check_out
from tenant_apps.registrations import operations as registrations
from tenant_apps.registrations.claims import Claim


def load(key: str, *, at: datetime) -> None:
    """Where the organisation has any. No card is charged: the processor may not even be there."""
    for told in reading.money().get(key, []):
        _take(told, Guardian.objects.get(user=User.objects.get(email=told["family"])), at)


def _take(told: dict[str, Any], guardian: Guardian, at: datetime) -> None:
    options = Option.objects.select_related("offering").filter(offering__slug=told.get("offering", ""))
    taken = list(options.filter(code__in=told.get("options", [])))
    payee = taken[0].offering.payee if taken else Payee.objects.get()
    if told.get("credit"):
        crediting.grant(
            guardian_id=guardian.id,
            payee_id=payee.id,
            cents=told["credit"],
            words=told["words"],
            key=ids.uuid7(),
            actor=SYSTEM,
            at=at,
        )
    if taken:
        _order(told, guardian, taken, at)


def _order(told: dict[str, Any], guardian: Guardian, taken: list[Option], at: datetime) -> None:
    child = next(each for each in families.participants_of(guardian.id) if each.first_name == told["child"])
    claims = [
        Claim(participant_id=child.id, option_id=each.id, quantity=1, contact_email=told["family"]) for each in taken
    ]
    basket = registrations.open_basket(guardian_id=guardian.id, at=at)
    actor = _counter(guardian)
    held = registrations.hold(basket_id=basket.id, claims=claims, actor=actor, at=at)
    for order in check_out(
        basket_id=basket.id,
        expected_cents=sum(line.amount_cents for line in held),
        actor=actor,
        language="fr",
        at=at,
        terms=Terms(plan=told["plan"], spends_credit=bool(told.get("credit"))),
    ):
        settle.settle_free(order_id=order.id, at=at)


def _counter(guardian: Guardian) -> Actor:
    """Who leaves an account to be paid later: families may not everywhere."""
    clerk = StaffMember.objects.select_related("user").filter(role="secretary").order_by("id").first()
    user = clerk.user if clerk else None
    return Actor(kind="staff", user_id=user.id if user else None, label=str(user or ""), on_behalf=guardian.id)
