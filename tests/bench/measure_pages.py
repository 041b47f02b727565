"""The catalogue against a bare page: one indexed query and a small template."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import RequestFactory

from tenant_apps.catalog.models import Offering
from tests.bench.stopwatch import measured, report
from tests.factories.catalog import an_offering, an_option
from tests.factories.organisation import a_payee, an_organisation_profile

_BARE = engines["django"].from_string("<!doctype html><title>{{ offering.title }}</title><h1>{{ offering.title }}</h1>")


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_BARE.render({"offering": Offering.objects.filter(status="published").first()}, request))


@pytest.mark.parametrize("count", [10, 300])
def measure_catalogue(client, count):
    an_organisation_profile()
    payee = a_payee()
    for _ in range(count):
        an_option(places=20, offering=an_offering(payee=payee))
    request = RequestFactory().get("/", headers={"Host": "a.localhost"})

    page = measured(lambda: client.get("/activites"))
    report(f"Catalogue of {count} offerings, whole stack", page, measured(lambda: bare(request)))
