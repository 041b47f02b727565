"""An amount as people write it, « 1 234,50 $ », read as whole cents."""

import re
from enum import StrEnum

# As much as is ever asked, far beyond what anything costs and within what a column holds.
MOST_CENTS = 100_000_000

# Thousands stand apart by spaces, or by the mark that does not begin the cents: « 1.234 » alone is nobody's amount.
_WRITTEN = re.compile(
    r"(?:[$€] ?)?(?P<sign>[-−+]?) ?(?:[$€] ?)?(?=[.,]?[0-9])"
    r"(?P<whole>[0-9]{1,3}(?: [0-9]{3})+|[0-9]{1,3}(?:\.[0-9]{3})+(?=,)|[0-9]{1,3}(?:,[0-9]{3})+(?=\.)|[0-9]*)"
    r"(?:[.,](?P<cents>[0-9]*))?(?: ?[$€])?"
)
_MOST_DIGITS = 12


class Fault(StrEnum):
    UNREADABLE = "unreadable"
    DECIMALS = "decimals"
    LEAST = "least"
    MOST = "most"


class NotAnAmount(ValueError):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault = fault


def cents_of(text: str, *, least: int = 0, most: int = MOST_CENTS) -> int:
    """Raises NotAnAmount, which says why; `least` and `most` are in cents, both allowed."""
    # Every kind of space counts as one, the narrow and the unbreakable of typography too.
    bare = " ".join(text.split())
    found = _WRITTEN.fullmatch(bare)
    if found is None or bare.count("$") + bare.count("€") > 1:
        raise NotAnAmount(Fault.UNREADABLE)
    part = found["cents"] or ""
    if len(part) > 2:
        raise NotAnAmount(Fault.DECIMALS)
    whole = re.sub(r"[ .,]", "", found["whole"]).lstrip("0")
    is_negative = found["sign"] in ("-", "−")
    if len(whole) > _MOST_DIGITS:
        raise NotAnAmount(Fault.LEAST if is_negative else Fault.MOST)
    cents = int(whole or "0") * 100 + int(part.ljust(2, "0"))
    return _within(-cents if is_negative else cents, least, most)


def _within(cents: int, least: int, most: int) -> int:
    if cents < least:
        raise NotAnAmount(Fault.LEAST)
    if cents > most:
        raise NotAnAmount(Fault.MOST)
    return cents
