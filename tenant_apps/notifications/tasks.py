"""The worker's side of what families are told by a rule."""

from celery import shared_task

from kernel import clock
from tenant_apps.notifications import consents


@shared_task(name="notifications.remind_of_consents")
def remind_of_consents() -> None:
    consents.remind_before_deadlines(at=clock.now())
