from datetime import timedelta

from django.apps import AppConfig

from kernel.tasks import PERIODIC, Periodic


class TenantsConfig(AppConfig):
    name = "tenants"

    def ready(self) -> None:
        # Whoever sends a task must know the broker, in every kind of process.
        from kernel import checks, task_logs, tracker  # noqa: F401
        from shared_apps.vault.places import PLACES
        from tenants import queue  # noqa: F401
        from tenants.domains import tasks as domains  # noqa: F401
        from tenants.leaving import sealed
        from tenants.leaving import tasks as leaving  # noqa: F401
        from tenants.leaving.registries import ERASING
        from tenants.operations import sign_up_tasks, tasks  # noqa: F401
        from tenants.restoring import own_steps, rooms, wrecked
        from tenants.restoring import tasks as restoring  # noqa: F401
        from tenants.schemas import tasks as rounds  # noqa: F401
        from tenants.watching import noting, own_figures
        from tenants.watching import tasks as watching  # noqa: F401
        from tenants.watching.pulse import FIGURES

        tracker.start()
        noting.listen()
        FIGURES.register("mail", own_figures.mail)
        FIGURES.register("events", own_figures.events)
        FIGURES.register("files", own_figures.files)
        names = "tenants.domains.tasks.check_those_due"
        PERIODIC.register("domains", Periodic(task=names, every=timedelta(minutes=1), registry=True))
        PERIODIC.register("pulse", Periodic(task="watching.take_pulse", every=timedelta(minutes=5)))
        forget = "tenants.watching.tasks.forget_faults"
        PERIODIC.register("forgotten faults", Periodic(task=forget, every=timedelta(hours=12), registry=True))
        overdue = "tenants.operations.tasks.provision_overdue"
        PERIODIC.register("overdue preparations", Periodic(task=overdue, every=timedelta(minutes=1), registry=True))
        sign_ups = "tenants.operations.sign_up_tasks.forget_sign_ups"
        PERIODIC.register("forgotten sign-ups", Periodic(task=sign_ups, every=timedelta(hours=12), registry=True))
        PLACES.register(sealed.PLACE, sealed.Place())
        exports = "tenants.leaving.tasks.make_exports"
        PERIODIC.register("exports", Periodic(task=exports, every=timedelta(minutes=1), registry=True))
        departures = "tenants.leaving.tasks.advance_departures"
        PERIODIC.register("departures", Periodic(task=departures, every=timedelta(hours=1), registry=True))
        old_exports = "tenants.leaving.tasks.tidy_exports"
        PERIODIC.register("old exports", Periodic(task=old_exports, every=timedelta(hours=6), registry=True))
        rooms.STEPS.register("keys", rooms.Step(5, own_steps.keys))
        rooms.STEPS.register("messages", rooms.Step(20, own_steps.messages))
        rooms.STEPS.register("files", rooms.Step(70, own_steps.files))
        rooms.FILES.register("messages", own_steps.attached)
        ERASING.register("restores", lambda organisation_id, at: wrecked.drop_of(organisation_id))
        put_aside = "tenants.restoring.tasks.drop_wrecked"
        PERIODIC.register("tables put aside", Periodic(task=put_aside, every=timedelta(hours=1), registry=True))
