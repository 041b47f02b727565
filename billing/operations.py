"""Payees' accounts: opened at the processor, finished there by a person, looked at again, and left."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from billing import fees, standing
from billing.gateway import accounts
from billing.gateway.client import ProcessorRefused, ProcessorUnavailable
from billing.models import ConnectedAccount
from kernel import clock
from kernel.transactions import operation
from tenants.context import in_registry
from tenants.models import Organisation


def connect_account(
    *, organisation_id: UUID, name: str, email: str, at: datetime, payee: UUID | None = None
) -> ConnectedAccount:
    """Open an account for a payee of the organisation, once; for who is no payee of a schema, once per name.

    Raises ProcessorUnavailable or ProcessorRefused (billing.gateway.client).
    """
    with in_registry():
        organisation = Organisation.objects.get(pk=organisation_id)
        own = ConnectedAccount.objects.filter(organisation=organisation, payee=payee)
        if payee is None:
            own = own.filter(name=name)
        known = own.filter(disconnected_at=None).first()
        if known is not None:
            return known
        account = accounts.create(
            idempotency_key=f"{organisation.schema_name}:account:{payee or name}:{own.count()}:{email}",
            name=name,
            email=email,
            country=organisation.country,
            currency=organisation.currency,
        )
        return _kept(account, organisation, own, name=name, payee=payee, at=at)


def _kept(
    account: accounts.Account,
    organisation: Organisation,
    own: QuerySet[ConnectedAccount],
    *,
    name: str,
    payee: UUID | None,
    at: datetime,
) -> ConnectedAccount:
    columns = {
        "organisation": organisation,
        "payee": payee,
        "name": name,
        "created_at": at,
        "checked_at": at,
        "fee_basis_points": fees.of(organisation.pk),
        **standing.columns(account),
    }
    try:
        with transaction.atomic():
            return ConnectedAccount.objects.get_or_create(processor_id=account.id, defaults=columns)[0]
    except IntegrityError:
        # Somebody else opened one at this moment, with another address: this one is nobody's.
        accounts.close(account.id)
        return own.get(disconnected_at=None)


def onboarding_page(account: ConnectedAccount, *, return_url: str, refresh_url: str) -> str:
    """The address of the processor's page where a person tells what is asked; it is good once, for some minutes.

    Raises ProcessorUnavailable or ProcessorRefused.
    """
    return accounts.page(
        account.processor_id,
        return_url=return_url,
        refresh_url=refresh_url,
        is_update=account.opened_at is not None and account.charges_enabled and not account.requirements_due,
    )


def refresh_account(*, processor_id: str, at: datetime | None = None) -> ConnectedAccount:
    """Ask the processor what the account may do now, and tell the organisation's staff what changed for them.

    Raises ProcessorUnavailable, ProcessorRefused, or DoesNotExist for an account that is none of the platform's.
    """
    asked_at = at or clock.now()
    with in_registry():
        known = ConnectedAccount.objects.get(processor_id=processor_id)
        if known.is_disconnected:
            return known
        return standing.write(processor_id=processor_id, account=_looked_at(processor_id), at=asked_at)


def _looked_at(processor_id: str) -> accounts.Account:
    try:
        return accounts.look_at(processor_id)
    except ProcessorRefused as error:
        if error.code not in accounts.GONE:
            raise
        return accounts.Account(processor_id, charges_enabled=False, payouts_enabled=False, is_closed=True)


@operation
def disconnect(*, processor_id: str, at: datetime) -> bool:
    """It takes no new payment from now on, and gives back what it took. False where it was disconnected before."""
    with in_registry():
        standing_ones = ConnectedAccount.objects.filter(processor_id=processor_id, disconnected_at=None)
        return bool(
            standing_ones.update(
                disconnected_at=at, charges_enabled=False, requirements=[], requirements_due=[], deadline_at=None
            )
        )


def close_if_empty(*, processor_id: str) -> bool:
    """Close at the processor an account that never took money: one that did is kept, for it may have to give some back.

    Whatever stands against it leaves the account open and unlinked, which harms nobody.
    """
    try:
        if not accounts.is_empty(processor_id):
            return False
        accounts.close(processor_id)
    except (ProcessorUnavailable, ProcessorRefused):
        return False
    return True
