"""What is known is read once: as many queries for three children and three offerings as for one of each."""

from datetime import timedelta

import pytest
from django.test.utils import CaptureQueriesContext

from kernel.database import connection
from tenant_apps.catalog.eligibility import Eligibility
from tenant_apps.catalog.models import Offering
from tenants.models import Organisation
from tests.factories.catalog import an_offering, an_option
from tests.factories.families import a_child, a_guardian
from tests.factories.moments import NOON, TORONTO
from tests.factories.organisation import a_level, an_establishment, an_organisation_profile

EVERY_KIND = [
    {"kind": "age", "min": 3, "on": "start"},
    {"kind": "level", "levels": ["m1"]},
    {"kind": "establishment", "establishments": ["dome"]},
    {"kind": "form", "form": "fiche-sante"},
    {"kind": "earlier", "offering": ["natation"]},
    {"kind": "membership", "offering": "carte"},
    {"kind": "limit_child", "maximum": 2},
    {"kind": "limit_family", "maximum": 2},
    {"kind": "no_clash"},
]


@pytest.fixture(autouse=True)
def profile(organisation_a: Organisation) -> None:
    an_organisation_profile()


def test_many_are_judged_in_as_many_queries_as_one() -> None:
    guardian = a_guardian()
    children = [a_child(name, of=guardian) for name in ("Ada", "Bo", "Cy")]
    a_level(code="m1")
    an_establishment(code="dome")
    opening = {"name": "Tous", "for": [{"kind": "level", "levels": ["m1"]}], "opens_at": NOON.isoformat()}
    ids = []
    for _number in range(3):
        offering = an_offering(requirements=EVERY_KIND, windows=[opening], levels=[a_level()])
        an_option(offering=offering, requirements=[{"kind": "age", "max": 5}])
        ids.append(offering.id)

    def queries_for(number: int) -> int:
        with CaptureQueriesContext(connection) as made:
            offerings = Offering.objects.filter(id__in=ids[:number])
            known = Eligibility.of(offerings, children[:number], guardian_id=guardian.id, at=NOON, zone=TORONTO)
            found = [
                known.against(option, child)
                for offering in known.offerings.values()
                for option in offering.options.all()
                for child in known.participants
            ]
        assert len(found) == number**2
        return len(made)

    assert queries_for(1) == queries_for(3)


def test_nobody_in_particular_costs_the_offerings_alone() -> None:
    offering = an_offering(requirements=EVERY_KIND)

    with CaptureQueriesContext(connection) as made:
        known = Eligibility.of(
            Offering.objects.filter(id=offering.id), [], guardian_id=None, at=NOON + timedelta(days=1), zone=TORONTO
        )
        assert known.of_all(next(iter(known.offerings.values())), None) == []

    # The offering, its levels, its establishments and its options.
    assert len(made) == 4
