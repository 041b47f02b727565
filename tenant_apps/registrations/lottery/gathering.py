"""Whether families may say their wishes now, and who is kept from drawing meanwhile."""

from datetime import datetime
from uuid import UUID

from tenant_apps.openings.models import Mode, Opening
from tenant_apps.registrations.lottery import errors


def gathering(opening_id: UUID, *, at: datetime) -> Opening:
    """The opening, where families may say their wishes now. Raises NotGathering."""
    # Asked first without the lock: while the draw has it, who is too late is told at once.
    known = Opening.objects.filter(pk=opening_id).first()
    if known is None or not is_gathering(known, at=at):
        raise errors.NotGathering
    opening = steady(opening_id)
    if not is_gathering(opening, at=at):
        raise errors.NotGathering
    return opening


def steady(opening_id: UUID) -> Opening:
    """The opening; nothing is drawn until this transaction ends. Raises NotGathering where there is none."""
    # As a reference to the row locks it: others go on wishing, and the draw, which takes the row whole, waits.
    return _locked(opening_id, "KEY SHARE")


def whole(opening_id: UUID) -> Opening:
    """The opening, once nobody is saying a wish; who comes after waits. The caller writes it next."""
    return _locked(opening_id, "UPDATE")


def _locked(opening_id: UUID, how: str) -> Opening:
    query = f"SELECT * FROM {Opening._meta.db_table} WHERE id = %s FOR {how}"  # noqa: S608
    opening = next(iter(Opening.objects.raw(query, [opening_id])), None)
    if opening is None:
        raise errors.NotGathering
    return opening


def is_gathering(opening: Opening, *, at: datetime) -> bool:
    """A draw takes wishes until it opens; a list prepared for one's turn in a queue serves as long as turns do."""
    if at < opening.gathers_from or (opening.ended_at and opening.ended_at <= at):
        return False
    return opening.mode == Mode.QUEUE or (opening.drawn_at is None and at < opening.opens_at)
