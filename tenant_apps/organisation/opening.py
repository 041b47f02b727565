"""The day the site opens to families: once, by somebody, with somebody to write to."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from kernel.database import lock_one
from kernel.errors import Refusal
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from tenant_apps.organisation.models import Profile
from tenants.context import current
from tenants.operations.go_live import go_live


class NoContact(Refusal):
    """Who gives an organisation their child's data must know whom to write to about them (R-60)."""

    code = "no_contact"
    message = _("Donnez d’abord une adresse et un courriel\u202f: les familles doivent savoir à qui écrire.")


def lacks_contact(profile: Profile) -> bool:
    return not (profile.contact_email and profile.address.strip())


@operation
def open_to_families(*, actor: Actor, at: datetime) -> None:
    """Twice is once. Raises NoContact."""
    if lacks_contact(lock_one(Profile.objects.all())):
        raise NoContact
    if go_live(organisation_id=current().pk, at=at):
        audit.record(action="organisation.opened", subject="organisation", subject_id=None, actor=actor, at=at)
