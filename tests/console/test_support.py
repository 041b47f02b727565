"""The console's way into an organisation's workplace: there is none but the one that the organisation opens."""

from datetime import timedelta

import pytest

from kernel import clock
from shared_apps.audit.models import Entry
from tenants import support
from tenants.context import in_organisation, in_registry
from tenants.models import Organisation, SupportGrant
from tests.clients import HostClient

pytestmark = pytest.mark.django_db
PAGE = "/console/organisations/a/soutien"


def a_grant(slug: str = "a", hours: int = 2) -> SupportGrant:
    with in_registry():
        organisation = Organisation.objects.get(slug=slug)
    with in_organisation(organisation):
        return support.grant(
            ticket="PR-2041", reason="Voir.", hours=hours, shows_names=False, granted_by="Aline", at=clock.now()
        )


def test_without_leave_there_is_no_way_in(operator: HostClient) -> None:
    a_grant("b")

    page = operator.get(PAGE)
    answer = operator.post(f"{PAGE}/entrer", follow=True)

    assert "Aucun accès ouvert" in page.content.decode()
    assert "n’a pas donné d’accès" in answer.content.decode()
    assert not Entry.objects.filter(action="support.entered").exists()


def test_the_way_in_leads_to_the_workplace_once_and_is_in_both_trails(operator: HostClient) -> None:
    a_grant()

    page = operator.post(f"{PAGE}/entrer")

    way = page.context["way"]
    assert way.startswith("http://a.localhost:8000/gestion/soutien/entrer/")
    path = way.removeprefix("http://a.localhost:8000")
    assert [HostClient("a.localhost").get(path).status_code for _ in range(2)] == [302, 403]
    assert Entry.objects.get(action="support.entered").details == {"words": "PR-2041"}
    with in_registry():
        organisation = Organisation.objects.get(slug="a")
    with in_organisation(organisation):
        assert [entry.action for entry in Entry.objects.filter(subject="support")] == ["support.begun"]


def test_what_has_ended_opens_nothing(operator: HostClient, monkeypatch: pytest.MonkeyPatch) -> None:
    a_grant(hours=1)
    later = clock.now() + timedelta(hours=1)
    monkeypatch.setattr(clock, "now", lambda: later)

    assert "Aucun accès ouvert" in operator.get(PAGE).content.decode()


def test_a_look_asks_for_a_form(operator: HostClient) -> None:
    a_grant()

    assert operator.get(f"{PAGE}/entrer").status_code == 405
