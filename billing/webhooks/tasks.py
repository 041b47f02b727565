"""The worker's side of the inbox."""

from tenants.tasks import platform_task


@platform_task
def handle_events() -> None:
    from billing.webhooks.inbox import handle_waiting
    from kernel import clock

    handle_waiting(at=clock.now())


@platform_task
def look_at_accounts() -> None:
    from billing.looking import look_again
    from kernel import clock

    look_again(at=clock.now())
