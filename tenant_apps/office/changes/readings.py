"""Who of the staff reads a family's reason or opens its document, and when: kept in the trail before it is shown."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from kernel import clock
from shared_apps.accounts.access import actor_of
from shared_apps.audit import operations as audit
from shared_apps.audit.models import Entry
from shared_apps.audit.trails import told
from tenant_apps.changes.models import ChangeRequest
from tenant_apps.office import health

_PROOF_READ = "changes.proof_read"
WORDS = {
    "changes.asked": _("Demande reçue"),
    "changes.cancelled": _("Retirée par la famille"),
    "changes.accepted": _("Acceptée"),
    "changes.refused": _("Refusée"),
    _PROOF_READ: _("Document consulté"),
    health.READ: _("Raison consultée"),
}


def record_words(request: HttpRequest, change: ChangeRequest) -> None:
    """A reason is often about health, and the family sees who read it."""
    health.record_reading(
        request,
        subject="change",
        subject_id=change.id,
        participants=[change.registration.participant_id],
        reason="change",
    )


def record_proof(request: HttpRequest, change: ChangeRequest, name: str) -> None:
    audit.record(
        action=_PROOF_READ,
        subject="change",
        subject_id=change.id,
        actor=actor_of(request),
        at=clock.now(),
        details={"kind": change.kind, "upload": name},
    )


def trail_of(change: ChangeRequest) -> list[dict[str, object]]:
    """Newest first."""
    entries = Entry.objects.filter(subject="change", subject_id=change.id).order_by("-at", "-id")
    return told(entries, WORDS)
