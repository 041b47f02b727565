"""What the processor tells of accounts: it says where to look, and nothing that it says is believed."""

import itertools
from datetime import timedelta
from typing import Any

import pytest

from billing import standing
from billing.gateway.client import client as processor
from billing.models import ConnectedAccount, ProcessorEvent
from billing.operations import connect_account
from billing.standing import Standing
from tenants.context import in_organisation, in_registry
from tenants.models import Organisation
from tests.billing.accounts import WEB, news, require
from tests.billing.test_webhooks import SECRET, handle, knock
from tests.clients import HostClient
from tests.factories.moments import NOON
from tests.payments.conftest import account as account
from tests.payments.sandbox import Sandbox

_number = itertools.count(1)


@pytest.fixture
def platform(account: ConnectedAccount, settings: Any) -> HostClient:
    """The platform's host, where the processor knocks."""
    settings.STRIPE_WEBHOOK_SECRET = SECRET
    return HostClient(settings.PLATFORM_DOMAIN)


def tell(platform: HostClient, *events: dict[str, Any]) -> None:
    """They come one after the other, and are handled then."""
    assert [knock(platform, event).status_code for event in events] == [200] * len(events)
    handle()


def standing_now(account: ConnectedAccount) -> Standing:
    with in_registry():
        return standing.of(ConnectedAccount.objects.get(pk=account.pk))


def events_of(account: ConnectedAccount) -> list[dict[str, Any]]:
    """As the sandbox would send them, the oldest first."""
    found = processor().v1.events.list({"limit": 100}, {"stripe_account": account.processor_id})
    return [event.to_dict() | {"account": account.processor_id} for event in reversed(found.data)]


def an_event(account_id: str, *, about: str = "", kind: str = "account.updated") -> dict[str, Any]:
    thing = {"id": about or account_id, "object": "account", "charges_enabled": False}
    return {
        "id": f"evt_{next(_number)}",
        "object": "event",
        "type": kind,
        "account": account_id,
        "data": {"object": thing},
    }


def a_thin_event(account_id: str, *, kind: str = "v2.core.account[requirements].updated") -> dict[str, Any]:
    return {
        "id": f"evt_test_{next(_number)}",
        "object": "v2.core.event",
        "type": kind,
        "livemode": False,
        "created": "2026-11-22T15:00:00.000Z",
        "related_object": {"id": account_id, "type": "v2.core.account", "url": f"/v2/core/accounts/{account_id}"},
    }


def test_whatever_the_order_and_however_often_the_account_is_as_the_processor_has_it(
    platform: HostClient, account: ConnectedAccount, sandbox: Sandbox
) -> None:
    require(sandbox, account, WEB)
    require(sandbox, account)
    require(sandbox, account, WEB)
    told = events_of(account)
    assert len(told) >= 4

    tell(platform, *reversed(told), *told)

    assert standing_now(account) == Standing.PAYMENTS_STOPPED
    assert news() == ["well", "payments_stopped"]


def test_an_event_is_not_believed(platform: HostClient, account: ConnectedAccount) -> None:
    tell(platform, an_event(account.processor_id))

    assert standing_now(account) == Standing.IN_SERVICE


def test_an_event_that_names_another_organisation_s_account_tells_nothing_of_it(
    platform: HostClient, account: ConnectedAccount, organisation_b: Organisation, sandbox: Sandbox
) -> None:
    theirs = connect_account(organisation_id=organisation_b.id, name="B", email="b@example.org", at=NOON)
    require(sandbox, theirs)

    tell(platform, an_event(account.processor_id, about=theirs.processor_id))

    assert standing_now(theirs) == Standing.TO_FINISH
    with in_organisation(organisation_b):
        assert news() == []
    tell(platform, an_event(theirs.processor_id))
    assert standing_now(theirs) == Standing.IN_SERVICE


def test_an_event_of_the_second_version_says_where_to_look_too(
    platform: HostClient, account: ConnectedAccount, sandbox: Sandbox
) -> None:
    require(sandbox, account, WEB)

    tell(platform, a_thin_event(account.processor_id))

    assert standing_now(account) == Standing.PAYMENTS_STOPPED


def test_an_event_of_the_second_version_about_something_else_is_refused(platform: HostClient) -> None:
    event = a_thin_event("acct_1")
    event["related_object"]["type"] = "v2.core.account_person"

    assert knock(platform, event).status_code == 400


def test_each_door_of_the_processor_has_a_secret_of_its_own(
    platform: HostClient, account: ConnectedAccount, settings: Any
) -> None:
    settings.STRIPE_WEBHOOK_SECRET = "whsec_one,whsec_two"

    answers = [
        knock(platform, an_event(account.processor_id), secret=secret).status_code
        for secret in ("whsec_one", "whsec_two", "whsec_preau", "whsec_one,whsec_two")
    ]

    assert answers == [200, 200, 400, 400]


def test_an_account_that_left_by_itself_takes_nothing_more(
    platform: HostClient, account: ConnectedAccount, organisation_a: Organisation
) -> None:
    """The event names the platform's application, and no account."""
    with in_registry():
        ConnectedAccount.objects.filter(pk=account.pk).update(processor_id="acct_0left")
    event = an_event("acct_0left", about="ca_1", kind="account.application.deauthorized")

    tell(platform, event)

    assert standing_now(account) == Standing.PAYMENTS_STOPPED


@pytest.mark.parametrize("kind", ["status", "drop_reply"])
def test_while_the_processor_is_away_the_event_waits(
    platform: HostClient, account: ConnectedAccount, sandbox: Sandbox, kind: str
) -> None:
    require(sandbox, account, WEB)
    rule = {"kind": kind, "path": "^/v2/core/accounts/", **({"status": 503} if kind == "status" else {})}
    sandbox.control("faults", {"rules": [rule]})
    tell(platform, an_event(account.processor_id))
    assert standing_now(account) == Standing.IN_SERVICE
    sandbox.control("faults", {"rules": []})
    handle(timedelta(hours=1))

    assert standing_now(account) == Standing.PAYMENTS_STOPPED
    with in_registry():
        assert ProcessorEvent.objects.get().handled_at is not None
