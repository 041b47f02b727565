"""Who else may fetch a child: a list that its guardians keep, and that whoever hands the child over reads."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kernel.errors import Refusal
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from tenant_apps.families import locks
from tenant_apps.families.models import Participant

_MOST = 10


class TooManyPeople(Refusal):
    code = "too_many_people"
    message = _("Dix personnes au plus peuvent figurer dans cette liste. Retirez-en une d’abord.")


@operation
def add_person(
    *,
    guardian_id: UUID,
    participant_id: UUID,
    name: str,
    phone: str,
    relation: str,
    actor: Actor,
    at: datetime,
) -> None:
    """The same name again replaces what was said of it. Raises Participant.DoesNotExist and TooManyPeople."""
    participant = locks.participant(guardian_id, participant_id)
    kept = [each for each in participant.pick_up_people if each["name"].casefold() != name.casefold()]
    if len(kept) >= _MOST:
        raise TooManyPeople
    person = {"name": name, "phone": phone, "relation": relation, "by": str(guardian_id)}
    _write(participant, [*kept, person], "participant.pick_up_added", actor, at)


@operation
def remove_person(*, guardian_id: UUID, participant_id: UUID, name: str, actor: Actor, at: datetime) -> None:
    """Raises Participant.DoesNotExist."""
    participant = locks.participant(guardian_id, participant_id)
    kept = [each for each in participant.pick_up_people if each["name"] != name]
    _write(participant, kept, "participant.pick_up_removed", actor, at)


def _write(participant: Participant, people: list[dict[str, str]], action: str, actor: Actor, at: datetime) -> None:
    if people == participant.pick_up_people:
        return
    participant.pick_up_people = people
    participant.save(update_fields=["pick_up_people"])
    audit.record(action=action, subject="participant", subject_id=participant.id, actor=actor, at=at)
