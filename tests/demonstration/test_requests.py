"""What families ask in the demonstration: something is accepted, and something waits for who tries the workplace."""

import pytest

from shared_apps.accounts.models import User
from tenant_apps.entitlements.models import Entitlement
from tenant_apps.entitlements.queries import household_of
from tenant_apps.families import queries as families
from tenant_apps.organisation import queries
from tenant_apps.registrations import support
from tests.demonstration.test_loading import NOVEMBER_2026, load

pytestmark = pytest.mark.usefixtures("organisation_a")


def found() -> list[tuple[str, str, str]]:
    rows = Entitlement.objects.order_by("guardian__email", "kind")
    return list(rows.values_list("guardian__first_name", "kind", "status"))


def test_the_city_has_proofs_accepted_and_requests_that_wait() -> None:
    load("city_qc", NOVEMBER_2026)

    assert found() == [
        ("Nadia", "residence", "asked"),
        ("Nadia", "subsidy", "granted"),
        ("Nadia", "support", "asked"),
        ("Sophie", "residence", "granted"),
    ]
    assert sum(len(each.uploads) for each in Entitlement.objects.all()) == 3
    waiting = Entitlement.objects.filter(kind="support")
    assert len(support.kept_places(list(waiting))) == 1
    guardian = families.guardian_of(User.objects.get(email="sophie.gagnon@famille.example"))
    assert guardian is not None
    children = families.participants_of(guardian.id)
    household = household_of(guardian.id, children, at=NOVEMBER_2026, zone=queries.profile().zone)
    assert {household.of(child.id).residence for child in children} == {"resident"}


def test_the_commune_has_a_request_for_support() -> None:
    load("commune_be", NOVEMBER_2026)

    assert found() == [("Samira", "support", "asked")]
