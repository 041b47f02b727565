"""The pages of an import in a real browser: nothing bars the way, and a telephone shows them whole."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tenant_apps.families.models import Participant
from tenant_apps.imports.models import ImportRun
from tenant_apps.organisation.models import Role
from tests.axe import violations
from tests.clients import HostClient
from tests.factories.families import a_child
from tests.factories.organisation import a_staff_member, an_establishment
from tests.imports.files import MILO, SARAH, a_table, begun, checked, imported

WRONG = "s3,Roy,Zoé,2017-05-06,École inconnue,1re,,,"
TWIN = "s4,Lapointe,Ada,2016-03-04,École A,2e,,,"
PICTURES = Path(__file__).parents[2] / ".local" / "screenshots"


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("school")
@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_bars_the_way(width: int, browser: Browser, live_server: LiveServer, settings: Settings) -> None:
    a_child("Ada", establishment=an_establishment("École B"))
    Participant.objects.update(birth_date="2016-03-04")
    runs = [imported(a_table(SARAH)), checked(a_table(SARAH.replace("2e", "1re"), MILO, WRONG, TWIN))]
    runs += [checked(b"nom\nRoy\n"), begun(a_table(SARAH))]
    client = HostClient("a.localhost")
    client.force_login(a_staff_member(Role.OWNER).user, second_factor=True)
    port = live_server.url.rpartition(":")[2]
    context = browser.new_context(viewport={"width": width, "height": 800}, locale="fr-CA")
    name = settings.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": client.cookies[name].value, "domain": "a.localhost", "path": "/"}
    context.add_cookies([cookie])  # type: ignore[list-item]
    page = context.new_page()
    page.set_default_timeout(60_000)

    for name in ("imports", "imports/nouveau", *(f"imports/{run.pk}" for run in runs)):
        answer = page.goto(f"http://a.localhost:{port}/gestion/{name}")
        assert answer is not None
        assert answer.status == 200, name
        assert violations(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth") == width, name
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / f"import-{width}-{runs_name(name, runs)}.png", full_page=True)
    context.close()


def runs_name(name: str, runs: list[ImportRun]) -> str:
    states = {f"imports/{run.pk}": f"{number}-{run.state}" for number, run in enumerate(runs)}
    return states.get(name, name.replace("/", "-"))
