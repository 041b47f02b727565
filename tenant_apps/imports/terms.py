"""What the organisation allows a file to hold."""

from datetime import datetime

from kernel import clock
from tenant_apps.imports.sources import Terms
from tenant_apps.organisation.models import Profile


def terms_of(profile: Profile, *, at: datetime) -> Terms:
    """A national number is refused unless the organisation asks for it and says why (S4-14)."""
    rule = profile.rules.get("national_number") or {}
    return Terms(
        territory=profile.territory,
        asks_national_number=bool(rule.get("asked")),
        today=clock.local_date(at, profile.zone),
    )
