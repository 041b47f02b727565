"""The worker's side of domains."""

from kernel import clock
from tenants.domains import checking
from tenants.tasks import platform_task


@platform_task
def check_those_due() -> None:
    checking.check_those_due(at=clock.now())
