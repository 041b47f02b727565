"""Two write one profile, or begin it, at once: nothing is lost and nothing is left over."""

from threading import Event

from django.db import transaction

from shared_apps.audit.actors import SYSTEM
from tenant_apps.families.models import Guardian, Household
from tenant_apps.families.operations import guardians
from tenants.models import Organisation
from tests.concurrency.crowd import rush, until_somebody_waits
from tests.factories.families import a_guardian
from tests.factories.moments import NOON
from tests.factories.organisation import a_user


def test_what_a_source_locks_meanwhile_is_not_written_over(
    transactional_db: None, organisation_a: Organisation
) -> None:
    guardian, has_begun = a_guardian(last_name="Byron"), Event()

    def write(who: str) -> None:
        if who == "family":
            has_begun.wait(timeout=10)
            guardians.change_guardian(guardian_id=guardian.id, last_name="Gordon", actor=SYSTEM, at=NOON)
            return
        with transaction.atomic():
            Guardian.objects.filter(id=guardian.id).update(last_name="Lovelace", locked_fields=["last_name"])
            has_begun.set()
            until_somebody_waits()

    assert rush(organisation_a, ["source", "family"], write) == []

    guardian.refresh_from_db()
    assert guardian.last_name == "Lovelace"


def test_two_first_visits_at_once_begin_one_household(transactional_db: None, organisation_a: Organisation) -> None:
    user, has_begun = a_user(), Event()

    def visit(which: str) -> None:
        if which == "second":
            has_begun.wait(timeout=10)
            guardians.ensure_guardian(user=user, at=NOON)
            return
        with transaction.atomic():
            guardians.ensure_guardian(user=user, at=NOON)
            has_begun.set()
            until_somebody_waits()

    assert rush(organisation_a, ["first", "second"], visit) == []

    assert (Guardian.objects.count(), Household.objects.count()) == (1, 1)
