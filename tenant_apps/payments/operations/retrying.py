"""What becomes of an instalment whose card was refused: asked again, then left to the family for a time (S2-19, O-13).

Nothing here ends a registration: once the grace is over the organisation's own people decide.
"""

from datetime import datetime, timedelta

from billing.gateway.intents import NEEDS_PAYER
from kernel import clock
from kernel.transactions import operation
from shared_apps.outbox import operations as outbox
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.rules import read as read_rules
from tenant_apps.payments.models import Instalment, InstalmentStatus, Payment
from tenant_apps.payments.states import move_instalment

# No card was kept, as where credit paid the first part.
NO_CARD = "no_card"
# Asking again changes nothing, and the card networks forbid it for some: only another card or the payer helps.
NEVER_AGAIN = frozenset(
    {
        NO_CARD,
        NEEDS_PAYER,
        "expired_card",
        "invalid_account",
        "lost_card",
        "pickup_card",
        "restricted_card",
        "revocation_of_all_authorizations",
        "revocation_of_authorization",
        "stolen_card",
    }
)


@operation
def refuse(*, payment: Payment, failure: str, at: datetime) -> None:
    """Enter that the card was refused for the instalment that this payment is of, if it is of one."""
    charging = Instalment.objects.filter(payment=payment, status=InstalmentStatus.CHARGING).first()
    if charging is not None:
        fail(charging, failure=failure, at=at)


def fail(instalment: Instalment, *, failure: str, at: datetime) -> bool:
    """Lay down when the card is asked again, or how long the family has to pay otherwise. `attempts` is up to date."""
    profile = organisation.profile()
    rules, today = read_rules(profile.rules).paying, clock.local_date(at, profile.zone)
    if instalment.due_on > today:
        # Somebody tried before the day: nothing is late.
        return move_instalment(instalment.id, InstalmentStatus.DUE, failure=failure[:60], attempts=0)
    again = rules.retry_days[instalment.attempts - 1 : instalment.attempts]
    is_asked_again = bool(again) and failure not in NEVER_AGAIN
    moved = move_instalment(
        instalment.id,
        InstalmentStatus.FAILED,
        failure=failure[:60],
        try_at=at + timedelta(days=again[0]) if is_asked_again else None,
        grace_until=None if is_asked_again else today + timedelta(days=rules.grace_days),
    )
    if moved:
        outbox.tell(
            kind="instalments.refused",
            payload={
                "instalment": str(instalment.id),
                "payment": str(instalment.payment_id or ""),
                "failure": failure,
            },
            at=at,
        )
    return moved
