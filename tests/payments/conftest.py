from collections.abc import Iterator

import pytest

from billing.gateway.client import client as processor_client
from billing.models import ConnectedAccount
from billing.operations import connect_account, refresh_account
from deploy.embedded import services
from tenants.models import Organisation
from tests.factories.moments import NOON
from tests.factories.organisation import an_organisation_profile
from tests.payments.sandbox import Sandbox


@pytest.fixture(scope="session")
def running_sandbox() -> Iterator[services.sandbox_server.Sandbox]:
    with services.temporary_folder() as folder, services.sandbox(folder, webhook_url="http://127.0.0.1:1/") as server:
        yield server


@pytest.fixture
def sandbox(running_sandbox: services.sandbox_server.Sandbox, settings: object) -> Iterator[Sandbox]:
    """The real client, pointed at the sandbox."""
    for name, value in running_sandbox.environment().items():
        setattr(settings, name, value)
    settings.STRIPE_TIMEOUT_SECONDS = 3
    processor_client.cache_clear()
    tester = Sandbox(running_sandbox.api)
    tester.control("reset", {})
    yield tester
    processor_client.cache_clear()


@pytest.fixture
def account(organisation_a: Organisation, sandbox: Sandbox) -> ConnectedAccount:
    """An account of organisation A that takes cards."""
    an_organisation_profile()
    return an_account(organisation_a, sandbox)


def an_account(organisation: Organisation, sandbox: Sandbox, name: str = "Organisation A") -> ConnectedAccount:
    """One whose onboarding is finished, and which is known here to take payments."""
    opened = connect_account(organisation_id=organisation.id, name=name, email="a@example.org", at=NOON)
    sandbox.control(f"accounts/{opened.processor_id}/onboard", {})
    return refresh_account(processor_id=opened.processor_id)
