"""Changes what the organisation says of itself and how it looks; keeps what it was."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from kernel.database import lock_one
from kernel.errors import Refusal
from kernel.marks import mark
from kernel.transactions import after_commit, operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from tenant_apps.organisation import logos
from tenant_apps.organisation.models import Profile
from tenants.context import current, in_registry
from tenants.models import Organisation

CHANGED = "organisation.identity"
COLUMNS = (
    "name", "short_name", "contact_email", "contact_phone", "address", "languages", "welcome", "help_text",
    "brand_colour", "accent_colour", "logo",
)  # fmt: skip


class IdentityChanged(Refusal):
    code = "identity_changed"
    message = _("Quelqu’un a changé ces réglages entre-temps. Relisez-les, puis recommencez.")


def seal_of(profile: Profile) -> str:
    """What a page was made of: who sends it back writes only over what was shown."""
    return mark({name: getattr(profile, name) for name in COLUMNS})


@operation
def change(
    *, columns: Mapping[str, Any], logo: bytes | None, removes_logo: bool, seen: str, actor: Actor, at: datetime
) -> Profile:
    """Write these of COLUMNS; a new logo goes before its removal. Raises IdentityChanged.

    The name is the registry's too, where the platform and its mails read it.
    """
    profile = lock_one(Profile.objects.all())
    if seal_of(profile) != seen:
        raise IdentityChanged
    before = {name: getattr(profile, name) for name in COLUMNS}
    for name, value in columns.items():
        setattr(profile, name, value)
    if logo is not None or removes_logo:
        profile.logo = logos.store(logo) if logo is not None else ""
        after_commit(partial(logos.drop, before["logo"]))
    profile.first_day = {**profile.first_day, "brand": at.isoformat()}
    profile.save(update_fields=[*COLUMNS, "first_day"])
    _tell_registry(profile)
    found = {name: [old, getattr(profile, name)] for name, old in before.items() if old != getattr(profile, name)}
    if found:
        details = {"changes": found}
        audit.record(action=CHANGED, subject="organisation", subject_id=None, actor=actor, at=at, details=details)
    return profile


def _tell_registry(profile: Profile) -> None:
    organisation = current()
    with in_registry():
        Organisation.objects.filter(pk=organisation.pk).exclude(name=profile.name).update(name=profile.name)
