"""Payees' accounts: opened at the processor, kept in the registry."""

from datetime import datetime
from uuid import UUID

from billing.gateway import accounts
from billing.models import ConnectedAccount
from tenants.context import in_registry
from tenants.models import Organisation


def connect_account(*, organisation_id: UUID, name: str, email: str, at: datetime) -> ConnectedAccount:
    """Open an account for a payee of the organisation, once per name.

    Raises ProcessorUnavailable or ProcessorRefused (billing.gateway.client).
    """
    with in_registry():
        organisation = Organisation.objects.get(pk=organisation_id)
        known = ConnectedAccount.objects.filter(organisation=organisation, name=name).first()
        if known is not None:
            return known
        account = accounts.create(
            idempotency_key=f"{organisation.schema_name}:account:{name}",
            name=name,
            email=email,
            country=organisation.country,
            currency=organisation.currency,
        )
        connected, _ = ConnectedAccount.objects.get_or_create(
            processor_id=account.id,
            defaults={"organisation": organisation, "name": name, "created_at": at, **_state(account)},
        )
        return connected


def refresh_account(*, processor_id: str) -> ConnectedAccount:
    """Ask the processor what the account may do now."""
    account = accounts.look_at(processor_id)
    with in_registry():
        ConnectedAccount.objects.filter(processor_id=processor_id).update(**_state(account))
        return ConnectedAccount.objects.get(processor_id=processor_id)


def _state(account: accounts.Account) -> dict[str, object]:
    return {
        "charges_enabled": account.charges_enabled,
        "requirements_due": account.requirements_due,
    }
