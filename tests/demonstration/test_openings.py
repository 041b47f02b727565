"""What many want at once, in the demonstration."""

from datetime import UTC, datetime

import pytest

from tenant_apps.changes.models import ChangeRequest
from tenant_apps.demonstration import loading
from tenant_apps.openings.models import Opening, Ticket
from tenant_apps.organisation import operations
from tenant_apps.registrations import waiting
from tenant_apps.registrations.models import PlaceRequest, Places, RequestStatus
from tenant_apps.registrations.queries import full_options

NOVEMBER = datetime(2026, 11, 21, 12, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("organisation_a")


@pytest.mark.parametrize("as_of", ["2026-11-21", "2027-05-24", "2027-06-08", "2028-02-29"])
def test_a_city_shows_every_way_to_give_places(as_of: str) -> None:
    at = datetime.fromisoformat(f"{as_of}T12:00+00:00")
    operations.apply_preset(key="city_qc", name="city_qc")

    loading.fill("city_qc", at=at)

    queue, riding, museum = Opening.objects.order_by("-mode", "-opens_at")
    assert queue.gathers_from <= at < queue.opens_at and Ticket.objects.filter(opening=queue).count() == 3
    assert at < riding.opens_at and riding.drawn_at is None
    assert museum.drawn_at is not None and museum.drawn_at < at
    assert [
        PlaceRequest.objects.filter(opening=each, status=RequestStatus.WISHED).count() for each in (queue, riding)
    ] == [2, 5]
    drawn = PlaceRequest.objects.filter(opening=museum).values_list("status", flat=True)
    assert set(drawn) == {RequestStatus.OFFERED, RequestStatus.WAITING}

    hockey = PlaceRequest.objects.get(opening=None, guardian__last_name="Côté")
    [option] = {each.option for each in hockey.registrations.all()}
    rows = waiting.of_offering(option.offering_id)
    assert [row.registrations.count() for row in rows] == [2, 1, 1] and option.pk in full_options(at=at)

    bus = Places.objects.get(capacity=48)
    assert Places.objects.filter(shared__contains=[bus.pk]).count() == 2
    [change] = ChangeRequest.objects.all()
    assert (change.status, len(change.uploads)) == ("asked", 1)
