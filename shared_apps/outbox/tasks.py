"""The worker's side of the outbox."""

import structlog
from celery import shared_task
from kombu.exceptions import OperationalError

from kernel import clock
from shared_apps.outbox import delivery

log = structlog.get_logger(__name__)


@shared_task(name="outbox.deliver")
def deliver() -> None:
    delivery.handle_events(at=clock.now())
    delivery.send_messages(at=clock.now())


def wake() -> None:
    """Ask for a delivery now. With the broker down nothing is lost: the periodic delivery finds the rows."""
    try:
        deliver.delay()
    except OperationalError as error:
        log.warning("outbox.broker_unreachable", error=str(error))
