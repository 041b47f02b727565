"""What leaves is erased for good, all of it, and nobody else; and it is said what was looked for and not found."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from pytest_django import Settings

from billing.models import ConnectedAccount, Invoice, ProcessorEvent
from kernel import database
from kernel.registry import Registry
from shared_apps.outbox.models import Message
from shared_apps.vault import keys
from tenant_apps.organisation.models import Role
from tenants.context import in_operations, in_organisation, in_registry
from tenants.leaving import certificate, certificate_paper, closing, departing, erasing, removing, tombstones
from tenants.leaving.registries import Matter
from tenants.models import Departure, Domain, Export, Organisation, SignUp, State, SuspendedFor
from tenants.operations.create import create
from tenants.operations.provision import provision
from tenants.operations.suspend import PlatformsOwn, suspend
from tests.factories.moments import NOON
from tests.factories.organisation import a_staff_member, an_organisation_profile
from tests.privacy.traces import a_family
from tests.tenants import leaving

pytestmark = pytest.mark.django_db

MARK = "ZEBRE"
THE_DAY = NOON + timedelta(days=61)


@pytest.fixture
def organisation(settings: Settings, tmp_path: Path) -> Iterator[Organisation]:
    """With a family, files, values in the cache and rows in the registry; no other database has its role."""
    settings.MEDIA_ROOT = tmp_path
    keys.forget()
    made = provision(organisation_id=create(name="Commune", slug="commune").id)
    with in_organisation(made):
        _leave_traces(made)
        yield made


def _leave_traces(organisation: Organisation) -> None:
    an_organisation_profile(contact_email="aide@example.org")
    a_staff_member(Role.OWNER)
    a_family(MARK)
    default_storage.save("offerings/photo.webp", ContentFile(MARK.encode()))
    cache.set("greeting", MARK)
    with in_registry():
        account = ConnectedAccount.objects.create(
            organisation=organisation, processor_id="acct_commune", name=f"École {MARK}"
        )
        ProcessorEvent.objects.create(
            processor_id="evt_1",
            kind="charge.succeeded",
            account=account.processor_id,
            payload={"name": MARK},
            received_at=NOON,
            due_at=NOON,
        )
        ProcessorEvent.objects.create(
            processor_id="evt_2", kind="transfer", payload={"to": "acct_commune"}, received_at=NOON, due_at=NOON
        )
        Invoice.objects.create(
            organisation=organisation, processor_id="in_1", currency="cad", total_cents=4_200, issued_at=NOON
        )
        SignUp.objects.create(
            name="Commune", slug="commune", preset="", language="fr", owner_email=f"{MARK}@example.org"
        )
        SignUp.objects.update(organisation=organisation)
        Export.objects.create(organisation=organisation, asked_by=f"Marie {MARK}", asked_at=NOON)
    settle()


@pytest.fixture
def closed(organisation: Organisation) -> Organisation:
    """Left, and closed since its day."""
    day = departing.today_of(organisation, NOON)
    departing.announce(
        organisation_id=organisation.pk,
        asked_by="Une propriétaire",
        reason=f"Fusion, demandez à Marie {MARK}",
        closes_on=day + timedelta(days=30),
        erases_on=day + timedelta(days=60),
        at=NOON,
    )
    closing.advance(at=NOON + timedelta(days=31))
    settle()
    with in_registry():
        return Organisation.objects.get(pk=organisation.pk)


def settle() -> None:
    """What a commit would do: no check of a row waits any more, so that its table can go."""
    connection.check_constraints()


def erased(organisation: Organisation, at: datetime = THE_DAY) -> Departure:
    with in_registry():
        departure = erasing.erase(organisation_id=organisation.pk, by="Une opératrice", at=at)
    assert departure is not None
    return departure


def state_of(organisation: Organisation) -> str:
    with in_registry():
        return str(Organisation.objects.get(pk=organisation.pk).state)


def exists(statement: str, name: str) -> bool:
    with in_registry(), connection.cursor() as cursor:
        cursor.execute(statement, [name])
        return bool(cursor.fetchone()[0])


def nothing_is_left(organisation: Organisation, files: Path) -> bool:
    schema = organisation.schema_name
    assert not exists("SELECT count(*) FROM pg_namespace WHERE nspname = %s", schema)
    assert not exists("SELECT count(*) FROM pg_roles WHERE rolname = %s", schema)
    assert not (files / schema).exists()
    assert leaving.registry_rows(MARK) == {}
    assert leaving.registry_rows(str(organisation.pk)) == {
        "billing_invoice": 1,
        "tenants_departure": 1,
        "tenants_organisation": 1,
    }
    assert [path for path in files.rglob("*") if path.is_file() and MARK.encode() in path.read_bytes()] == []
    with in_organisation(organisation):
        assert cache.get("greeting") is None
    return state_of(organisation) == State.ERASED


def test_nothing_of_it_is_left(closed: Organisation, tmp_path: Path) -> None:
    erased(closed)

    assert nothing_is_left(closed, tmp_path)


def test_the_twin_is_as_it_was(closed: Organisation, organisation_b: Organisation, tmp_path: Path) -> None:
    with in_organisation(organisation_b):
        an_organisation_profile(contact_email="aide@example.org")
        a_family(MARK)
        default_storage.save("offerings/photo.webp", ContentFile(b"of b"))
        cache.set("greeting", "of b")
        before = leaving.checksums(organisation_b)
    rows = leaving.registry_rows(str(organisation_b.pk))

    erased(closed)

    with in_organisation(organisation_b):
        assert leaving.checksums(organisation_b) == before
        assert (cache.get("greeting"), default_storage.exists("offerings/photo.webp")) == ("of b", True)
    assert leaving.registry_rows(str(organisation_b.pk)) == rows


@pytest.mark.parametrize("step", removing.STEPS)
@pytest.mark.parametrize("when", ["before", "after"])
def test_stopped_at_any_step_it_goes_on(
    step: str, when: str, closed: Organisation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = removing.STEPS[step]

    def dies(*said: Any) -> None:
        if when == "after":
            whole(*said)
        raise KeyboardInterrupt

    monkeypatch.setitem(removing.STEPS, step, dies)
    with pytest.raises(KeyboardInterrupt):
        erased(closed)
    assert state_of(closed) == State.ERASING
    monkeypatch.setitem(removing.STEPS, step, whole)

    with in_registry():
        assert erasing.erase_due(at=THE_DAY + timedelta(hours=1)) == 1

    assert nothing_is_left(closed, tmp_path)


@pytest.mark.parametrize("step", ["schema", "role", "files", "cache", "registry"])
def test_what_is_still_there_is_never_certified(
    step: str, closed: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check can fail: each step that does nothing is found out."""
    monkeypatch.setitem(removing.STEPS, step, lambda who, at: None)
    # A role goes with nothing that still has it.
    if step == "schema":
        monkeypatch.setitem(removing.STEPS, "role", lambda who, at: None)

    with pytest.raises(erasing.StillThere, match=step):
        erased(closed)

    assert state_of(closed) == State.ERASING


@pytest.mark.parametrize("hours", [-36, -13])
def test_not_before_its_day(hours: int, closed: Organisation) -> None:
    with pytest.raises(erasing.NotErasable):
        erased(closed, at=THE_DAY + timedelta(hours=hours - 24))

    assert state_of(closed) == State.SUSPENDED


def test_one_in_service_is_never_erased(organisation: Organisation) -> None:
    with pytest.raises(erasing.NotErasable):
        erased(organisation)
    with pytest.raises(erasing.NotErasable), in_registry():
        erasing.purge(organisation_id=organisation.pk, by="", at=THE_DAY)

    assert state_of(organisation) == State.READY


def test_nor_one_that_is_suspended_for_something_else(organisation: Organisation) -> None:
    with in_registry():
        suspend(organisation_id=organisation.pk, reason=SuspendedFor.UNPAID, at=NOON)
        Departure.objects.create(
            organisation=organisation, asked_by="", closes_on=NOON.date(), erases_on=NOON.date() + timedelta(days=1)
        )

    with pytest.raises(erasing.NotErasable):
        erased(organisation)


def test_money_on_its_way_is_waited_for(closed: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    owing: Registry[Any] = Registry("list of matters")
    owing.register("test", lambda at: [Matter("refunds", "Remboursements", 1, is_in_flight=True)])
    monkeypatch.setattr(departing, "MATTERS", owing)

    with pytest.raises(erasing.MoneyInFlight):
        erased(closed)

    assert state_of(closed) == State.SUSPENDED


def test_two_at_once_erase_it_once(closed: Organisation) -> None:
    with database.alone(f"erase/{closed.pk}") as first, in_registry():
        assert first
        assert erasing.erase(organisation_id=closed.pk, by="", at=THE_DAY) is None
    assert state_of(closed) == State.SUSPENDED

    assert erased(closed).erased_at == erased(closed, at=THE_DAY + timedelta(days=1)).erased_at == THE_DAY


def test_the_certificate_says_what_was_there_and_what_was_looked_for(closed: Organisation) -> None:
    said = erased(closed).certificate

    assert said["found"] == {"schema": 0, "role": 0, "registry": 0, "files": 0, "cache": 0}
    assert (said["there_was"]["tables"] > 50, said["there_was"]["files"]) == (True, 2)
    assert said["kept"] == {"billing.Invoice": 1, "tenants.Departure": 1}
    assert {closed.schema_name, str(closed.pk), "acct_commune"} == set(said["looked_for_names"])
    assert said["sha256"] == certificate.digest(said) != certificate.digest({**said, "erased_at": ""})


@pytest.mark.parametrize("language", ["fr", "en", "nl"])
def test_it_is_also_a_paper(language: str, closed: Organisation) -> None:
    departure = erased(closed)

    with in_registry():
        assert certificate_paper.pdf(departure, language=language).startswith(b"%PDF")


def test_of_who_announced_it_only_the_name_stays(closed: Organisation) -> None:
    departure = erased(closed)

    with in_registry():
        departure.refresh_from_db()
    assert (departure.asked_by, departure.reason) == ("Une propriétaire", "")
    assert MARK not in str(departure.certificate)


def test_its_last_owner_gets_it_from_the_platform(closed: Organisation) -> None:
    departure = erased(closed)

    with in_operations():
        [message] = Message.objects.filter(unique_key__startswith=f"erased:{departure.pk}")
        [attached] = message.attachments
        assert default_storage.open(attached["path"]).read().startswith(b"%PDF")
    assert "tell" not in departure.certificate


def test_one_that_families_never_saw_is_erased_at_once(organisation: Organisation, tmp_path: Path) -> None:
    with in_registry():
        Organisation.objects.filter(pk=organisation.pk).update(live_at=None)
        erasing.purge(organisation_id=organisation.pk, by="organisations purge", at=NOON)

    assert nothing_is_left(organisation, tmp_path)


def test_one_whose_preparation_failed_is_erased_though_it_has_no_schema(closed: Organisation) -> None:
    failed = create(name="Restée en plan", slug="plan")
    with in_registry():
        Organisation.objects.filter(pk=failed.pk).update(live_at=None, state=State.FAILED)
        departure = erasing.purge(organisation_id=failed.pk, by="organisations purge", at=NOON)

    assert state_of(failed) == State.ERASED
    assert departure is not None
    assert departure.certificate["there_was"] == {"tables": 0, "rows": 0, "files": 0, "bytes": 0}
    with in_registry():
        assert not Domain.objects.filter(tenant=failed).exists()
        assert erasing.erase_due(at=THE_DAY) == 1
    assert state_of(closed) == State.ERASED


def test_a_decision_stands_where_money_keeps_it_from_being_erased_at_once(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    owing: Registry[Any] = Registry("list of matters")
    owing.register("test", lambda at: [Matter("refunds", "Remboursements", 1, is_in_flight=True)])
    monkeypatch.setattr(departing, "MATTERS", owing)
    with in_registry():
        Organisation.objects.filter(pk=organisation.pk).update(live_at=None)
        suspend(organisation_id=organisation.pk, reason=SuspendedFor.DECISION, at=NOON)
        with pytest.raises(erasing.MoneyInFlight):
            erasing.purge(organisation_id=organisation.pk, by="organisations purge", at=NOON)
        departing.cancel(organisation_id=organisation.pk, at=NOON)
        suspended = Organisation.objects.get(pk=organisation.pk)

    assert (suspended.state, suspended.suspended_for) == (State.SUSPENDED, SuspendedFor.DECISION)


def test_the_platforms_own_is_never_erased() -> None:
    with in_registry():
        own = Organisation.objects.get(slug="ops")
        Organisation.objects.filter(pk=own.pk).update(live_at=None)
        with pytest.raises(PlatformsOwn):
            erasing.purge(organisation_id=own.pk, by="organisations purge", at=NOON)

    assert state_of(own) == State.READY


def test_its_address_is_never_given_to_another(closed: Organisation) -> None:
    erased(closed)

    with in_registry():
        assert not Domain.objects.filter(domain="commune.localhost").exists()
        assert Organisation.objects.filter(slug="commune").exists()


@pytest.fixture
def restored(closed: Organisation) -> Iterator[Organisation]:
    """The database as a copy from before the erasure gives it back; files are not restored with it."""
    with in_registry(), connection.cursor() as cursor:
        cursor.execute("SAVEPOINT copy")
        erased(closed)
        cursor.execute("ROLLBACK TO SAVEPOINT copy")
    yield closed


def test_a_restored_copy_is_erased_again(restored: Organisation, tmp_path: Path) -> None:
    assert state_of(restored) == State.SUSPENDED
    assert [stone["organisation"] for stone in tombstones.every()] == [str(restored.pk)]

    with in_registry():
        assert erasing.reapply(at=THE_DAY) == ["commune"]

    assert nothing_is_left(restored, tmp_path)
    with in_registry():
        assert erasing.reapply(at=THE_DAY) == []


def test_also_from_before_it_said_that_it_leaves(restored: Organisation, tmp_path: Path) -> None:
    with in_registry():
        Departure.objects.all().delete()
        Organisation.objects.filter(pk=restored.pk).update(state=State.READY, suspended_for="")
        erasing.reapply(at=THE_DAY)

    assert nothing_is_left(restored, tmp_path)


def test_a_tombstone_names_no_person(closed: Organisation, tmp_path: Path) -> None:
    erased(closed)

    [stone] = (tmp_path / "public" / "tombstones").iterdir()
    assert json.loads(stone.read_text()).keys() == {"organisation", "schema", "departure", "at", "names"}
