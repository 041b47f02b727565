"""What became of money since the moment of a restore: the processor is asked before anybody pays again."""

from datetime import timedelta
from typing import Any

from billing.gateway.client import ProcessorRefused
from billing.models import ConnectedAccount
from tenant_apps.orders import restoring as orders
from tenant_apps.organisation.models import Payee
from tenant_apps.payments.operations.depositing import SERIES
from tenant_apps.payments.operations.recovering import Recovered, recover
from tenants.context import in_registry
from tenants.restoring.rooms import Scene

_RECEIPTS = "SELECT payee_id, 'receipts', max(number) FROM {wrecked}.payments_receipt GROUP BY payee_id"
_DEPOSITS = """
    SELECT parent.payee_id, %s, max(payment.deposit)
      FROM {wrecked}.payments_payment payment JOIN {wrecked}.orders_order parent ON parent.id = payment.order_id
     WHERE payment.deposit IS NOT NULL GROUP BY parent.payee_id
"""
_ACCOUNTS = """
    SELECT there.id, there.processor_account
      FROM {wrecked}.organisation_payee there JOIN {own}.organisation_payee here USING (id)
     WHERE here.processor_account = '' AND there.processor_account <> ''
"""
# A charge of the last second before may have been confirmed with us just after.
_MARGIN = timedelta(hours=1)


def numbers(scene: Scene) -> dict[str, Any]:
    found = [
        *scene.rows("payments_receipt", _RECEIPTS),
        *scene.rows("payments_payment", _DEPOSITS, SERIES),
    ]
    return {"passed_over": orders.keep(found, scene)}


def accounts(scene: Scene) -> dict[str, Any]:
    """Payees whose account was opened since are paid into it as before."""
    with in_registry():
        known = ConnectedAccount.objects.filter(organisation_id=scene.organisation.pk, disconnected_at=None)
        theirs = set(known.values_list("processor_id", flat=True))
    found = [(payee, account) for payee, account in scene.rows("organisation_payee", _ACCOUNTS) if account in theirs]
    for payee_id, account in found:
        Payee.objects.filter(pk=payee_id, processor_account="").update(processor_account=account)
    return {"joined_again": len(found)}


def money(scene: Scene) -> dict[str, Any]:
    """Raises ProcessorUnavailable and PaymentUnavailable: nothing goes on without the processor."""
    named = Payee.objects.exclude(processor_account="").order_by("processor_account")
    found: list[Recovered] = []
    refused = []
    for account in named.values_list("processor_account", flat=True).distinct():
        try:
            found += recover(account=account, since=scene.moment - _MARGIN, at=scene.at)
        except ProcessorRefused:
            # Left since, or closed: it has nothing more to tell.
            refused.append(account)
    return {
        "refused": refused,
        "recovered": [f"{each.order}: {each.cents / 100:.2f} {each.currency}" for each in found],
        "recovered_cents": sum(each.cents for each in found),
    }
