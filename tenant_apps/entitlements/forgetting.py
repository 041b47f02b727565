"""Lets go of proofs once they have served, of what was said, and in the end of the requests themselves."""

from collections.abc import Collection, Iterable
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Func, Model, Q, QuerySet, UUIDField
from django.db.models.functions import Cast

from kernel.transactions import operation
from tenant_apps.entitlements.models import Entitlement
from tenant_apps.forms.forgetting import delete_uploads
from tenant_apps.forms.models import Upload

M = TypeVar("M", bound=Model)


class _Each(Func):
    """The texts of a JSON list, one row each."""

    function = "jsonb_array_elements_text"
    set_returning = True


def named_uploads() -> QuerySet[Entitlement, UUID]:
    """The ids of the files that a request still names as its proofs."""
    return named_in(Entitlement.objects.all())


def named_in(rows: QuerySet[M]) -> QuerySet[M, UUID]:
    """Of any rows with `uploads`, the identifiers that they list."""
    named: Any = rows.exclude(uploads=[]).order_by()
    found: QuerySet[M, UUID] = named.annotate(named=Cast(_Each("uploads"), UUIDField())).values_list("named", flat=True)
    return found


@operation
def forget(*, guardian_ids: Collection[UUID], participant_ids: Collection[UUID]) -> None:
    """All that these people asked, or that was asked for them. What it changed of a price stays with the price."""
    forget_requests(Entitlement.objects.filter(Q(guardian__in=guardian_ids) | Q(participant__in=participant_ids)))


@operation
def forget_requests(found: QuerySet[Entitlement]) -> int:
    ids = list(found.values_list("id", flat=True))
    drop_proofs(Entitlement.objects.filter(id__in=ids))
    return Entitlement.objects.filter(id__in=ids).delete()[0]


@operation
def drop_proofs(found: QuerySet[Entitlement]) -> int:
    """The files go unless another request, of a brother or a sister, still waits for them."""
    rows = list(found.exclude(uploads=[]).values_list("id", "uploads"))
    Entitlement.objects.filter(id__in=[row_id for row_id, _uploads in rows]).update(uploads=[])
    _delete({UUID(upload) for _row_id, uploads in rows for upload in uploads})
    return len(rows)


@operation
def drop_words(found: QuerySet[Entitlement]) -> int:
    return found.update(sealed=None)


def _delete(upload_ids: Iterable[UUID]) -> None:
    delete_uploads(Upload.objects.filter(id__in=list(upload_ids)).exclude(id__in=named_uploads()))
