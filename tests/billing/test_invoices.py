"""What the processor says of invoices: told twice, late, out of order or never, our books are the same."""

import random
from datetime import timedelta

import pytest

from billing import changing
from billing.gateway import own_cards
from billing.gateway.client import ProcessorRefused
from billing.gateway.client import client as processor_client
from billing.models import Invoice, ProcessorEvent
from kernel import clock
from tenants.context import in_registry
from tests.billing.conftest import DETAILS, TRIAL_END, invoices_of, subscription_of

DAY = timedelta(days=1)
MONTH = timedelta(days=31)


def paid_on_its_page(platform, invoice):
    """What a clerk does who opens the address of the invoice."""
    page = platform.sandbox._open(_post(invoice.page_url))
    platform.sandbox.pay(page.location)


def _post(url):
    from urllib.request import Request

    return Request(url, data=b"")


def test_an_invoice_paid_on_its_page_is_paid_here_when_the_processor_tells(invoiced, platform):
    (invoice,) = invoices_of(invoiced)
    paid_on_its_page(platform, invoice)

    platform.deliver(platform.told())

    (invoice,) = invoices_of(invoiced)
    assert (invoice.state, invoice.due_cents, invoice.paid_at is None) == ("paid", 0, False)


def test_events_that_come_twice_or_out_of_order_change_nothing_more(invoiced, platform):
    paid_on_its_page(platform, invoices_of(invoiced)[0])
    told = platform.told()
    platform.deliver(told)
    before = [(row.processor_id, row.state, row.due_cents) for row in invoices_of(invoiced)]

    again = [{**event, "id": f"{event['id']}_again"} for event in told]
    random.Random(7).shuffle(again)  # noqa: S311
    platform.deliver(again)

    assert [(row.processor_id, row.state, row.due_cents) for row in invoices_of(invoiced)] == before
    with in_registry():
        assert not ProcessorEvent.objects.filter(handled_at=None).exists()


def test_a_payment_that_nobody_told_of_is_found_the_next_day(invoiced, platform):
    paid_on_its_page(platform, invoices_of(invoiced)[0])

    platform.strike(TRIAL_END + DAY)

    assert [row.state for row in invoices_of(invoiced)] == ["paid"]


def test_an_older_answer_does_not_undo_a_newer_one(invoiced, platform, monkeypatch):
    from billing import following

    stale = following.invoices.of_customer(subscription_of(invoiced).customer_id)
    asked = clock.now()
    paid_on_its_page(platform, invoices_of(invoiced)[0])
    platform.deliver(platform.told())
    contract = following.contracts.look_at(subscription_of(invoiced).processor_id)

    following._write(organisation_id=invoiced.id, contract=contract, bills=stale, asked=asked, at=asked)

    assert [row.state for row in invoices_of(invoiced)] == ["paid"]


def test_an_event_about_another_customer_writes_nothing_here(invoiced, organisation_b, platform):
    stranger = processor_client().v1.customers.create({"name": "B"})
    bill = processor_client().v1.invoices.create(
        {"customer": stranger.id, "currency": "cad", "metadata": {"organisation": organisation_b.schema_name}}
    )
    processor_client().v1.invoices.finalize_invoice(bill.id)

    platform.deliver(platform.told())

    with in_registry():
        assert not Invoice.objects.filter(processor_id=bill.id).exists()
        assert not Invoice.objects.filter(organisation=organisation_b).exists()


def test_an_event_that_names_a_stranger_as_ours_writes_nothing(invoiced, platform):
    stranger = processor_client().v1.customers.create({"name": "Not ours"})
    bill = processor_client().v1.invoices.create(
        {"customer": stranger.id, "currency": "cad", "metadata": {"organisation": invoiced.schema_name}}
    )
    processor_client().v1.invoices.finalize_invoice(bill.id)

    platform.deliver(platform.told())

    assert bill.id not in [row.processor_id for row in invoices_of(invoiced)]


def test_another_organisations_invoice_is_not_marked_paid(invoiced, organisation_b, platform):
    (invoice,) = invoices_of(invoiced)

    with pytest.raises(changing.NoSuchInvoice):
        changing.paid_elsewhere(organisation_id=organisation_b.id, invoice_id=invoice.pk, at=TRIAL_END)

    assert processor_client().v1.invoices.retrieve(invoice.processor_id).status == "open"


def test_a_cheque_is_recorded_once(invoiced, platform):
    (invoice,) = invoices_of(invoiced)

    changing.paid_elsewhere(organisation_id=invoiced.id, invoice_id=invoice.pk, at=clock.now())
    with pytest.raises(changing.NoSuchInvoice):
        changing.paid_elsewhere(organisation_id=invoiced.id, invoice_id=invoice.pk, at=clock.now())

    assert [row.state for row in invoices_of(invoiced)] == ["paid"]


def give_card(platform, organisation, card="4242424242424242"):
    url = changing.page_for_card(
        organisation_id=organisation.id, language="fr", back="http://a.localhost/ici?page={CHECKOUT_SESSION_ID}"
    )
    came_back = platform.sandbox.pay(url, card)
    return own_cards.of_page(came_back.location.partition("page=")[2])


def test_a_card_pays_what_is_open_and_each_month_after(invoiced, platform):
    given = give_card(platform, invoiced)

    assert changing.take_card(organisation_id=invoiced.id, given=given, at=clock.now())
    assert [row.state for row in invoices_of(invoiced)] == ["paid"]
    platform.strike(TRIAL_END + MONTH + DAY)

    assert [row.state for row in invoices_of(invoiced)] == ["paid", "paid"]
    assert (subscription_of(invoiced).card, subscription_of(invoiced).collection) == ("Visa •••• 4242", "card")


def test_a_card_whose_giver_never_came_back_is_kept_when_the_processor_tells(invoiced, platform):
    give_card(platform, invoiced)

    platform.deliver(platform.told())

    assert subscription_of(invoiced).card == "Visa •••• 4242"
    assert [row.state for row in invoices_of(invoiced)] == ["paid"]


def test_somebody_elses_page_gives_no_card(invoiced, organisation_b, platform):
    given = give_card(platform, invoiced)

    assert not changing.take_card(organisation_id=organisation_b.id, given=given, at=clock.now())


def test_a_card_that_refuses_is_said(invoiced, platform):
    given = give_card(platform, invoiced, "4000000000000341")

    with pytest.raises(ProcessorRefused):
        changing.take_card(organisation_id=invoiced.id, given=given, at=clock.now())

    assert [row.state for row in invoices_of(invoiced)] == ["open"]


def test_a_card_may_be_given_on_trial(on_trial, platform):
    changing.write_details(organisation_id=on_trial.id, billing=DETAILS, at=clock.now())
    assert changing.take_card(organisation_id=on_trial.id, given=give_card(platform, on_trial), at=clock.now())

    platform.strike(TRIAL_END)

    assert [(row.state, row.total_cents) for row in invoices_of(on_trial)] == [("paid", 5634)]
