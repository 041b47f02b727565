"""What comes round by itself: old data is let go, and a change of keys that was stopped is carried on."""

from celery import shared_task

from kernel import clock
from kernel.tasks import even_suspended
from tenant_apps.organisation.models import Profile
from tenant_apps.privacy import keys, retention


@shared_task(name=even_suspended("privacy.let_go"))
def let_go() -> None:
    # The platform's own organisation has no families, and no terms to keep.
    if Profile.objects.exists():
        retention.purge(at=clock.now())


@shared_task(name=even_suspended("privacy.reseal"))
def reseal() -> None:
    keys.carry_on(at=clock.now())
