"""What payments do once something has happened, apart from the transaction in which it did."""

from typing import Any

from kernel.tasks import nudge
from tenant_apps.payments.tasks import follow_instalments


def card_changed(payload: dict[str, Any]) -> None:
    """The new card is asked at once for what the old one did not pay."""
    nudge(follow_instalments)


LISTENERS = {"payments.card_changed": card_changed}
