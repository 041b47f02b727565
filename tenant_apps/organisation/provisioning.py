"""What a new organisation finds in its house: the preset it was ordered with, or a bare profile."""

from tenant_apps.organisation import operations
from tenants.models import Organisation


def start(organisation: Organisation) -> None:
    # The registry's word stands above the preset's: an operator may have said otherwise.
    facts = {
        "time_zone": organisation.time_zone,
        "currency": organisation.currency,
        "territory": organisation.country,
    }
    if organisation.preset:
        operations.apply_preset(key=organisation.preset, name=organisation.name, **facts)
    else:
        operations.begin(name=organisation.name, language=organisation.language, **facts)
