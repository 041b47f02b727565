"""What the organisation's people have said of their first day: that they need no list of it any more."""

from datetime import datetime

from kernel.database import lock_one
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from tenant_apps.organisation.models import Profile

_DISMISSED = "dismissed"


def is_dismissed(profile: Profile) -> bool:
    return _DISMISSED in profile.first_day


@operation
def dismiss(*, actor: Actor, at: datetime) -> None:
    """Twice is once."""
    profile = lock_one(Profile.objects.all())
    if is_dismissed(profile):
        return
    profile.first_day = {**profile.first_day, _DISMISSED: at.isoformat()}
    profile.save(update_fields=["first_day"])
    audit.record(action="organisation.first_day", subject="organisation", subject_id=None, actor=actor, at=at)
