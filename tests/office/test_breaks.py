"""« Rapprochement »: what the processor's books say otherwise, who sees to it, and why it was."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kernel import clock
from shared_apps.audit.models import Entry
from tenant_apps.accounting import breaks as operations
from tenant_apps.accounting.models import LineStatus, StatementLine
from tenant_apps.accounting.reconciliation.differences import Difference, Kind
from tenant_apps.organisation.models import Payee, Role
from tests.clients import HostClient
from tests.factories.organisation import a_payee, a_staff_member
from tests.office.conftest import SignIn


def url(name: str, *args: object) -> str:
    return reverse(f"office:{name}", urlconf="config.urls.organisation", args=args)


@pytest.fixture
def payee() -> Payee:
    return a_payee("École du Plateau")


@pytest.fixture
def finance(as_staff: SignIn) -> HostClient:
    return as_staff(Role.FINANCE)


def a_break(payee: Payee, reference: str = "ch_1", **facts: Any) -> StatementLine:
    difference = Difference(
        **{  # type: ignore[arg-type]
            "kind": Kind.CHARGE,
            "reference": reference,
            "cents": 12620,
            "expected_cents": 12600,
            "currency": "cad",
            "at": clock.now(),
            "payee_id": payee.id,
            **facts,
        }
    )
    operations.write([difference], at=clock.now())
    return StatementLine.objects.get(reference=reference)


def test_the_page_says_each_difference_with_its_age_and_who_sees_to_it(finance: HostClient, payee: Payee) -> None:
    a_break(payee)

    page = finance.get(url("breaks"))

    [row] = page.context["rows"]
    assert (row["difference"], row["days"], row["owner"]) == (20, 0, "")
    assert "École du Plateau" in page.content.decode()


def test_where_all_agrees_the_page_says_so(finance: HostClient) -> None:
    assert "Tout concorde" in finance.get(url("breaks")).content.decode()


def test_somebody_takes_a_difference_gives_it_on_and_explains_it(finance: HostClient, payee: Payee) -> None:
    line, colleague = a_break(payee), a_staff_member(Role.OWNER)

    finance.post(url("break", line.pk), {"action": "take"})
    line.refresh_from_db()
    assert str(line.owner) == finance.session["_auth_user_id"]

    finance.post(url("break", line.pk), {"action": "give", "owner": str(colleague.user_id)})
    line.refresh_from_db()
    assert line.owner == colleague.user_id

    finance.post(url("break", line.pk), {"action": "explain", "note": "Frais de change, voir la pièce 12."})
    line.refresh_from_db()
    assert (line.status, line.note) == (LineStatus.EXPLAINED, "Frais de change, voir la pièce 12.")
    assert list(Entry.objects.filter(subject="break").order_by("at").values_list("action", flat=True)) == [
        "accounting.break_found",
        "accounting.break_taken",
        "accounting.break_taken",
        "accounting.break_explained",
    ]


def test_a_difference_is_not_explained_without_words(finance: HostClient, payee: Payee) -> None:
    line = a_break(payee)

    page = finance.post(url("break", line.pk), {"action": "explain", "note": " "})

    assert page.status_code == 422
    assert "Expliquez l’écart" in page.content.decode()
    line.refresh_from_db()
    assert line.status == LineStatus.OPEN


def test_nobody_is_given_a_difference_who_does_not_see_to_money(finance: HostClient, payee: Payee) -> None:
    line, secretary = a_break(payee), a_staff_member(Role.SECRETARY)

    page = finance.post(url("break", line.pk), {"action": "give", "owner": str(secretary.user_id)})

    assert page.status_code == 422
    line.refresh_from_db()
    assert line.owner is None


def test_what_was_explained_is_open_again_when_it_says_something_else(payee: Payee, finance: HostClient) -> None:
    line = a_break(payee)
    finance.post(url("break", line.pk), {"action": "explain", "note": "Vu."})

    a_break(payee)
    line.refresh_from_db()
    assert line.status == LineStatus.EXPLAINED

    a_break(payee, cents=12700)
    line.refresh_from_db()
    assert (line.status, line.cents, line.note) == (LineStatus.OPEN, 12700, "Vu.")


def test_an_auditor_looks_and_changes_nothing(as_staff: SignIn, payee: Payee) -> None:
    auditor, line = as_staff(Role.AUDITOR), a_break(payee)

    assert auditor.get(url("breaks")).status_code == 200
    page = auditor.post(url("break", line.pk), {"action": "explain", "note": "Vu."})

    assert "explain_form" in page.context
    line.refresh_from_db()
    assert line.status == LineStatus.OPEN
    assert auditor.post(url("reconcile_now")).status_code == 403


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.PROGRAMME_MANAGER, Role.GROUP_LEADER])
def test_who_does_not_see_the_finances_sees_no_difference(as_staff: SignIn, payee: Payee, role: str) -> None:
    other, line = as_staff(role), a_break(payee)

    assert other.get(url("breaks")).status_code == 403
    assert other.get(url("break", line.pk)).status_code == 403


def test_reconciling_at_once_is_asked_of_the_worker(finance: HostClient) -> None:
    assert finance.post(url("reconcile_now")).status_code == 302


def test_the_number_of_queries_does_not_grow(finance: HostClient, payee: Payee) -> None:
    a_break(payee)
    finance.get(url("breaks"))
    with CaptureQueriesContext(connection) as one:
        finance.get(url("breaks"))
    a_break(payee, "ch_2"), a_break(payee, "ch_3")
    with CaptureQueriesContext(connection) as three:
        finance.get(url("breaks"))

    assert len(one) == len(three)
