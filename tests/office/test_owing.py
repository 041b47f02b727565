"""« À recevoir »: what families owe, how it is narrowed, and what is written to them."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kernel import clock
from shared_apps.outbox.models import Event
from tenant_apps.families.models import Guardian, Participant
from tenant_apps.orders.models import Order
from tenant_apps.organisation.models import Role
from tenant_apps.payments.models import Instalment, InstalmentStatus, Payment
from tenant_apps.payments.models import Status as PaymentStatus
from tenant_apps.payments.operations.cancel import let_go
from tests.clients import HostClient
from tests.factories.catalog import an_offering, an_option
from tests.factories.counter import at_counter
from tests.factories.moments import TORONTO
from tests.factories.organisation import a_payee, an_establishment
from tests.office.conftest import SignIn
from tests.office.money import a_paid_order, an_order_of
from tests.portal.people import words


def url(name: str, *args: object) -> str:
    return reverse(f"office:{name}", urlconf="config.urls.organisation", args=args)


@pytest.fixture
def finance(as_staff: SignIn) -> HostClient:
    return as_staff(Role.FINANCE)


def an_owing_order(left: int = 3000, *, days: int = 10, **columns: Any) -> Order:
    """Paid but for `left`, which is due in so many days."""
    order = an_order_of(an_option(price=left + 1000, **columns))
    at_counter(order, 1000)
    Instalment.objects.filter(order=order).update(due_on=clock.today(TORONTO) + timedelta(days=days))
    order.refresh_from_db()
    return order


def found(client: HostClient, **query: object) -> list[Order]:
    return [row.order for row in client.get(url("owing"), query).context["rows"]]


def test_what_is_owed_is_listed_the_oldest_day_first(finance: HostClient) -> None:
    soon, late = an_owing_order(3000, days=3), an_owing_order(2000, days=-3)
    a_paid_order(an_option(price=550))
    an_order_of(an_option(price=700))

    page = finance.get(url("owing"))

    assert [(row.order, row.cents, row.is_late) for row in page.context["rows"]] == [
        (late, 2000, True),
        (soon, 3000, False),
    ]
    assert page.context["total"] == 5000
    assert "2 commandes, 50,00 $" in words(page)


def test_it_is_narrowed_by_state_payee_and_name(finance: HostClient) -> None:
    payee = a_payee("École des Pins")
    late, soon = an_owing_order(days=-1, offering=an_offering(payee=payee)), an_owing_order(days=5)
    failed, over = an_owing_order(days=-20), an_owing_order(days=-40)
    yesterday = clock.today(TORONTO) - timedelta(days=1)
    Instalment.objects.filter(order__in=[failed, over]).update(
        status=InstalmentStatus.FAILED, failure="expired_card", grace_until=yesterday + timedelta(days=9)
    )
    Instalment.objects.filter(order=over).update(grace_until=yesterday)
    Guardian.objects.filter(pk=soon.guardian_id).update(first_name="Élodie", last_name="Tremblay")

    assert found(finance, state="overdue") == [over, failed, late]
    assert found(finance, state="to_come") == [soon]
    assert found(finance, state="failed") == [over, failed]
    assert found(finance, state="grace_over") == [over]
    assert found(finance, payee=payee.pk) == [late]
    assert found(finance, q="tremblay elodie") == [soon]
    assert found(finance, q=late.reference.lower()) == [late]
    assert found(finance, q="personne") == []
    assert found(finance, state="wrong", payee="x") == [over, failed, late, soon]
    assert "La carte est expirée." in words(finance.get(url("owing")))


def test_what_a_bank_refused_days_later_is_listed_until_its_places_are_free(finance: HostClient) -> None:
    refused, _waiting = an_order_of(an_option(price=700)), an_order_of(an_option(price=800))
    Payment.objects.create(
        order=refused,
        attempt=1,
        amount_cents=700,
        currency=refused.currency,
        status=PaymentStatus.FAILED,
        session_id="cs_1",
        started_at=clock.now(),
    )
    owing = an_owing_order()

    [row] = finance.get(url("owing"), {"state": "bounced"}).context["rows"]

    held_until = refused.lines.get().registration.held_until
    assert (row.order, row.cents, row.due_on) == (refused, 700, clock.local_date(held_until, TORONTO))
    assert (row.failure, row.may_remind, row.refused_id) == ("La banque a refusé le prélèvement.", False, None)
    assert found(finance, state="bounced", q="personne") == []
    assert found(finance) == [owing]
    assert refused.reference in finance.get(url("owing_csv"), {"state": "bounced"}).content.decode()
    let_go([refused], at=clock.now())
    assert found(finance, state="bounced") == []


def test_a_secretary_sees_what_her_school_is_owed_and_nobody_elses(as_staff: SignIn) -> None:
    school, other = an_establishment(), an_establishment()
    mine, theirs = an_owing_order(), an_owing_order()
    for order, place in ((mine, school), (theirs, other)):
        Participant.objects.filter(registrations__order_lines__order=order).update(establishment=place)

    secretary = as_staff(Role.SECRETARY, school)

    assert found(secretary) == [mine]
    assert theirs.reference not in secretary.get(url("owing_csv")).content.decode()
    assert "À recevoir" in words(secretary.get(url("home")))
    allowed = {role for role in Role if as_staff(role, school).get(url("owing")).status_code == 200}
    assert allowed == set(Role) - {Role.GROUP_LEADER}


def test_the_table_opens_in_a_spreadsheet(finance: HostClient) -> None:
    order = an_owing_order(2552, days=-3)

    text = finance.get(url("owing_csv")).content.decode("utf-8-sig")

    [head, row] = csv.reader(io.StringIO(text), delimiter=";")
    assert head[0] == "Commande"
    assert (row[0], row[5], row[8]) == (order.reference, "25,52", "Oui")


def test_a_family_is_reminded_from_the_list_once_a_day(finance: HostClient) -> None:
    order = an_owing_order()

    first = finance.post(url("remind", order.reference), {"from": "list"}, follow=True)
    second = finance.post(url("remind", order.reference), {"from": "list"}, follow=True)

    assert first.redirect_chain == [(url("owing"), 302)]
    assert f"Le rappel part à {order.guardian.email}." in words(first)
    assert "Cette famille a déjà reçu un rappel depuis hier." in words(second)
    assert Event.objects.filter(kind="orders.owed").count() == 1
    assert [row.may_remind for row in second.context["rows"]] == [False]


def test_the_list_asks_as_much_for_three_as_for_one(finance: HostClient) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            finance.get(url("owing"))
        return len(asked)

    an_owing_order()
    finance.get(url("owing"))
    one = queries()
    for _ in range(2):
        an_owing_order()

    assert queries() == one
