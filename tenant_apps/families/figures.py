"""What the pulse says of families (tenants.watching)."""

from tenant_apps.families.models import Guardian, Participant


def counted() -> dict[str, int]:
    return {"participants": Participant.objects.count(), "guardians": Guardian.objects.count()}
