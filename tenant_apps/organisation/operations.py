"""Writes the organisation's own face, places, payees and staff."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils.text import slugify

from kernel.database import lock_one
from kernel.transactions import operation
from tenant_apps.organisation.models import Establishment, Level, Payee, Profile, StaffMember
from tenant_apps.organisation.presets import files

# The organisation's first language is kept there alone: pages need it before they need a profile.
_OF_THE_REGISTRY = {"default_language"}


@operation
def apply_preset(*, key: str, name: str, **own: str) -> Profile:
    """Give the organisation the face, rules, levels and forms of a preset, but for what is its `own`.

    Safe to repeat; raises UnknownPreset.
    """
    preset = files.load(key)
    told = {column: value for column, value in preset["profile"].items() if column not in _OF_THE_REGISTRY}
    profile, _ = Profile.objects.update_or_create(
        id=1, defaults={**told, **own, "name": name, "short_name": name[:40], "preset": key}
    )
    for section, reader in files.READERS:
        if section in preset:
            reader(preset[section])
    return profile


@operation
def begin(*, name: str, time_zone: str, currency: str, territory: str, language: str) -> Profile:
    """A bare profile, for an organisation that starts from no preset."""
    profile, _ = Profile.objects.get_or_create(
        id=1,
        defaults={
            "name": name,
            "short_name": name[:40],
            "time_zone": time_zone,
            "currency": currency,
            "territory": territory,
            "languages": [language],
        },
    )
    return profile


@operation
def describe(**fields: Any) -> Profile:
    """Change what the organisation says of itself; only what is given."""
    profile = lock_one(Profile.objects.all())
    for name, value in fields.items():
        setattr(profile, name, value)
    profile.save(update_fields=list(fields))
    return profile


def put_levels(levels: Iterable[dict[str, Any]]) -> None:
    """Make the list of levels what it is said to be, in that order. A level that is no longer named stays."""
    for position, level in enumerate(levels):
        Level.objects.update_or_create(
            code=level.get("code") or slugify(level["name"]),
            defaults={"name": level["name"], "position": position, "translations": level.get("translations", {})},
        )


@operation
def put_payee(*, name: str, **fields: Any) -> Payee:
    payee, _ = Payee.objects.update_or_create(name=name, defaults=fields)
    return payee


@operation
def connect_payee(*, payee_id: UUID, processor_account: str) -> None:
    Payee.objects.filter(id=payee_id).update(processor_account=processor_account)


@operation
def put_establishment(*, code: str, **fields: Any) -> Establishment:
    establishment, _ = Establishment.objects.update_or_create(code=code, defaults=fields)
    return establishment


@operation
def put_staff_member(*, user_id: UUID, role: str, establishments: Iterable[Establishment] = ()) -> StaffMember:
    """At work at once, without an invitation (organisation.staff)."""
    member, _ = StaffMember.objects.update_or_create(user_id=user_id, defaults={"role": role})
    member.establishments.set(establishments)
    return member
