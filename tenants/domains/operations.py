"""What an organisation does with its names: it claims one, has it looked at, makes it the one of its links, leaves it.

Called inside the organisation, and told in its trail.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel.database import lock, unique
from kernel.errors import Refusal
from kernel.tasks import nudge
from kernel.transactions import operation
from shared_apps.audit.actors import Actor
from tenants.context import current, in_registry
from tenants.domains import names, primary, records, schedule, tasks, trails
from tenants.models import Domain, DomainState

# Each is looked at for ever, whatever the plan says.
MOST = 20
_BETWEEN_CHECKS = timedelta(seconds=20)


class AlreadyYours(Refusal):
    code = "already_yours"
    message = _("Ce nom est déjà dans votre liste.")


class TooMany(Refusal):
    code = "too_many_domains"
    message = _("Votre liste compte déjà {most} noms\u202f: retirez ceux qui ne servent plus.")


class NotVerified(Refusal):
    code = "domain_not_verified"
    message = _("Ce nom n’est pas vérifié\u202f: vos liens n’y mèneraient nulle part.")


class CheckedJustNow(Refusal):
    code = "checked_just_now"
    message = _("Ce nom vient d’être vérifié\u202f: attendez quelques secondes.")


@operation
def add(*, name: str, limit: Callable[[int], None], actor: Actor, at: datetime) -> Domain:
    """A claim, which keeps nobody else from the name until the DNS has proved it.

    `limit` is told how many there are already, and refuses one more. Raises what it raises, NotAName, PlatformName,
    AlreadyYours and TooMany.
    """
    name, organisation = names.normal(name), current()
    with in_registry():
        # Two that come at once are counted one after the other.
        used = sum(domain.is_own for domain in lock(Domain.objects.filter(tenant=organisation)))
    if used >= MOST:
        raise TooMany(most=MOST)
    limit(used)
    with in_registry(), unique(AlreadyYours):
        added: Domain = Domain.objects.create(
            tenant=organisation,
            domain=name,
            is_own=True,
            is_primary=False,
            state=DomainState.PENDING,
            proof=records.drawn_proof(),
            created_at=at,
            check_at=schedule.first_check(at=at),
        )
    trails.record("domains.added", name, actor=actor, at=at)
    return added


@operation
def remove(*, name: str, actor: Actor, at: datetime) -> None:
    """The name is nobody's any more. Links go back to the platform's address if they were on it.

    Removing what is not there, or the platform's own address, does nothing.
    """
    organisation = current()
    with in_registry():
        rows = [row for row in lock(Domain.objects.filter(tenant=organisation)) if row.domain == name and row.is_own]
        for row in rows:
            if row.is_primary:
                primary.fall_back(organisation.pk)
        removed, _by_model = Domain.objects.filter(pk__in=[row.pk for row in rows]).delete()
    if removed:
        trails.record("domains.removed", name, actor=actor, at=at)


@operation
def make_primary(*, name: str, actor: Actor, at: datetime) -> None:
    """Every link that is sent from now on is on this name; the others lead to it. Raises NotVerified."""
    organisation = current()
    own = Domain.objects.filter(tenant=organisation)
    with in_registry():
        row = next((row for row in lock(own) if row.domain == name and row.state == DomainState.VERIFIED), None)
        if row is None:
            raise NotVerified
        if row.is_primary:
            return
        primary.put(organisation.pk, row)
    trails.record("domains.made_primary", name, actor=actor, at=at)


@operation
def check_now(*, name: str, at: datetime) -> None:
    """Have the DNS asked at once, by a worker. Raises CheckedJustNow."""
    organisation = current()
    with in_registry():
        waited = Q(checked_at=None) | Q(checked_at__lte=at - _BETWEEN_CHECKS)
        if not Domain.objects.filter(waited, tenant=organisation, domain=name, is_own=True).update(check_at=at):
            raise CheckedJustNow
    nudge(tasks.check_those_due)
