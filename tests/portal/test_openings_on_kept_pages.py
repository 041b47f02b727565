"""What the catalogue keeps for everybody says when a shared opening opens, and does not change with each call."""

from datetime import timedelta

from kernel import clock
from tenant_apps.openings.models import Opening
from tenant_apps.portal import freshness
from tests.clients import HostClient
from tests.factories.catalog import an_offering, an_option
from tests.factories.queues import a_queue
from tests.portal.people import words


def test_an_opening_that_ends_or_moves_is_seen_at_once(client: HostClient) -> None:
    tomorrow = clock.now() + timedelta(days=1)
    opening = a_queue(opens_at=tomorrow, gathers_from=tomorrow)
    an_option(offering=an_offering("Camp", opening=opening), places=3)
    assert "Bientôt ouvertes" in words(client.get("/"))

    now = clock.now()
    Opening.objects.update(opens_at=now, gathers_from=now)
    assert "Inscriptions ouvertes" in words(client.get("/"))


def test_a_call_makes_no_page_anew(client: HostClient) -> None:
    a_queue()
    before = freshness.mark(at=clock.now())

    Opening.objects.update(last_position=9, admitted=5, admitted_at=clock.now(), rate=3)
    assert freshness.mark(at=clock.now()) == before

    Opening.objects.update(ended_at=clock.now())
    assert freshness.mark(at=clock.now()) != before
