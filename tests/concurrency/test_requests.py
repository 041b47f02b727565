"""Two clerks answer one request at the same instant, and families ask for the last places: one wins each time."""

import pytest

from shared_apps.audit.actors import SYSTEM
from tenant_apps.entitlements import errors
from tenant_apps.entitlements.models import Entitlement, Status
from tenant_apps.entitlements.operations import deciding
from tenant_apps.entitlements.operations.deciding import Granted
from tenant_apps.registrations import errors as refusals
from tenant_apps.registrations import support
from tenant_apps.registrations.models import Places
from tests.concurrency.crowd import rush
from tests.factories.catalog import an_offering, an_option
from tests.factories.entitlements import a_request
from tests.factories.families import a_child, a_guardian
from tests.factories.moments import NOON
from tests.factories.organisation import an_organisation_profile

CLERKS, ROUNDS, FAMILIES = 4, 6, 6


@pytest.fixture(autouse=True)
def profile(transactional_db, organisation_a):
    an_organisation_profile()


def decide(request_id, clerk):
    if clerk % 2:
        deciding.refuse(entitlement_ids=[request_id], answer=f"Clerk {clerk}", actor=SYSTEM, at=NOON)
    else:
        granted = Granted(from_on=NOON.date(), until_on=None, answer=f"Clerk {clerk}")
        deciding.accept(entitlement_ids=[request_id], granted=granted, actor=SYSTEM, at=NOON)


def test_of_clerks_who_answer_at_once_one_decides_and_the_others_are_told(organisation_a):
    guardian, told = a_guardian(), []
    for _round in range(ROUNDS):
        request = a_request(guardian)
        told += rush(organisation_a, range(CLERKS), lambda clerk, request=request: decide(request.id, clerk))

    assert [type(error) for error in told] == [errors.AlreadyDecided] * (ROUNDS * (CLERKS - 1))
    assert {each.status for each in Entitlement.objects.all()} <= {Status.GRANTED, Status.REFUSED}


def test_without_the_condition_on_the_state_several_clerks_decide(organisation_a, monkeypatch):
    def decide_anyway(found, to, **columns):
        return Entitlement.objects.filter(pk=found.values_list("pk", flat=True)[:1]).update(status=to, **columns) or 1

    monkeypatch.setattr(deciding, "move", decide_anyway)
    request = a_request(a_guardian())

    assert rush(organisation_a, range(CLERKS), lambda clerk: decide(request.id, clerk)) == []


def test_of_families_who_ask_for_the_last_place_one_has_it(organisation_a):
    camp = an_offering(support={"keep_days": 10})
    option = an_option(offering=camp, places=1)
    families = [(guardian := a_guardian(), a_child(of=guardian)) for _ in range(FAMILIES)]

    told = rush(
        organisation_a,
        families,
        lambda family: support.ask(
            guardian_id=family[0].id,
            participant_id=family[1].id,
            option_ids=[option.id],
            words="Oui.",
            actor=SYSTEM,
            at=NOON,
        ),
    )

    assert [type(error) for error in told] == [refusals.OptionFull] * (FAMILIES - 1)
    assert (Places.objects.get(option_id=option.id).taken, Entitlement.objects.count()) == (1, 1)
