"""A record handed in: what it says goes to the child and to the household, and the signed copy stays as it is."""

from datetime import datetime
from uuid import UUID

from kernel.transactions import operation
from shared_apps.audit.actors import Actor
from tenant_apps.families.identity import Answers, Identity
from tenant_apps.families.operations import participants
from tenant_apps.forms import records
from tenant_apps.forms.models import Submission
from tenant_apps.forms.signatures import Signature


@operation
def fill_in(
    *,
    guardian_id: UUID,
    participant_id: UUID,
    version_id: UUID,
    identity: Identity,
    answers: Answers,
    signature: Signature,
    actor: Actor,
    at: datetime,
) -> Submission:
    """Raises Participant.DoesNotExist for another family's, and the refusals of `complete_participant` and `sign`."""
    participants.complete_participant(
        guardian_id=guardian_id,
        participant_id=participant_id,
        identity=identity,
        answers=answers,
        actor=actor,
        at=at,
    )
    return records.sign(
        version_id=version_id,
        participant_id=participant_id,
        signer_id=guardian_id,
        answers=answers,
        signature=signature,
        actor=actor,
        at=at,
    )
