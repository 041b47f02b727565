"""Redis is gone for the whole opening: the order is the draw's, and nobody sees an error."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.cache import caches
from django.urls import reverse

from kernel import clock
from tenant_apps.openings import operations, ordering, progress
from tenant_apps.openings.models import Ticket
from tenant_apps.portal import waiting_room as rooms
from tests.clients import HostClient
from tests.factories.catalog import an_offering, an_option
from tests.factories.organisation import an_organisation_profile
from tests.factories.queues import a_queue, a_turn
from tests.portal.people import a_parent, words


@pytest.fixture
def nowhere(organisation_a: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing listens where Redis should be."""
    an_organisation_profile()
    monkeypatch.setitem(settings.CACHES["default"], "LOCATION", "redis://127.0.0.1:1/0")
    known = caches["default"]
    del caches["default"]
    yield
    caches["default"] = known
    progress.forget()
    rooms.forget()


@pytest.mark.line("O-03")
def test_everybody_is_called_in_the_order_of_the_draw_without_redis(nowhere: None, client: HostClient) -> None:
    at = clock.now()
    opening = a_queue(
        gathers_from=at - timedelta(hours=1), opens_at=at + timedelta(minutes=5), terms={"counter_share": 0}
    )
    an_option(offering=an_offering("Escalade", opening=opening), places=7)
    tickets = [a_turn(opening, at=at) for _ in range(9)]
    parent = a_parent(client)
    address = reverse("waiting_room", args=[opening.id])
    assert client.post(address, {"do": "join"}).status_code == 303
    tickets.append(Ticket.objects.get(guardian=parent.guardian))

    for second in range(2, 12):
        operations.admit(opening_id=opening.id, at=opening.opens_at + timedelta(seconds=second))
    page = client.get(address)

    assert "C’est votre tour" in words(page)
    assert client.post(address, {"do": "enter"}).status_code == 303
    called = Ticket.objects.order_by("called_at", "position").values_list("id", flat=True)
    assert list(called) == ordering.order(opening.seed, [each.id for each in tickets])
