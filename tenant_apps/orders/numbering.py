"""Numbers without gaps, by payee and series: drawn in the transaction that uses them, or not drawn at all."""

from uuid import UUID

from django.db.models import F

from tenant_apps.orders.models import Numbering


def next_number(*, payee_id: UUID, series: str) -> int:
    Numbering.objects.get_or_create(payee_id=payee_id, series=series)
    Numbering.objects.filter(payee_id=payee_id, series=series).update(last=F("last") + 1)
    # The update holds the row until the commit: nobody else can have moved it in between.
    return Numbering.objects.values_list("last", flat=True).get(payee_id=payee_id, series=series)
