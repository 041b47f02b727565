"""Nobody of the platform reads a row of an organisation without its leave, nor a name unless it says so (row 44)."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, IntegrityError

from kernel import clock, ids
from shared_apps.accounts.models import User
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import Actor
from shared_apps.audit.models import Entry
from tenant_apps.office.editor import wording
from tenant_apps.organisation.queries import profile
from tenants import support
from tenants.context import in_operations, in_organisation, in_registry
from tenants.models import Organisation, SupportGrant
from tests.clients import HostClient
from tests.factories.organisation import a_user
from tests.office.conftest import SignIn
from tests.portal.conftest import parent as parent  # the fixture
from tests.portal.test_kept_away import World, text_of
from tests.portal.test_kept_away import world as world  # the fixture

pytestmark = pytest.mark.django_db

OPERATOR, EMAIL = "Odile Opératrice", "odile@preau.example"
GIVEN = {"ticket": "PR-2041", "reason": "Une commande reste à payer.", "hours": "2"}
# Of the child, of the father and of what they said.
NAMES = ("Canariole", "Zéphyrine", "Perroquet", "Mésange")
HEALTH = "Toucan"


def a_grant(**columns: Any) -> SupportGrant:
    told = {
        "ticket": "PR-2041",
        "reason": "Voir.",
        "hours": 2,
        "shows_names": False,
        "granted_by": "Aline",
        "at": clock.now(),
    }
    return support.grant(**{**told, **columns})


def passport(grant: SupportGrant) -> str:
    with in_operations():
        operator = User.objects.filter(email=EMAIL).first() or a_user(EMAIL)
    return support.passport(grant, Actor(kind="operator", user_id=operator.pk, label=OPERATOR))


def visitor(grant: SupportGrant) -> HostClient:
    client = HostClient("a.localhost")
    assert client.get(f"/gestion/soutien/entrer/{passport(grant)}").url == "/gestion/"
    return client


def crawled(client: HostClient, *, most: int = 120) -> dict[str, str]:
    """The pages of the workplace that links lead to from its first, by their address."""
    waiting, found = ["/gestion/"], {}
    while waiting and len(found) < most:
        address = waiting.pop(0)
        response = client.get(address)
        assert response.status_code in {200, 302, 403, 404}, (address, response.status_code)
        found[address] = text_of(response) if response.status_code == 200 else ""
        for link in re.findall(r'href="(/gestion/[^"#]*)"', found[address]):
            plain = link.replace("&amp;", "&")
            if plain not in found and plain not in waiting and "page=" not in plain and "tri=" not in plain:
                waiting.append(plain)
    return found


def told(pages: dict[str, str], *words: str) -> dict[str, list[str]]:
    return {address: said for address, page in pages.items() if (said := [word for word in words if word in page])}


def test_a_visitor_sees_the_pages_and_nobody_s_name(world: World, as_staff: SignIn) -> None:
    by_an_auditor = crawled(as_staff("auditor"))
    hidden = crawled(visitor(a_grant()))

    assert {word for said in told(by_an_auditor, *NAMES).values() for word in said} >= {"Canariole", "Zéphyrine"}
    assert told(hidden, *NAMES, HEALTH) == {}
    assert sum(1 for page in hidden.values() if page) >= 15


def test_names_are_shown_where_the_organisation_says_so_and_health_never(world: World) -> None:
    pages = crawled(visitor(a_grant(shows_names=True)))

    assert "Canariole" in {word for said in told(pages, *NAMES).values() for word in said}
    assert told(pages, HEALTH) == {}


def test_what_was_hidden_from_one_is_not_kept_for_the_next(world: World, as_staff: SignIn) -> None:
    auditor = as_staff("auditor")
    address = f"/gestion/familles/participants/{world.child.id}"
    visitor(a_grant()).get(address)

    assert "Canariole" in auditor.get(address).content.decode()


def test_no_file_leaves_and_nothing_is_changed(world: World) -> None:
    client = visitor(a_grant(shows_names=True))

    for address in ("/gestion/familles.csv", "/gestion/inscriptions.csv", "/gestion/finances.csv"):
        assert client.get(address).status_code == 403
    assert (
        client.post(f"/gestion/familles/participants/{world.child.id}/corriger", {"last_name": "X"}).status_code == 403
    )
    assert client.get("/mon-dossier").status_code == 403
    assert client.get("/").status_code == 403


def test_pages_that_tell_of_trails_are_read_with_points() -> None:
    """A reading of health names its children, a changed practice its kind: both are words of a trail."""
    audit.record(
        action="health.read",
        subject="participant",
        subject_id=ids.uuid7(),
        actor=Actor(kind="staff", label="Aline"),
        at=clock.now(),
        details={"children": [str(ids.uuid7())], "role": "secretary", "reason": "group"},
    )

    assert visitor(a_grant()).get("/gestion/protection").status_code == 200
    assert wording.lines("changes", {"withdrawal": {"decision": "•••"}}, profile()) == [("Désinscription", "•••")]


def test_nobody_is_spelt_out_by_searching(world: World) -> None:
    letters = "/gestion/familles?q=Cana"

    assert visitor(a_grant()).get(letters).status_code == 403
    assert "Canariole" in visitor(a_grant(shows_names=True)).get(letters).content.decode()


def test_every_page_is_noted_for_the_organisation(as_staff: SignIn) -> None:
    grant = a_grant()
    client = visitor(grant)
    client.get("/gestion/")
    client.get("/gestion/activites?q=kayak")

    page = as_staff("owner").get(f"/gestion/reglages/soutien/{grant.pk}").content.decode()

    assert [(entry.action, entry.actor_label, entry.details) for entry in Entry.objects.filter(subject="support")] == [
        ("support.begun", OPERATOR, {}),
        ("support.read", OPERATOR, {"address": "/gestion/"}),
        ("support.read", OPERATOR, {"address": "/gestion/activites?q=kayak"}),
    ]
    assert "/gestion/activites?q=kayak" in page
    assert OPERATOR in page


def test_what_cannot_be_noted_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    client = visitor(a_grant())

    def fails(**told: object) -> None:
        raise DatabaseError("the trail is full")

    monkeypatch.setattr("tenant_apps.office.support.visits.audit.record", fails)
    with pytest.raises(DatabaseError):
        client.get("/gestion/")


def test_it_ends_to_the_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    begun = clock.now()
    client = visitor(a_grant(hours=1, at=begun))

    monkeypatch.setattr(clock, "now", lambda: begun + timedelta(minutes=59, seconds=59))
    assert client.get("/gestion/").status_code == 200
    monkeypatch.setattr(clock, "now", lambda: begun + timedelta(hours=1))
    assert client.get("/gestion/").url == "/gestion/soutien/fin"
    assert client.get("/gestion/").url.startswith("/connexion")


def test_it_ends_with_the_account_of_who_looks() -> None:
    client = visitor(a_grant())
    with in_operations():
        User.objects.filter(email=EMAIL).update(is_active=False)

    assert client.get("/gestion/").url == "/gestion/soutien/fin"


def test_the_organisation_ends_it_at_once(as_staff: SignIn) -> None:
    grant = a_grant()
    client = visitor(grant)

    as_staff("owner").post(f"/gestion/reglages/soutien/{grant.pk}/terminer")

    assert client.get("/gestion/").url == "/gestion/soutien/fin"


def test_who_looks_ends_it_when_they_are_done() -> None:
    grant = a_grant()
    client = visitor(grant)

    assert client.post("/gestion/soutien/quitter").url == "/gestion/soutien/fin"

    grant.refresh_from_db()
    assert grant.ended_by == OPERATOR
    with pytest.raises(support.NoGrant):
        support.shown(passport(grant), at=clock.now())


def test_the_way_in_opens_once_in_a_minute_at_its_own_organisation(organisation_b: Organisation) -> None:
    grant = a_grant()
    signed = passport(grant)

    assert HostClient("b.localhost").get(f"/gestion/soutien/entrer/{signed}").status_code == 403
    assert HostClient("a.localhost").get(f"/gestion/soutien/entrer/{signed}").status_code == 302
    assert HostClient("a.localhost").get(f"/gestion/soutien/entrer/{signed}").status_code == 403
    assert HostClient("a.localhost").get("/gestion/soutien/entrer/nonsense").status_code == 403


def test_whoever_was_signed_in_with_that_browser_is_no_more(world: World) -> None:
    client = world.father.client
    assert client.get("/mon-dossier").status_code == 200

    client.get(f"/gestion/soutien/entrer/{passport(a_grant())}")

    assert client.get("/mon-dossier").status_code == 403
    client.post("/gestion/soutien/quitter")
    assert client.get("/mon-dossier").status_code == 302


def test_no_leave_is_longer_than_eight_hours() -> None:
    a_grant(hours=8)
    with pytest.raises(IntegrityError):
        a_grant(hours=9)


def test_it_is_given_with_a_ticket_by_who_answers_for_the_organisation(as_staff: SignIn) -> None:
    owner = as_staff("owner")

    refused = owner.post("/gestion/reglages/soutien/donner", {**GIVEN, "ticket": "", "hours": "9"})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["ticket", "hours"])
    assert GIVEN["reason"] in refused.content.decode()

    answer = owner.post("/gestion/reglages/soutien/donner", GIVEN)
    grant = SupportGrant.objects.get()
    assert answer.url == f"/gestion/reglages/soutien/{grant.pk}"
    assert (grant.shows_names, grant.ends_at - grant.granted_at) == (False, timedelta(hours=2))
    assert owner.get("/gestion/reglages/soutien").status_code == 200


@pytest.mark.parametrize("role", ["finance", "secretary", "auditor", "group_leader", "programme_manager"])
def test_nobody_else_gives_it(role: str, as_staff: SignIn) -> None:
    assert as_staff(role).post("/gestion/reglages/soutien/donner", GIVEN).status_code == 403
    assert not SupportGrant.objects.exists()


def test_a_grant_of_another_organisation_is_not_there(as_staff: SignIn, organisation_b: Organisation) -> None:
    with in_organisation(organisation_b):
        other = a_grant()

    owner = as_staff("owner")
    assert owner.get(f"/gestion/reglages/soutien/{other.pk}").status_code == 404
    assert owner.post(f"/gestion/reglages/soutien/{other.pk}/terminer").status_code == 404
    with in_registry():
        assert SupportGrant.objects.get(pk=other.pk).ended_at is None


def test_a_visitor_neither_gives_nor_prolongs(as_staff: SignIn) -> None:
    client = visitor(a_grant())

    assert client.get("/gestion/reglages/soutien/donner").status_code == 403
    assert client.post("/gestion/reglages/soutien/donner", GIVEN).status_code == 403
    assert [UUID(str(grant.pk)).version for grant in SupportGrant.objects.all()] == [7]
