"""What templates know of the organisation, and what it costs to know it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from tenant_apps.organisation.context import organisation
from tenants.context import in_organisation, in_registry
from tenants.models import Organisation
from tests.factories.organisation import a_staff_member, an_organisation_profile


@pytest.fixture(autouse=True)
def french() -> Iterator[None]:
    with override("fr"):
        yield


def context(user: Any = None) -> dict[str, Any]:
    request = RequestFactory().get("/")
    request.user = user or AnonymousUser()
    return organisation(request)


def shown(template: str, values: dict[str, Any]) -> str:
    return Template(template).render(Context(values))


@pytest.mark.usefixtures("organisation_a")
def test_a_page_that_asks_nothing_costs_nothing(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    an_organisation_profile()
    with django_assert_num_queries(0):
        shown("Bonjour", context())


@pytest.mark.usefixtures("organisation_a")
def test_a_page_that_asks_much_costs_two_queries(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    an_organisation_profile(name="CSS des Rivières")
    user = a_staff_member().user
    user.refresh_from_db()
    template = (
        "{{ organisation.name }} {{ organisation.currency }} {{ organisation.country }}"
        "{% for language in languages %} {{ language.code }}{% endfor %}"
        " {{ staff_member.role }} {{ staff_member.role }}"
    )
    with django_assert_num_queries(2):
        assert shown(template, context(user)) == "CSS des Rivières CAD CA fr en administrator administrator"


@pytest.mark.usefixtures("organisation_a")
def test_an_amount_is_written_as_the_organisation_s_country_writes_it() -> None:
    an_organisation_profile(currency="eur", territory="BE")

    assert shown("{% load design %}{% money 550 %}", context()) == "5,50\u00a0€"


@pytest.mark.usefixtures("organisation_a")
def test_the_language_at_hand_is_marked() -> None:
    an_organisation_profile(languages=["fr", "nl"])

    assert context()["languages"]() == [
        {"code": "fr", "label": "Français", "active": True},
        {"code": "nl", "label": "Nederlands", "active": False},
    ]


@pytest.mark.django_db
def test_the_operators_host_speaks_for_the_platform() -> None:
    with in_registry():
        operations = Organisation.objects.get(schema_name="ops")
    with in_organisation(operations):
        values = context()

    assert values["organisation"] is None
    assert [language["code"] for language in values["languages"]] == ["fr", "en", "nl"]


@pytest.mark.usefixtures("organisation_a")
def test_a_thing_is_called_as_the_organisation_calls_it() -> None:
    an_organisation_profile(rules={"labels": {"establishment": {"fr": "Lieu", "en": "Venue"}}})
    template = (
        "{{ organisation.labels.establishment|default:'École' }} {{ organisation.labels.level|default:'Niveau' }}"
    )

    assert shown(template, context()) == "Lieu Niveau"
    with override("en"):
        assert shown(template, context()) == "Venue Niveau"
