"""The platform's own site, and what operators do in their console."""

import pytest
from django.db import DataError

from billing.models import ConnectedAccount
from kernel import clock
from shared_apps.audit.actors import Actor
from shared_apps.audit.models import Entry
from tenant_apps.console import operations as console
from tenants.context import in_registry
from tenants.models import Domain, Organisation, State
from tenants.operations.provision import provision
from tests.clients import HostClient
from tests.factories.organisation import a_user

NEW = {"name": "Ville de Saint-Exemple", "slug": "saint-exemple", "kind": "city_qc", "language": "fr"}


WHY = {"words": "Un compte détourné."}


def in_the_registry(slug: str) -> Organisation:
    with in_registry():
        return Organisation.objects.get(slug=slug)


def test_the_platform_says_what_it_is_to_whoever_asks(visitor: HostClient) -> None:
    page = visitor.get("/")

    assert page.status_code == 200
    assert "Préau réunit les inscriptions" in page.content.decode()


def test_the_console_is_for_operators_with_their_second_factor(visitor: HostClient) -> None:
    assert visitor.get("/console").url == "/connexion?next=/console"

    visitor.force_login(a_user())
    assert visitor.get("/console").url == "/compte/securite/second-facteur?next=/console"


@pytest.mark.parametrize("address", ["/console", "/console/nouvelle", "/console/organisations/a"])
def test_the_console_does_not_exist_at_an_organisation(organisation_a: Organisation, address: str) -> None:
    client = HostClient("a.localhost")
    client.force_login(a_user())

    assert client.get(address).status_code == 404


def test_the_list_tells_of_every_organisation_and_not_of_the_platform_s_own(operator: HostClient) -> None:
    page = operator.get("/console")

    assert [(row.organisation.slug, row.domain, row.is_behind) for row in page.context["rows"]] == [
        ("a", "a.localhost", False),
        ("b", "b.localhost", False),
    ]


def test_the_list_counts_the_accounts_that_lack_something(operator: HostClient) -> None:
    with in_registry():
        for number, in_service in enumerate((True, False)):
            ConnectedAccount.objects.create(
                organisation=Organisation.objects.get(slug="a"),
                processor_id=f"acct_{number}",
                name=f"École {number}",
                charges_enabled=in_service,
                payouts_enabled=True,
                created_at=clock.now(),
            )

    assert "1 sur 2 à compléter" in operator.get("/console").content.decode()


def test_a_new_organisation_is_prepared_while_the_page_waits(operator: HostClient) -> None:
    answer = operator.post("/console/nouvelle", NEW)
    assert answer.url == "/console/organisations/saint-exemple"

    made = in_the_registry("saint-exemple")
    assert (made.state, made.preset, made.currency, made.time_zone) == (
        State.PROVISIONING,
        "city_qc",
        "cad",
        "America/Toronto",
    )
    waiting = operator.get(answer.url).content.decode()
    assert 'hx-trigger="every 2s"' in waiting
    assert "Actualiser" in waiting

    provision(organisation_id=made.pk)

    ready = operator.get(answer.url).content.decode()
    assert "En service" in ready
    assert "hx-trigger" not in ready
    assert HostClient("saint-exemple.localhost").get("/").status_code == 200


def test_a_new_organisation_speaks_first_the_language_that_was_chosen(operator: HostClient) -> None:
    operator.post("/console/nouvelle", NEW | {"language": "en"})
    provision(organisation_id=in_the_registry("saint-exemple").pk)

    assert HostClient("saint-exemple.localhost").get("/").headers["Content-Language"] == "en"


def test_who_opened_an_organisation_is_kept(operator: HostClient) -> None:
    operator.post("/console/nouvelle", NEW)

    entry = Entry.objects.get(action="organisations.created")
    assert (entry.actor_kind, entry.actor_label) == ("operator", "op@example.org")
    assert entry.subject_id == in_the_registry("saint-exemple").pk


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"slug": "a"}, "slug"),
        ({"slug": "www"}, "slug"),
        ({"slug": "Saint Exemple"}, "slug"),
        ({"slug": "-exemple"}, "slug"),
        ({"slug": "é"}, "slug"),
        ({"slug": "a.b"}, "slug"),
        ({"slug": "x" * 41}, "slug"),
        ({"slug": ""}, "slug"),
        ({"name": ""}, "name"),
        ({"name": "\x00"}, "name"),
        ({"kind": "../../etc/passwd"}, "kind"),
        ({"language": "xx"}, "language"),
        ({"language": "nl"}, "language"),
    ],
)
def test_a_wrong_answer_is_told_at_its_field(operator: HostClient, changed: dict[str, str], field: str) -> None:
    answer = operator.post("/console/nouvelle", NEW | changed)

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    with in_registry():
        assert Organisation.objects.count() == 3
        assert Domain.objects.count() == 3


def test_a_suspended_organisation_can_only_be_read_until_it_is_resumed(operator: HostClient) -> None:
    assert operator.post("/console/organisations/a/suspendre", WHY).url == "/console/organisations/a"
    assert in_the_registry("a").state == State.SUSPENDED
    assert HostClient("a.localhost").post("/inscription", {}).status_code == 503

    operator.post("/console/organisations/a/reprendre")
    assert in_the_registry("a").state == State.READY
    assert [entry.action for entry in Entry.objects.order_by("at")] == [
        "organisations.suspended",
        "organisations.resumed",
    ]


def test_what_cannot_be_suspended_says_so_and_leaves_no_trace(operator: HostClient) -> None:
    operator.post("/console/nouvelle", NEW)

    answer = operator.post("/console/organisations/saint-exemple/suspendre", WHY, follow=True)

    assert "rien n’a été fait" in answer.content.decode()
    assert not Entry.objects.filter(action="organisations.suspended").exists()


@pytest.mark.usefixtures("operations")
def test_what_cannot_be_told_in_the_trail_is_not_done() -> None:
    nobody = Actor(kind="x" * 100)

    with pytest.raises(DataError):
        console.suspend(organisation_id=in_the_registry("a").pk, words="why", actor=nobody, at=clock.now())

    assert in_the_registry("a").state == State.READY


@pytest.mark.parametrize("slug", ["nobody", "ops"])
def test_what_is_no_customer_is_not_found(operator: HostClient, slug: str) -> None:
    assert operator.get(f"/console/organisations/{slug}").status_code == 404
    assert operator.post(f"/console/organisations/{slug}/suspendre").status_code == 404


def test_a_look_changes_nothing(operator: HostClient) -> None:
    assert operator.get("/console/organisations/a/suspendre").status_code == 200
    assert operator.get("/console/organisations/a/reprendre").status_code == 405
    assert in_the_registry("a").state == State.READY


def test_the_processor_speaks_to_the_platform_s_host(visitor: HostClient) -> None:
    assert visitor.post("/webhooks/stripe", b"{}", content_type="application/json").status_code == 400


def test_its_page_shows_the_latest_twenty_things_that_were_done_and_leads_to_all(operator: HostClient) -> None:
    Entry.objects.bulk_create(
        Entry(
            at=clock.now(),
            actor_kind="operator",
            actor_label="Une opératrice",
            action="organisation.suspended",
            subject="organisation",
            subject_id=in_the_registry("a").pk,
        )
        for _ in range(21)
    )

    page = operator.get("/console/organisations/a")

    assert len(page.context["events"]) == 20
    assert 'href="/console/journal?q=a"' in page.content.decode()
