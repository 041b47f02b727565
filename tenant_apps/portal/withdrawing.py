"""An authorization taken back: the answer is kept, and places that were only held for it are freed (S3-27)."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from kernel.transactions import operation
from shared_apps.audit.actors import Actor
from tenant_apps.forms import signing
from tenant_apps.forms.models import Submission
from tenant_apps.registrations import consents
from tenant_apps.registrations import operations as registrations
from tenant_apps.registrations.models import Registration, Status


@operation
def withdraw(
    *,
    form_id: UUID,
    participant_id: UUID,
    signer_id: UUID,
    signed_name: str,
    signed_from: str | None,
    actor: Actor,
    at: datetime,
) -> Submission:
    """What is being paid or confirmed stays, and staff decide: they are told. Raises as `signing.withdraw`."""
    held = [each for each in consents.depending_on(form_id, participant_id) if each.status == Status.HELD]
    signed = signing.withdraw(
        form_id=form_id,
        participant_id=participant_id,
        signer_id=signer_id,
        signed_name=signed_name,
        signed_from=signed_from,
        actor=actor,
        at=at,
    )
    _release(held, actor=actor, at=at)
    return signed


def _release(held: Iterable[Registration], *, actor: Actor, at: datetime) -> None:
    by_basket: dict[UUID, list[UUID]] = {}
    for registration in held:
        by_basket.setdefault(registration.basket_id, []).append(registration.id)
    for basket_id, registration_ids in by_basket.items():
        registrations.release(basket_id=basket_id, registration_ids=registration_ids, actor=actor, at=at)
