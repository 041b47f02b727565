"""Who of the staff reads what a family sent, and when: kept in the trail before anything is shown."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kernel import clock
from shared_apps.accounts.access import actor_of
from shared_apps.audit import operations as audit
from shared_apps.audit.models import Entry
from shared_apps.audit.trails import told
from tenant_apps.entitlements.models import Entitlement, Kind
from tenant_apps.office import health

PROOF_READ = "entitlements.proof_read"
_WORDS = {
    "entitlements.asked": _("Demande reçue"),
    "entitlements.withdrawn": _("Retirée par la famille"),
    "entitlements.accepted": _("Acceptée"),
    "entitlements.refused": _("Refusée"),
    "entitlements.ended": _("Écourtée"),
    "entitlements.reopened": _("Remise à l’étude"),
    PROOF_READ: _("Document consulté"),
    health.READ: _("Renseignements consultés"),
}


def record_words(request: HttpRequest, entitlement: Entitlement) -> None:
    """What is said of a child who needs support is about health, and the family sees who read it."""
    if entitlement.kind == Kind.SUPPORT and entitlement.participant_id:
        health.record_reading(
            request,
            subject="entitlement",
            subject_id=entitlement.id,
            participants=[entitlement.participant_id],
            reason="request",
        )


def record_proof(request: HttpRequest, entitlement: Entitlement, name: str) -> None:
    audit.record(
        action=PROOF_READ,
        subject="entitlement",
        subject_id=entitlement.id,
        actor=actor_of(request),
        at=clock.now(),
        details={"kind": entitlement.kind, "upload": name},
    )


def trail_of(entitlement: Entitlement) -> list[dict[str, object]]:
    """Newest first."""
    entries = Entry.objects.filter(subject="entitlement", subject_id=entitlement.id).order_by("-at", "-id")
    return told(entries, _WORDS)
