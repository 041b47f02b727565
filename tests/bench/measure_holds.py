"""Hold and confirm against the same rows written in raw SQL, one transaction a family."""

from itertools import count

from django.db import transaction

from kernel import ids
from kernel.database import connection
from shared_apps.audit.actors import SYSTEM
from tenant_apps.registrations import operations
from tests.bench.stopwatch import measured, report
from tests.factories.catalog import an_offering, an_option
from tests.factories.families import a_child
from tests.factories.moments import NOON
from tests.factories.organisation import an_organisation_profile
from tests.factories.registrations import a_basket, a_claim

FAMILIES = 130


def measure_hold_and_confirm(transactional_db, organisation_a):
    an_organisation_profile()
    option = an_option(places=10_000, offering=an_offering())
    families = [(basket, a_child(of=basket.guardian)) for basket in (a_basket() for _ in range(FAMILIES))]
    turn, other_turn = count(), count(FAMILIES // 2)

    def ours() -> None:
        basket, child = families[next(turn)]
        [held] = operations.hold(basket_id=basket.id, claims=[a_claim(child, option)], actor=SYSTEM, at=NOON)
        operations.confirm(registration_id=held.id, at=NOON)

    def raw() -> None:
        basket, child = families[next(other_turn)]
        registration = ids.uuid7()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO registrations_registration (id, basket_id, participant_id, option_id, quantity,"
                " unit_cents, status, is_single, held_until, contact_email, created_at)"
                " VALUES (%s, %s, %s, %s, 1, 550, 'held', true, %s, 'parent@example.org', %s)",
                [registration, basket.id, child.id, option.id, NOON, NOON],
            )
            cursor.execute(
                "UPDATE registrations_places SET taken = taken + 1 WHERE option_id = %s AND taken < capacity",
                [option.id],
            )
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE registrations_registration SET status = 'confirmed', confirmed_at = %s"
                " WHERE id = %s AND status = 'held'",
                [NOON, registration],
            )

    report("Hold and confirm", measured(ours), measured(raw))
