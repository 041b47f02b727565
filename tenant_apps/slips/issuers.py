"""Who issues slips, as they say it: read from `Payee.slips`, with a value for each thing that is not said.

What the tax offices' texts leave open is a setting here (docs/slips.md).
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from stdnum.be import vat

from tenant_apps.organisation.models import Payee
from tenant_apps.slips.models import SlipKind

BELGIUM = "150"
# How the half days of a period make days: rounded, or each of them a day.
HALF_DAYS = ("up", "down", "whole")
FILE_KINDS = ("BCTEST", "BELCOTAX")


@dataclass(frozen=True, slots=True)
class Issuer:
    """`number`: the enterprise number, of the BCE or the NEQ. `signatory`: who signs (R-17).

    `certification`: the code of who certifies, and who that is, where it must be said (R-32).
    `ceilings`: {"2026": cents a day}, told beside the amounts and never cutting them (R-31).
    """

    name: str = ""
    number: str = ""
    street: str = ""
    postal_code: str = ""
    city: str = ""
    country: str = BELGIUM
    phone: str = ""
    email: str = ""
    signatory: str = ""
    kinds: tuple[str, ...] = ()
    certification: str = ""
    certifier_name: str = ""
    certifier_number: str = ""
    certifier_street: str = ""
    certifier_postal_code: str = ""
    certifier_city: str = ""
    certified_from: str = ""
    certified_until: str = ""
    file_kind: str = FILE_KINDS[0]
    half_days: str = HALF_DAYS[0]
    shows_rate: bool = True
    language: str = "2"
    ceilings: Mapping[str, int] = field(default_factory=dict)

    def lacks(self, kind: str) -> list[str]:
        """The columns without which nothing of the kind can be made."""
        wanted = ["name", "street", "postal_code", "city"]
        if kind == SlipKind.CHILDCARE:
            wanted.append("signatory")
        lacking = [name for name in wanted if not getattr(self, name)]
        if kind == SlipKind.FORM_281_86 and not vat.is_valid(self.number):
            lacking.append("number")
        if kind == SlipKind.FORM_281_86 and self.certification and not self.certifier_name:
            lacking.append("certifier_name")
        return lacking

    def ceiling(self, year: int) -> int:
        return int(self.ceilings.get(str(year), 0))

    def as_data(self) -> dict[str, Any]:
        return {**asdict(self), "kinds": list(self.kinds), "ceilings": dict(self.ceilings)}


def of_payee(payee: Payee) -> Issuer:
    return read({"name": payee.legal_name or payee.name, **payee.slips})


def read(data: Mapping[str, Any]) -> Issuer:
    known = {name: data[name] for name in Issuer.__dataclass_fields__ if name in data}
    return Issuer(**{**known, "kinds": tuple(known.get("kinds", ()))})


def validity(issuer: Issuer, year: int) -> tuple[date, date]:
    """Of the certification: the whole year where nothing else is said (R-34)."""
    begins, ends = issuer.certified_from, issuer.certified_until
    return (
        date.fromisoformat(begins) if begins else date(year, 1, 1),
        date.fromisoformat(ends) if ends else date(year, 12, 31),
    )
