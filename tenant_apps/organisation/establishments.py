"""Adds, changes, orders and takes away the establishments of an organisation."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from kernel.database import lock, lock_one
from kernel.errors import Refusal
from kernel.registry import Registry
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from tenant_apps.organisation import limits
from tenant_apps.organisation.models import Establishment, StaffMember

# Said by the rooms that name establishments, at start-up: how many rows of theirs name this one.
USES: Registry[Callable[[Establishment], int]] = Registry("use of an establishment")
_LONGEST_CODE = 60


class NameTaken(Refusal):
    code = "establishment_name_taken"
    message = _("Ce nom est déjà pris.")


class StillNamed(Refusal):
    """`uses` counts what names it: {"participants": 3}."""

    code = "establishment_still_named"
    message = _("Cet établissement sert encore\u202f: il ne peut pas être retiré.")


@operation
def add(*, name: str, actor: Actor, at: datetime, **fields: Any) -> Establishment:
    """At the end of the list. Its code, in addresses and rules, comes from the name and never changes afterwards.

    Raises NameTaken and LimitReached.
    """
    known = lock(Establishment.objects.all())
    limits.check_establishments()
    if any(each.name.casefold() == name.casefold() for each in known):
        raise NameTaken
    position = max((each.position for each in known), default=-1) + 1
    code = _free_code(name, {each.code for each in known})
    made = Establishment.objects.create(code=code, name=name, position=position, **fields)
    _record("establishment.added", made, actor, at)
    return made


@operation
def change(*, establishment_id: UUID, columns: Mapping[str, Any], actor: Actor, at: datetime) -> Establishment:
    """Raises NameTaken."""
    found = lock_one(Establishment.objects.filter(id=establishment_id))
    if Establishment.objects.filter(name__iexact=columns["name"]).exclude(id=establishment_id).exists():
        raise NameTaken
    changes = {name: [getattr(found, name), value] for name, value in columns.items() if getattr(found, name) != value}
    for name, value in columns.items():
        setattr(found, name, value)
    found.save(update_fields=list(columns))
    if changes:
        _record(
            "establishment.changed", found, actor, at, changes={name: _plain(pair) for name, pair in changes.items()}
        )
    return found


@operation
def move(*, establishment_id: UUID, up: bool, actor: Actor, at: datetime) -> None:
    """One place up or down the list that families read. At its end already, it stays."""
    rows = sorted(lock(Establishment.objects.all()), key=lambda each: (each.position, each.name))
    index = next((index for index, each in enumerate(rows) if each.id == establishment_id), None)
    if index is None:
        raise Establishment.DoesNotExist
    other = index - 1 if up else index + 1
    if not 0 <= other < len(rows):
        return
    rows[index], rows[other] = rows[other], rows[index]
    for position, each in enumerate(rows):
        each.position = position
    Establishment.objects.bulk_update(rows, ["position"])
    _record("establishment.moved", rows[other], actor, at)


@operation
def remove(*, establishment_id: UUID, actor: Actor, at: datetime) -> None:
    """Raises StillNamed for one that anything names."""
    found = lock_one(Establishment.objects.filter(id=establishment_id))
    if uses := uses_of(found):
        raise StillNamed(uses=uses)
    _record("establishment.removed", found, actor, at)
    found.delete()


def uses_of(establishment: Establishment) -> dict[str, int]:
    """By the room's word for it, how many name it; those that do not are left out."""
    counted = {name: count(establishment) for name, count in USES}
    return {name: number for name, number in counted.items() if number}


def members_of(establishment: Establishment) -> int:
    return StaffMember.objects.filter(establishments=establishment).count()


def _free_code(name: str, taken: Iterable[str]) -> str:
    base = slugify(name)[: _LONGEST_CODE - 4].strip("-") or "etablissement"
    codes = [base, *(f"{base}-{number}" for number in range(2, 1000))]
    return next(code for code in codes if code not in taken)


def _plain(pair: list[Any]) -> list[str]:
    return [str(value) if value is not None else "" for value in pair]


def _record(action: str, establishment: Establishment, actor: Actor, at: datetime, **more: object) -> None:
    audit.record(
        action=action,
        subject="establishment",
        subject_id=establishment.id,
        actor=actor,
        at=at,
        details={"name": establishment.name, **more},
    )
