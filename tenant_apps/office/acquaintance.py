"""Which families a member of staff knows: the rows that the pages of families begin from."""

from django.db.models import Q, QuerySet

from tenant_apps.changes.models import ChangeRequest
from tenant_apps.changes.models import Status as ChangeStatus
from tenant_apps.entitlements.models import Entitlement, Status
from tenant_apps.families import queries as families
from tenant_apps.families.models import Guardian, Guardianship, LinkRequest, Participant
from tenant_apps.office.scope import Scope


def participants(scope: Scope) -> QuerySet[Participant]:
    """Of the member's establishments; one without any where it registered for what those offer."""
    living = Participant.objects.filter(merged_into=None)
    if scope.establishments is None:
        return living
    registered = scope.registrations().filter(participant__establishment=None).values("participant_id")
    return living.filter(Q(establishment__in=scope.establishments) | Q(pk__in=registered))


def links(scope: Scope) -> QuerySet[Guardianship]:
    return Guardianship.objects.filter(participant__in=participants(scope))


def guardians(scope: Scope) -> QuerySet[Guardian]:
    """Those of a child that the member knows."""
    living = Guardian.objects.filter(merged_into=None)
    if scope.establishments is None:
        return living
    return living.filter(pk__in=links(scope).values("guardian_id"))


def wholly_known(scope: Scope) -> QuerySet[Guardian]:
    """Those with no child that the member does not know: a merge would change what another school has."""
    if scope.establishments is None:
        return guardians(scope)
    elsewhere = Guardianship.objects.exclude(participant__in=participants(scope)).values("guardian_id")
    return guardians(scope).exclude(pk__in=elsewhere)


def requests(scope: Scope) -> QuerySet[Entitlement]:
    """What families ask, for who answers them; of a whole household where the member knows one of its children."""
    if not scope.changes_families:
        return Entitlement.objects.none()
    if scope.establishments is None:
        return Entitlement.objects.all()
    household = Q(participant=None, guardian__in=guardians(scope))
    return Entitlement.objects.filter(Q(participant__in=participants(scope)) | household)


def waiting_requests(scope: Scope) -> int:
    return requests(scope).filter(status=Status.ASKED).count() if scope.changes_families else 0


def changes(scope: Scope) -> QuerySet[ChangeRequest]:
    """Of the registrations that the member sees, for who answers families."""
    if not scope.changes_families:
        return ChangeRequest.objects.none()
    if scope.establishments is None:
        return ChangeRequest.objects.all()
    return ChangeRequest.objects.filter(registration__in=scope.registrations())


def waiting_changes(scope: Scope) -> int:
    return changes(scope).filter(status=ChangeStatus.ASKED).count() if scope.changes_families else 0


def claims(scope: Scope) -> QuerySet[LinkRequest]:
    """Those that wait for a word, the eldest first."""
    waiting = families.open_claims().filter(participant__in=participants(scope))
    return waiting.order_by("created_at", "id")
