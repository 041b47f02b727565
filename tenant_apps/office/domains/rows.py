"""The organisation's names as pages show them: their state, what the DNS says, and what to write in it."""

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.db.models import QuerySet

from shared_apps.accounts.providers import sources
from tenant_apps.organisation.models import MemberState, StaffMember
from tenants import links
from tenants.context import current
from tenants.domains import records, verdicts
from tenants.domains.records import Record
from tenants.models import Domain, DomainState


@dataclass(frozen=True, slots=True)
class Row:
    domain: Domain
    slug: str

    @property
    def tag(self) -> str:
        return verdicts.TAGS[self.domain.state]

    @property
    def address(self) -> str:
        return links.at(self.domain.domain)

    @property
    def is_waiting(self) -> bool:
        return bool(self.domain.state == DomainState.PENDING)

    @property
    def is_verified(self) -> bool:
        return bool(self.domain.state == DomainState.VERIFIED)

    @property
    def failure(self) -> str:
        """In words, with what the DNS says instead."""
        return verdicts.words(self.domain.failure, self.domain.found)

    @property
    def records(self) -> list[Record]:
        name = self.domain.domain
        return [*records.leading(name, self.slug), records.proving(name, self.domain.proof)]

    @property
    def others(self) -> list[Record]:
        """For a DNS that takes no other name here."""
        return [each for each in records.by_address(self.domain.domain) if each not in self.records]

    @property
    def text(self) -> str:
        """All of it, as it is sent to whoever answers for the DNS."""
        return "\n".join(str(each) for each in self.records)


def every() -> list[Row]:
    """The platform's first, then the organisation's own by name."""
    organisation = current()
    return [Row(each, organisation.slug) for each in _own().order_by("is_own", "domain")]


def one(name: str) -> Row:
    """Raises Domain.DoesNotExist."""
    return Row(_own().get(domain=name), current().slug)


@dataclass(frozen=True, slots=True)
class Lost:
    """What does not follow to another name: passkeys belong to one, and identity providers send back to one.

    `passkeys`: how many accounts have one; `alone`: staff whose only second factor it is.
    """

    passkeys: int
    alone: int
    providers: list[str]


def lost() -> Lost:
    holders = set(_of(Authenticator.Type.WEBAUTHN))
    staff = set(StaffMember.objects.filter(state=MemberState.ACTIVE).values_list("user_id", flat=True))
    return Lost(
        passkeys=len(holders),
        alone=len(holders & staff - set(_of(Authenticator.Type.TOTP))),
        providers=[app.name for app in sources.all_of_them()],
    )


def _of(kind: str) -> QuerySet[Authenticator]:
    users: QuerySet[Authenticator] = Authenticator.objects.filter(type=kind).values_list("user_id", flat=True)
    return users


def _own() -> QuerySet[Domain]:
    # The database shows an organisation its own alone; said here too.
    domains: QuerySet[Domain] = Domain.objects.filter(tenant=current())
    return domains
