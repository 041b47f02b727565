"""What the pulse says of payments (tenants.watching)."""

from tenant_apps.payments.disputed import UNDECIDED
from tenant_apps.payments.models import Instalment, InstalmentStatus, Payment


def counted() -> dict[str, int]:
    return {
        "disputes_open": Payment.objects.filter(dispute__status__in=UNDECIDED).count(),
        "instalments_failed": Instalment.objects.filter(status=InstalmentStatus.FAILED).count(),
    }
