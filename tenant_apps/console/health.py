"""What is known of how one organisation, or the whole platform, goes: read from the public tables alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from billing.webhooks.inbox import Unhandled, unhandled
from kernel.tasks import PERIODIC
from tenants.context import in_registry
from tenants.models import Fault, JobRun, Organisation, Pulse
from tenants.watching import queue

# In the order of the page; a figure that no room gives is left out, one without a name here has its own.
FIGURES: dict[str, str | Promise] = {
    "participants": _("Participants"),
    "guardians": _("Responsables"),
    "confirmed_today": _("Inscriptions confirmées aujourd’hui"),
    "confirmed_week": _("Inscriptions confirmées en sept jours"),
    "waiting_lists": _("Demandes en liste d’attente"),
    "holds": _("Places gardées"),
    "holds_ending": _("Places gardées jusqu’à moins d’une heure"),
    "orders_unpaid": _("Commandes à payer"),
    "instalments_failed": _("Versements non payés"),
    "disputes_open": _("Paiements contestés"),
    "breaks_open": _("Écarts avec le processeur"),
    "bank_lines_open": _("Lignes bancaires à placer"),
    "mail_waiting": _("Courriels en attente"),
    "mail_failed": _("Courriels en échec"),
    "mail_failed_week": _("Courriels en échec en sept jours"),
    "mail_sent_week": _("Courriels envoyés en sept jours"),
    "events_waiting": _("Événements internes en attente"),
}
_ELSEWHERE = frozenset({"mail_oldest_seconds", "events_oldest_seconds", "storage_bytes"})
_MEGABYTE = 1_000_000


def figures(pulse: Pulse | None) -> list[tuple[str | Promise, float]]:
    told = dict(pulse.figures) if pulse else {}
    known = [(label, told.pop(name)) for name, label in FIGURES.items() if name in told]
    return [*known, *((name, value) for name, value in sorted(told.items()) if name not in _ELSEWHERE)]


def megabytes(pulse: Pulse | None) -> int | None:
    kept = pulse.figures.get("storage_bytes") if pulse else None
    return None if kept is None else round(kept / _MEGABYTE)


def jobs(organisation: Organisation | None) -> Sequence[JobRun]:
    """Those that fail first, then by name. Without an organisation: those of the platform itself."""
    with in_registry():
        runs = JobRun.objects.filter(organisation=organisation)
        return list(runs.order_by(F("failures").desc(), "task"))


def faults(*, slug: str = "", with_settled: bool = False) -> QuerySet[Fault]:
    """The most recent first. To be read on the registry."""
    found = Fault.objects.select_related("organisation").order_by("-last_at", "-pk")
    if slug:
        # What an address says may hold the character that PostgreSQL refuses.
        found = found.filter(organisation__slug=slug.replace("\0", ""))
    return found if with_settled else found.filter(settled_at=None)


@dataclass(frozen=True, slots=True)
class Machine:
    queue: queue.Queue | None
    last_round: datetime | None
    round_is_late: bool
    inbox: Unhandled
    jobs: Sequence[JobRun]


# Four rounds of the quickest task that comes round: then the clock has stopped.
_ROUNDS_MISSED = 4


def machine(*, at: datetime) -> Machine:
    with in_registry():
        events = unhandled()
    last = queue.last_round()
    quickest = min((periodic.every for _, periodic in PERIODIC), default=timedelta(minutes=1))
    patience = max(quickest * _ROUNDS_MISSED, timedelta(minutes=3))
    return Machine(
        queue=queue.read(),
        last_round=last,
        round_is_late=last is None or last < at - patience,
        inbox=events,
        jobs=jobs(None),
    )
