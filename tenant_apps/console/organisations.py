"""The organisations as operators see them: their state, their schema, their accounts at the processor."""

from dataclasses import dataclass

from billing.models import ConnectedAccount
from tenant_apps.console import kinds
from tenants import links
from tenants.context import in_registry
from tenants.models import PROVISIONED, Kind, Organisation, State
from tenants.schemas import migrate


@dataclass(frozen=True, slots=True)
class Row:
    """`is_behind` when the schema lacks a migration; nothing is known of a schema that is not made yet."""

    organisation: Organisation
    domain: str
    accounts: list[ConnectedAccount]
    is_behind: bool

    @property
    def address(self) -> str:
        return links.at(self.domain)

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


def every() -> list[Row]:
    """All of them, by name, in a number of queries that does not grow."""
    behind = {organisation.pk for organisation in migrate.behind()}
    with in_registry():
        found = Organisation.objects.filter(kind=Kind.ORGANISATION).prefetch_related("domains", "accounts")
        return [_row(organisation, behind=organisation.pk in behind) for organisation in found.order_by("name")]


def one(slug: str) -> Row:
    """Raises Organisation.DoesNotExist, for the platform's own one too."""
    with in_registry():
        found = Organisation.objects.prefetch_related("domains", "accounts").get(kind=Kind.ORGANISATION, slug=slug)
        behind = {organisation.pk for organisation in migrate.behind()}
        return _row(found, behind=found.pk in behind)


def _row(organisation: Organisation, *, behind: bool) -> Row:
    return Row(
        organisation=organisation,
        domain=next(domain.domain for domain in organisation.domains.all() if domain.is_primary),
        accounts=sorted(organisation.accounts.all(), key=lambda account: account.name),
        is_behind=behind,
    )
