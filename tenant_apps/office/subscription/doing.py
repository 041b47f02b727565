"""What an organisation decides about its subscription: each thing is told in the trail.

The processor is asked in between, so that none is one transaction: what it refused is told nowhere.
"""

from datetime import datetime
from typing import Any

from billing import changing
from billing.gateway import own_cards
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from tenants.context import current


def write_details(*, billing: dict[str, Any], actor: Actor, at: datetime) -> None:
    """Raises ProcessorUnavailable or ProcessorRefused."""
    changing.write_details(organisation_id=current().pk, billing=billing, at=at)
    _tell("subscription.details", actor, at)


def choose_plan(*, code: str, before: str, actor: Actor, at: datetime) -> None:
    """Raises PlanNotSold, ProcessorUnavailable or ProcessorRefused."""
    changing.choose_plan(organisation_id=current().pk, code=code, at=at)
    _tell("subscription.plan", actor, at, {"from": before, "to": code})


def take_card(*, given: own_cards.Given, actor: Actor, at: datetime) -> bool:
    """False for a page that nobody finished, or of somebody else."""
    taken = changing.take_card(organisation_id=current().pk, given=given, at=at)
    if taken:
        _tell("subscription.card", actor, at)
    return taken


def pay_on_invoice(*, actor: Actor, at: datetime) -> None:
    """Raises ProcessorUnavailable or ProcessorRefused."""
    changing.pay_on_invoice(organisation_id=current().pk)
    _tell("subscription.on_invoice", actor, at)


def end(*, actor: Actor, at: datetime) -> None:
    """Raises ProcessorUnavailable or ProcessorRefused."""
    changing.end(organisation_id=current().pk, at=at)
    _tell("subscription.end", actor, at)


def go_on(*, actor: Actor, at: datetime) -> None:
    """Raises DetailsMissing, ProcessorUnavailable or ProcessorRefused."""
    changing.go_on_after_all(organisation_id=current().pk, at=at)
    _tell("subscription.go_on", actor, at)


@operation
def _tell(action: str, actor: Actor, at: datetime, details: dict[str, str] | None = None) -> None:
    audit.record(
        action=action, subject="subscription", subject_id=current().pk, actor=actor, at=at, details=details or {}
    )
