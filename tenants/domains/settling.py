"""What becomes of a name once the DNS has been asked: the one place where its state moves by itself."""

from datetime import datetime

from kernel.database import lock
from kernel.transactions import operation
from shared_apps.audit.actors import SYSTEM
from shared_apps.outbox import operations as outbox
from tenants.context import in_organisation, in_registry
from tenants.domains import primary, schedule, states, trails
from tenants.domains.verdicts import Failure, Verdict
from tenants.models import Domain, DomainState, Organisation

# What an organisation is told of, as rooms above hear of it (shared_apps.outbox).
VERIFIED, BROKEN, LOST = "domains.verified", "domains.broken", "domains.lost"


@operation
def settle(*, domain_id: int, verdict: Verdict, at: datetime) -> None:
    """Write the verdict and move the name accordingly. What was removed meanwhile is left alone."""
    with in_registry():
        named = Domain.objects.filter(pk=domain_id).values("domain")
        claims = Domain.objects.filter(domain__in=named)
        # All the names of all who claim this one: whoever loses it may have to change the name of its links.
        rows = lock(Domain.objects.filter(tenant__in=claims.values("tenant")))
        row = next((each for each in rows if each.pk == domain_id), None)
        if row is None:
            return
        holder = next(
            (each for each in rows if each.domain == row.domain and each.state != DomainState.PENDING and each != row),
            None,
        )
    if verdict.failure is None and holder is not None:
        verdict = _between(holder, verdict, at)
    if verdict.failure is None:
        _found_good(row, at)
    elif row.state == DomainState.VERIFIED:
        _found_wrong(row, verdict, at)
    else:
        _still_wrong(row, verdict, at)


def _between(holder: Domain, verdict: Verdict, at: datetime) -> Verdict:
    """The DNS says whose the name is: a holder that it no longer repeats the proof of has lost it."""
    if not holder.is_own or holder.proof in verdict.proofs:
        return Verdict(Failure.TAKEN)
    with in_registry():
        if holder.is_primary:
            primary.fall_back(holder.tenant_id)
        states.move(Domain.objects.filter(pk=holder.pk), DomainState.PENDING, **_taken(at))
    _tell(holder, LOST, at)
    return verdict


def _taken(at: datetime) -> dict[str, object]:
    return {"failure": Failure.TAKEN, "checked_at": at, "check_at": None, "certificate_until": None}


def _found_good(row: Domain, at: datetime) -> None:
    domains = Domain.objects.filter(pk=row.pk)
    told = {
        "failure": "",
        "found": "",
        "failing_at": None,
        "checked_at": at,
        "check_at": schedule.next_check(DomainState.VERIFIED, since=row.created_at, at=at),
    }
    with in_registry():
        moved = states.move(domains, DomainState.VERIFIED, verified_at=at, **told)
        if not moved:
            domains.update(**told)
    if moved:
        _tell(row, VERIFIED, at)


def _found_wrong(row: Domain, verdict: Verdict, at: datetime) -> None:
    """A name in service is broken once it was found wrong two days in a row. Silence says nothing of it."""
    if verdict.is_silent:
        _write(row, row.state, verdict, at, failing_at=row.failing_at)
        return
    failing_at = row.failing_at or at
    if at - failing_at < schedule.DAY:
        _write(row, row.state, verdict, at, failing_at=failing_at)
        return
    with in_registry():
        if row.is_primary:
            primary.fall_back(row.tenant_id)
        states.move(Domain.objects.filter(pk=row.pk), DomainState.BROKEN)
    _write(row, DomainState.BROKEN, verdict, at, failing_at=failing_at)
    _tell(row, BROKEN, at)


def _still_wrong(row: Domain, verdict: Verdict, at: datetime) -> None:
    _write(row, row.state, verdict, at, failing_at=row.failing_at or at)


def _write(row: Domain, state: str, verdict: Verdict, at: datetime, *, failing_at: datetime | None) -> None:
    since = row.created_at if state == DomainState.PENDING else failing_at or at
    check_at = schedule.next_check(
        DomainState(state), since=since, at=at, is_silent=verdict.is_silent, failing_at=failing_at
    )
    with in_registry():
        Domain.objects.filter(pk=row.pk).update(
            failure=verdict.failure or "",
            found=verdict.found,
            failing_at=failing_at,
            checked_at=at,
            check_at=check_at,
        )


def _tell(row: Domain, kind: str, at: datetime) -> None:
    with in_registry():
        organisation = Organisation.objects.get(pk=row.tenant_id)
    with in_organisation(organisation):
        trails.record(kind, row.domain, actor=SYSTEM, at=at)
        outbox.tell(kind=kind, payload={"domain": row.domain, "at": at.isoformat()}, at=at)
