"""Rows that are copied are the rows that would have been inserted."""

import pytest
from django.db import IntegrityError

from kernel import copying
from tenant_apps.families.models import Guardian, Guardianship, Participant
from tests.factories.moments import NOON

pytestmark = pytest.mark.usefixtures("organisation_a")


def test_every_kind_of_column_is_copied_as_it_is() -> None:
    child = Participant(
        last_name="O’Neil\t\\N\n",
        first_name="",
        answers={"teacher": 'Mme "É"', "allergies": True},
        locked_fields=["level"],
        sealed=b"\x00\\x01\xff",
        created_at=NOON,
    )
    adult = Guardian(email="a@example.org", created_at=NOON)

    copying.add([child])
    copying.add([adult])
    copying.add([Guardianship(guardian=adult, participant=child, created_at=NOON)])

    kept = Participant.objects.get()
    assert (kept.last_name, kept.first_name, kept.answers, kept.locked_fields) == (
        child.last_name,
        "",
        child.answers,
        ["level"],
    )
    assert (bytes(kept.sealed or b""), kept.birth_date, kept.created_at) == (child.sealed, None, NOON)
    assert Guardianship.objects.get().guardian_id == adult.id


def test_a_conflict_refuses_them_all() -> None:
    rows = [Participant(last_name="A", external_id="x", created_at=NOON) for _ in range(2)]

    with pytest.raises(IntegrityError):
        copying.add(rows)


def test_no_rows_are_no_statement(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        copying.add([])
