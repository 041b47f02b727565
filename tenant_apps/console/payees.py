"""The accounts of an organisation at the processor, as operators see them and ask after them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from billing import operations as billing
from billing import requirements, standing
from billing.gateway.client import ProcessorRefused, ProcessorUnavailable
from billing.models import ConnectedAccount
from billing.standing import Standing
from shared_apps.audit.actors import Actor
from tenant_apps.console import trails
from tenants.context import in_registry


@dataclass(frozen=True, slots=True)
class Row:
    account: ConnectedAccount

    @property
    def standing(self) -> Standing:
        return standing.of(self.account)

    @property
    def look(self) -> str:
        return standing.LOOKS.get(self.standing, "")

    @property
    def asked(self) -> list[tuple[str, str, bool]]:
        """Words, the processor's key, and whether the organisation must act."""
        return [
            (requirements.words(each["key"]), each["key"], each["by"] == "user") for each in self.account.requirements
        ]


def of(organisation_id: UUID) -> Sequence[Row]:
    with in_registry():
        accounts = ConnectedAccount.objects.filter(organisation_id=organisation_id)
        return [Row(account) for account in accounts.order_by("name", "created_at")]


def look_again(*, organisation_id: UUID, actor: Actor, at: datetime) -> list[str]:
    """Ask the processor after each account; the names of those of which it said nothing."""
    silent = []
    for row in of(organisation_id):
        try:
            billing.refresh_account(processor_id=row.account.processor_id, at=at)
        except (ProcessorUnavailable, ProcessorRefused):
            silent.append(row.account.name)
    trails.record("organisations.payees_looked_at", organisation_id, actor, at, silent=list(silent))
    return silent
