"""An export is asked for, followed, and read once it is there."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from kernel.database import unique
from kernel.errors import Refusal
from kernel.tasks import nudge
from kernel.transactions import operation
from tenants.context import in_registry
from tenants.leaving import sealed, tasks
from tenants.models import SERVED, Export, Organisation

_LABEL = 200


class AlreadyExporting(Refusal):
    code = "already_exporting"
    message = _("Une copie complète est déjà en préparation.")


class NothingToExport(Refusal):
    code = "nothing_to_export"
    message = _("Cette organisation n’a pas de données.")


@operation
def ask(*, organisation_id: UUID, asked_by: str, at: datetime) -> Export:
    """An export to be made, and the task that makes it. Raises AlreadyExporting and NothingToExport."""
    with in_registry():
        if not Organisation.objects.filter(id=organisation_id, state__in=SERVED).exists():
            raise NothingToExport
        with unique(AlreadyExporting):
            asked = Export.objects.create(
                organisation_id=organisation_id, asked_by=asked_by[:_LABEL], asked_at=at, due_at=at
            )
        nudge(tasks.make_exports)
    return asked


def of_organisation(organisation_id: UUID) -> QuerySet[Export]:
    """Newest first; read by the platform, or inside the organisation itself."""
    return Export.objects.filter(organisation_id=organisation_id).order_by("-asked_at", "-id")


def content(found: Export) -> Iterator[bytes]:
    """The file, piece after piece; the program is in its organisation."""
    with default_storage.open(found.path) as source:
        yield from sealed.opened(source, found.pk)
