"""What the organisation allows a file to hold."""

from datetime import datetime

from kernel import clock
from tenant_apps.imports.sources import Terms
from tenant_apps.organisation import national_number
from tenant_apps.organisation.models import Profile


def terms_of(profile: Profile, *, at: datetime) -> Terms:
    """A national number is refused unless the organisation asks for it and says why (S4-14)."""
    return Terms(
        territory=profile.territory,
        asks_national_number=national_number.holds(profile, at=at),
        today=clock.local_date(at, profile.zone),
    )
