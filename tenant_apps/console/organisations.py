"""The organisations as operators see them: one with its accounts for its own page, and a line of the board for each."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from billing import plans
from billing.models import ConnectedAccount, Subscription
from tenant_apps.console import kinds
from tenants import links
from tenants.context import in_registry
from tenants.models import PROVISIONED, Kind, MigrationState, Organisation, Pulse, State
from tenants.schemas.status import Standing


@dataclass(frozen=True, slots=True)
class Row:
    """`is_behind` when the schema lacks a migration; nothing is known of a schema that is not made yet."""

    organisation: Organisation
    domain: str
    accounts: list[ConnectedAccount]
    is_behind: bool

    @property
    def address(self) -> str:
        return links.at(self.domain) if self.domain else ""

    @property
    def kind(self) -> str:
        return str(kinds.NAMES.get(self.organisation.preset, self.organisation.preset)) or "—"

    @property
    def is_in_preparation(self) -> bool:
        return self.organisation.state == State.PROVISIONING

    @property
    def has_schema(self) -> bool:
        return self.organisation.state in PROVISIONED

    @property
    def accounts_in_service(self) -> int:
        return sum(account.charges_enabled for account in self.accounts)

    @property
    def pulse(self) -> Pulse | None:
        return getattr(self.organisation, "pulse", None)

    @property
    def subscription(self) -> Subscription | None:
        return getattr(self.organisation, "subscription", None)

    @property
    def plan(self) -> str:
        return plans.name_of(self.subscription.plan) if self.subscription else ""


@dataclass(frozen=True, slots=True)
class Line:
    """One organisation on the board, as `board.every` reads it."""

    organisation: Any  # with the columns that the board adds

    @property
    def domain(self) -> str:
        return self.organisation.main_domain or "—"

    @property
    def address(self) -> str:
        return links.at(self.organisation.main_domain) if self.organisation.main_domain else ""

    @property
    def has_schema(self) -> bool:
        return self.organisation.state in PROVISIONED

    @property
    def is_behind(self) -> bool:
        return bool(self.organisation.is_behind)

    @property
    def plan(self) -> str:
        subscription: Subscription | None = getattr(self.organisation, "subscription", None)
        return plans.name_of(subscription.plan) if subscription else ""

    @property
    def figures(self) -> dict[str, float]:
        pulse: Pulse | None = getattr(self.organisation, "pulse", None)
        return pulse.figures if pulse else {}

    @property
    def oldest_mail_at(self) -> datetime | None:
        """Since when the first message in line waits, as it was when the figures were taken."""
        seconds = self.figures.get("mail_oldest_seconds")
        return self.organisation.pulse.at - timedelta(seconds=seconds) if seconds else None


def one(slug: str) -> Row:
    """Raises Organisation.DoesNotExist, for the platform's own one too."""
    with in_registry():
        found = (
            Organisation.objects.select_related("migration", "pulse", "subscription__plan")
            .prefetch_related("domains", "accounts")
            .get(kind=Kind.ORGANISATION, slug=slug)
        )
        standing = Standing(found, getattr(found, "migration", None))
        return Row(
            organisation=found,
            # One that was erased has none any more.
            domain=next((domain.domain for domain in found.domains.all() if domain.is_primary), ""),
            accounts=sorted(found.accounts.all(), key=lambda account: account.name),
            is_behind=found.state in PROVISIONED and standing.state != MigrationState.DONE,
        )
