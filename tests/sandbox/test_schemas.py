"""The checks of requests come from the installed client, whole."""

import pytest
from jsonschema import Draft202012Validator
from stripe.params import CustomerUpdateParams, PaymentIntentConfirmParams, PaymentIntentCreateParams

from deploy.sandbox import forms, resources_loaded, routes
from deploy.sandbox.registry import HANDLERS
from deploy.sandbox.schemas import schema_of


def test_the_client_s_routes_are_all_found() -> None:
    assert len(routes.table()) > 600
    for route in [
        ("POST", "/v1/checkout/sessions/{id}/expire"),
        ("GET", "/v1/payment_intents/search"),
        ("POST", "/v2/core/accounts"),
        ("DELETE", "/v1/subscriptions/{id}"),
    ]:
        assert route in routes.table()


def test_a_fixed_path_is_not_taken_for_an_identifier() -> None:
    found = routes.find("GET", "/v1/charges/search")

    assert found is not None
    assert (found[0].template, found[1]) == ("/v1/charges/search", ())
    assert routes.find("GET", "/v1/charges/ch_1/nothing") is None


def test_every_route_that_is_answered_knows_its_parameters() -> None:
    resources_loaded.check()
    taking = [key for key in HANDLERS if routes.table()[key].validator()]

    assert len(taking) > 80
    assert [key for key in taking if routes.table()[key].validator().is_valid({"nonsense": 1})] == []  # type: ignore[union-attr]


def test_open_lists_of_values_are_closed_and_empty_texts_only_where_they_mean_unset() -> None:
    def valid(params: type, value: dict[str, object]) -> bool:
        return Draft202012Validator(schema_of(params)).is_valid(value)

    assert not valid(PaymentIntentCreateParams, {"amount": 1, "currency": "cad", "capture_method": "one day"})
    assert not valid(PaymentIntentCreateParams, {"amount": 1, "currency": "cad", "description": ""})
    assert valid(PaymentIntentConfirmParams, {"receipt_email": ""})
    assert valid(PaymentIntentConfirmParams, {"receipt_email": "a@example.ca"})
    assert valid(CustomerUpdateParams, {"metadata": {"key": ""}})


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a=1&b=2", {"a": "1", "b": "2"}),
        ("a[b][c]=1", {"a": {"b": {"c": "1"}}}),
        ("expand[]=x&expand[]=y", {"expand": {"0": "x", "1": "y"}}),
        ("l[0][q]=1&l[1][q]=2", {"l": {"0": {"q": "1"}, "1": {"q": "2"}}}),
        ("a=1&a[b]=2", {"a": {"b": "2"}}),
        ("name=%C3%A9cole+du+Lac&empty=", {"name": "école du Lac", "empty": ""}),
    ],
)
def test_forms_are_read_as_nested_values(text: str, values: dict[str, object]) -> None:
    assert forms.decode(text) == values
