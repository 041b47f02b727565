"""What is said of a change and sealed: the family's reason, and the answer that it reads."""

from dataclasses import asdict, dataclass, replace

from shared_apps.vault import sealing
from tenant_apps.changes.models import ChangeRequest

PLACE = "changes.ChangeRequest.sealed"


@dataclass(frozen=True, slots=True)
class Said:
    """`words` are the family's, `answer` is staff's, for the family."""

    words: str = ""
    answer: str = ""

    def with_answer(self, answer: str) -> "Said":
        return replace(self, answer=answer)


def said(request: ChangeRequest) -> Said:
    """Who reads it for staff leaves a trail."""
    return Said(**sealing.unseal(request.sealed, place=PLACE, row_id=request.id))


def seal(said: Said, request: ChangeRequest) -> bytes | None:
    kept = {name: value for name, value in asdict(said).items() if value}
    return sealing.seal(kept, place=PLACE, row_id=request.id)
