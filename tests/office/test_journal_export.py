"""« Export comptable », « Fonds » and the work of the day, as finance officers and auditors see them."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kernel import clock
from shared_apps.audit.models import Entry
from tenant_apps.office.scope import FINANCES
from tenant_apps.organisation import operations as organisation
from tenant_apps.organisation.models import Role
from tenant_apps.payments.models import Means
from tests.clients import HostClient
from tests.factories.catalog import an_offering, an_option
from tests.factories.moments import TORONTO
from tests.factories.orders import an_order
from tests.factories.organisation import a_payee
from tests.factories.refunds import paid
from tests.office.conftest import SignIn
from tests.portal.people import words

pytestmark = pytest.mark.django_db


def url(name: str) -> str:
    return reverse(f"office:{name}", urlconf="config.urls.organisation")


@pytest.fixture
def auditor(as_staff: SignIn) -> HostClient:
    return as_staff(Role.AUDITOR)


def today() -> str:
    return clock.today(TORONTO).isoformat()


def sold(cents: int = 550, **offering: Any) -> None:
    now = clock.now()
    paid(an_order(an_option(price=cents, offering=an_offering(**offering)), at=now), means=Means.CASH, at=now)


def export(client: HostClient, **said: str) -> Any:
    return client.post(url("journal_export"), {"from_on": today(), "until_on": today(), **said})


@pytest.mark.parametrize("role", list(Role))
def test_they_are_for_those_who_see_the_finances(as_staff: SignIn, role: str) -> None:
    client = as_staff(role)
    pages = [url(name) for name in ("journal_export", "funds", "funds_csv", "finances")]

    assert [client.get(page).status_code for page in pages] == [200 if role in FINANCES else 403] * 4
    assert (export(client).status_code == 403) == (role not in FINANCES)


def test_a_period_is_downloaded_and_the_trail_keeps_what_was_given(auditor: HostClient) -> None:
    sold(title="Zoo")

    answer = export(auditor)

    assert answer.headers["Content-Disposition"] == f'attachment; filename="journal-{today()}-{today()}.csv"'
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert len(answer.content.decode("utf-8-sig").splitlines()) == 5
    [entry] = Entry.objects.filter(action="accounting.exported")
    assert entry.details == {"from": today(), "until": today(), "payee": "", "rows": 2, "cents": 1100}
    assert "Rien n’a changé" in words(auditor.get(url("journal_export")))
    sold()
    assert "2 écritures de plus" in words(auditor.get(url("journal_export")))


def test_a_period_is_looked_at_before_it_is_given(auditor: HostClient) -> None:
    sold()
    organisation.describe(rules={"accounting": {"codes": {"revenue": "4000"}}})

    page = export(auditor, check="1")

    assert [str(account.label) for account in page.context["lacking"]] == ["Dû par les familles", "Caisse, à déposer"]
    assert not Entry.objects.filter(action="accounting.exported").exists()


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"from_on": "hier"}, "from_on"),
        ({"until_on": "2020-01-01"}, "until_on"),
        ({"from_on": "2001-01-01"}, "until_on"),
        ({"from_on": "0001-01-01"}, "from_on"),
        ({"payee": "nobody"}, "payee"),
    ],
)
def test_a_period_that_cannot_be_is_told_at_the_field(auditor: HostClient, said: dict[str, str], field: str) -> None:
    answer = export(auditor, **said)

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    funds = auditor.get(url("funds"), {"from_on": today(), "until_on": today(), **said})
    assert list(funds.context["form"].errors) == [field]
    assert len(auditor.get(url("funds_csv"), {"from_on": today(), **said}).content.splitlines()) == 1


def test_of_a_period_without_rows_there_is_no_file(auditor: HostClient) -> None:
    assert export(auditor).status_code == 302
    assert "Aucune écriture dans cette période." in words(auditor.get(url("journal_export")))


def test_funds_are_separate_on_the_page_and_in_the_table(auditor: HostClient) -> None:
    school = a_payee("École A")
    sold(1000, title="Sortie au zoo", payee=school, accounting={"fund": "Fonds des sorties", "code": "4010"})
    sold(700, title="Pizza", payee=school)

    page = words(auditor.get(url("funds")))
    assert "Fonds des sorties" in page and "Hors de tout fonds" in page
    table = auditor.get(url("funds_csv")).content.decode("utf-8-sig").splitlines()
    assert table == [
        "Fonds;Activité;Compte de paiement;Code;Vendu;Retranché;Net",
        "Fonds des sorties;Sortie au zoo;École A;4010;10,00;0,00;10,00",
        ";Pizza;École A;;7,00;0,00;7,00",
    ]


def test_the_work_of_the_day_is_what_each_page_shows(auditor: HostClient) -> None:
    sold(550)
    owed = an_order(an_option(price=1200), at=clock.now() - timedelta(days=1))
    paid(owed, 500, means=Means.TRANSFER, at=clock.now())

    page = auditor.get(url("finances"))

    figures = {str(task.label): (task.count, task.cents) for task in page.context["tasks"]}
    assert figures == {
        "À recevoir": (1, 700),
        "Prélèvements refusés": (0, 0),
        "À rembourser": (0, 0),
        "Virements à attribuer": (0, None),
        "Caisse à déposer": (None, 550),
        "Écarts": (0, None),
        "Contestations ouvertes": (0, None),
    }
    assert auditor.get(url("owing")).context["total"] == 700
    assert {auditor.get(task.url).status_code for task in page.context["tasks"]} == {200}


@pytest.mark.parametrize("name", ["finances", "funds", "journal_export"])
def test_they_ask_as_often_for_three_sales_as_for_one(auditor: HostClient, name: str) -> None:
    asked = []
    for _sale in range(3):
        sold()
        export(auditor)
        with CaptureQueriesContext(connection) as queries:
            auditor.get(url(name))
        asked.append(len(queries))

    assert asked[1] == asked[2]
