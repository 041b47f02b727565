"""« Intégrer à votre site »: the code that a page of the organisation's own takes."""

import html

import pytest

from tenant_apps.organisation.models import Role
from tests.clients import HostClient
from tests.factories.organisation import an_establishment
from tests.office.conftest import SignIn


@pytest.mark.line("S1-02")
def test_the_code_says_what_was_chosen_and_leads_somewhere_without_scripts(as_staff: SignIn) -> None:
    an_establishment("École du Dôme", code="dome")

    page = as_staff(Role.ADMINISTRATOR).get("/gestion/catalogue/integrer?ecole=dome&nombre=6&open=on")
    code = html.unescape(page.content.decode())

    data = 'data-ecole="dome" data-open="on" data-nombre="6"'
    assert f'<script src="http://a.localhost/integration.js" {data} async></script>\n<noscript>' in code
    assert '<noscript><a href="http://a.localhost/activites?ecole=dome&amp;open=on">' in code


@pytest.mark.parametrize("query", ["nombre=0", "nombre=x", "ecole=inconnue", "nature=%00"])
def test_what_cannot_be_read_is_said_and_left_out(as_staff: SignIn, query: str) -> None:
    answer = as_staff(Role.ADMINISTRATOR).get(f"/gestion/catalogue/integrer?{query}")

    assert answer.status_code == 200
    assert "data-" not in answer.content.decode().split("integration.js")[1].split("async")[0]


def test_it_is_for_staff(client: HostClient) -> None:
    assert client.get("/gestion/catalogue/integrer").status_code == 302
