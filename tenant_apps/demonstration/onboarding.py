"""Opens the payees' accounts at the processor, and finishes at once where payments are simulated."""

from datetime import datetime
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from django.conf import settings

from billing import operations as billing
from tenant_apps.demonstration import reading
from tenant_apps.organisation import operations as organisations
from tenant_apps.organisation.models import Payee
from tenants.models import Organisation

_HERE = {"127.0.0.1", "localhost", "::1"}


def connect(organisation: Organisation, key: str, *, at: datetime) -> None:
    """Inside the organisation: an account for each payee of the data. What is already open is left alone."""
    for told in reading.data(key)["payees"].values():
        payee = Payee.objects.get(name=told["name"])
        account = billing.connect_account(
            organisation_id=organisation.id, name=payee.name, email=told["email"], at=at, payee=payee.id
        )
        if not payee.processor_account:
            organisations.connect_payee(payee_id=payee.id, processor_account=account.processor_id)
        if not account.charges_enabled and is_simulated():
            _tell_everything(account.processor_id)
            billing.refresh_account(processor_id=account.processor_id)


def is_simulated() -> bool:
    return urlsplit(settings.STRIPE_API_BASE).hostname in _HERE


def _tell_everything(processor_id: str) -> None:
    """What a person does on the processor's page: say who the organisation is and where its bank is."""
    address = f"{settings.STRIPE_API_BASE}/_control/accounts/{processor_id}/onboard"
    with urlopen(Request(address, method="POST"), timeout=10):  # noqa: S310 - the address of the settings
        pass
