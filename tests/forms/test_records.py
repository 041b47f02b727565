"""Records that hold for a time, and what is told when they change."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test.utils import CaptureQueriesContext

from kernel.database import connection
from shared_apps.audit.actors import SYSTEM
from shared_apps.outbox.models import Event
from tenant_apps.families.identity import Answers
from tenant_apps.families.models import Guardian, Participant
from tenant_apps.families.operations import merge
from tenant_apps.forms import queries, records
from tenant_apps.forms.models import Form, FormVersion, Purpose, Submission
from tenant_apps.forms.queries import Standing, State
from tenant_apps.forms.signatures import NameMissing, Signature
from tests.factories.families import a_child, a_guardian
from tests.factories.forms import a_form
from tests.factories.moments import NOON

pytestmark = pytest.mark.usefixtures("organisation_a")

BRUSSELS = ZoneInfo("Europe/Brussels")
MARIE = Signature("Marie Lapointe", language="fr")
ALLERGIES = {"key": "allergies", "class": "health"}
DOCTOR = {"key": "doctor", "shared": True}
SWIMS = {"key": "swims"}


def a_record(*questions: dict[str, Any], days: int | None = 30) -> FormVersion:
    version = a_form(*(questions or (ALLERGIES, DOCTOR, SWIMS)), purpose=Purpose.RECORD)
    Form.objects.filter(id=version.form_id).update(validity_days=days)
    return version


def signed(
    version: FormVersion, child: Participant, guardian: Guardian, *, at: datetime = NOON, **answers: Any
) -> Submission:
    told = Answers(
        own=answers.get("own", {"swims": "yes"}),
        sealed=answers.get("sealed", {"allergies": "noix"}),
        household=answers.get("household", {"doctor": "Dr A"}),
    )
    return records.sign(
        version_id=version.id,
        participant_id=child.id,
        signer_id=guardian.id,
        answers=told,
        signature=MARIE,
        actor=SYSTEM,
        at=at,
    )


def standing(version: FormVersion, child: Participant, at: datetime) -> Standing:
    return queries.standing([child.id], [version.form_id], at=at, zone=BRUSSELS)[child.id, version.form_id]


@pytest.mark.line("S4-20")
def test_a_record_holds_to_the_end_of_its_last_day_in_the_organisation_s_zone() -> None:
    guardian, version = a_guardian(), a_record()
    child = a_child(of=guardian)
    assert standing(version, child, NOON).state is State.MISSING

    # In Brussels it is the first of June already.
    signed(version, child, guardian, at=datetime(2026, 5, 31, 22, 30, tzinfo=UTC))
    last_second = datetime(2026, 7, 1, 23, 59, 59, tzinfo=BRUSSELS)

    now = standing(version, child, last_second)
    assert (now.state, now.until) == (State.VALID, date(2026, 7, 1))
    assert standing(version, child, last_second + timedelta(seconds=1)).state is State.EXPIRED


def test_a_record_without_a_term_holds_for_ever() -> None:
    guardian, version = a_guardian(), a_record(days=None)
    child = a_child(of=guardian)
    signed(version, child, guardian)

    then = standing(version, child, NOON + timedelta(days=10_000))
    assert (then.state, then.until) == (State.VALID, None)


def test_how_many_stand_is_read_in_as_many_queries_for_three_as_for_one() -> None:
    guardian, versions = a_guardian(), [a_record() for _ in range(3)]
    children = [a_child(name, of=guardian) for name in ("Ada", "Bo", "Cy")]
    for child in children:
        for version in versions:
            signed(version, child, guardian)
    forms = [version.form_id for version in versions]

    def queries_for(number: int) -> int:
        with CaptureQueriesContext(connection) as made:
            found = queries.standing([child.id for child in children[:number]], forms[:number], at=NOON, zone=BRUSSELS)
        assert len(found) == number * number
        assert all(each.is_valid for each in found.values())
        return len(made)

    assert queries_for(1) == queries_for(3) == 2


def test_what_was_said_of_a_record_since_merged_counts_for_the_one_that_is_kept() -> None:
    guardian, version = a_guardian(), a_record()
    kept, gone = a_child("Ada", of=guardian), a_child("Adda", of=guardian)
    signed(version, gone, guardian)
    merge.merge_participants(kept_id=kept.id, gone_id=gone.id, from_gone=[], links={}, actor=SYSTEM, at=NOON)

    assert standing(version, kept, NOON).state is State.VALID
    assert records.last_of(version.form_id, kept.id) is not None


@pytest.mark.line("O-12")
def test_renewing_dates_the_same_answers_anew_and_alerts_nobody() -> None:
    guardian, version = a_guardian(), a_record()
    child = a_child(of=guardian)
    first = signed(version, child, guardian)

    later = NOON + timedelta(days=40)
    renewed = records.renew(
        version_id=version.id,
        participant_id=child.id,
        signer_id=guardian.id,
        answers=Answers(own={"swims": "yes"}),
        signature=MARIE,
        actor=SYSTEM,
        at=later,
    )

    assert (renewed.renews_id, renewed.signed_name, renewed.changed) == (first.id, "Marie Lapointe", [])
    assert standing(version, child, later).state is State.VALID
    assert not Event.objects.filter(kind="record.changed").exists()


def test_there_is_nothing_to_renew_before_the_first_time() -> None:
    guardian, version = a_guardian(), a_record()
    with pytest.raises(records.NothingToRenew):
        records.renew(
            version_id=version.id,
            participant_id=a_child(of=guardian).id,
            signer_id=guardian.id,
            answers=Answers(),
            signature=MARIE,
            actor=SYSTEM,
            at=NOON,
        )


@pytest.mark.line("O-12")
def test_a_change_is_told_by_its_keys_and_never_by_its_words() -> None:
    guardian, version = a_guardian(), a_record()
    child = a_child(of=guardian)
    assert signed(version, child, guardian).changed == []

    again = signed(version, child, guardian, sealed={"allergies": "noix, arachides"}, household={"doctor": "Dr B"})

    assert again.changed == ["allergies", "doctor"]
    [event] = Event.objects.filter(kind="record.changed")
    assert event.payload == {
        "submission": str(again.id),
        "participant": str(child.id),
        "form": str(version.form_id),
    }


def test_the_other_household_s_doctor_is_no_change() -> None:
    mother, father, version = a_guardian(), a_guardian(first_name="Paul"), a_record()
    child = a_child(of=mother)
    signed(version, child, mother)

    assert signed(version, child, father, household={"doctor": "Dr B"}).changed == []


def test_a_question_left_empty_is_as_one_not_yet_asked() -> None:
    guardian, version = a_guardian(), a_record(ALLERGIES, SWIMS, {"key": "nap"})
    child = a_child(of=guardian)
    signed(version, child, guardian, own={"swims": "yes"})

    assert signed(version, child, guardian, own={"swims": "yes", "nap": ""}).changed == []


def test_nobody_signs_with_an_empty_name() -> None:
    guardian, version = a_guardian(), a_record()
    with pytest.raises(NameMissing):
        records.sign(
            version_id=version.id,
            participant_id=a_child(of=guardian).id,
            signer_id=guardian.id,
            answers=Answers(),
            signature=Signature("  "),
            actor=SYSTEM,
            at=NOON,
        )
