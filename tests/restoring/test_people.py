"""After a restore whoever was erased stays erased, and a file that is gone is said to be."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from shared_apps.audit.actors import SYSTEM
from shared_apps.outbox import delivery
from shared_apps.vault import sealing
from shared_apps.vault.wrapping import KeyLost
from tenant_apps.catalog.models import Offering
from tenant_apps.families.models import Guardian
from tenant_apps.privacy import erasure
from tenants.context import in_organisation
from tenants.models import State
from tests.factories.catalog import an_offering
from tests.factories.families import a_guardian
from tests.factories.moments import NOON
from tests.factories.organisation import a_payee, an_organisation_profile
from tests.restoring.conftest import Moment, an_organisation, bring_back, wreck

pytestmark = pytest.mark.django_db(transaction=True)

Remember = Callable[[], Moment]


@pytest.mark.parametrize("is_told", [True, False], ids=["its tombstone written", "its tombstone yet to be written"])
def test_whoever_was_erased_since_stays_erased(remember: Remember, is_told: bool) -> None:
    with in_organisation(an_organisation()):
        an_organisation_profile()
        marie, paul = a_guardian(), a_guardian(first_name="Paul")
    moment = remember()
    with in_organisation(an_organisation()):
        erasure.erase(guardian_id=marie.id, actor=SYSTEM, at=NOON + timedelta(days=1))
        if is_told:
            delivery.handle_events(at=NOON + timedelta(days=2))

    done = bring_back(moment).report["done"]

    assert done["erasures"] == {"families": 1}
    with in_organisation(an_organisation()):
        assert {guardian.id: guardian.first_name for guardian in Guardian.objects.all()} == {
            marie.id: "",
            paul.id: "Paul",
        }


def test_also_where_the_wreck_took_the_trail_with_it(remember: Remember) -> None:
    with in_organisation(an_organisation()):
        an_organisation_profile()
        marie = a_guardian()
    moment = remember()
    with in_organisation(an_organisation()):
        erasure.erase(guardian_id=marie.id, actor=SYSTEM, at=NOON + timedelta(days=1))
        delivery.handle_events(at=NOON + timedelta(days=2))
    wreck("a", "DROP TABLE audit_entry, outbox_event CASCADE")

    bring_back(moment)

    with in_organisation(an_organisation()):
        assert Guardian.objects.get().first_name == ""


def test_files_that_are_gone_are_named(remember: Remember) -> None:
    with in_organisation(an_organisation()):
        an_organisation_profile()
        offering = an_offering(payee=a_payee(processor_account=""))
        there = default_storage.save("offerings/there.webp", ContentFile(b"picture"))
        for path in (there, "offerings/gone.webp"):
            Offering.objects.filter(pk=an_offering(payee=offering.payee).pk).update(picture=path)

    done = bring_back(remember()).report["done"]

    assert done["files"] == {"named": 2, "missing": ["offerings/gone.webp"]}


def test_a_key_of_the_platform_that_was_changed_since_is_asked_for(remember: Remember, settings: Any) -> None:
    new, old = "n" * 40, "o" * 40
    settings.VAULT_KEYS = [old]
    with in_organisation(an_organisation()):
        an_organisation_profile()
        sealed = sealing.seal({"allergies": "noix"}, place="families.Participant.sealed", row_id=UUID(int=1))
    moment = remember()

    settings.VAULT_KEYS = [new]
    with pytest.raises(KeyLost):
        bring_back(moment)
    assert an_organisation().state == State.RESTORING
    settings.VAULT_KEYS = [new, old]
    bring_back(moment)

    settings.VAULT_KEYS = [new]
    with in_organisation(an_organisation()):
        opened = sealing.unseal(sealed, place="families.Participant.sealed", row_id=UUID(int=1))
        assert opened == {"allergies": "noix"}
