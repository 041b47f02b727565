"""The demonstration lets families come in with a simulated identity, where a simulation runs, and nowhere else."""

import pytest
from allauth.socialaccount.models import SocialAccount, SocialApp
from django.conf import LazySettings

from config.settings import base
from kernel import clock
from shared_apps.accounts.providers import sources
from tenant_apps.demonstration import identities
from tests.factories.organisation import a_user

pytestmark = pytest.mark.usefixtures("organisation_a")


def test_the_commune_knows_the_simulation_and_follows_it_to_another_port(settings: LazySettings) -> None:
    settings.IDENTITY_SIMULATION_URL = "http://127.0.0.1:9001"
    identities.connect("commune_be", at=clock.now())
    SocialAccount.objects.create(user=a_user(), provider=identities.PROVIDER, uid="simon-lambert")

    settings.IDENTITY_SIMULATION_URL = "http://127.0.0.1:9002"
    identities.connect("commune_be", at=clock.now())

    [app] = sources.in_service()
    assert (app.name, app.settings["server_url"]) == ("eID ou itsme (simulation)", "http://127.0.0.1:9002")
    assert SocialAccount.objects.count() == 1


@pytest.mark.parametrize(("key", "url"), [("commune_be", ""), ("city_qc", "http://127.0.0.1:9001")])
def test_without_a_simulation_or_a_provider_in_its_data_there_is_none(
    settings: LazySettings, key: str, url: str
) -> None:
    settings.IDENTITY_SIMULATION_URL = url

    identities.connect(key, at=clock.now())

    assert not SocialApp.objects.exists()


def test_production_reads_no_address_of_a_simulation() -> None:
    assert (base.IDENTITY_SIMULATION_URL, base.IDENTITY_PROVIDERS_ON_LOOPBACK) == ("", False)
