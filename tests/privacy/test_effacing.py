"""Rows that are never altered can be emptied of what they say of a person, and of nothing else."""

import pytest
from django.db import ProgrammingError, transaction

from kernel.database import connection
from tenant_apps.forms.models import Decision, Submission
from tenant_apps.orders.models import Transfer
from tenants.effacing import NotEffaced, efface
from tenants.models import Organisation
from tests.factories.families import a_child
from tests.factories.forms import a_consent
from tests.factories.moments import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed(organisation_a: Organisation) -> Submission:
    version = a_consent()
    return Submission.objects.create(
        version=version,
        participant=a_child(),
        answers={"note": "dit"},
        decision=Decision.YES,
        signed_name="Marie Lapointe",
        signed_from="192.0.2.7",
        text_sha256=version.text_sha256,
        submitted_at=NOON,
    )


def role() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return str(cursor.fetchone()[0])


def test_the_organisation_itself_cannot_alter_what_was_signed(signed: Submission) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Submission.objects.filter(pk=signed.pk).update(signed_name="")


def test_what_names_the_person_is_emptied_and_what_was_decided_stays(signed: Submission) -> None:
    assert efface(Submission, [signed.pk]) == 1

    signed.refresh_from_db()
    assert (signed.signed_name, signed.answers, signed.signed_from) == ("", {}, None)
    assert (signed.decision, signed.submitted_at) == (Decision.YES, NOON)
    assert len(signed.text_sha256) == 64


def test_only_the_named_rows_and_columns_are_emptied(signed: Submission) -> None:
    assert efface(Submission, [signed.participant_id]) == 0
    with pytest.raises(NotEffaced):
        efface(Submission, [signed.pk], ["decision"])
    with pytest.raises(NotEffaced):
        efface(Transfer, [signed.pk])

    signed.refresh_from_db()
    assert signed.signed_name == "Marie Lapointe"


def test_afterwards_the_organisation_has_its_own_rights_again(signed: Submission) -> None:
    before = role()
    efface(Submission, [signed.pk])

    assert role() == before == connection.schema_name
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        Submission.objects.filter(pk=signed.pk).update(signed_name="again")


def test_a_failure_gives_the_rights_back_as_well(signed: Submission, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Submission, "effaced", {"submitted_at": None})
    with pytest.raises(Exception, match="not-null"):
        efface(Submission, [signed.pk])

    assert role() == connection.schema_name
