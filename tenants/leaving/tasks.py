"""The worker's side of exports and departures."""

from kernel import clock
from tenants.leaving import closing, erasing, exporting
from tenants.tasks import platform_task


@platform_task
def make_exports() -> None:
    exporting.make_due(at=clock.now())


@platform_task
def tidy_exports() -> None:
    exporting.forget_old(at=clock.now())


@platform_task
def advance_departures() -> None:
    closing.advance(at=clock.now())
    erasing.erase_due(at=clock.now())
