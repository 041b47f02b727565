"""What has outlived its purpose goes by itself, and nothing goes a day too early."""

import io
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from shared_apps.audit.actors import SYSTEM
from shared_apps.audit.models import Entry
from shared_apps.outbox.models import Message, MessageStatus
from shared_apps.vault.sealing import seal, unseal
from tenant_apps.families.models import Guardian, LinkRequest, Participant
from tenant_apps.families.operations import participants
from tenant_apps.forms.models import Form, FormVersion, Sealed, Submission, Upload
from tenant_apps.imports.models import ImportRun
from tenant_apps.organisation import operations as organisation
from tenant_apps.privacy import retention
from tests.factories.families import a_child, a_guardian, a_guest
from tests.factories.forms import a_form
from tests.factories.moments import NOON
from tests.privacy.traces import a_family, a_paid_order, where

pytestmark = pytest.mark.django_db
PLACE = "families.Participant.sealed"


def after(days: float) -> datetime:
    return NOON + timedelta(days=days)


def due(days: float) -> dict[str, int]:
    """What would go `days` after NOON, the moment at which everything in these tests was said."""
    return {rule: count for rule, count in retention.due(after(days)).items() if count}


def a_sealed_child(**columns: Any) -> Participant:
    child = a_child(**columns)
    child.sealed = seal({"allergies": "noix", "national_number": "85"}, place=PLACE, row_id=child.id)
    child.save()
    return child


def a_record(child: Participant, version: FormVersion | None = None, *, days: int = 0, valid: int = 30) -> Submission:
    """A health record signed `days` after NOON."""
    version = version or a_form({"key": "medication"})
    Form.objects.filter(pk=version.form_id).update(validity_days=valid)
    record = Submission.objects.create(version=version, participant=child, submitted_at=after(days))
    sealed = seal({"medication": "sirop"}, place="forms.Sealed.content", row_id=record.id)
    assert sealed is not None
    Sealed.objects.create(submission=record, content=sealed)
    return record


def test_health_goes_thirty_days_after_the_family_last_spoke_of_it() -> None:
    child = a_sealed_child()
    assert due(30) == {}
    assert due(31) == {"health": 1}

    retention.purge(at=after(31))

    child.refresh_from_db()
    assert unseal(child.sealed, place=PLACE, row_id=child.id) == {"national_number": "85"}


def test_health_goes_thirty_days_after_the_activity() -> None:
    family = a_family("Zzyx")
    a_paid_order(family)
    assert "health" not in due(30)
    family.child.registrations.get().option.__class__.objects.update(ends_on=date(2026, 10, 1))

    assert "health" not in due(15 + 30)
    assert due(15 + 31)["health"] == 1

    retention.purge(at=after(15 + 31))

    family.child.refresh_from_db()
    assert (family.child.sealed, Sealed.objects.count(), Upload.objects.count()) == (None, 0, 0)
    assert family.child.first_name == "AdaZzyx"


def test_health_goes_thirty_days_after_the_record_has_run_out() -> None:
    a_record(a_child(), valid=100)

    assert due(130) == {}
    assert due(131) == {"health": 1}


def test_what_the_family_changes_starts_the_term_anew() -> None:
    child = a_sealed_child()
    Entry.objects.create(
        at=after(20), actor_kind="guardian", action="participant.changed", subject="participant", subject_id=child.id
    )

    assert due(50) == {}
    assert due(51) == {"health": 1}


def test_a_record_that_another_has_replaced_does_not_wait_for_it() -> None:
    child = a_child()
    version = a_form({"key": "medication"})
    a_record(child, version)
    newer = a_record(child, version, days=30)

    assert due(60) == {}
    assert due(60.5) == {"records": 1}
    retention.purge(at=after(60.5))
    assert list(Sealed.objects.values_list("submission", flat=True)) == [newer.pk]


def test_the_organisation_s_own_terms_are_kept() -> None:
    a_sealed_child()
    organisation.describe(rules={"retention": {"health_days": 365}})

    assert due(365) == {}
    assert due(366) == {"health": 1}


def test_a_term_of_nothing_at_all_is_a_day() -> None:
    a_sealed_child()
    organisation.describe(rules={"retention": {"health_days": 0}})

    assert due(1) == {}
    assert due(2) == {"health": 1}


@pytest.mark.django_db(transaction=True)
def test_a_file_that_nobody_claimed_goes_after_a_day() -> None:
    path = default_storage.save("uploads/x", ContentFile(b"x"))
    Upload.objects.create(path=path, name="x.pdf", content_type="application/pdf", size_bytes=1, created_at=NOON)
    assert due(1) == {}

    retention.purge(at=after(1.1))

    assert Upload.objects.count() == 0
    assert not default_storage.exists(path)


def test_messages_go_after_ninety_days_and_those_that_wait_stay() -> None:
    a_family("Zzyx")
    assert "messages" not in due(91)
    Message.objects.update(status=MessageStatus.SENT)

    assert "messages" not in due(90)
    assert due(91)["messages"] == 1
    retention.purge(at=after(91))
    assert Message.objects.count() == 0


def test_requests_and_imports_go_when_they_are_over() -> None:
    child = a_child()
    LinkRequest.objects.create(kind="claim", participant=child, created_at=NOON)
    LinkRequest.objects.create(kind="letter", participant=child, created_at=NOON, expires_at=after(14))
    path = default_storage.save("imports/x", ContentFile(b"x"))
    doubts = [{"key": "1", "name": "Ada Lapointe", "candidates": []}]
    ImportRun.objects.create(layout="simple", name="x.csv", path=path, state="done", doubts=doubts, ended_at=NOON)

    assert due(90) == {}
    assert due(90.5) == {"imports": 1}
    assert due(104.5) == {"imports": 1, "links": 1}
    retention.purge(at=after(104.5))

    run = ImportRun.objects.get()
    assert (run.doubts, run.path, run.name) == ([], "", "x.csv")
    assert [request.kind for request in LinkRequest.objects.all()] == ["claim"]


def test_a_child_taken_off_the_list_becomes_nobody_after_two_years() -> None:
    guardian = a_guardian()
    child = a_child("Ada", of=guardian, answers={"teacher": "Prof"})
    participants.remove_participant(guardian_id=guardian.id, participant_id=child.id, actor=SYSTEM, at=NOON)
    assert due(730) == {}

    assert due(731) == {"participants": 1}
    retention.purge(at=after(731))

    child.refresh_from_db()
    assert (child.last_name, child.first_name, child.answers) == ("", "", {})
    assert due(731) == {}


def test_a_guest_and_their_child_become_nobody_after_two_years() -> None:
    guest = a_guest("zzyx@example.org")
    a_child("Zzyx", of=guest)
    Participant.objects.update(created_at=NOON)
    assert due(730) == {}

    assert due(731) == {"guests": 1}
    retention.purge(at=after(731))

    assert Guardian.objects.get(pk=guest.pk).email == ""
    assert where("zzyx") == {}
    assert due(731) == {}


def test_neither_account_holders_nor_parents_of_the_school_s_pupils_are_forgotten() -> None:
    a_child("Ada", of=a_guardian())
    pupil = a_child("Bo", of=a_guest())
    Participant.objects.filter(pk=pupil.pk).update(external_id="OR-1")

    assert due(5000) == {}


def test_each_purge_is_in_the_trail_with_its_counts() -> None:
    a_sealed_child()
    retention.purge(at=after(10))
    assert not Entry.objects.filter(action=retention.PURGED).exists()

    retention.purge(at=after(31))

    entry = Entry.objects.get(action=retention.PURGED)
    assert (entry.at, entry.actor_kind, entry.details) == (after(31), "system", {"health": 1})


def test_a_rule_that_fails_keeps_none_of_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    a_sealed_child()

    def broken(now: object) -> None:
        raise ZeroDivisionError

    rules = {"broken": retention.Rule("", broken, lambda found, now: 0), **retention.RULES}  # type: ignore[arg-type]
    monkeypatch.setattr(retention, "RULES", rules)

    assert retention.purge(at=after(31))["health"] == 1


def test_a_dry_run_says_how_much_and_touches_nothing() -> None:
    child = a_sealed_child()
    out = io.StringIO()
    call_command("retention", "--dry-run", "--organisation", "a", stdout=out)

    assert [line for line in out.getvalue().splitlines() if line.startswith("a\thealth")] == ["a\thealth\t1"]
    child.refresh_from_db()
    assert child.sealed is not None


def test_an_organisation_that_is_not_there_is_said() -> None:
    with pytest.raises(CommandError):
        call_command("retention", "--dry-run", "--organisation", "nobody")
