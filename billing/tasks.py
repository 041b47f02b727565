"""The worker's side of the platform's own billing."""

from datetime import datetime

import structlog
from celery import shared_task

from billing import dunning, usage
from billing.gateway.client import ProcessorRefused, ProcessorUnavailable
from kernel import clock
from kernel.tasks import even_suspended
from tenants.tasks import platform_task
from tenants.watching import noting

log = structlog.get_logger(__name__)

# Each waits as long as the processor is given to answer.
_SILENCES = 3


@platform_task
def look_at_subscriptions() -> None:
    look_at_all(at=clock.now())


def look_at_all(*, at: datetime) -> None:
    """Each by itself: what keeps one from being looked at keeps no other, but a silent processor keeps all.

    In no order, so that those it is silent about are not the first of every round.
    """
    silences = 0
    for subscription in dunning.to_look_at().order_by("?"):
        if silences == _SILENCES:
            break
        try:
            dunning.look_at(subscription_id=subscription.pk, at=at)
        except (ProcessorUnavailable, ProcessorRefused) as error:
            silences += isinstance(error, ProcessorUnavailable)
            log.warning("billing.not_looked_at", organisation=subscription.organisation.slug, error=str(error))
        except Exception as error:
            log.exception("billing.not_looked_at", organisation=subscription.organisation.slug)
            schema = subscription.organisation.schema_name
            noting.note(error, schema=schema, doing=look_at_subscriptions.name)


@shared_task(name=even_suspended("billing.count_usage"))
def count_usage() -> None:
    at = clock.now()
    usage.count_days(at=at)
    try:
        usage.send(at=at)
    except (ProcessorUnavailable, ProcessorRefused) as error:
        log.warning("billing.usage_not_sent", error=str(error))
