"""What must be filled in before registering: missing, run out, or there."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test.utils import CaptureQueriesContext

from kernel.database import connection
from shared_apps.audit.actors import SYSTEM
from tenant_apps.catalog.eligibility import Eligibility
from tenant_apps.catalog.models import Offering
from tenant_apps.catalog.reasons import Code
from tenant_apps.catalog.rules import checking
from tenant_apps.families.identity import Answers
from tenant_apps.families.models import Participant
from tenant_apps.forms import records
from tenant_apps.forms.models import Form, FormVersion, Purpose
from tenant_apps.forms.signatures import Signature
from tenant_apps.registrations import operations as registrations
from tenant_apps.registrations.claims import Claim
from tenant_apps.registrations.errors import NotAllowed
from tenant_apps.registrations.models import Registration
from tenants.models import Organisation
from tests.factories.catalog import an_offering, an_option
from tests.factories.families import a_child, a_guardian
from tests.factories.forms import a_form
from tests.factories.moments import NOON
from tests.factories.organisation import an_organisation_profile

BRUSSELS = ZoneInfo("Europe/Brussels")
A_MONTH = timedelta(days=31)


@pytest.fixture(autouse=True)
def profile(organisation_a: Organisation) -> None:
    an_organisation_profile()


def a_record(key: str = "fiche-sante") -> FormVersion:
    version = a_form({"key": "swims"}, purpose=Purpose.RECORD, key=key)
    Form.objects.filter(id=version.form_id).update(validity_days=30, title="Fiche santé")
    return version


def a_camp(*keys: str) -> Offering:
    return an_offering(requirements=[{"kind": "form", "form": key} for key in keys])


def fill_in(version: FormVersion, child: Participant) -> None:
    [link] = child.guardianships.all()
    records.sign(
        version_id=version.id,
        participant_id=child.id,
        signer_id=link.guardian_id,
        answers=Answers(own={"swims": "yes"}),
        signature=Signature("Marie Lapointe"),
        actor=SYSTEM,
        at=NOON,
    )


def why(offering: Offering, child: Participant, *, after: timedelta = timedelta()) -> list[tuple[Code, str]]:
    known = Eligibility.of([offering], [child], guardian_id=None, at=NOON + after, zone=BRUSSELS)
    return [(reason.code, reason.message) for reason in known.of_offering(offering, child)]


def test_a_record_that_is_missing_or_has_run_out_locks_and_says_which_and_when() -> None:
    record, child = a_record(), a_child("Ada")
    camp = a_camp("fiche-sante")
    assert why(camp, child) == [
        (Code.FORM_MISSING, "Ada\u202f: «\u202fFiche santé\u202f» est à remplir d’abord."),
    ]

    fill_in(record, child)
    assert why(camp, child) == []
    [(code, message)] = why(camp, child, after=A_MONTH)
    assert code is Code.FORM_EXPIRED
    assert message.startswith("Ada\u202f: «\u202fFiche santé\u202f» n’était valable que jusqu’au ")


def test_a_sister_s_record_opens_nothing() -> None:
    record, guardian = a_record(), a_guardian()
    ada, bo = a_child("Ada", of=guardian), a_child("Bo", of=guardian)
    fill_in(record, ada)

    assert [code for code, _message in why(a_camp("fiche-sante"), bo)] == [Code.FORM_MISSING]


@pytest.mark.line("S4-24")
def test_the_profile_must_be_complete_where_it_is_required() -> None:
    a_form(
        {"key": "first_name", "required": True},
        {"key": "school", "required": True},
        {"key": "address", "required": True, "shared": True},
        purpose=Purpose.PROFILE,
        key="dossier",
    )
    camp = a_camp("dossier")

    assert [code for code, _message in why(camp, a_child("Ada"))] == [Code.FORM_MISSING]
    assert why(camp, a_child("Bo", answers={"school": "École du Bois"})) == []


def test_what_stands_against_many_is_read_in_as_many_queries_as_against_one() -> None:
    guardian = a_guardian()
    children = [a_child(name, of=guardian) for name in ("Ada", "Bo", "Cy")]
    a_record("fiche-sante")
    a_record("fiche-piscine")
    camps = [a_camp("fiche-sante", "fiche-piscine") for _ in range(3)]

    def queries_for(number: int) -> int:
        with CaptureQueriesContext(connection) as made:
            known = Eligibility.of(
                Offering.objects.filter(id__in=[camp.id for camp in camps[:number]]),
                children[:number],
                guardian_id=guardian.id,
                at=NOON,
                zone=BRUSSELS,
            )
            found = [known.of_offering(camp, child) for camp in known.offerings.values() for child in children[:number]]
        assert [len(reasons) for reasons in found] == [2] * number**2
        return len(made)

    # The offerings, their levels, establishments and options; the links with their weeks; three for the records.
    assert queries_for(1) == queries_for(3) == 8


def test_what_nobody_could_ever_have_is_not_required() -> None:
    with pytest.raises(checking.BadRequirement) as refused:
        checking.check([{"kind": "form", "form": "nulle-part"}])
    assert "nulle-part" in str(refused.value)
    with pytest.raises(checking.UnknownRequirement):
        checking.check([{"kind": "blood_group"}])


def held(offering: Offering, child: Participant, *, after: timedelta = timedelta()) -> list[Registration]:
    [link] = child.guardianships.all()
    at = NOON + after
    basket = registrations.open_basket(guardian_id=link.guardian_id, at=at)
    claim = Claim(
        participant_id=child.id,
        option_id=an_option(offering=offering, places=5).id,
        quantity=1,
        contact_email="marie@example.org",
    )
    return registrations.hold(basket_id=basket.id, claims=[claim], actor=SYSTEM, at=at)


def test_no_place_is_held_without_the_record() -> None:
    record, child = a_record(), a_child("Ada")
    camp = a_camp("fiche-sante")
    with pytest.raises(NotAllowed) as refused:
        held(camp, child)
    assert [reason.code for reason in refused.value.reasons] == [Code.FORM_MISSING]
    assert not Registration.objects.exists()

    fill_in(record, child)
    assert len(held(camp, child)) == 1


@pytest.mark.line("S4-46")
def test_a_record_that_runs_out_during_the_three_days_does_not_break_the_hold() -> None:
    record, child = a_record(), a_child("Ada")
    camp = an_offering(requirements=[{"kind": "form", "form": "fiche-sante"}], hold_minutes=3 * 24 * 60)
    fill_in(record, child)
    last_day = timedelta(days=30)
    [registration] = held(camp, child, after=last_day)

    day_after = NOON + last_day + timedelta(days=2)
    assert why(camp, child, after=last_day + timedelta(days=2))[0][0] is Code.FORM_EXPIRED
    [kept] = registrations.begin_check_out(basket_id=registration.basket_id, at=day_after)
    assert registrations.confirm(registration_id=kept.id, at=day_after).status == "confirmed"
