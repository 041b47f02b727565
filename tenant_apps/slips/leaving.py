"""Every slip that was given, as its PDF, for an organisation that takes everything with it."""

from collections.abc import Iterator

from tenant_apps.slips import documents
from tenant_apps.slips.models import Slip


def papers() -> Iterator[tuple[str, bytes]]:
    for pk in Slip.objects.order_by("year", "kind", "number").values_list("pk", flat=True):
        slip = Slip.objects.select_related("payee").get(pk=pk)
        yield f"attestations/{slip.year}/{slip.pk}-{documents.file_name(slip)}", documents.pdf(slip)
