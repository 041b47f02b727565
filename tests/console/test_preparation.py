"""The preparation of a space as it is seen from outside: step by step, once done, and when it fails."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache

from kernel import clock
from shared_apps.outbox.models import Message
from tenant_apps.console import preparation
from tenants import progress, provisioning
from tenants.context import in_operations, in_registry
from tenants.models import Arrivals, Organisation, State
from tenants.operations import provision as provisioning_itself
from tenants.operations import tasks
from tenants.operations.provision import provision
from tenants.progress import Stage
from tests.clients import HostClient
from tests.console import arrivals
from tests.factories.organisation import a_user


class Broken(Exception):
    """What a step of a test raises."""


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> "provisioning.Registry[provisioning.Step]":
    """The registered steps, and one more that the test may add."""
    own: provisioning.Registry[provisioning.Step] = provisioning.Registry("provisioning step")
    for name, step in provisioning.STEPS:
        own.register(name, step)
    monkeypatch.setattr(provisioning_itself, "STEPS", own)
    return own


@pytest.fixture
def page(visitor: HostClient) -> Iterator[str]:
    """Of a request that became an organisation at once."""
    arrivals.rule(Arrivals.OPEN)
    yield arrivals.confirm(visitor, arrivals.ask(visitor)).url


def made() -> Organisation:
    organisation = arrivals.latest().organisation
    assert organisation is not None
    return organisation


def states(organisation: Organisation) -> list[str]:
    return [step.state for step in preparation.of(organisation).steps]


def test_the_page_asks_again_until_the_space_is_ready(visitor: HostClient, page: str) -> None:
    waiting = visitor.get(page).content.decode()
    assert 'hx-trigger="every 1s"' in waiting
    assert "Actualiser" in waiting

    provision(organisation_id=made().pk)

    ready = visitor.get(page).content.decode()
    assert "hx-trigger" not in ready
    assert "Votre espace est prêt" in ready


def test_each_step_is_shown_while_it_is_done(
    visitor: HostClient, page: str, steps: "provisioning.Registry[provisioning.Step]", monkeypatch: pytest.MonkeyPatch
) -> None:
    organisation, seen = made(), [states(made())]
    reached = progress.reached

    def watched(organisation_id: object, stage: Stage) -> None:
        reached(organisation.pk, stage)
        seen.append(states(organisation))

    monkeypatch.setattr(progress, "reached", watched)
    provision(organisation_id=organisation.pk)

    assert seen == [
        [],
        ["now", "next", "next", "next"],
        ["done", "now", "next", "next"],
        ["done", "done", "now", "next"],
        ["done", "done", "done", "now"],
    ]
    assert states(made()) == ["done"] * 4


def test_when_nobody_can_say_how_far_it_is_the_page_says_that(visitor: HostClient, page: str) -> None:
    provision_id = made().pk
    progress.reached(provision_id, Stage.RULES)
    with in_registry():
        cache.delete(f"preparation/{provision_id}")

    assert "Le détail ne peut pas être montré en ce moment" in visitor.get(page).content.decode()


@pytest.mark.usefixtures("operations")
def test_one_preparation_says_nothing_of_another() -> None:
    mine, other = uuid4(), uuid4()
    progress.reached(mine, Stage.PERSON)

    assert (progress.of(mine), progress.of(other)) == (Stage.PERSON, None)


def test_a_failed_preparation_leaves_nothing_says_so_and_tells_the_operators_once(
    visitor: HostClient, page: str, steps: "provisioning.Registry[provisioning.Step]"
) -> None:
    def fails(organisation: Organisation) -> None:
        raise Broken

    a_user("op@example.org")
    steps.register("fails", fails)
    for _ in range(2):
        with pytest.raises(Broken):
            provision(organisation_id=made().pk)

    assert made().state == State.FAILED
    assert "La préparation s’est interrompue" in visitor.get(page).content.decode()
    with in_operations():
        told = Message.objects.filter(recipient="op@example.org", subject__startswith="La préparation")
        assert [message.subject for message in told] == ["La préparation d’un espace s’est interrompue"]


def test_an_operator_asks_again_and_it_is_made(
    operator: HostClient,
    visitor: HostClient,
    page: str,
    steps: "provisioning.Registry[provisioning.Step]",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with in_registry():
        Organisation.objects.filter(pk=made().pk).update(state=State.FAILED)

    assert operator.post("/console/organisations/val-clair/preparer").status_code == 302
    provision(organisation_id=made().pk)

    assert made().state == State.READY
    assert "Votre espace est prêt" in visitor.get(page).content.decode()


def test_a_preparation_whose_task_was_lost_is_sent_again(
    page: str, visitor: HostClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []
    monkeypatch.setattr(
        tasks.provision_organisation, "apply_async", lambda kwargs: sent.append(kwargs["organisation_id"])
    )

    tasks.provision_overdue()
    assert sent == []
    with in_registry():
        Organisation.objects.filter(pk=made().pk).update(created_at=clock.now() - timedelta(minutes=2))
    tasks.provision_overdue()

    assert sent == [str(made().pk)]
