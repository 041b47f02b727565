"""What operators decide for the whole platform: who may open an organisation, and where one writes to them."""

from datetime import datetime

from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from tenant_apps.organisation import operations, queries
from tenants.context import in_registry
from tenants.models import Arrivals, PlatformRules
from tenants.operations.sign_up import arrivals


@operation
def change(*, rule: Arrivals, contact_email: str, actor: Actor, at: datetime) -> None:
    """What is answered already stays so. Saying the same again leaves no trace."""
    before = (arrivals(), contact())
    if before == (rule, contact_email):
        return
    with in_registry():
        PlatformRules.objects.update_or_create(id=1, defaults={"arrivals": rule})
    operations.describe(contact_email=contact_email)
    audit.record(
        action="platform.arrivals_changed",
        subject="platform",
        subject_id=None,
        actor=actor,
        at=at,
        details={"words": f"{rule.label}, {contact_email}"},
    )


def contact() -> str:
    """Empty until an operator says it."""
    return queries.profile().contact_email
