"""Looks at the names that are due, each claimed by one worker at a time: asks the DNS, then writes what it says."""

import time
from collections.abc import Iterator
from datetime import datetime

import structlog
from django.conf import settings

from kernel.leases import BATCH, LEASE
from tenants.domains import certificates, settling, verdicts
from tenants.models import SERVED, Domain, DomainState

log = structlog.get_logger(__name__)

# A round: what it does not come to is for the next one.
_ROUND_SECONDS = 45.0


def check_those_due(*, at: datetime) -> None:
    until = time.monotonic() + _ROUND_SECONDS
    for domain in _claimed(at=at):
        _check_alone(domain, at=at)
        if time.monotonic() > until:
            return


def _check_alone(domain: Domain, *, at: datetime) -> None:
    try:
        check(domain, at=at)
    except Exception:
        # Looked at again when its claim is over: one that fails keeps no other from its turn.
        log.exception("domains.not_checked", domain=domain.domain, organisation=domain.tenant.slug)


def check(domain: Domain, *, at: datetime) -> None:
    """The DNS and the name's own server are asked between two transactions, never in one."""
    verdict = verdicts.judge(domain.domain, slug=domain.tenant.slug, proof=domain.proof)
    settling.settle(domain_id=domain.pk, verdict=verdict, at=at)
    if settings.PLATFORM_SCHEME == "https" and verdict.failure is None:
        until = certificates.end_of(domain.domain)
        Domain.objects.filter(pk=domain.pk, state=DomainState.VERIFIED).update(certificate_until=until)


def _claimed(*, at: datetime) -> Iterator[Domain]:
    due = Domain.objects.filter(check_at__lte=at, is_own=True, tenant__state__in=SERVED)
    for domain in due.select_related("tenant").order_by("check_at")[:BATCH]:
        # The old check_at in the condition is the claim: of two workers that read the same row, one updates it.
        if due.filter(pk=domain.pk, check_at=domain.check_at).update(check_at=at + LEASE):
            yield domain
