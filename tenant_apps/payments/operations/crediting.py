"""The credit of a family, as staff change it: granted, moved between the organisation's payees, paid out.

What is granted is a rebate on what the family will buy, taken out of the payee's revenue (docs/refunds.md).
"""

from datetime import datetime
from uuid import UUID

from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from shared_apps.outbox import operations as outbox
from tenant_apps.catalog.pricing.wording import amount
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Account
from tenant_apps.organisation import queries as organisation
from tenant_apps.payments import credit
from tenant_apps.payments.errors import CreditShort, ProofMissing
from tenant_apps.payments.models import RefundMeans
from tenant_apps.payments.operations.refund import PAID_FROM


@operation
def grant(*, guardian_id: UUID, payee_id: UUID, cents: int, words: str, key: UUID, actor: Actor, at: datetime) -> None:
    """A goodwill gesture, with its reason. Once per `key`."""
    if _enter(Account.REVENUE, Account.CREDIT, cents, guardian_id, payee_id, f"credit:{key.hex}:granted", at):
        _record("credit_granted", guardian_id, actor, at, cents=cents, payee=str(payee_id), words=words)
        payload = {"guardian": str(guardian_id), "cents": cents, "key": key.hex}
        outbox.tell(kind="payments.credit_granted", payload=payload, at=at)


@operation
def move(
    *, guardian_id: UUID, from_payee_id: UUID, to_payee_id: UUID, cents: int, key: UUID, actor: Actor, at: datetime
) -> None:
    """From one payee of the organisation to another, as when a child changes school. Once per `key`.

    What the one then owes to the other is on BETWEEN. Raises CreditShort.
    """
    source = f"credit:{key.hex}"
    most = credit.locked_of(guardian_id, from_payee_id)
    if ledger.is_entered(f"{source}:out"):
        return
    if cents > most or from_payee_id == to_payee_id:
        raise CreditShort(most=amount(max(most, 0)))
    _enter(Account.CREDIT, Account.BETWEEN, cents, guardian_id, from_payee_id, f"{source}:out", at)
    _enter(Account.BETWEEN, Account.CREDIT, cents, guardian_id, to_payee_id, f"{source}:in", at)
    told = {"cents": cents, "from": str(from_payee_id), "to": str(to_payee_id)}
    _record("credit_moved", guardian_id, actor, at, **told)


@operation
def pay_out(
    *,
    guardian_id: UUID,
    payee_id: UUID,
    cents: int,
    means: RefundMeans,
    proof: str,
    key: UUID,
    actor: Actor,
    at: datetime,
) -> None:
    """The family leaves: its credit was given by cheque, transfer or in cash. Once per `key`.

    Raises CreditShort, or ProofMissing.
    """
    if means != RefundMeans.CASH and not proof.strip():
        raise ProofMissing
    source = f"credit:{key.hex}:paid"
    most = credit.locked_of(guardian_id, payee_id)
    if ledger.is_entered(source):
        return
    if cents > most:
        raise CreditShort(most=amount(max(most, 0)))
    _enter(Account.CREDIT, PAID_FROM[means], cents, guardian_id, payee_id, source, at)
    told = {"cents": cents, "payee": str(payee_id), "means": means.value, "proof": proof.strip()}
    _record("credit_paid", guardian_id, actor, at, **told)


def _enter(
    debit: Account, credit_account: Account, cents: int, guardian_id: UUID, payee_id: UUID, source: str, at: datetime
) -> bool:
    if ledger.is_entered(source):
        return False
    ledger.enter(
        debit=debit,
        credit=credit_account,
        cents=cents,
        of=(payee_id, organisation.profile().currency),
        guardian_id=guardian_id,
        source=source,
        at=at,
    )
    return True


def _record(what: str, guardian_id: UUID, actor: Actor, at: datetime, **details: object) -> None:
    audit.record(
        action=f"payments.{what}", subject="guardian", subject_id=guardian_id, actor=actor, at=at, details=details
    )
