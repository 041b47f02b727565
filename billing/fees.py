"""What the platform keeps of each payment that an organisation's families make, by its plan (R-53)."""

from uuid import UUID

from billing.models import ConnectedAccount, Subscription
from kernel.transactions import operation
from tenants.context import in_registry


def of(organisation_id: UUID) -> int:
    """In hundredths of a per cent. Without a subscription the platform keeps nothing."""
    with in_registry():
        found = Subscription.objects.filter(organisation_id=organisation_id)
        return found.values_list("plan__fee_basis_points", flat=True).first() or 0


@operation
def write(organisation_id: UUID) -> None:
    """Put the plan's fee on each of the organisation's accounts; payments under way keep the one they began with."""
    with in_registry():
        accounts = ConnectedAccount.objects.filter(organisation_id=organisation_id)
        accounts.update(fee_basis_points=of(organisation_id))
