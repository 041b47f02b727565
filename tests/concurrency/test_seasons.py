"""A season that two clerks clone at once is cloned once."""

from datetime import date

import pytest

from shared_apps.audit.actors import SYSTEM
from tenant_apps.catalog.models import Offering, Season
from tenant_apps.catalog.operations import copying
from tenant_apps.catalog.operations.copying import Renaming
from tenants.models import Organisation
from tests.concurrency.crowd import rush
from tests.factories.catalog import an_offering, an_option
from tests.factories.moments import NOON, TORONTO
from tests.factories.organisation import an_organisation_profile

# One round may pass by luck where nothing keeps the two apart.
ROUNDS = 6
CLERKS = 3


@pytest.fixture
def organisation(transactional_db: None, organisation_a: Organisation) -> Organisation:
    an_organisation_profile()
    return organisation_a


def _rounds(organisation: Organisation) -> list[tuple[int, int, int]]:
    """Of each round: who was refused, how many seasons there are of the new name, and how many copies."""
    told = []
    for number in range(ROUNDS):
        season = Season.objects.create(name=f"Été {number}", starts_on=date(2026, 6, 29), ends_on=date(2026, 8, 21))
        an_option(offering=an_offering("Camp", season=season), places=5)
        name = f"Hiver {number}"

        def clone(_clerk: int, season: Season = season, name: str = name) -> None:
            days = {"starts_on": date(2027, 1, 4), "ends_on": date(2027, 3, 26)}
            copying.clone_season(
                season_id=season.id, name=name, **days, renaming=Renaming(), zone=TORONTO, actor=SYSTEM, at=NOON
            )

        refused = rush(organisation, range(CLERKS), clone)
        copies = Offering.objects.filter(season__name=name).count()
        told.append((len(refused), Season.objects.filter(name=name).count(), copies))
    return told


def test_clerks_who_clone_a_season_at_once_clone_it_once(organisation: Organisation) -> None:
    assert _rounds(organisation) == [(0, 1, 1)] * ROUNDS


def test_without_the_lock_there_are_two_of_them(organisation: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copying, "lock_one", lambda rows: rows.get())

    assert _rounds(organisation) != [(0, 1, 1)] * ROUNDS
