"""A family whose order is settled lets another one in, and goes on choosing as long as its pass lasts."""

from datetime import timedelta

import pytest

from kernel import clock
from tenant_apps.openings import operations, queries
from tenant_apps.openings.models import Opening
from tests.factories.catalog import an_offering, an_option
from tests.factories.families import a_child, a_guardian
from tests.factories.organisation import an_organisation_profile
from tests.factories.queues import a_queue, a_turn
from tests.factories.registrations import a_basket
from tests.office.money import a_paid_order

pytestmark = pytest.mark.usefixtures("organisation_a")

SECOND = timedelta(seconds=1)


def test_who_has_paid_makes_room_and_keeps_its_pass() -> None:
    an_organisation_profile()
    at = clock.now()
    opening = a_queue(
        gathers_from=at - timedelta(hours=1), opens_at=at - 10 * SECOND, terms={"at_once": 1, "counter_share": 0}
    )
    mother = a_guardian()
    a_turn(opening, mother)
    operations.draw(opening_id=opening.id, at=at - 10 * SECOND)
    a_turn(opening, at=at - 5 * SECOND)
    operations.admit(opening_id=opening.id, at=at)
    operations.enter(opening_id=opening.id, guardian_id=mother.id, at=at)
    operations.admit(opening_id=opening.id, at=at + 2 * SECOND)
    assert Opening.objects.get(pk=opening.pk).admitted == 1

    a_paid_order(
        an_option(places=3, offering=an_offering(opening=opening)),
        child=a_child(of=mother),
        basket=a_basket(mother),
        at=at + 3 * SECOND,
    )
    operations.admit(opening_id=opening.id, at=at + 4 * SECOND)

    assert Opening.objects.get(pk=opening.pk).admitted == 2
    assert queries.passes(mother.id, [opening.id], at=at + 5 * SECOND) == {opening.id}
