"""Lists: pages, filters, search, and metadata that comes and goes."""

import pytest
import stripe
from stripe import RequestOptions

from tests.sandbox.harness import Sandbox


@pytest.fixture
def five(sandbox: Sandbox, school: RequestOptions) -> list[str]:
    return [
        sandbox.client.v1.payment_intents.create(
            {"amount": 1000 + place, "currency": "cad", "metadata": {"commande": f"A-{place}"}}, school
        ).id
        for place in range(5)
    ]


def test_pages_go_back_in_time_and_forth(sandbox: Sandbox, school: RequestOptions, five: list[str]) -> None:
    read = sandbox.client.v1.payment_intents.list
    first = read({"limit": 2}, school)
    second = read({"limit": 2, "starting_after": five[3]}, school)
    last = read({"limit": 2, "starting_after": five[1]}, school)
    forth = read({"limit": 2, "ending_before": five[0]}, school)

    assert [[found.id for found in page.data] for page in (first, second, last, forth)] == [
        [five[4], five[3]],
        [five[2], five[1]],
        [five[0]],
        [five[2], five[1]],
    ]
    assert [page.has_more for page in (first, second, last, forth)] == [True, True, False, True]
    assert [found.id for found in read({"limit": 2}, school).auto_paging_iter()] == five[::-1]


@pytest.mark.parametrize("limit", [0, 101])
def test_a_page_has_one_to_a_hundred(sandbox: Sandbox, school: RequestOptions, limit: int) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        sandbox.client.v1.charges.list({"limit": limit}, school)

    assert refused.value.param == "limit"


def test_lists_can_be_narrowed_by_time(sandbox: Sandbox, school: RequestOptions, five: list[str]) -> None:
    now = sandbox.control("clock")["now"]
    read = sandbox.client.v1.payment_intents.list

    assert len(read({"created": {"gte": int(now) - 100}}, school).data) == 5
    assert read({"created": {"lt": int(now) - 100}}, school).data == []


def test_search_finds_by_metadata(sandbox: Sandbox, school: RequestOptions, five: list[str]) -> None:
    search = sandbox.client.v1.payment_intents.search
    query = "metadata['commande']:'A-3' AND status:'requires_payment_method'"

    assert [found.id for found in search({"query": query}, school).data] == [five[3]]
    with pytest.raises(stripe.InvalidRequestError):
        search({"query": "anything"}, school)


def test_metadata_is_merged_and_removed(sandbox: Sandbox, school: RequestOptions) -> None:
    customers = sandbox.client.v1.customers
    made = customers.create({"metadata": {"a": "1", "b": "2"}}, school).id

    assert customers.update(made, {"metadata": {"a": "", "c": "3"}}, school).metadata.to_dict() == {"b": "2", "c": "3"}
    assert customers.update(made, {"metadata": ""}, school).metadata.to_dict() == {}


def test_a_deleted_customer_is_a_mark(sandbox: Sandbox, school: RequestOptions) -> None:
    customers = sandbox.client.v1.customers
    made = customers.create({"payment_method": "pm_card_visa"}, school).id

    assert customers.delete(made, {}, school).deleted is True
    assert customers.retrieve(made, {}, school).deleted is True
    assert customers.list({}, school).data == []


def test_lines_and_charges_are_written_in_when_asked(sandbox: Sandbox, school: RequestOptions, session: object) -> None:
    found = sandbox.client.v1.checkout.sessions.list({"expand": ["data.line_items"]}, school).data[0]
    lines = sandbox.client.v1.checkout.sessions.line_items.list(found.id, {}, school).data

    assert [(line.description, line.quantity, line.amount_total) for line in lines] == [("Dîner pizza", 2, 550)]
    assert found.line_items.data[0].to_dict() == lines[0].to_dict()
