"""Requests follow who asks them: through a merge, off a list, into a copy, and away."""

from datetime import timedelta

import pytest

from kernel import clock
from shared_apps.audit.actors import SYSTEM
from tenant_apps.changes import following, forgetting, leaving, telling
from tenant_apps.changes.models import ChangeRequest, Kind, Status
from tenant_apps.changes.operations import deciding
from tenant_apps.privacy import retention
from tests.factories.catalog import an_option
from tests.factories.changes import a_paid, ask, practice
from tests.factories.families import a_child, a_guardian
from tests.factories.moments import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(profile):
    practice(withdrawal={"allowed": True, "decision": "staff"})
    guardian = a_guardian()
    paid = a_paid(an_option(price=10000), child=a_child(of=guardian), guardian=guardian)
    return ask(paid, Kind.WITHDRAWAL, (0, 10000, 0), words="Une opération.")


def test_a_merge_brings_them_to_the_record_that_is_kept(asked):
    kept, child = a_guardian(), a_child()
    ChangeRequest.objects.update(participant=asked.registration.participant)

    following.guardians(kept.id, asked.guardian_id, NOON)
    following.participants(child.id, asked.registration.participant_id, NOON)

    asked.refresh_from_db()
    assert (asked.guardian_id, asked.participant_id) == (kept.id, child.id)


def test_a_child_who_leaves_the_list_takes_what_waits_along(asked):
    leaving.leave(asked.guardian_id, asked.registration.participant_id, SYSTEM, NOON)

    asked.refresh_from_db()
    assert asked.status == Status.CANCELLED


def test_who_is_forgotten_asks_nothing_any_more(asked):
    forgetting.forget(guardian_ids=[asked.guardian_id], participant_ids=[])

    assert not ChangeRequest.objects.exists()


def test_what_was_said_goes_before_the_request_and_what_waits_stays(asked):
    deciding.accept(change_id=asked.id, actor=SYSTEM, at=clock.now() - timedelta(days=400))
    retention.purge(at=clock.now())

    asked.refresh_from_db()
    assert (asked.status, telling.said(asked).words) == (Status.ACCEPTED, "")
