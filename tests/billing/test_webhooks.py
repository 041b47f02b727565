"""The processor's events: verified, kept once, handled in the organisation of their account, tried again."""

import hashlib
import hmac
import json
import time
from datetime import timedelta

import pytest

from billing.models import ConnectedAccount, ProcessorEvent
from billing.webhooks import inbox
from billing.webhooks.handlers import HANDLERS
from kernel import clock
from kernel.database import connection
from tenants.context import in_registry
from tests.clients import HostClient

SECRET = "whsec_preau"


@pytest.fixture
def platform(organisation_a, settings):
    """The platform's host, where the processor knocks."""
    settings.STRIPE_WEBHOOK_SECRET = SECRET
    return HostClient(settings.PLATFORM_DOMAIN)


@pytest.fixture
def account(organisation_a):
    with in_registry():
        return ConnectedAccount.objects.create(organisation=organisation_a, processor_id="acct_a", name="A")


def an_event(number=1, *, account="acct_a", kind="test.happened"):
    return {
        "id": f"evt_{number}",
        "object": "event",
        "type": kind,
        "account": account,
        "data": {"object": {"id": f"obj_{number}"}},
    }


def knock(platform, event, *, secret=SECRET, at=None, body=None, sent=None):
    sent = json.dumps(event) if sent is None else sent
    moment = int(at or time.time())
    signature = hmac.new(secret.encode(), f"{moment}.{sent}".encode(), hashlib.sha256).hexdigest()
    return platform.post(
        "/webhooks/stripe",
        data=body or sent,
        content_type="application/json",
        headers={"Stripe-Signature": f"t={moment},v1={signature}"},
    )


def kept():
    with in_registry():
        return list(ProcessorEvent.objects.values_list("processor_id", flat=True))


def handle(later=timedelta()):
    with in_registry():
        inbox.handle_waiting(at=clock.now() + later)


@pytest.fixture
def handled(monkeypatch):
    """What the handler of `test.happened` was given, and where."""
    seen = []
    monkeypatch.setitem(
        HANDLERS._entries, "test.happened", lambda thing: seen.append((connection.schema_name, thing["id"]))
    )
    return seen


def test_an_event_is_kept_once_however_often_it_comes(platform):
    answers = [knock(platform, an_event()).status_code for _ in range(3)]

    assert answers == [200, 200, 200]
    assert kept() == ["evt_1"]


@pytest.mark.parametrize(
    "forgery",
    [
        {"secret": "whsec_other"},
        {"at": 1_700_000_000},
        {"body": json.dumps(an_event(2))},
    ],
    ids=["another secret", "too old", "another body"],
)
def test_a_forged_event_changes_nothing(platform, forgery):
    answer = knock(platform, an_event(), **forgery)

    assert answer.status_code == 400
    assert kept() == []


def test_an_event_with_a_decimal_amount_is_kept_as_it_was_written(platform):
    price = {"id": "price_1", "object": "price", "unit_amount_decimal": "2.5"}
    event = an_event() | {"data": {"object": {"id": "in_1", "object": "invoice", "lines": [price]}}}

    assert knock(platform, event).status_code == 200
    with in_registry():
        assert ProcessorEvent.objects.get().payload == event


def test_an_unsigned_event_is_refused(platform):
    answer = platform.post("/webhooks/stripe", data="{}", content_type="application/json")

    assert answer.status_code == 400


def test_a_signature_in_no_alphabet_of_ours_is_refused(platform):
    answer = platform.post(
        "/webhooks/stripe", data="{}", content_type="application/json", headers={"Stripe-Signature": "t=1,v1=é"}
    )

    assert answer.status_code == 400


NONSENSE = {
    "nothing": "",
    "no object": "{}",
    "a list": "[]",
    "null": "null",
    "a word": '"x"',
    "deep": "[" * 5000,
    "no name": '{"object": "event", "type": "x", "data": {"object": {}}}',
    "a number for a name": json.dumps(an_event() | {"id": 1}),
    "a long name": json.dumps(an_event() | {"id": "e" * 1000}),
    "a long kind": json.dumps(an_event(kind="x" * 1000)),
    "nothing that happened": json.dumps(an_event() | {"data": {}}),
    "a list that happened": json.dumps(an_event() | {"data": {"object": []}}),
    "a sign that is none": json.dumps(an_event(account="\0")),
    "such a sign inside": json.dumps(an_event() | {"data": {"object": {"id": "\0"}}}),
}


@pytest.mark.parametrize("sent", NONSENSE)
def test_what_is_no_event_is_refused_however_well_it_is_signed(platform, sent):
    assert knock(platform, None, sent=NONSENSE[sent]).status_code == 400
    assert kept() == []


def test_an_organisations_own_host_takes_no_events(client):
    assert client.post("/webhooks/stripe", data="{}", content_type="application/json").status_code == 404


def test_an_event_is_handled_once_in_the_organisation_of_its_account(platform, account, handled, organisation_a):
    knock(platform, an_event())

    handle()
    handle(timedelta(hours=1))

    assert handled == [(organisation_a.schema_name, "obj_1")]


def test_an_event_of_an_account_that_is_nobodys_is_left_alone(platform, account, handled):
    knock(platform, an_event(account="acct_unknown"))

    handle()

    assert handled == []


def test_an_event_whose_handling_fails_is_tried_again_later(platform, account, monkeypatch):
    tries = []

    def fail_once(thing):
        tries.append(thing["id"])
        if len(tries) == 1:
            raise RuntimeError("the processor is away")

    monkeypatch.setitem(HANDLERS._entries, "test.happened", fail_once)
    knock(platform, an_event())

    handle()
    handle(timedelta(seconds=1))
    assert tries == ["obj_1"]
    handle(timedelta(minutes=5))

    assert tries == ["obj_1", "obj_1"]
    with in_registry():
        assert ProcessorEvent.objects.get().handled_at is not None


def test_what_happened_on_the_platform_s_own_account_goes_to_the_organisation_that_it_names(
    platform, organisation_a, handled
):
    """A card given for several payees is kept there for a moment; nobody else can write on that account."""
    of_a, of_nobody = an_event(1, account=None), an_event(2, account=None)
    of_a["data"]["object"]["metadata"] = {"organisation": organisation_a.schema_name}
    of_nobody["data"]["object"]["metadata"] = {"organisation": "org_aaaaaaaaaaaaaaaaaaaa"}

    for event in (of_a, of_nobody, an_event(3, account=None)):
        knock(platform, event)
    handle()

    assert handled == [(organisation_a.schema_name, "obj_1")]


def test_what_an_account_s_event_says_of_an_organisation_is_not_believed(
    platform, organisation_a, organisation_b, account, handled
):
    event = an_event()
    event["data"]["object"]["metadata"] = {"organisation": organisation_b.schema_name}

    knock(platform, event)
    handle()

    assert handled == [(organisation_a.schema_name, "obj_1")]
