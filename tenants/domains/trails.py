"""What happened to an organisation's names, in its trail. Told inside the organisation."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from shared_apps.audit.models import Entry
from shared_apps.audit.trails import Words
from tenants.context import current

_SUBJECT = "domain"

WORDS: Words = {
    "domains.added": _("Nom ajouté"),
    "domains.verified": _("Nom vérifié"),
    "domains.broken": _("Le DNS ne mène plus ici"),
    "domains.lost": _("Nom repris par une autre organisation"),
    "domains.made_primary": _("Nom choisi pour les liens"),
    "domains.removed": _("Nom retiré"),
}


def record(action: str, name: str, *, actor: Actor, at: datetime) -> None:
    audit.record(action=action, subject=_SUBJECT, subject_id=current().pk, actor=actor, at=at, details={"name": name})


def of(name: str) -> QuerySet[Entry]:
    """Newest first."""
    return Entry.objects.filter(subject=_SUBJECT, details__name=name).order_by("-at", "-id")
