"""What an offering asks of the child who takes a place over: answered and signed before the transfer is asked for."""

from datetime import datetime

from kernel.transactions import operation
from shared_apps.audit.actors import Actor
from tenant_apps.families.models import Guardian, Participant
from tenant_apps.families.operations import participants
from tenant_apps.portal import registering
from tenant_apps.portal.registering import Entry


@operation
def fill_in(*, guardian: Guardian, participant: Participant, entry: Entry, actor: Actor, at: datetime) -> None:
    """Keep the answers and the signature, or nothing. A refusal is kept too, and then nothing else is.

    The place is taken over later, with what is found here. Raises what `registering.signed` raises.
    """
    registering.signed(guardian, participant, entry.signature, actor=actor, at=at)
    if entry.version is None or (entry.signature and entry.signature.is_refusal):
        return
    participants.complete_participant(
        guardian_id=guardian.id,
        participant_id=participant.id,
        identity=entry.identity,
        answers=entry.answers,
        actor=actor,
        at=at,
    )
    registering.submitted(guardian, participant, entry, actor=actor, at=at)
