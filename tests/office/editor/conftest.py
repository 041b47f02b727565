"""An editor at work, and what she edits."""

import pytest

from shared_apps.audit.actors import SYSTEM
from tenant_apps.catalog.models import Nature, Offering, Selection
from tenant_apps.catalog.operations import offerings
from tenant_apps.organisation.models import Role
from tests.clients import HostClient
from tests.factories.moments import NOON
from tests.factories.organisation import a_payee
from tests.office.conftest import SignIn


@pytest.fixture
def editor(as_staff: SignIn) -> HostClient:
    return as_staff(Role.PROGRAMME_MANAGER)


@pytest.fixture
def draft() -> Offering:
    columns = {"title": "Camp d’été", "nature": Nature.CAMP, "selection": Selection.PER_WEEK, "payee": a_payee()}
    return offerings.add_offering(columns=columns, actor=SYSTEM, at=NOON)
