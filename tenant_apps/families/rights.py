"""What a link lets its guardian do, as it is proposed, written down and given."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Rights:
    """`custody` is the column's own data; `same_household`: they live with whoever proposes the link."""

    may_enrol: bool = True
    may_see_health: bool = True
    may_pay: bool = True
    custody: list[dict[str, Any]] = field(default_factory=list)
    same_household: bool = False

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "Rights":
        """What `LinkRequest.rights` holds; what is not said is as at the start."""
        known = {each.name for each in fields(cls)}
        return cls(**{name: value for name, value in data.items() if name in known})

    def as_data(self) -> dict[str, Any]:
        return asdict(self)

    def columns(self) -> dict[str, Any]:
        """Those of the Guardianship."""
        return {name: value for name, value in asdict(self).items() if name != "same_household"}

    def within(self, *, may_enrol: bool, may_see_health: bool, may_pay: bool) -> "Rights":
        """Nobody gives more than they have."""
        return Rights(
            may_enrol=self.may_enrol and may_enrol,
            may_see_health=self.may_see_health and may_see_health,
            may_pay=self.may_pay and may_pay,
            custody=self.custody,
            same_household=self.same_household,
        )
