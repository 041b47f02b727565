"""« Facturation » and « Offres »: what operators see of what is sold, and what they do about it, in the trail."""

import pytest

from shared_apps.audit.models import Entry
from tenants.context import in_organisation, in_registry
from tenants.models import Organisation, SuspendedFor
from tenants.operations import suspend as moves
from tests.billing.conftest import DETAILS, TRIAL_END, invoices_of, state_of, subscription_of
from tests.billing.conftest import invoiced as invoiced
from tests.billing.conftest import on_trial as on_trial
from tests.billing.conftest import platform as platform
from tests.clients import HostClient
from tests.factories.organisation import a_user
from tests.payments.conftest import running_sandbox as running_sandbox
from tests.payments.conftest import sandbox as sandbox

PAGE = "/console/organisations/a/facturation"


@pytest.fixture
def at_the_console(invoiced):
    """An operator's browser, while the books are those of organisation A."""
    with in_registry():
        ops = Organisation.objects.get(slug="ops")
    with in_organisation(ops):
        client = HostClient("localhost")
        client.force_login(a_user("op@example.org"), second_factor=True)
        yield client


def trail():
    return list(Entry.objects.filter(action__startswith="billing.").values_list("action", "details"))


def test_the_plans_are_listed_with_how_many_have_each(at_the_console):
    answer = at_the_console.get("/console/offres")

    assert [(name, count) for _, name, _, _, count in answer.context["offers"]] == [
        ("Essentiel", 1),
        ("Standard", 0),
        ("Grand réseau", 0),
    ]


def test_a_cheque_is_recorded_with_words_and_brings_the_organisation_back(at_the_console, invoiced):
    moves.suspend(organisation_id=invoiced.id, reason=SuspendedFor.UNPAID, at=TRIAL_END)
    (invoice,) = invoices_of(invoiced)
    address = f"{PAGE}/{invoice.pk}/payee"

    assert at_the_console.post(address, {"paid-words": ""}).status_code == 422
    assert at_the_console.post(address, {"paid-words": "Chèque 1042"}).url == PAGE

    assert [row.state for row in invoices_of(invoiced)] == ["paid"]
    assert state_of(invoiced) == ("ready", "")
    assert trail() == [("billing.paid_elsewhere", {"invoice": invoice.number, "words": "Chèque 1042"})]


def test_time_is_given_until_the_end_of_a_day_of_theirs(at_the_console, invoiced):
    sent = {"time-until": "2027-03-01", "time-words": "Conseil municipal le 24"}

    assert at_the_console.post(f"{PAGE}/delai", sent).url == PAGE

    assert subscription_of(invoiced).suspend_after.isoformat() == "2027-03-02T05:00:00+00:00"
    assert [action for action, _ in trail()] == ["billing.time_given"]


@pytest.mark.parametrize("day", ["2020-01-01", "2028-06-01", "9999-12-31"])
def test_no_time_is_given_in_the_past_or_for_years_or_without_a_word(at_the_console, invoiced, day):
    answer = at_the_console.post(f"{PAGE}/delai", {"time-until": day, "time-words": ""})

    assert (answer.status_code, set(answer.context["forms"]["time"].errors)) == (422, {"until", "words"})
    assert subscription_of(invoiced).suspend_after is None


def test_a_plan_is_changed_for_an_organisation(at_the_console, invoiced):
    assert at_the_console.post(f"{PAGE}/forfait", {"plan-plan": "grand"}).url == PAGE

    assert subscription_of(invoiced).plan_id == "grand"
    assert trail() == [("billing.plan_changed", {"plan": "grand"})]


def test_the_processor_away_is_said_and_nothing_is_told(at_the_console, invoiced, platform):
    platform.sandbox.control("faults", {"rules": [{"kind": "status", "status": 503}]})
    (invoice,) = invoices_of(invoiced)

    answer = at_the_console.post(f"{PAGE}/{invoice.pk}/payee", {"paid-words": "Chèque"}, follow=True)
    platform.sandbox.control("faults", {"rules": []})

    assert [message.level_tag for message in answer.context["messages"]] == ["error"]
    assert trail() == []


def test_another_organisations_invoice_is_not_paid_here(at_the_console, invoiced):
    (invoice,) = invoices_of(invoiced)
    answer = at_the_console.post(f"/console/organisations/b/facturation/{invoice.pk}/payee", {"paid-words": "x"})

    assert answer.status_code == 404
    assert [row.state for row in invoices_of(invoiced)] == ["open"]


def test_who_has_no_subscription_has_a_page_that_says_so(at_the_console):
    shown = at_the_console.get("/console/organisations/b/facturation").content.decode()

    assert "Cette organisation n’a pas d’abonnement." in shown


def test_the_page_asks_as_much_whatever_it_shows(at_the_console, invoiced, django_assert_num_queries):
    at_the_console.get(PAGE)
    with django_assert_num_queries(PAGE_QUERIES):
        shown = at_the_console.get(PAGE).content.decode()

    assert invoices_of(invoiced)[0].number in shown
    assert DETAILS["email"] in shown


def test_it_is_not_for_an_organisations_own_staff(invoiced):
    assert HostClient("a.localhost").get(PAGE).status_code == 404


PAGE_QUERIES = 16
