"""The journal: every row of the ledger, in words, with sums that come to nothing."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kernel import clock
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Account
from tenant_apps.organisation.models import Role
from tests.clients import HostClient
from tests.factories.catalog import an_offering, an_option
from tests.factories.moments import TORONTO
from tests.factories.organisation import a_payee
from tests.office.conftest import SignIn
from tests.office.money import a_paid_order, an_order_of

RECEIVABLE, REVENUE, PROCESSOR = "Dû par les familles", "Produits", "Chez le processeur de paiement"


def url(name: str, *args: object) -> str:
    return reverse(f"office:{name}", urlconf="config.urls.organisation", args=args)


@pytest.fixture
def auditor(as_staff: SignIn) -> HostClient:
    return as_staff(Role.AUDITOR)


def said(page: Any) -> list[tuple[str, str, int, tuple[int, str], tuple[int, str]]]:
    return [
        (
            row.debit.label,
            row.credit.label,
            row.transfer.amount_cents,
            (row.debit.amount, row.debit.words),
            (row.credit.amount, row.credit.words),
        )
        for row in page.context["rows"]
    ]


def test_each_row_says_its_two_accounts_and_what_they_come_to(auditor: HostClient) -> None:
    a_paid_order(an_option(price=550))
    a_paid_order(an_option(price=1200))

    page = auditor.get(url("journal"))

    assert said(page) == [
        (PROCESSOR, RECEIVABLE, 550, (550, "au débit"), (550, "au crédit")),
        (RECEIVABLE, REVENUE, 550, (0, ""), (550, "au crédit")),
        (PROCESSOR, RECEIVABLE, 1200, (1750, "au débit"), (1200, "au crédit")),
        (RECEIVABLE, REVENUE, 1200, (0, ""), (1750, "au crédit")),
    ]
    assert [row.sum for row in page.context["rows"]] == [0, 0, 0, 0]


def test_totals_balance_and_no_amount_is_below_zero(auditor: HostClient) -> None:
    a_paid_order(an_option(price=550))

    page = auditor.get(url("journal"))

    assert [
        (total.account, total.debits, total.credits, total.side.amount, total.side.words)
        for total in page.context["totals"]
    ] == [
        (Account.RECEIVABLE, 550, 550, 0, ""),
        (Account.REVENUE, 0, 550, 550, "au crédit"),
        (Account.PROCESSOR, 550, 0, 550, "au débit"),
    ]
    assert (page.context["debits"], page.context["credits"]) == (1100, 1100)
    assert "-5,50" not in page.content.decode()


def test_a_page_in_the_middle_knows_what_came_before_it(auditor: HostClient) -> None:
    order = an_order_of(an_option(price=100))
    for number in range(51):
        ledger.enter(
            debit=Account.RECEIVABLE,
            credit=Account.REVENUE,
            cents=100,
            order=order,
            source=f"sold {number}",
            at=clock.now(),
        )

    [row] = auditor.get(url("journal"), {"page": 2}).context["rows"]

    assert row.debit.cents == 5100


def test_it_is_narrowed_by_payee_and_by_day(auditor: HostClient) -> None:
    today, ours = clock.today(TORONTO), a_payee("École A")
    a_paid_order(an_option(price=550, offering=an_offering(payee=ours)), at=clock.now() - timedelta(days=8))
    a_paid_order(an_option(price=1200))

    def amounts(**query: object) -> list[int]:
        return [row.transfer.amount_cents for row in auditor.get(url("journal"), query).context["rows"]]

    assert amounts() == [550, 550, 1200, 1200]
    assert amounts(payee=ours.pk) == [550, 550]
    assert amounts(from_on=today) == [1200, 1200]
    assert amounts(until_on=today - timedelta(days=1)) == [550, 550]
    assert amounts(from_on=today + timedelta(days=1)) == []


@pytest.mark.parametrize("query", [{"payee": "x"}, {"from_on": "9999-12-31"}, {"until_on": "hier"}])
def test_nonsense_is_told_at_the_field(auditor: HostClient, query: dict[str, str]) -> None:
    page = auditor.get(url("journal"), query)

    assert page.status_code == 200
    assert list(page.context["form"].errors) == list(query)
    assert auditor.get(url("journal_csv"), query).status_code == 200


def test_the_table_to_download_has_the_running_totals(auditor: HostClient) -> None:
    order = a_paid_order(an_option(price=550, offering=an_offering("Zoo", payee=a_payee("École A"))))

    answer = auditor.get(url("journal_csv"))
    head, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";")

    today, none = clock.today(TORONTO).isoformat(), ["0,00"] * (len(Account) - 3)
    assert head[:7] == ["Date", "Commande", "Compte de paiement", "Activité", "Débit", "Crédit", "Montant"]
    assert [[*row[:3], *row[4:]] for row in rows] == [
        [today, order.reference, "École A", PROCESSOR, RECEIVABLE, "5,50", "-5,50", "0,00", "0,00", "5,50", *none],
        [today, order.reference, "École A", RECEIVABLE, REVENUE, "5,50", "0,00", "-5,50", "0,00", "5,50", *none],
    ]


def test_it_asks_as_many_questions_for_much_as_for_little(auditor: HostClient) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            auditor.get(url("journal"))
        return len([query for query in queries if "set_config" not in query["sql"]])

    a_paid_order(an_option())
    auditor.get(url("journal"))
    one = count()
    a_paid_order(an_option())
    a_paid_order(an_option())

    assert count() == one


def test_an_order_is_an_invoice_with_its_number(auditor: HostClient) -> None:
    order = a_paid_order(an_option())

    assert f"Facture nº {order.number}" in auditor.get(url("order", order.reference)).content.decode()


def test_what_a_family_is_owed_is_an_amount_with_words(auditor: HostClient) -> None:
    order = a_paid_order(an_option())
    ledger.enter(
        debit=Account.REVENUE, credit=Account.RECEIVABLE, cents=150, order=order, source="less", at=clock.now()
    )

    page = auditor.get(url("order", order.reference)).content.decode()

    assert "À rendre à la famille" in page
    assert "1,50\u00a0$" in page
    assert "-1,50" not in page
