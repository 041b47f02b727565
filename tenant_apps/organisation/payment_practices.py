"""Changes how the organisation is paid and keeps its books, and who is paid; and keeps what they were."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from kernel.database import lock_one
from kernel.errors import Refusal
from kernel.marks import mark
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from shared_apps.audit.models import Entry
from tenant_apps.organisation import banking, rules
from tenant_apps.organisation.models import Payee, Profile

CHANGED, PAYEE_CHANGED = "organisation.paying", "organisation.payee"
# What of the organisation's rules these pages write; each is kept whole.
SECTIONS = ("paying", "card_brands", "accounting")
_BANK = ("iban", "bic", "bank_account")
_PAYEE = ("name", "legal_name", "address", "registration_numbers", *_BANK, "accounting", "slips")


class PracticesChanged(Refusal):
    code = "practices_changed"
    message = _("Quelqu’un a changé ces réglages entre-temps. Relisez-les, puis recommencez.")


class NameTaken(Refusal):
    code = "payee_name_taken"
    message = _("Un autre compte de paiement porte déjà ce nom.")


def seal_of(profile: Profile) -> str:
    """What a page was made of: who sends it back writes only over what was shown."""
    return mark({name: profile.rules.get(name) for name in SECTIONS})


def seal_of_payee(payee: Payee) -> str:
    return mark({name: getattr(payee, name) for name in _PAYEE})


def history() -> QuerySet[Entry]:
    """What was changed, the latest first."""
    return Entry.objects.filter(action__in=(CHANGED, PAYEE_CHANGED)).order_by("-at", "-id")


@operation
def put(*, sections: Mapping[str, Any], seen: str, actor: Actor, at: datetime) -> None:
    """Write these of SECTIONS. Raises PracticesChanged, and ValueError for what could not be read again."""
    profile = lock_one(Profile.objects.all())
    if seal_of(profile) != seen:
        raise PracticesChanged
    found = {name: [profile.rules.get(name), new] for name, new in sections.items() if profile.rules.get(name) != new}
    if not found:
        return
    profile.rules = {**profile.rules, **sections}
    rules.read(profile.rules)  # What nobody could be paid by is a fault of ours, and is never kept.
    profile.save(update_fields=["rules"])
    _record(CHANGED, "organisation", None, found, actor, at)


@operation
def change_payee(*, payee_id: UUID, columns: Mapping[str, Any], seen: str, actor: Actor, at: datetime) -> Payee:
    """Write these columns; its bank account by `banking.set_bank`, whose refusals it raises too.

    Raises PracticesChanged and NameTaken.
    """
    payee = lock_one(Payee.objects.filter(pk=payee_id))
    if seal_of_payee(payee) != seen:
        raise PracticesChanged
    if Payee.objects.filter(name=columns.get("name")).exclude(pk=payee_id).exists():
        raise NameTaken
    before = {name: getattr(payee, name) for name in columns}
    own = {name: value for name, value in columns.items() if name not in _BANK}
    Payee.objects.filter(pk=payee_id).update(**own)
    if "iban" in columns:
        banking.set_bank(payee_id=payee_id, **{name: columns[name] for name in _BANK})
    payee.refresh_from_db()
    found = {name: [before[name], getattr(payee, name)] for name in columns if before[name] != getattr(payee, name)}
    if found:
        _record(PAYEE_CHANGED, "payee", payee_id, found, actor, at, name=payee.name)
    return payee


def _record(
    action: str,
    subject: str,
    subject_id: UUID | None,
    found: Mapping[str, Any],
    actor: Actor,
    at: datetime,
    **about: str,
) -> None:
    details = {**about, "changes": found}
    audit.record(action=action, subject=subject, subject_id=subject_id, actor=actor, at=at, details=details)
