"""A file speaks of a pupil while what the family said is forgotten: what the file says stays."""

from threading import Event

import pytest
from django.db import transaction

from tenant_apps.families import locks
from tenant_apps.families.models import Participant
from tenant_apps.families.operations.forgetting import forget_participants
from tenants.models import Organisation
from tests.concurrency.crowd import rush, until_somebody_waits
from tests.factories.families import a_child
from tests.factories.moments import NOON


def pupil_forgotten_meanwhile(organisation: Organisation) -> Participant:
    """Renamed by a file that another transaction has not finished writing when the forgetting begins."""
    pupil, has_begun = a_child("Ada", last_name="Byron"), Event()
    Participant.objects.filter(id=pupil.id).update(external_id="OR-1", locked_fields=["last_name"], used_name="Addie")

    def write(who: str) -> None:
        if who == "forgetting":
            has_begun.wait(timeout=10)
            forget_participants(participant_ids=[pupil.id], at=NOON)
            return
        with transaction.atomic():
            Participant.objects.filter(id=pupil.id).update(last_name="Lovelace")
            has_begun.set()
            until_somebody_waits()

    assert rush(organisation, ["file", "forgetting"], write) == []
    pupil.refresh_from_db()
    return pupil


def test_what_a_file_says_meanwhile_is_kept(transactional_db: None, organisation_a: Organisation) -> None:
    pupil = pupil_forgotten_meanwhile(organisation_a)

    assert (pupil.last_name, pupil.used_name) == ("Lovelace", "")


def test_without_the_lock_it_would_be_lost(
    transactional_db: None, organisation_a: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "participants", lambda participant_ids: None)

    assert pupil_forgotten_meanwhile(organisation_a).last_name == "Byron"
