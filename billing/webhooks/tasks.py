"""The worker's side of the inbox."""

from tenants.tasks import platform_task


@platform_task
def handle_events() -> None:
    from billing.webhooks.inbox import handle_waiting
    from kernel import clock

    handle_waiting(at=clock.now())
