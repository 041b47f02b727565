from datetime import timedelta

from django.apps import AppConfig

from kernel.tasks import PERIODIC, Periodic


class AccountingConfig(AppConfig):
    name = "tenant_apps.accounting"

    def ready(self) -> None:
        from tenant_apps.accounting import figures, leaving, restoring
        from tenants.leaving.registries import DOCUMENTS
        from tenants.restoring.rooms import STEPS, Step
        from tenants.watching.pulse import FIGURES

        FIGURES.register("accounting", figures.counted)
        DOCUMENTS.register("accounting", leaving.totals)
        STEPS.register("books", Step(50, restoring.books))
        # What no event told is found by then; the whole of the books is looked at twice a day.
        PERIODIC.register("reconciliation", Periodic(task="accounting.reconcile_recent", every=timedelta(minutes=15)))
        PERIODIC.register("full reconciliation", Periodic(task="accounting.reconcile_all", every=timedelta(hours=12)))
        # A transfer that came before its order could be paid, or while the processor did not answer.
        PERIODIC.register("bank transfers", Periodic(task="accounting.match_bank", every=timedelta(minutes=10)))
