"""What a family accepts when it pays: the organisation's own words, and the refund policy of each offering."""

from dataclasses import dataclass

from tenant_apps.catalog.models import Offering
from tenant_apps.portal.baskets import Content


@dataclass(frozen=True, slots=True)
class Conditions:
    text: str
    offerings: list[Offering]

    @property
    def words(self) -> str:
        """All of it, in the language it was shown in."""
        return "\n\n".join([self.text, *(f"{each}\n{each.shown('refund_policy')}" for each in self.offerings)]).strip()


def conditions_of(content: Content, text: str) -> Conditions:
    """Each offering once, where it says something."""
    found = {part.offering.id: part.offering for part in content.parts if part.offering.shown("refund_policy")}
    return Conditions(text, list(found.values()))
