"""The catalogue against a bare page: one indexed query and a small template, through Django's own handler."""

from datetime import timedelta

import pytest
from django.http import HttpRequest, HttpResponse
from django.template import Template, engines
from django.test import RequestFactory

from kernel import clock
from kernel.database import connection
from tenant_apps.catalog.models import Offering, Option
from tenant_apps.organisation.models import Payee
from tests.bench.stopwatch import measured, report
from tests.clients import HostClient
from tests.factories.catalog import an_offering, an_option
from tests.factories.families import a_child, a_guardian
from tests.factories.moments import TORONTO
from tests.factories.organisation import a_level, a_payee, an_establishment, an_organisation_profile

_BARE = engines["django"].from_string("<!doctype html><title>{{ offering.title }}</title><h1>{{ offering.title }}</h1>")
_AGES = [{"kind": "age", "min": 4, "max": 12, "on": "today"}]
_PRICES = {"rules": [{"kind": "residence", "residence": "resident", "percent": -50}]}


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_BARE.render({"offering": Offering.objects.filter(status="published").first()}, request))


@pytest.fixture(autouse=True)
def _as_a_server_renders(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests record each template with a copy of its context; a server does not."""
    monkeypatch.setattr(Template, "_render", lambda template, context: template.nodelist.render(context))


@pytest.mark.parametrize("count", [10, 300])
def measure_catalogue(client, count):
    an_organisation_profile()
    options = offered(count)
    yardstick = measured(lambda: bare(RequestFactory().get("/", headers={"Host": "a.localhost"})))

    report(f"Catalogue of {count} offerings, as it is kept", measured(lambda: client.get("/activites")), yardstick)
    report(f"Catalogue of {count} offerings, after a change", measured(changed(client, options[0])), yardstick)
    report(f"Catalogue of {count} offerings, searched", measured(lambda: client.get(SEARCH)), yardstick)
    report(f"Home page, {count} offerings, after a change", measured(changed(client, options[0], "/")), yardstick)


SEARCH = "/activites?keywords=sorties"


@pytest.mark.parametrize("count", [10, 300])
def measure_catalogue_of_a_family(client, count):
    an_organisation_profile()
    offered(count, requirements=_AGES, pricing=_PRICES)
    guardian = a_guardian()
    born = clock.today(TORONTO) - timedelta(days=9 * 365)
    children = [a_child(name, of=guardian, birth_date=born) for name in ("Sarah", "Milo", "Zoé")]
    client.force_login(guardian.user)
    yardstick = measured(lambda: bare(RequestFactory().get("/", headers={"Host": "a.localhost"})))

    report(f"Family of 3, {count} offerings", measured(lambda: client.get("/activites")), yardstick)
    address = f"/activites?enfant={children[0].id}"
    report(f"One child of 3, {count} offerings", measured(lambda: client.get(address)), yardstick)


def offered(count: int, **columns: object) -> list[Option]:
    payee: Payee = a_payee()
    places, levels = [an_establishment() for _ in range(5)], [a_level() for _ in range(5)]
    return [
        an_option(
            places=20,
            offering=an_offering(
                payee=payee, establishments=[places[number % 5]], levels=[levels[number % 5]], **columns
            ),
        )
        for number in range(count)
    ]


def changed(client: HostClient, option: Option, address: str = "/activites"):
    """A visit after somebody wrote to the catalogue: nothing that was kept serves."""

    def visit() -> None:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE catalog_option SET position = position WHERE id = %s", [option.id])
        client.get(address)

    return visit
