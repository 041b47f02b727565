"""How an organisation comes into being: all of it or nothing."""

import re
import threading

import pytest
from django.db import connection

from kernel.errors import Refusal
from shared_apps.accounts.models import User
from tenants import provisioning
from tenants.context import in_organisation
from tenants.models import Domain, Organisation, State, SuspendedFor
from tenants.operations.create import create
from tenants.operations.platform_own import ensure_operations
from tenants.operations.provision import provision
from tenants.operations.suspend import NotInService, resume, suspend
from tenants.schemas import compare
from tenants.slugs import SlugReserved, SlugTaken
from tests.factories.moments import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> "provisioning.Registry[provisioning.Step]":
    """The registered steps, and one more that the test may add."""
    own: provisioning.Registry[provisioning.Step] = provisioning.Registry("provisioning step")
    for name, step in provisioning.STEPS:
        own.register(name, step)
    monkeypatch.setattr("tenants.operations.provision.STEPS", own)
    return own


def exists(schema: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regnamespace(%s) IS NOT NULL", [schema])
        return bool(cursor.fetchone()[0])


def test_a_new_organisation_waits_to_be_prepared() -> None:
    organisation = create(name="École des Érables", slug="erables")

    assert (organisation.state, exists(organisation.schema_name)) == (State.PROVISIONING, False)
    assert Domain.objects.get(tenant=organisation).domain == "erables.localhost"


def test_the_name_of_its_schema_is_drawn() -> None:
    names = [create(name="École", slug=f"ecole-{number}").schema_name for number in range(3)]

    assert len(set(names)) == 3
    assert all(re.fullmatch(r"org_[a-z0-9]{20}", name) for name in names)


def test_nobody_can_choose_it() -> None:
    from django.db import IntegrityError

    with pytest.raises(IntegrityError, match="organisation_schema_is_drawn"):
        Organisation.objects.create(schema_name="public", slug="public", name="Public")


@pytest.mark.parametrize(("slug", "refusal"), [("a", SlugTaken), ("www", SlugReserved)])
def test_an_address_that_cannot_be_had_is_refused(slug: str, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        create(name="École", slug=slug)


def test_once_prepared_it_is_like_every_other() -> None:
    organisation = provision(organisation_id=create(name="École", slug="ecole").id)

    assert (organisation.state, compare.differences(organisation.schema_name, reference="ops")) == (State.READY, [])
    with in_organisation(organisation):
        assert User.objects.count() == 0


def test_preparing_twice_is_preparing_once(steps: "provisioning.Registry[provisioning.Step]") -> None:
    seen: list[str] = []
    steps.register("seen", lambda organisation: seen.append(organisation.slug))
    organisation = create(name="École", slug="ecole")

    provision(organisation_id=organisation.id)
    provision(organisation_id=organisation.id)

    assert seen == ["ecole"]


def test_each_room_puts_its_rows_as_the_organisation_itself(
    steps: "provisioning.Registry[provisioning.Step]",
) -> None:
    seen: list[object] = []

    def who(organisation: Organisation) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_schema(), current_user")
            seen.append(cursor.fetchone())

    steps.register("who", who)
    organisation = provision(organisation_id=create(name="École", slug="ecole").id)

    assert seen == [(organisation.schema_name, organisation.schema_name)]


def test_a_step_that_fails_leaves_nothing_and_can_be_tried_again(
    steps: "provisioning.Registry[provisioning.Step]",
) -> None:
    failures = iter([RuntimeError("the disk is full")])

    def fails_once(organisation: Organisation) -> None:
        for failure in failures:
            raise failure

    steps.register("fails once", fails_once)
    organisation = create(name="École", slug="ecole")

    with pytest.raises(RuntimeError, match="the disk is full"):
        provision(organisation_id=organisation.id)

    organisation.refresh_from_db()
    assert (organisation.state, exists(organisation.schema_name)) == (State.FAILED, False)
    assert provision(organisation_id=organisation.id).state == State.READY


@pytest.mark.django_db(transaction=True)
def test_two_workers_prepare_it_once(steps: "provisioning.Registry[provisioning.Step]") -> None:
    seen: list[str] = []
    steps.register("seen", lambda organisation: seen.append(organisation.slug))
    organisation = create(name="École", slug="ecole")
    begin = threading.Barrier(2)

    def work() -> None:
        begin.wait()
        try:
            provision(organisation_id=organisation.id)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert (seen, Organisation.objects.get(slug="ecole").state) == (["ecole"], State.READY)


def test_the_platform_has_its_own_organisation_once() -> None:
    first, second = ensure_operations(), ensure_operations()

    assert (first.id, first.schema_name, first.state) == (second.id, "ops", State.READY)


def test_an_organisation_goes_out_of_service_and_comes_back(organisation_b: Organisation) -> None:
    for _ in range(2):
        suspend(organisation_id=organisation_b.id, reason=SuspendedFor.UNPAID, at=NOON)
    organisation_b.refresh_from_db()
    suspended = organisation_b.state
    resume(organisation_id=organisation_b.id, reason=SuspendedFor.UNPAID)
    organisation_b.refresh_from_db()

    assert (suspended, organisation_b.state) == (State.SUSPENDED, State.READY)


def test_what_was_never_in_service_is_neither_suspended_nor_resumed() -> None:
    organisation = create(name="École", slug="ecole")

    with pytest.raises(NotInService):
        suspend(organisation_id=organisation.id, reason=SuspendedFor.UNPAID, at=NOON)
    with pytest.raises(NotInService):
        resume(organisation_id=organisation.id, reason=SuspendedFor.UNPAID)


def standing(organisation: Organisation) -> tuple[str, str, list[str]]:
    organisation.refresh_from_db()
    return organisation.state, organisation.suspended_for, organisation.suspended_also_for


@pytest.mark.parametrize("first", [SuspendedFor.DECISION, SuspendedFor.UNPAID])
def test_paying_a_bill_does_not_lift_a_decision(first: SuspendedFor, organisation_b: Organisation) -> None:
    """Whichever came first."""
    for reason in (first, SuspendedFor.DECISION, SuspendedFor.UNPAID):
        suspend(organisation_id=organisation_b.id, reason=reason, at=NOON)
    assert standing(organisation_b) == ("suspended", "decision", ["unpaid"])

    resume(organisation_id=organisation_b.id, reason=SuspendedFor.UNPAID)

    assert standing(organisation_b) == ("suspended", "decision", [])
    with pytest.raises(NotInService):
        resume(organisation_id=organisation_b.id, reason=SuspendedFor.UNPAID)


def test_who_leaves_and_stays_after_all_finds_the_debt_again(organisation_b: Organisation) -> None:
    suspend(organisation_id=organisation_b.id, reason=SuspendedFor.UNPAID, at=NOON)
    suspend(organisation_id=organisation_b.id, reason=SuspendedFor.LEAVING, at=NOON)
    assert standing(organisation_b) == ("suspended", "leaving", ["unpaid"])

    resume(organisation_id=organisation_b.id, reason=SuspendedFor.LEAVING)
    assert standing(organisation_b) == ("suspended", "unpaid", [])

    resume(organisation_id=organisation_b.id, reason=SuspendedFor.UNPAID)
    assert standing(organisation_b) == ("ready", "", [])
