"""A form sent many times at once makes one family, one child and one registration."""

import pytest

from tenant_apps.catalog.models import Offering, Option
from tenant_apps.families import locks
from tenant_apps.families.models import Guardian, Participant
from tenants.models import Organisation
from tests.clients import HostClient
from tests.concurrency.crowd import rush
from tests.factories.organisation import an_organisation_profile
from tests.portal.people import CHILD, GUEST, a_guest, a_sale, an_article, held, quantities, register_url

TIMES = 8


@pytest.fixture
def sale(transactional_db: None, organisation_a: Organisation) -> Offering:
    an_organisation_profile()
    offering = a_sale()
    an_article(offering)
    return offering


@pytest.fixture
def article(sale: Offering) -> Option:
    return sale.options.get()


@pytest.fixture
def cookie(sale: Offering) -> str:
    """The session of a guest who is shown their first form."""
    return a_guest(HostClient("a.localhost")).cookies["session"].value


def post_many_times(
    organisation: Organisation, cookie: str, address: str, said: dict[str, object]
) -> list[BaseException]:
    """Returns what was raised."""

    def post(_: int) -> None:
        browser = HostClient("a.localhost")
        browser.cookies["session"] = cookie
        assert browser.post(address, said).status_code == 303

    return rush(organisation, range(TIMES), post)


def test_a_guests_first_form_sent_many_times_at_once_takes_once(
    organisation_a: Organisation, sale: Offering, article: Option, cookie: str
) -> None:
    said = {**CHILD, **GUEST, **quantities((article, 2))}

    raised = post_many_times(organisation_a, cookie, register_url(sale), said)

    assert raised == []
    assert Guardian.objects.count() == 1
    assert Participant.objects.count() == 1
    assert held() == [("Lapointe John", "Macaroni", 2)]


def another_child_many_times(
    organisation: Organisation, sale: Offering, article: Option, cookie: str, name: str = "Zoé"
) -> list[BaseException]:
    browser = HostClient("a.localhost")
    browser.cookies["session"] = cookie
    browser.post(register_url(sale), {**CHILD, **GUEST, **quantities((article, 1))})
    zoe = {"last_name": "Lapointe", "first_name": name, "contact-email": "anne@famille.example"}
    return post_many_times(organisation, cookie, register_url(sale, "autre"), {**zoe, **quantities((article, 2))})


def test_another_childs_form_sent_many_times_at_once_takes_once(
    organisation_a: Organisation, sale: Offering, article: Option, cookie: str
) -> None:
    raised = another_child_many_times(organisation_a, sale, article, cookie)

    assert raised == []
    assert held() == [("Lapointe John", "Macaroni", 1), ("Lapointe Zoé", "Macaroni", 2)]


def test_without_the_familys_lock_the_same_posts_make_the_child_many_times(
    organisation_a: Organisation, sale: Offering, article: Option, cookie: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "guardian", lambda guardian_id: None)

    # One round may pass by luck.
    for made in range(2, 12):
        another_child_many_times(organisation_a, sale, article, cookie, f"Zoé {'abcdefghijkl'[made]}")
        if Participant.objects.count() > made:
            return

    pytest.fail("each child was made once")
