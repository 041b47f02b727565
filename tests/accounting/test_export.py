"""The journal for the accounting system: balanced, coded, the same for the same period, in whatever layout."""

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest

from shared_apps.audit.actors import SYSTEM
from tenant_apps.accounting import exporting, funds, layouts
from tenant_apps.accounting.layouts import FIELDS
from tenant_apps.accounting.lines import Line, Period
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Account, Transfer
from tenant_apps.payments.models import Means
from tenant_apps.payments.operations.refund import owe_refund
from tenants.models import Organisation
from tests.factories.catalog import an_offering, an_option
from tests.factories.moments import NOON, TORONTO
from tests.factories.orders import an_order
from tests.factories.organisation import a_payee, an_organisation_profile
from tests.factories.refunds import paid

pytestmark = pytest.mark.django_db
TODAY = NOON.astimezone(TORONTO).date()
CODES = {"codes": {"receivable": "1100", "revenue": "4000", "cash": "1050", "taxes": "2300", "tax:tps": "2310"}}


@pytest.fixture(autouse=True)
def profile(organisation_a: Organisation) -> None:
    an_organisation_profile()


def period(from_on: date = TODAY, until_on: date = TODAY, **of: Any) -> Period:
    return Period(from_on, until_on, TORONTO, **of)


def journal(**accounting: Any) -> list[Line]:
    return exporting.journal(period(), {**CODES, **accounting})


def written(accounting: dict[str, Any]) -> bytes:
    return exporting.export(period=period(), accounting=accounting, actor=SYSTEM, at=NOON)


def told(lines: list[Line]) -> list[tuple[int, str, str, int, int]]:
    return [(line.number, line.account, line.code, line.debit, line.credit) for line in lines]


def sold(cents: int = 550, **offering: Any) -> Any:
    return paid(an_order(an_option(price=cents, offering=an_offering(**offering)), at=NOON), means=Means.CASH)


def test_each_row_of_the_ledger_is_a_debit_and_a_credit_with_their_codes() -> None:
    sold()

    assert {line[1:] for line in told(journal())} == {
        ("receivable", "1100", 550, 0),
        ("revenue", "4000", 0, 550),
        ("cash", "1050", 550, 0),
        ("receivable", "1100", 0, 550),
    }


def test_the_code_of_an_offering_comes_before_its_payees_and_that_before_the_organisations() -> None:
    own = a_payee("A", accounting={"codes": {"revenue": "4100", "cash": ""}, "segment": "ATL"})
    sold(payee=own, accounting={"code": "4110", "fund": "Sorties"})
    sold(payee=own)
    sold()

    revenues = [line for line in journal() if line.account == Account.REVENUE]
    assert sorted((line.code, line.segment, line.fund) for line in revenues) == [
        ("4000", "", ""),
        ("4100", "ATL", ""),
        ("4110", "ATL", "Sorties"),
    ]
    assert {line.code for line in journal() if line.account == Account.CASH} == {"1050"}


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("order_line:1:tax:tps", "2310"),
        ("change:2:3:x:tax-tps", "2310"),
        ("order_line:1:tax:tvq", "2300"),
        ("rebate:4:taxes:", "2300"),
    ],
)
def test_each_tax_has_its_code(source: str, code: str) -> None:
    payee = a_payee()
    taxed = {"debit": Account.RECEIVABLE, "credit": Account.TAXES, "cents": 5, "at": NOON}
    ledger.enter(**taxed, of=(payee.pk, "cad"), source=source)  # type: ignore[arg-type]

    assert [line.code for line in journal()] == ["1100", code]


@pytest.mark.parametrize("detail", ["each", "day"])
def test_debits_are_credits_whatever_the_detail_and_nothing_is_lost(detail: str) -> None:
    for cents in (550, 1299, 1):
        sold(cents, accounting={"fund": "A" if cents > 1 else ""})
    owe_refund(payment=sold(333), cents=333, reason="why", at=NOON)

    found = journal(layout={"detail": detail})

    amounts = sum(Transfer.objects.values_list("amount_cents", flat=True))
    assert sum(line.debit for line in found) == sum(line.credit for line in found) == amounts
    assert all((line.debit == 0) != (line.credit == 0) for line in found)


def test_by_day_is_one_line_for_each_account_fund_and_side() -> None:
    payee = a_payee()
    for fund in ("A", "A", "B"):
        sold(payee=payee, accounting={"fund": fund})

    found = journal(layout={"detail": "day"})

    assert [(line.account, line.fund, line.credit) for line in found if line.account == Account.REVENUE] == [
        ("revenue", "A", 1100),
        ("revenue", "B", 550),
    ]
    assert {line.number for line in found} == {1}


def test_the_days_of_a_period_are_those_of_the_organisation() -> None:
    payee = a_payee()
    # Half past eleven at night in Toronto is the next day in UTC.
    late = NOON.astimezone(TORONTO).replace(hour=23, minute=30)
    for number, at in enumerate((late - timedelta(days=1), late, late + timedelta(days=1))):
        sides = {"debit": Account.BANK, "credit": Account.CASH, "cents": 100 + number, "source": f"deposit:{number}"}
        ledger.enter(**sides, of=(payee.pk, "cad"), at=at)  # type: ignore[arg-type]

    assert [(line.on, line.debit) for line in journal() if line.debit] == [(TODAY, 101)]
    assert exporting.journal(period(payee_id=a_payee().pk), CODES) == []


def test_the_same_period_gives_the_same_file_and_what_came_since_is_told() -> None:
    sold()
    first = written(CODES)
    assert written(CODES) == first
    assert [(each.rows, each.more, each.is_same) for each in exporting.given(TORONTO, most=5)] == [(2, 0, True)] * 2

    sold(100)

    assert written(CODES) != first
    assert [(each.rows, each.more, each.is_same) for each in exporting.given(TORONTO, most=5)] == [
        (4, 0, True),
        (2, 2, False),
        (2, 2, False),
    ]


def test_the_usual_file_is_read_by_a_spreadsheet() -> None:
    sold(title="Zoo, « été »", accounting={"fund": "=cmd()"})

    text = written(CODES).decode("utf-8-sig")

    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert list(rows[0]) == [str(FIELDS[name]) for _words, name in layouts.Layout().columns]
    [revenue] = [row for row in rows if row["Code du compte"] == "4000"]
    assert (revenue["Débit"], revenue["Crédit"], revenue["Fonds"]) == ("", "5,50", "'=cmd()")
    assert revenue["Date de l’écriture"] == TODAY.isoformat()


def test_a_layout_says_columns_marks_dates_and_letters() -> None:
    sold(title="Été ł")
    fields = ("date", "code", "amount", "side", "absolute", "label")
    layout = {"columns": [{"name": name[:2], "field": name} for name in fields], "separator": "bar"}
    layout |= {"decimal": "point", "dates": "compact", "encoding": "cp1252"}

    lines = written({**CODES, "layout": layout}).decode("cp1252").split("\r\n")

    assert lines[0] == "da|co|am|si|ab|la"
    [revenue] = [line for line in lines if line.split("|")[1:2] == ["4000"]]
    order = Transfer.objects.exclude(order=None)[0].order
    assert order is not None
    assert revenue == f"{TODAY:%Y%m%d}|4000|-5.50|C|5.50|{order.reference} – Été ?"
    head = written({**CODES, "layout": layout | {"has_head": False}}).decode("cp1252").split("\r\n")[0]
    assert head.startswith(f"{TODAY:%Y%m%d}|")


@pytest.mark.parametrize(
    "layout",
    [{"separator": "x"}, {"dates": "x"}, {"encoding": "utf-7"}, {"detail": "x"}, {"columns": [{"field": "x"}]}],
)
def test_a_layout_that_says_what_there_is_not_is_refused(layout: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="only what there is"):
        layouts.read(layout)


def test_the_accounts_that_moved_without_a_code_are_named() -> None:
    sold()

    assert exporting.accounts_without_code(period(), {"codes": {"receivable": "1100"}}) == [
        Account.REVENUE,
        Account.CASH,
    ]
    assert exporting.accounts_without_code(period(), CODES) == []


def test_the_journal_asks_as_often_for_three_sales_as_for_one(django_assert_num_queries: Any) -> None:
    for _sale in range(3):
        sold()
        with django_assert_num_queries(1):
            journal()


def test_a_fund_has_what_was_sold_for_it_less_what_was_taken_off() -> None:
    school = a_payee("École")
    sold(1000, title="Zoo", payee=school, accounting={"fund": "Sorties"})
    sold(500, title="Musée", payee=school, accounting={"fund": "Sorties"})
    sold(700, title="Pizza", payee=school)
    off = {"debit": Account.REVENUE, "credit": Account.RECEIVABLE, "cents": 300, "at": NOON, "source": "rebate:1"}
    ledger.enter(**off, of=(school.pk, "cad"), offering_id=offering_of("Zoo"))  # type: ignore[arg-type]

    found = funds.of_period(period())

    assert [
        (fund.name, [(str(part.offering), part.sold, part.taken_off, part.left) for part in fund.parts])
        for fund in found
    ] == [("Sorties", [("Musée", 500, 0, 500), ("Zoo", 1000, 300, 700)]), ("", [("Pizza", 700, 0, 700)])]
    assert [(fund.sold, fund.taken_off, fund.left) for fund in found] == [(1500, 300, 1200), (700, 0, 700)]


def offering_of(title: str) -> Any:
    transfer = Transfer.objects.filter(offering__title=title)[0]
    return transfer.offering_id
