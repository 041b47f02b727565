"""What the platform keeps of a payment, by the payee's agreement; families never see it (R-53)."""

from billing.models import ConnectedAccount


def of_payment(*, account: str, cents: int) -> int:
    """In cents, rounded down: never more than was agreed."""
    basis_points = ConnectedAccount.objects.filter(processor_id=account).values_list("fee_basis_points", flat=True)
    return cents * (basis_points.first() or 0) // 10_000
