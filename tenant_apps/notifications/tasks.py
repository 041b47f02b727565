"""The worker's side of what families are told by a rule."""

from celery import shared_task

from kernel import clock
from tenant_apps.notifications import consents, entitlements, holds


@shared_task(name="notifications.remind_of_consents")
def remind_of_consents() -> None:
    consents.remind_before_deadlines(at=clock.now())


@shared_task(name="notifications.remind_of_holds")
def remind_of_holds() -> None:
    holds.remind(at=clock.now())


@shared_task(name="notifications.remind_of_proofs")
def remind_of_proofs() -> None:
    entitlements.remind_before_the_end(at=clock.now())
