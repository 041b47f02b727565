"""Brings slips to the record that is kept when two are merged."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel.errors import Refusal
from tenant_apps.slips.models import Slip, Version


class BothAttested(Refusal):
    code = "both_attested"
    message = _("Les deux dossiers ont une attestation fiscale de la même année. Annulez-en une, puis écrivez-nous.")


def participants(kept_id: UUID, gone_id: UUID, at: datetime) -> None:
    """Raises BothAttested."""
    _move("participant_id", "guardian_id", kept_id, gone_id)


def guardians(kept_id: UUID, gone_id: UUID, at: datetime) -> None:
    """Raises BothAttested."""
    _move("guardian_id", "participant_id", kept_id, gone_id)


def _move(column: str, other: str, kept_id: UUID, gone_id: UUID) -> None:
    """A chain of corrections begins with one original, and so do two: they cannot be one person's."""
    originals = Slip.objects.filter(version=Version.ORIGINAL)
    same = Q()
    for row in originals.filter(**{column: gone_id}).values("payee_id", "kind", "year", other):
        same |= Q(**row)
    if same and originals.filter(same, **{column: kept_id}).exists():
        raise BothAttested
    Slip.objects.filter(**{column: gone_id}).update(**{column: kept_id})
