from datetime import timedelta

from django.apps import AppConfig

from kernel.tasks import PERIODIC, Periodic
from shared_apps.outbox.listeners import LISTENERS


class NotificationsConfig(AppConfig):
    name = "tenant_apps.notifications"

    def ready(self) -> None:
        from tenant_apps.notifications import (
            changes,
            consents,
            counter,
            delayed,
            domains,
            draw,
            entitlements,
            families,
            guardians,
            holds,
            instalments,
            leaving,
            links,
            owing,
            payees,
            receipts,
            refunds,
            slips,
            staff,
            subscription,
            suspensions,
            transfers,
            waiting,
        )

        for listeners in (
            families.LISTENERS,
            consents.LISTENERS,
            guardians.LISTENERS,
            links.LISTENERS,
            owing.LISTENERS,
            receipts.LISTENERS,
            entitlements.LISTENERS,
            holds.LISTENERS,
            waiting.LISTENERS,
            counter.LISTENERS,
            changes.LISTENERS,
            draw.LISTENERS,
            instalments.LISTENERS,
            leaving.LISTENERS,
            delayed.LISTENERS,
            slips.LISTENERS,
            staff.LISTENERS,
            subscription.LISTENERS,
            suspensions.LISTENERS,
            refunds.LISTENERS,
            transfers.LISTENERS,
            domains.LISTENERS,
            payees.LISTENERS,
        ):
            for kind, listener in listeners.items():
                LISTENERS.register(kind, listener)
        PERIODIC.register(
            "reminders of consents", Periodic(task="notifications.remind_of_consents", every=timedelta(hours=1))
        )
        PERIODIC.register(
            "reminders of holds", Periodic(task="notifications.remind_of_holds", every=timedelta(minutes=10))
        )
        PERIODIC.register(
            "reminders of proofs", Periodic(task="notifications.remind_of_proofs", every=timedelta(hours=6))
        )
