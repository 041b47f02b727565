"""« Why this price? » at the workplace: each step in words, and never why something was granted."""

from django.urls import reverse

from tenant_apps.entitlements.models import Entitlement, Kind, Status
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.models import Role
from tests.factories.catalog import an_offering, an_option
from tests.factories.families import a_child, a_guardian
from tests.factories.moments import NOON
from tests.factories.registrations import a_basket
from tests.office.conftest import SignIn
from tests.office.money import a_paid_order
from tests.portal.people import words

SUBSIDY = {"kind": "subsidy", "subsidy": "cpas", "percent": "-50"}
EARLY = {"kind": "early", "until_on": "2099-12-31", "cents": -500}


def test_whoever_keeps_the_accounts_reads_the_steps_and_not_why_help_was_granted(as_staff: SignIn) -> None:
    profile = organisation.profile()
    profile.rules["prices"] = {"subsidies": [{"key": "cpas", "label": "Intervention du CPAS"}]}
    profile.save()
    guardian = a_guardian()
    child = a_child("Ada", of=guardian)
    Entitlement.objects.create(
        kind=Kind.SUBSIDY, key="cpas", guardian=guardian, participant=child, status=Status.GRANTED, asked_at=NOON
    )
    option = an_option(price=10000, offering=an_offering(pricing={"rules": [EARLY, SUBSIDY]}))
    order = a_paid_order(option, child=child, basket=a_basket(guardian))

    client = as_staff(Role.FINANCE)
    address = reverse("office:order", urlconf="config.urls.organisation", args=[order.reference])
    page = words(client.get(address))

    assert order.total_cents == 4750
    assert "Pourquoi ce prix ? Prix 100,00 $ Inscription hâtive" in page
    assert "Aide accordée à la famille −47,50 $" in page
    assert "CPAS" not in page
