"""The files that the tax offices' software reads: 281.86 as XML, RL-24 as rows; and the trail of who took them."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from shared_apps.vault import sealing
from tenant_apps.organisation.models import Payee
from tenant_apps.slips import belcotax, facts, issuers
from tenant_apps.slips.belcotax import Form
from tenant_apps.slips.models import Slip, Version
from tenant_apps.slips.operations.making import SEALED

READ = "slips.read"
#
CODES = {Version.ORIGINAL: "R", Version.AMENDED: "A", Version.CANCELLED: "D"}


def numbers_of(slip: Slip) -> dict[str, Any]:
    """The numbers and the address that it was given with. Who reads them for staff leaves a trail (`note`)."""
    return sealing.unseal(slip.sealed, place=SEALED, row_id=slip.pk)


@operation
def note(*, slip: Slip, actor: Actor, at: datetime) -> None:
    """A member of staff has seen the numbers of a slip."""
    details = {"kind": slip.kind, "year": slip.year, "number": slip.number}
    audit.record(action=READ, subject="slip", subject_id=slip.pk, actor=actor, at=at, details=details)


@operation
def taken(*, payee_id: UUID, kind: str, year: int, number: int, actor: Actor, at: datetime) -> None:
    """A member of staff has taken a file, with the numbers of so many slips."""
    details = {"kind": kind, "year": year, "slips": number}
    audit.record(action="slips.file_taken", subject="payee", subject_id=payee_id, actor=actor, at=at, details=details)


def to_send(payee: Payee, kind: str, year: int) -> list[Slip]:
    """The last of each chain; one that was cancelled before anybody was told is still to be taken back."""
    found = Slip.objects.filter(payee=payee, kind=kind, year=year, amended_by=None)
    return list(found.order_by("number"))


def xml(slips: Iterable[Slip], payee: Payee, year: int, *, on: date) -> bytes:
    forms = [form for slip in slips for form in _forms(slip)]
    return belcotax.file(forms, issuer=issuers.of_payee(payee), year=year, on=on)


def rows(slips: Iterable[Slip]) -> Iterator[dict[str, Any]]:
    """Of RL-24, for software that is certified (R-08); amounts in cents. The keys are documented in docs/slips.md."""
    for slip in slips:
        said, numbers = slip.facts, numbers_of(slip)
        children = said["children"]
        eligible, without = (sum(each[name] for each in children) for name in ("cents", "ineligible_cents"))
        yield {
            "annee": slip.year,
            "code": CODES[Version(slip.version)],
            "numero": slip.number,
            "numero_modifie": said["amends"] or "",
            "nas": numbers.get("number", ""),
            "nom": said["payer"]["last_name"],
            "prenom": said["payer"]["first_name"],
            "adresse": numbers.get("street", ""),
            "localite": numbers.get("town", ""),
            "code_postal": numbers.get("postal_code", ""),
            "enfants": " / ".join(f"{each['last_name']}, {each['first_name']}" for each in children),
            "case_b": sum(each["days"] for each in children),
            "case_c": eligible + without,
            "case_d": without,
            "case_e": eligible,
            "electronique": int(said["is_electronic"]),
            "emetteur": said["issuer"]["name"],
            "neq": said["issuer"]["number"],
        }


def _forms(slip: Slip) -> Iterator[Form]:
    numbers = numbers_of(slip)
    [child] = slip.facts["children"]
    sheets = facts.sheets(child["periods"])
    for position, periods in enumerate(sheets, 1):
        reference = f"{slip.year}-{slip.number:06}"
        yield Form(
            reference=reference if len(sheets) == 1 else f"{reference}-{position}",
            version=slip.version,
            payer=slip.facts["payer"],
            child=child,
            periods=periods,
            numbers=numbers,
        )
