"""The worker's side of openings: what nobody's page asked for in time."""

from celery import shared_task

from kernel import clock
from tenant_apps.openings import operations, queries


@shared_task(name="openings.move_on")
def move_on() -> None:
    """Draw what is due and call who is next, also while nobody looks."""
    for opening in queries.queues_at_work(at=clock.now()):
        operations.admit(opening_id=opening.id, at=clock.now())
