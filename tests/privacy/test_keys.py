"""Keys are changed by a command or at the owner's word, and the trail tells each step."""

import io
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from shared_apps.audit.actors import SYSTEM
from shared_apps.audit.models import Entry
from shared_apps.vault import keys as vault
from shared_apps.vault.models import DataKey
from shared_apps.vault.sealing import key_number, seal, unseal
from tenant_apps.families.models import Participant
from tenant_apps.privacy import keys
from tenants.context import in_organisation
from tenants.models import Organisation
from tests.factories.families import a_child
from tests.factories.moments import NOON
from tests.factories.organisation import an_organisation_profile

pytestmark = pytest.mark.django_db
PLACE = "families.Participant.sealed"


@pytest.fixture
def child() -> Iterator[Participant]:
    child = a_child()
    child.sealed = seal({"allergies": "noix"}, place=PLACE, row_id=child.id)
    child.save()
    yield child
    vault.forget()


def number_of(child: Participant) -> int:
    child.refresh_from_db()
    assert child.sealed is not None
    assert unseal(child.sealed, place=PLACE, row_id=child.id) == {"allergies": "noix"}
    return key_number(child.sealed)


def command(*arguments: str) -> list[str]:
    out = io.StringIO()
    call_command("rotate_keys", *arguments, stdout=out)
    return out.getvalue().splitlines()


def steps() -> list[tuple[str, dict[str, int]]]:
    entries = Entry.objects.filter(action__startswith="keys.").order_by("id")
    return [(entry.action, entry.details) for entry in entries]


def test_one_organisation_changes_its_key_and_the_other_keeps_its_own(
    child: Participant, organisation_b: Organisation
) -> None:
    with in_organisation(organisation_b):
        an_organisation_profile()
        other = a_child()
        other.sealed = seal({"allergies": "noix"}, place=PLACE, row_id=other.id)
        other.save()

    assert command("--organisation", "a") == ["a: 1 values sealed anew"]

    assert number_of(child) == 2
    with in_organisation(organisation_b):
        assert number_of(other) == 1
    assert steps() == [("keys.rotated", {"number": 2}), ("keys.resealed", {"values": 1})]


def test_an_organisation_that_has_sealed_nothing_needs_no_key() -> None:
    assert command("--organisation", "b") == ["b: 0 values sealed anew"]
    assert DataKey.objects.count() == 0


def test_resumed_it_makes_no_key_of_its_own(child: Participant) -> None:
    keys.rotate(actor=SYSTEM, at=NOON)
    assert command("--organisation", "a", "--resume") == ["a: 1 values sealed anew"]

    assert number_of(child) == 2
    # The round that comes an hour after the change, and finds nothing left.
    assert [action for action, _ in steps()] == ["keys.rotated", "keys.resealed", "keys.deleted"]


def test_the_old_key_goes_at_a_later_round(child: Participant) -> None:
    keys.rotate(actor=SYSTEM, at=NOON)
    keys.carry_on(at=NOON)
    assert DataKey.objects.count() == 2

    keys.carry_on(at=NOON + timedelta(hours=2))

    assert list(DataKey.objects.values_list("number", flat=True)) == [2]
    assert number_of(child) == 2


def test_the_platform_s_key_is_changed_without_touching_a_value(child: Participant, settings: Settings) -> None:
    settings.VAULT_KEYS = ["another", *settings.VAULT_KEYS]

    assert command("--wrap", "--organisation", "a") == ["a: 1 keys wrapped"]

    settings.VAULT_KEYS = ["another"]
    vault.forget()
    assert number_of(child) == 1


def test_an_unknown_organisation_is_said() -> None:
    with pytest.raises(CommandError):
        command("--organisation", "nobody")
