"""What an authentic source says of a guardian is written, locked, and one person's alone."""

from datetime import date
from typing import Any

import pytest

from shared_apps.accounts.models import User
from shared_apps.audit.actors import SYSTEM
from shared_apps.audit.models import Entry
from shared_apps.vault import sealing
from tenant_apps.families.models import Guardian
from tenant_apps.families.operations import guardians
from tenant_apps.families.operations.identity_source import IdentityTaken, take_identity
from tests.factories.families import a_guardian
from tests.factories.moments import NOON
from tests.factories.organisation import a_user

ADA = {"last_name": "Lovelace", "first_name": "Ada", "birth_date": date(1985, 7, 30)}
NUMBER = "85.07.30-033.28"
LOCKED = ["last_name", "first_name", "birth_date"]

pytestmark = pytest.mark.usefixtures("organisation_a")


def taken(user: User, *, phone: str = "", **more: Any) -> Guardian:
    return take_identity(user=user, columns={**ADA, **more}, locked=LOCKED, phone=phone, actor=SYSTEM, at=NOON)


@pytest.mark.line("S4-06")
def test_what_is_locked_is_not_changed_by_the_family() -> None:
    guardian = taken(a_user(), phone="0470 12 34 56")

    guardians.change_guardian(
        guardian_id=guardian.id, first_name="Augusta", last_name="Byron", phone="1", actor=SYSTEM, at=NOON
    )

    guardian.refresh_from_db()
    assert (guardian.first_name, guardian.last_name, guardian.phone) == ("Ada", "Lovelace", "1")


def test_the_source_writes_over_what_was_typed_and_says_what() -> None:
    before = a_guardian(last_name="Byron", first_name="Ada")
    assert before.user is not None

    guardian = taken(before.user)

    assert guardian.id == before.id
    assert (guardian.last_name, guardian.birth_date) == ("Lovelace", date(1985, 7, 30))
    [entry] = Entry.objects.filter(action="guardian.identified")
    assert entry.details == {"columns": ["last_name", "birth_date"]}


def test_the_same_identity_twice_changes_nothing() -> None:
    user = a_user()
    taken(user, national_number=NUMBER)
    taken(user, national_number=NUMBER)

    assert Guardian.objects.count() == 1
    assert Entry.objects.filter(action="guardian.identified").count() == 1


def test_the_profile_that_staff_made_for_the_number_becomes_the_accounts_own() -> None:
    hashed = sealing.keyed_hash("85073003328", purpose="national_number")
    known = Guardian.objects.create(
        last_name="Lovelace", email="old@example.org", national_number_hash=hashed, locked_fields=["email"]
    )
    user = a_user()

    guardian = taken(user, national_number=NUMBER)

    assert (guardian.id, guardian.user, guardian.email) == (known.id, user, "old@example.org")
    assert guardian.locked_fields == ["birth_date", "first_name", "last_name"]


def test_a_number_of_another_account_is_refused_and_nothing_is_written() -> None:
    taken(a_user(), national_number=NUMBER)
    other = a_user()

    with pytest.raises(IdentityTaken):
        taken(other, national_number=NUMBER)

    assert not Guardian.objects.filter(user=other).exists()


def test_an_account_with_a_profile_does_not_take_a_second_one() -> None:
    hashed = sealing.keyed_hash("85073003328", purpose="national_number")
    Guardian.objects.create(last_name="Lovelace", email="old@example.org", national_number_hash=hashed)
    own = a_guardian()
    assert own.user is not None

    with pytest.raises(IdentityTaken):
        taken(own.user, national_number=NUMBER)
