"""What the rooms say of a new organisation and put in its schema, registered in `AppConfig.ready()`."""

from collections.abc import Callable, Mapping

from kernel.registry import Registry
from tenants.models import Organisation

# A step runs inside the new organisation, in the transaction that makes it: it writes rows and nothing else.
Step = Callable[[Organisation], None]

STEPS: Registry[Step] = Registry("provisioning step")

# Told the key of a preset: the columns of the registry that it fills, before there is a schema. LookupError if unknown.
Facts = Callable[[str], Mapping[str, str]]

FACTS: Registry[Facts] = Registry("source of a preset's facts")

# Told the same key, and what the registry will say: raises the Refusal of what the preset has not.
CHECKS: Registry[Callable[[str, Mapping[str, str]], None]] = Registry("check of what is said with a preset")

# What a release writes in the registry once its tables are up to date, each time the same.
RELEASE: Registry[Callable[[], object]] = Registry("step of a release")

# Told that an organisation could not be prepared, on the registry, after all of it was undone.
FAILURES: Registry[Step] = Registry("listener to a failed preparation")
