"""What is said of a request and sealed: the family's words, the answer that it reads, and the ratio of helpers."""

from dataclasses import asdict, dataclass, replace
from typing import Any

from shared_apps.vault import sealing
from tenant_apps.entitlements.models import Entitlement

PLACE = "entitlements.Entitlement.sealed"
# How many children one helper is with.
RATIOS = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class Said:
    """`words` are the family's, `answer` is staff's, for the family; `ratio` is None until staff say it."""

    words: str = ""
    answer: str = ""
    ratio: int | None = None

    def with_answer(self, answer: str, ratio: int | None) -> "Said":
        return replace(self, answer=answer, ratio=ratio)


def said(entitlement: Entitlement) -> Said:
    """Who reads it for staff leaves a trail."""
    return Said(**sealing.unseal(entitlement.sealed, place=PLACE, row_id=entitlement.id))


def seal(said: Said, entitlement: Entitlement) -> bytes | None:
    kept: dict[str, Any] = {name: value for name, value in asdict(said).items() if value not in ("", None)}
    return sealing.seal(kept, place=PLACE, row_id=entitlement.id)
