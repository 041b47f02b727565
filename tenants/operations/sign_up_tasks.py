"""What comes round about requests: what they say of people is let go in its time."""

from kernel import clock
from tenants.operations import sign_up
from tenants.tasks import platform_task


@platform_task
def forget_sign_ups() -> None:
    sign_up.forget(at=clock.now())
