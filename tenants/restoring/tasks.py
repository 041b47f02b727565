"""What comes round by itself: tables that were put aside long enough ago are dropped."""

from kernel import clock
from tenants.restoring import wrecked
from tenants.tasks import platform_task


@platform_task
def drop_wrecked() -> None:
    wrecked.drop_old(at=clock.now())
