"""A family speaks of a child's health while what was said before is let go: what it says stays."""

from datetime import timedelta
from pathlib import Path
from threading import Event

from django.db import transaction
from pytest_django import Settings

from shared_apps.audit.actors import SYSTEM
from shared_apps.vault import keys
from tenant_apps.families import queries
from tenant_apps.families.identity import Answers, Identity
from tenant_apps.families.operations import participants
from tenant_apps.privacy import retention
from tenants.models import Organisation
from tests.concurrency.crowd import rush, until_somebody_waits
from tests.factories.families import a_child, a_guardian
from tests.factories.moments import NOON
from tests.factories.organisation import an_organisation_profile


def test_what_a_family_says_of_health_meanwhile_is_kept(
    transactional_db: None, organisation_a: Organisation, settings: Settings, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    an_organisation_profile()
    guardian = a_guardian()
    child, later, has_begun = a_child("Ada", of=guardian), NOON + timedelta(days=40), Event()

    def say(allergy: str, *, days: int) -> None:
        participants.complete_participant(
            guardian_id=guardian.id,
            participant_id=child.id,
            identity=Identity(last_name=child.last_name, first_name=child.first_name),
            answers=Answers(sealed={"allergy": allergy}),
            actor=SYSTEM,
            at=NOON + timedelta(days=days),
        )

    def write(who: str) -> None:
        if who == "retention":
            has_begun.wait(timeout=10)
            retention.purge(at=later)
            return
        keys.forget()
        with transaction.atomic():
            say("noix", days=40)
            has_begun.set()
            until_somebody_waits()

    say("arachides", days=0)
    assert retention.due(later) == {**dict.fromkeys(retention.RULES, 0), "health": 1}

    assert rush(organisation_a, ["family", "retention"], write) == []

    child.refresh_from_db()
    assert queries.sealed_answers(child) == {"allergy": "noix"}
