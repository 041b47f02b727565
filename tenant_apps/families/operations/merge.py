"""Makes one record of two, with all that hangs on them (S4-11). Nothing is lost, and nothing is undone."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from kernel.transactions import operation
from shared_apps.audit.actors import Actor
from shared_apps.vault import sealing
from tenant_apps.families import queries
from tenant_apps.families.followers import FOLLOWERS
from tenant_apps.families.models import Participant
from tenant_apps.families.operations import joining, pairs

COLUMNS = (
    "last_name",
    "first_name",
    "used_name",
    "birth_date",
    "establishment_id",
    "level_id",
    "price_category",
    "student_number",
)


@operation
def merge_participants(
    *,
    kept_id: UUID,
    gone_id: UUID,
    from_gone: Collection[str],
    links: Collection[UUID],
    actor: Actor,
    at: datetime,
) -> Participant:
    """Keep the first record, with the COLUMNS that are better in the second, and the `links` of the second that hold.

    A link that is not named goes: a guest who typed a child's name is nobody to that child. What is blocked in either
    stays blocked. Submissions are never altered: they are read through `merged_into`. Raises SameRecord, AlreadyMerged,
    DifferentNumbers, or what another room refuses.
    """
    kept, gone = pairs.locked(Participant.objects.filter(removed_at=None), kept_id, gone_id)
    # Before the followers: who is registering one of the two holds its link meanwhile.
    joining.links_of_participants(kept.id, gone.id, links)
    for _name, follower in FOLLOWERS:
        follower.of_participants(kept.id, gone.id, at)
    pairs.move_requests(kept.id, gone.id, column="participant_id", other="guardian_id")
    _write(kept, gone, from_gone, at)
    pairs.record("participant.merged", kept.id, gone.id, from_gone, actor=actor, at=at)
    return kept


def _write(kept: Participant, gone: Participant, from_gone: Collection[str], at: datetime) -> None:
    number, external_id = gone.national_number_hash, gone.external_id
    taken = {name: getattr(gone, name) for name in COLUMNS if name in from_gone}
    sealed = {**queries.sealed_answers(gone), **queries.sealed_answers(kept)}
    _put_away(gone, kept, at)
    for name, value in taken.items():
        setattr(kept, name, value)
    kept.locked_fields = _locks(kept, gone, from_gone)
    kept.answers = {**gone.answers, **{key: value for key, value in kept.answers.items() if value not in (None, "")}}
    kept.sealed = sealing.seal(sealed, place=queries.SEALED, row_id=kept.id)
    kept.national_number_hash = kept.national_number_hash or number
    kept.external_id = kept.external_id or external_id
    kept.pick_up_people += [person for person in gone.pick_up_people if person not in kept.pick_up_people]
    kept.save()


def _put_away(gone: Participant, kept: Participant, at: datetime) -> None:
    """Empty of what is unique and of what is sealed; what was merged into it before is now found in the other."""
    Participant.objects.filter(merged_into=gone).update(merged_into=kept)
    gone.merged_into, gone.removed_at = kept, at
    gone.sealed, gone.national_number_hash = None, ""
    if not kept.external_id:
        gone.external_id = ""
    gone.save()


def _locks(kept: Participant, gone: Participant, from_gone: Collection[str]) -> list[str]:
    """A column is locked as it was in the record that its value comes from."""
    taken = {name.removesuffix("_id") for name in from_gone} | (gone.answers.keys() - kept.answers.keys())
    return sorted({*(set(kept.locked_fields) - taken), *(set(gone.locked_fields) & taken)})
