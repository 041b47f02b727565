"""An authorization that is given no more: the answer is kept, and places that were only held for it are freed."""

from datetime import datetime
from uuid import UUID

from kernel.transactions import operation
from shared_apps.audit.actors import Actor
from tenant_apps.forms import signing
from tenant_apps.forms.models import Decision, FormVersion, Submission
from tenant_apps.registrations import consents, freeing
from tenant_apps.registrations import operations as registrations
from tenant_apps.registrations.models import Status


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
    """What is being paid or confirmed stays, and staff decide: they are told (S3-27). Raises as `signing.withdraw`."""
    signed = signing.withdraw(
        form_id=form_id,
        participant_id=participant_id,
        signer_id=signer_id,
        signed_name=signed_name,
        signed_from=signed_from,
        actor=actor,
        at=at,
    )
    free_held(form_id, participant_id, actor=actor, at=at)
    return signed


@operation
def record_assisted(
    *,
    version_id: UUID,
    participant_id: UUID,
    signer_id: UUID,
    decision: str,
    signed_name: str,
    note: str,
    recorded_by: UUID,
    language: str,
    signed_from: str | None,
    actor: Actor,
    at: datetime,
) -> Submission:
    """An answer typed with the parent present (S3-30). Raises as `signing.sign_assisted`."""
    signed = signing.sign_assisted(
        version_id=version_id,
        participant_id=participant_id,
        signer_id=signer_id,
        decision=decision,
        signed_name=signed_name,
        note=note,
        recorded_by=recorded_by,
        language=language,
        signed_from=signed_from,
        actor=actor,
        at=at,
    )
    if decision != Decision.YES:
        free_held(FormVersion.objects.get(id=version_id).form_id, participant_id, actor=actor, at=at)
    return signed


@operation
def free_held(form_id: UUID, participant_id: UUID, *, actor: Actor, at: datetime) -> None:
    """In every basket: a « no » of one parent frees what the other held as well."""
    by_basket: dict[UUID, list[UUID]] = {}
    held = [each for each in consents.depending_on(form_id, participant_id) if each.status == Status.HELD]
    # Kept while a request is studied, in a basket of its own that is closed.
    freeing.free([each for each in held if each.basket.closed_at is not None], at=at)
    for registration in held:
        if registration.basket.closed_at is None:
            by_basket.setdefault(registration.basket_id, []).append(registration.id)
    for basket_id, registration_ids in by_basket.items():
        registrations.release(basket_id=basket_id, registration_ids=registration_ids, actor=actor, at=at)
