"""Takes what an authentic source says of a guardian: written over what was typed, and locked from then on (S4-06)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kernel.database import lock
from kernel.errors import Refusal
from kernel.transactions import operation
from shared_apps.accounts.models import User
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from shared_apps.vault import sealing
from tenant_apps.families import locks
from tenant_apps.families.matching import NATIONAL_NUMBER, national_number_hash
from tenant_apps.families.models import Guardian
from tenant_apps.families.operations import guardians
from tenant_apps.families.operations.claiming import NAMED_BY_ADDRESS
from tenant_apps.families.queries import SEALED_OF_GUARDIAN

# The address of the profile follows the account's own (allauth confirms it), never the provider's word alone.
_WRITTEN = ("last_name", "first_name", "birth_date")


class IdentityTaken(Refusal):
    code = "identity_taken"
    message = _("Cette identité est déjà celle d’un autre compte d’ici. Écrivez à l’organisation pour les réunir.")


@operation
def take_identity(
    *, user: User, columns: Mapping[str, Any], locked: Sequence[str], phone: str, actor: Actor, at: datetime
) -> Guardian:
    """Write the columns that were said. The same identity twice changes nothing. Raises IdentityTaken.

    A profile that staff have made for the same national number, without an account, becomes this account's.
    """
    number = str(columns.get(NATIONAL_NUMBER, ""))
    hashed = national_number_hash(number)
    guardian = _adopted(user, hashed) or guardians.ensure_guardian(user=user, at=at)
    locks.guardian(guardian.id)
    guardian.refresh_from_db()
    changed = _written(guardian, columns, phone)
    guardian.locked_fields = sorted({*guardian.locked_fields, *locked})
    if hashed and hashed != guardian.national_number_hash:
        guardian.national_number_hash = hashed
        kept = sealing.unseal(guardian.sealed, place=SEALED_OF_GUARDIAN, row_id=guardian.id)
        guardian.sealed = sealing.seal({**kept, NATIONAL_NUMBER: number}, place=SEALED_OF_GUARDIAN, row_id=guardian.id)
        changed.append(NATIONAL_NUMBER)
    _save(guardian)
    if changed:
        audit.record(
            action="guardian.identified",
            subject="guardian",
            subject_id=guardian.id,
            actor=actor,
            at=at,
            details={"columns": changed},
        )
    return guardian


def _adopted(user: User, hashed: str) -> Guardian | None:
    """The profile with that number, made this account's own. Raises IdentityTaken where it is another's."""
    if not hashed:
        return None
    known = next(iter(lock(Guardian.objects.filter(national_number_hash=hashed, merged_into=None))), None)
    if known is None or known.user_id == user.pk:
        return known
    if known.user_id is not None or Guardian.objects.filter(user=user).exists():
        raise IdentityTaken
    known.user = user
    known.email = known.email or user.email
    # Found by the number: the address is nobody else's way to claim it any more.
    known.locked_fields = [name for name in known.locked_fields if name != NAMED_BY_ADDRESS]
    known.save(update_fields=["user", "email", "locked_fields"])
    return known


def _written(guardian: Guardian, columns: Mapping[str, Any], phone: str) -> list[str]:
    said = {name: columns[name] for name in _WRITTEN if name in columns}
    if phone:
        said["phone"] = phone
    changed = [name for name, value in said.items() if getattr(guardian, name) != value]
    for name in changed:
        setattr(guardian, name, said[name])
    return changed


def _save(guardian: Guardian) -> None:
    try:
        with transaction.atomic():
            guardian.save()
    except IntegrityError:
        # Two accounts came with the same number at the same moment.
        raise IdentityTaken from None
