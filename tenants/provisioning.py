"""What each room puts in a new organisation's schema, registered in its `AppConfig.ready()`."""

from collections.abc import Callable

from kernel.registry import Registry
from tenants.models import Organisation

# A step runs inside the new organisation, in the transaction that makes it: it writes rows and nothing else.
Step = Callable[[Organisation], None]

STEPS: Registry[Step] = Registry("provisioning step")
