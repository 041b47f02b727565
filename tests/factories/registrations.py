"""Claims and holds, in the words of a test."""

from typing import Any

from shared_apps.audit.actors import SYSTEM
from tenant_apps.catalog.models import Option
from tenant_apps.families.models import Guardian, Participant
from tenant_apps.registrations import operations
from tenant_apps.registrations.claims import Claim
from tenant_apps.registrations.models import Basket, Registration
from tests.factories.families import a_child, a_guardian
from tests.factories.moments import NOON


def a_basket(guardian: Guardian | None = None) -> Basket:
    return operations.open_basket(guardian_id=(guardian or a_guardian()).id, at=NOON)


def a_claim(participant: Participant, option: Option, quantity: int = 1) -> Claim:
    return Claim(
        participant_id=participant.id, option_id=option.id, quantity=quantity, contact_email="parent@example.org"
    )


def a_hold(
    option: Option, *, quantity: int = 1, basket: Basket | None = None, child: Participant | None = None, **more: Any
) -> Registration:
    """A held registration, of a new family's child if none is named."""
    basket = basket or a_basket()
    child = child or a_child(of=basket.guardian)
    [registration] = operations.hold(
        basket_id=basket.id,
        claims=[a_claim(child, option, quantity)],
        actor=SYSTEM,
        at=more.pop("at", NOON),
        **more,
    )
    return registration
