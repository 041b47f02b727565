"""The worker's side of the outbox."""

from celery import shared_task

from kernel import clock
from kernel.tasks import even_suspended, nudge
from shared_apps.outbox import delivery


@shared_task(name=even_suspended("outbox.deliver"))
def deliver() -> None:
    delivery.handle_events(at=clock.now())
    delivery.send_messages(at=clock.now())


def wake() -> None:
    """Ask for a delivery after the commit; the periodic one finds whatever this did not announce."""
    nudge(deliver)
