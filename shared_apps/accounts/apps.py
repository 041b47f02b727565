from datetime import timedelta

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "shared_apps.accounts"

    def ready(self) -> None:
        from allauth.account.signals import authentication_step_completed, email_confirmed

        from kernel.tasks import PERIODIC, Periodic
        from shared_apps.accounts import confirmation, first_proof
        from shared_apps.accounts.providers import mail

        PERIODIC.register("accounts", Periodic(task="accounts.sweep", every=timedelta(hours=6)))
        authentication_step_completed.connect(confirmation.on_step_completed)
        email_confirmed.connect(first_proof.on_email_confirmed)
        email_confirmed.connect(mail.on_email_confirmed)
