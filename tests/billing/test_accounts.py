"""Payees' accounts: opened once, finished by a person, looked at again, left; and each change told once."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from urllib.request import Request
from uuid import uuid4

import pytest

from billing import looking, requirements, standing
from billing.gateway import accounts
from billing.models import ConnectedAccount
from billing.operations import close_if_empty, connect_account, disconnect, onboarding_page
from billing.standing import Standing
from kernel import clock
from tenants.context import in_organisation, in_registry
from tenants.models import Organisation
from tests.billing.accounts import WEB, looked_at, news, require
from tests.factories.moments import NOON
from tests.payments.conftest import account as account
from tests.payments.sandbox import Sandbox

RETURN, AGAIN = "http://a.localhost/retour", "http://a.localhost/encore"


def opened(organisation: Organisation, email: str = "a@example.org", **more: object) -> ConnectedAccount:
    return connect_account(organisation_id=organisation.id, name="École A", email=email, at=NOON, **more)


def finish(sandbox: Sandbox, page: str, answer: str = "finish") -> str:
    """A person answers on the processor's page; returns where it sends them."""
    return sandbox._open(Request(page, data=urlencode({"answer": answer}).encode())).location


def processors_accounts() -> list[str]:
    with accounts.speaking() as client:
        return [account.id for account in client.v2.core.accounts.list({}).data if not account.closed]


def in_days(days: float) -> tuple[datetime, float]:
    moment = (clock.now() + timedelta(days=days)).replace(microsecond=0)
    return moment, moment.timestamp()


@pytest.mark.line("S3-10")
def test_an_account_is_opened_finished_by_a_person_and_in_service(
    organisation_a: Organisation, sandbox: Sandbox
) -> None:
    account = opened(organisation_a)
    assert standing.of(account) == Standing.TO_FINISH
    assert requirements.all_words(standing.asked_of_us(account)) == [
        "Le nom légal de l’organisme, tel qu’il est enregistré",
        "L’acceptation des conditions du processeur",
        "L’adresse du site web de l’organisme",
        "Le compte bancaire qui reçoit les virements",
    ]

    assert finish(sandbox, onboarding_page(account, return_url=RETURN, refresh_url=AGAIN)) == RETURN

    account = looked_at(account)
    assert (standing.of(account), account.requirements_due, account.payouts_enabled) == (Standing.IN_SERVICE, [], True)
    assert account.opened_at == account.checked_at
    assert news() == ["well"]


def test_what_a_person_leaves_out_is_still_asked(organisation_a: Organisation, sandbox: Sandbox) -> None:
    account = opened(organisation_a)

    finish(sandbox, onboarding_page(account, return_url=RETURN, refresh_url=AGAIN), "leave_due")

    account = looked_at(account)
    assert standing.of(account) == Standing.TO_FINISH
    assert account.requirements == [
        {"key": "configuration.merchant.bank_account", "by": "user", "status": "currently_due", "errors": []}
    ]


def test_a_page_is_good_once_and_leads_to_where_another_is_made(organisation_a: Organisation, sandbox: Sandbox) -> None:
    account = opened(organisation_a)
    page = onboarding_page(account, return_url=RETURN, refresh_url=AGAIN)
    finish(sandbox, page, "leave_due")

    assert finish(sandbox, page) == AGAIN
    assert finish(sandbox, onboarding_page(account, return_url=RETURN, refresh_url=AGAIN)) == RETURN


def test_an_account_in_service_has_a_page_too(account: ConnectedAccount) -> None:
    assert onboarding_page(account, return_url=RETURN, refresh_url=AGAIN).startswith("http")


def test_an_account_is_opened_once_for_a_payee(organisation_a: Organisation, sandbox: Sandbox) -> None:
    payee = uuid4()

    again = [opened(organisation_a, payee=payee).processor_id for _ in range(2)]

    assert again == processors_accounts() * 2


def test_a_payee_of_the_same_name_has_an_account_of_its_own(organisation_a: Organisation, sandbox: Sandbox) -> None:
    """One may be renamed, and another take its name: the money is not theirs."""
    first, second = opened(organisation_a, payee=uuid4()), opened(organisation_a, payee=uuid4())

    assert first.processor_id != second.processor_id


def test_of_two_who_open_it_with_two_addresses_one_account_is_left(
    organisation_a: Organisation, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    payee, create = uuid4(), accounts.create

    def meanwhile(**said: str) -> accounts.Account:
        monkeypatch.setattr(accounts, "create", create)
        opened(organisation_a, email="other@example.org", payee=payee)
        return create(**said)

    monkeypatch.setattr(accounts, "create", meanwhile)
    mine = opened(organisation_a, payee=payee)

    assert processors_accounts() == [mine.processor_id]
    assert ConnectedAccount.objects.count() == 1


def test_what_has_a_deadline_to_come_stops_nothing_yet(account: ConnectedAccount, sandbox: Sandbox) -> None:
    moment, deadline = in_days(10)
    require(sandbox, account, WEB, deadline=deadline)

    account = looked_at(account)

    assert (standing.of(account), account.deadline_at) == (Standing.IN_SERVICE, moment)
    assert news() == ["well", "asked"]


def test_payments_that_stop_are_told_once_and_so_is_that_all_is_well_again(
    account: ConnectedAccount, sandbox: Sandbox
) -> None:
    require(sandbox, account, WEB)
    for _ in range(3):
        stopped = looked_at(account)
    assert standing.of(stopped) == Standing.PAYMENTS_STOPPED

    require(sandbox, account)
    for _ in range(3):
        well = looked_at(account)
    assert standing.of(well) == Standing.IN_SERVICE

    assert news() == ["well", "payments_stopped", "well"]


def test_payouts_stop_by_themselves(account: ConnectedAccount, sandbox: Sandbox) -> None:
    require(sandbox, account, "configuration.merchant.bank_account", stops=["payouts"], asked_of="stripe")

    account = looked_at(account)

    assert (standing.of(account), standing.asked_of_us(account)) == (Standing.PAYOUTS_STOPPED, [])
    assert news() == ["well", "payouts_stopped"]


def test_an_approaching_deadline_is_told_at_fourteen_seven_and_two_days(
    account: ConnectedAccount, sandbox: Sandbox
) -> None:
    now = clock.now()
    require(sandbox, account, WEB, deadline=(now + timedelta(days=30)).timestamp())
    looked_at(account, now)

    for hours in range(0, 24 * 30, 12):
        looked_at(account, now + timedelta(hours=hours))

    assert news() == ["well", "asked", "deadline", "deadline", "deadline"]


def test_another_deadline_is_told_anew(account: ConnectedAccount, sandbox: Sandbox) -> None:
    require(sandbox, account, WEB, deadline=in_days(1.5)[1])
    looked_at(account)
    require(sandbox, account, WEB, deadline=in_days(13)[1])

    looked_at(account)

    assert news() == ["well", "asked", "deadline"]


def test_an_answer_that_comes_late_undoes_nothing(account: ConnectedAccount, sandbox: Sandbox) -> None:
    before = accounts.look_at(account.processor_id)
    require(sandbox, account, WEB)
    looked_at(account, clock.now() + timedelta(minutes=1))

    standing.write(processor_id=account.processor_id, account=before, at=clock.now())

    with in_registry():
        assert standing.of(ConnectedAccount.objects.get()) == Standing.PAYMENTS_STOPPED


def test_every_account_is_looked_at_once_a_day(
    account: ConnectedAccount, organisation_b: Organisation, sandbox: Sandbox
) -> None:
    theirs = opened(organisation_b)
    require(sandbox, account, WEB)
    tomorrow = clock.now() + timedelta(days=1)

    with in_registry():
        looking.look_again(at=tomorrow - timedelta(hours=3))
        assert set(ConnectedAccount.objects.values_list("charges_enabled", flat=True)) == {True, False}
        looking.look_again(at=tomorrow)
        checked = dict(ConnectedAccount.objects.values_list("processor_id", "checked_at"))
        assert ConnectedAccount.objects.get(pk=account.pk).charges_enabled is False

    assert checked == {account.processor_id: tomorrow, theirs.processor_id: tomorrow - timedelta(hours=3)}


def test_one_account_that_cannot_be_asked_after_keeps_no_other_waiting(
    account: ConnectedAccount, organisation_a: Organisation, sandbox: Sandbox
) -> None:
    with in_registry():
        ConnectedAccount.objects.create(
            organisation=organisation_a, processor_id="acct_0gone", name="Z", opened_at=NOON
        )
        looking.look_again(at=clock.now() + timedelta(days=1))

        gone = ConnectedAccount.objects.get(processor_id="acct_0gone")
        assert standing.of(gone) == Standing.PAYMENTS_STOPPED
        assert ConnectedAccount.objects.get(pk=account.pk).checked_at > NOON.replace(year=2026, tzinfo=UTC)


def test_a_disconnected_account_takes_nothing_more_and_is_asked_after_no_more(
    account: ConnectedAccount, organisation_a: Organisation, sandbox: Sandbox
) -> None:
    assert disconnect(processor_id=account.processor_id, at=NOON) is True
    assert disconnect(processor_id=account.processor_id, at=NOON) is False

    left = looked_at(account)

    assert (standing.of(left), left.charges_enabled) == (Standing.DISCONNECTED, False)
    assert standing.stopped([account.processor_id]) == {account.processor_id}


def test_who_left_an_account_opens_another(organisation_a: Organisation, sandbox: Sandbox) -> None:
    payee = uuid4()
    first = opened(organisation_a, payee=payee)
    disconnect(processor_id=first.processor_id, at=NOON)

    assert opened(organisation_a, payee=payee).processor_id != first.processor_id


def test_an_account_without_money_is_closed(account: ConnectedAccount) -> None:
    assert close_if_empty(processor_id=account.processor_id) is True
    assert accounts.look_at(account.processor_id).is_closed


def test_an_organisation_sees_its_own_accounts_alone(account: ConnectedAccount, organisation_b: Organisation) -> None:
    with in_organisation(organisation_b):
        assert ConnectedAccount.objects.count() == 0
        assert standing.stopped([account.processor_id]) == frozenset()


def test_an_unknown_requirement_is_told_with_its_key() -> None:
    assert requirements.words("identity.horoscope") == "Renseignement demandé par le processeur (identity.horoscope)"
