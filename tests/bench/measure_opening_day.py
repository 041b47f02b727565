"""Opening day: 300 families, 50 at once, for 200 places; the whole journey over HTTP."""

import os
from statistics import median, quantiles

from tenant_apps.registrations.models import Places, Registration, Status
from tests.bench.family import CONFIRMED, FULL
from tests.bench.opening_day import Seen, an_opening, families, opens
from tests.bench.server import Server, database_pid, serving, worked_by
from tests.factories.organisation import an_organisation_profile

FAMILIES = int(os.environ.get("FAMILIES", "300"))
PLACES = FAMILIES * 2 // 3
AT_ONCE = int(os.environ.get("AT_ONCE", "50"))


def measure_opening_day(transactional_db, organisation_a):
    an_organisation_profile()
    option, everyone, visitors = an_opening(PLACES), families(FAMILIES), families(20)
    with serving(background=True) as server:
        # Templates are read and connections opened before the doors are.
        opens(server.port, an_opening(len(visitors)), visitors, at_once=10)
        before, database = server.processor_seconds(), worked_by(database_pid())
        seen = opens(server.port, option, everyone, at_once=AT_ONCE)
        worked = {name: seconds - before[name] for name, seconds in server.processor_seconds().items()}
        worked["database"] = worked_by(database_pid()) - database
        tell(seen, worked, server)

    assert seen.outcomes == {CONFIRMED: PLACES, FULL: FAMILIES - PLACES}
    assert Places.objects.get(option_id=option.id).taken == PLACES
    assert Registration.objects.filter(option=option, status=Status.CONFIRMED).count() == PLACES


def tell(seen: Seen, worked: dict[str, float], server: Server) -> None:
    orders = seen.outcomes[CONFIRMED] or 1
    print(f"\nOpening day: {len(seen.journeys)} families, {AT_ONCE} at once, {PLACES} places")
    print(f"  outcomes   {dict(seen.outcomes)}")
    print(f"  orders/s   {orders / seen.wall:6.1f}   journeys/s {len(seen.journeys) / seen.wall:6.1f}")
    print(f"  journey    {_words(seen.journeys)}")
    for kind in dict.fromkeys(name for name, _ in seen.requests):
        print(f"  {kind:<34} {_words([seconds for name, seconds in seen.requests if name == kind])}")
    for name, seconds in worked.items():
        print(f"  {name:<10} {seconds:6.2f} processor s, {seconds / orders:6.4f} per order")
    print(f"  memory     {', '.join(f'{name} {size:.0f} MB' for name, size in server.memory_mb().items())}")


def _words(seconds: list[float]) -> str:
    late = quantiles(seconds, n=20)[-1] if len(seconds) > 1 else seconds[0]
    return f"p50 {median(seconds) * 1000:7.0f} ms   p95 {late * 1000:7.0f} ms   ({len(seconds)})"
