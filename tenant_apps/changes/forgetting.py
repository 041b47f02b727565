"""Lets go of proofs once they have served, of what was said, and in the end of the requests themselves."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q, QuerySet

from kernel.transactions import operation
from tenant_apps.changes.models import ChangeRequest
from tenant_apps.entitlements.forgetting import named_in
from tenant_apps.forms.forgetting import delete_uploads
from tenant_apps.forms.models import Upload


def named_uploads() -> QuerySet[ChangeRequest, UUID]:
    """The ids of the files that a request still names as its proofs."""
    return named_in(ChangeRequest.objects.all())


@operation
def forget(*, guardian_ids: Collection[UUID], participant_ids: Collection[UUID]) -> None:
    """All that these people asked, or that was asked for them. What was paid and given back stays in the accounts."""
    concerned = Q(registration__participant__in=participant_ids) | Q(participant__in=participant_ids)
    forget_requests(ChangeRequest.objects.filter(concerned | Q(guardian__in=guardian_ids)))


@operation
def forget_requests(found: QuerySet[ChangeRequest]) -> int:
    ids = list(found.values_list("id", flat=True))
    drop_proofs(ChangeRequest.objects.filter(id__in=ids))
    return ChangeRequest.objects.filter(id__in=ids).delete()[0]


@operation
def drop_proofs(found: QuerySet[ChangeRequest]) -> int:
    rows = list(found.exclude(uploads=[]).values_list("id", "uploads"))
    ChangeRequest.objects.filter(id__in=[row_id for row_id, _uploads in rows]).update(uploads=[])
    upload_ids = {UUID(upload) for _row_id, uploads in rows for upload in uploads}
    delete_uploads(Upload.objects.filter(id__in=upload_ids).exclude(id__in=named_uploads()))
    return len(rows)


@operation
def drop_words(found: QuerySet[ChangeRequest]) -> int:
    return found.update(sealed=None)
