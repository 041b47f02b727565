"""« Rapprochement » as it is seen: nothing bars the way, on a telephone and on a desk."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from kernel import clock
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import SYSTEM
from tenant_apps.accounting import breaks as operations
from tenant_apps.accounting.models import StatementLine
from tenant_apps.accounting.reconciliation.differences import Difference, Kind
from tenant_apps.accounting.reconciling import DONE
from tenant_apps.organisation.models import Role
from tests.axe import violations
from tests.clients import HostClient
from tests.factories.organisation import a_payee, a_staff_member

PICTURES = Path(__file__).parents[2] / ".local" / "screenshots"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_bars_the_way(width: int, browser: Browser, live_server: LiveServer, settings: Settings) -> None:
    payee, at = a_payee("École secondaire du Plateau"), clock.now()
    figures = [(Kind.CHARGE, "ch_1", 12620, 12600), (Kind.CHARGE, "ch_2", 4200, None), (Kind.REFUND, "re_3", 0, -2600)]
    operations.write(
        [Difference(kind, name, cents, ours, "cad", at, payee.id) for kind, name, cents, ours in figures], at=at
    )
    details = {"movements": 214, "differences": 3, "balance": {"cad": 1254300}}
    audit.record(action=DONE, subject="payee", subject_id=payee.id, actor=SYSTEM, at=at, details=details)
    client = HostClient("a.localhost")
    client.force_login(a_staff_member(Role.FINANCE).user, second_factor=True)
    context = browser.new_context(viewport={"width": width, "height": 800}, locale="fr-CA")
    name = settings.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": client.cookies[name].value, "domain": "a.localhost", "path": "/"}
    context.add_cookies([cookie])  # type: ignore[list-item]
    page = context.new_page()
    page.set_default_timeout(60_000)
    PICTURES.mkdir(parents=True, exist_ok=True)

    line = StatementLine.objects.get(reference="ch_2")
    for number, path in enumerate(("rapprochement", f"rapprochement/{line.pk}", "rapprochement?status=matched")):
        answer = page.goto(f"http://a.localhost:{live_server.url.rpartition(':')[2]}/gestion/finances/{path}")
        assert answer is not None
        assert answer.status == 200, path
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") == width, path
        page.screenshot(path=PICTURES / f"breaks-{width}-{number}.png", full_page=True)
    context.close()
