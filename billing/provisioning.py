"""What a new organisation has from the platform: its plan, on trial."""

from billing import subscriptions
from kernel import clock
from tenants.context import in_registry
from tenants.models import Organisation, SignUp


def begin(organisation: Organisation) -> None:
    """The plan that was chosen on arrival, else the first offered; the platform's own organisation has none."""
    if organisation.is_operations:
        return
    with in_registry():
        asked = SignUp.objects.filter(organisation_id=organisation.pk).first()
    billing = {"name": organisation.name, "email": asked.owner_email} if asked else {"name": organisation.name}
    subscriptions.begin_trial(
        organisation_id=organisation.pk, plan=asked.plan if asked else "", billing=billing, at=clock.now()
    )
