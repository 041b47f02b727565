"""A draw of 3,000 families with three wishes of three choices each: in one transaction."""

import json
import time
from collections import Counter
from datetime import timedelta
from random import Random
from uuid import uuid4

from kernel import copying
from shared_apps.audit.actors import SYSTEM
from tenant_apps.families.models import Guardian, Guardianship, Participant
from tenant_apps.organisation import operations as organisation
from tenant_apps.registrations.lottery import draw, publication, replay
from tenant_apps.registrations.models import Basket, PlaceRequest, Places, Registration, RequestStatus, Status
from tenants.models import Organisation
from tests.factories.catalog import an_option
from tests.factories.entitlements import the_prices
from tests.factories.moments import NOON
from tests.factories.openings import DRAW, an_offering_of, an_opening
from tests.factories.organisation import an_organisation_profile

FAMILIES = 3_000
WISHES = 3
# Every third family lives on the territory.
SOME = FAMILIES // 3
CHOICES = 3
OPTIONS = 60
PLACES = 50
PRICING = {"rules": [{"kind": "residence", "residence": "non_resident", "percent": "50"}]}
RESIDENTS = {"kind": "residence", "category": "resident"}


def measure_a_draw_of_three_thousand_families(organisation_a: Organisation) -> None:
    an_organisation_profile()
    organisation.describe(rules=the_prices(residence={"postal_codes": ["J0X*"]}))
    opening = an_opening(terms={"priorities": [{"name": "Résidents", "rules": [RESIDENTS]}]})
    offering = an_offering_of(opening, requirements=[{"kind": "limit_child", "maximum": 2}], pricing=PRICING)
    options = [an_option(places=PLACES, offering=offering) for _ in range(OPTIONS)]
    _wish(opening.id, [option.id for option in options])

    before, ours = time.perf_counter(), time.process_time()
    result = draw.run(opening_id=opening.id, actor=SYSTEM, at=DRAW)
    seconds, processor = time.perf_counter() - before, time.process_time() - ours

    opening.refresh_from_db()
    document = json.loads(publication.read(opening) or b"")
    before = time.perf_counter()
    differences = replay.differences(document)
    replayed = time.perf_counter() - before
    taken = list(Places.objects.filter(pk__in=[option.id for option in options]).values_list("taken", flat=True))
    print(
        f"\n{result.wishes} wishes of {result.families} families for {OPTIONS * PLACES} places: {seconds:.1f} s,"
        f" {processor:.1f} s of them this process's own; {result.granted} granted"
        f" {result.by_choice}, {result.waiting} wait; run again in {replayed:.2f} s"
    )
    assert differences == []
    assert Counter(entry["priority"] for entry in document["entries"]) == {
        0: SOME * WISHES,
        1: (FAMILIES - SOME) * WISHES,
    }
    assert max(taken) == PLACES
    assert sum(taken) == Registration.objects.filter(status=Status.HELD).count() == result.granted


def _wish(opening_id: object, option_ids: list[object]) -> None:
    """Written at once: what is measured is the draw, and not three thousand forms."""
    guardians = [
        Guardian(first_name="Marie", last_name=f"N{number}", email=f"p{number}@example.org")
        for number in range(FAMILIES)
    ]
    children = [
        Participant(
            first_name="Ada", last_name=guardian.last_name, price_category=("", "resident", "non_resident")[number % 3]
        )
        for number, guardian in enumerate(guardians)
    ]
    baskets = [Basket(guardian=guardian, created_at=NOON) for guardian in guardians]
    links = [Guardianship(guardian=one, participant=child) for one, child in zip(guardians, children, strict=True)]
    requests, rows = [], []
    chance = Random(7)  # noqa: S311
    for guardian, child, basket in zip(guardians, children, baskets, strict=True):
        wanted = _wanted(chance, option_ids)
        for wish in range(WISHES):
            group, said = uuid4(), NOON + timedelta(minutes=wish)
            for rank in range(1, CHOICES + 1):
                request = PlaceRequest(
                    guardian=guardian,
                    opening_id=opening_id,
                    status=RequestStatus.WISHED,
                    group=group,
                    rank=rank,
                    asked_at=said,
                    queued_at=said,
                )
                requests.append(request)
                rows.append(
                    Registration(
                        basket=basket,
                        participant=child,
                        option_id=wanted.pop(),
                        unit_cents=550,
                        amount_cents=0,
                        status=Status.REQUESTED,
                        held_until=NOON,
                        request=request,
                        contact_email=guardian.email,
                        created_at=said,
                    )
                )
    for every in (guardians, children, links, baskets, requests, rows):
        copying.add(every)


def _wanted(chance: Random, option_ids: list[object]) -> list[object]:
    """Different options, the first of the list far more often than the last."""
    found: dict[object, None] = {}
    while len(found) < WISHES * CHOICES:
        found[option_ids[int(chance.random() ** 2 * len(option_ids))]] = None
    return list(found)
