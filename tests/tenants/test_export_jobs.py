"""Copies that are asked for: one at a time, begun again when a worker dies, sealed at rest, gone after a week."""

import io
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from pytest_django import Settings

from kernel import clock, leases
from shared_apps.vault import keys, rotation
from shared_apps.vault.sealing import Unreadable
from tenants.context import in_organisation, in_registry
from tenants.leaving import asking, export, exporting, files, sealed
from tenants.models import Export, Organisation, State, SuspendedFor, WorkState
from tenants.operations.suspend import suspend
from tests.factories.moments import NOON
from tests.factories.organisation import an_organisation_profile

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation(organisation_a: Organisation, settings: Settings, tmp_path: Path) -> Organisation:
    settings.MEDIA_ROOT = tmp_path
    keys.forget()
    an_organisation_profile()
    return organisation_a


def asked(organisation: Organisation) -> Export:
    return asking.ask(organisation_id=organisation.pk, asked_by="Une propriétaire", at=clock.now())


def after(export_: Export) -> Export:
    with in_registry():
        export_.refresh_from_db()
    return export_


def made(*, in_minutes: float = 0) -> int:
    return exporting.make_due(at=clock.now() + timedelta(minutes=in_minutes, seconds=1))


def test_it_is_made_sealed_and_kept_a_week(organisation: Organisation, tmp_path: Path) -> None:
    waiting = asked(organisation)

    assert made() == 1

    done = after(waiting)
    assert (done.state, done.done, done.total) == (WorkState.DONE, done.total, done.total)
    assert done.expires_at is not None and done.finished_at is not None
    assert done.expires_at - done.finished_at == timedelta(days=7)
    whole = b"".join(asking.content(done))
    assert len(whole) == done.size
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        assert archive.testzip() is None and "manifest.json" in archive.namelist()
    stored = (tmp_path / organisation.schema_name / done.path).read_bytes()
    assert b"manifest.json" in whole and b"manifest.json" not in stored


def test_one_at_a_time(organisation: Organisation, organisation_b: Organisation) -> None:
    asked(organisation)

    with pytest.raises(asking.AlreadyExporting):
        asked(organisation)
    asked(organisation_b)


def test_a_suspended_organisation_takes_its_copy_too(organisation: Organisation) -> None:
    with in_registry():
        suspend(organisation_id=organisation.pk, reason=SuspendedFor.LEAVING, at=NOON)
    waiting = asked(organisation)

    made()

    assert after(waiting).state == WorkState.DONE


def test_an_erased_one_has_none(organisation: Organisation) -> None:
    with in_registry():
        Organisation.objects.filter(pk=organisation.pk).update(state=State.ERASED)

    with pytest.raises(asking.NothingToExport):
        asked(organisation)


def test_a_worker_that_dies_leaves_it_to_another(organisation: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = asked(organisation)
    with monkeypatch.context() as dying:
        dying.setattr(export, "_documents", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            made()
    default_storage.save(f"exports/{waiting.pk}/1.zip", ContentFile(b"half"))

    assert (made(in_minutes=1), after(waiting).state) == (0, WorkState.RUNNING)
    assert made(in_minutes=6) == 1

    done = after(waiting)
    assert (done.state, done.attempts, list(files.every("exports"))) == (WorkState.DONE, 2, [done.path])


def test_who_lost_it_to_another_writes_nothing(organisation: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker that slept past its lease, and wakes while another is at it."""
    waiting = asked(organisation)
    whole = export._documents

    def overtaken(*said: object) -> None:
        with in_registry():
            Export.objects.filter(pk=waiting.pk).update(attempts=2)
        whole(*said)  # type: ignore[arg-type]

    monkeypatch.setattr(export, "_documents", overtaken)

    assert made() == 0
    assert (after(waiting).state, list(files.every("exports"))) == (WorkState.RUNNING, [])


def test_each_step_renews_its_lease(organisation: Organisation) -> None:
    waiting = asked(organisation)
    own = Export.objects.filter(pk=waiting.pk)

    exporting._tell(own, "tables", 3, 73)

    left = after(waiting).due_at - clock.now()
    assert leases.LEASE - timedelta(seconds=10) < left <= leases.LEASE
    assert (waiting.step, waiting.done, waiting.total) == ("tables", 3, 73)


def test_after_five_attempts_it_is_given_up_with_the_kind_of_its_error(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = asked(organisation)

    def fails(*said: object) -> None:
        raise OSError("Marie Lapointe is in the way")

    monkeypatch.setattr(export, "_documents", fails)
    for minutes in range(0, 60 * 24, 120):
        made(in_minutes=minutes)

    failed = after(waiting)
    assert (failed.state, failed.error) == (WorkState.FAILED, "OSError")
    asked(organisation)


def test_after_a_week_the_file_is_gone(organisation: Organisation) -> None:
    waiting = asked(organisation)
    made()

    with in_registry():
        assert exporting.forget_old(at=clock.now() + timedelta(days=6)) == 0
        assert exporting.forget_old(at=clock.now() + timedelta(days=7, seconds=2)) == 1

    assert (after(waiting).state, list(files.every("exports"))) == (WorkState.EXPIRED, [])


def sealed_file(export_id: object, content: bytes) -> bytes:
    whole = io.BytesIO()
    sealing = sealed.Sealing(whole, export_id)  # type: ignore[arg-type]
    sealing.write(content)
    sealing.finish()
    return whole.getvalue()


@pytest.mark.parametrize("length", [0, 1, sealed.PIECE - 1, sealed.PIECE, sealed.PIECE + 1, 3 * sealed.PIECE])
def test_pieces_come_back_whole(length: int, organisation: Organisation) -> None:
    content = bytes(range(256)) * (length // 256 + 1)
    waiting = asked(organisation)

    stored = sealed_file(waiting.pk, content[:length])

    assert b"".join(sealed.opened(io.BytesIO(stored), waiting.pk)) == content[:length]


def test_cut_off_moved_or_of_another_it_does_not_open(organisation: Organisation, organisation_b: Organisation) -> None:
    waiting = asked(organisation)
    stored = sealed_file(waiting.pk, b"x" * (2 * sealed.PIECE))
    half = len(stored) // 2

    for wrong in (stored[:half], stored[half:] + stored[:half], stored[: -len(stored) + half]):
        with pytest.raises(Unreadable):
            list(sealed.opened(io.BytesIO(wrong), waiting.pk))
    with pytest.raises(Unreadable):
        list(sealed.opened(io.BytesIO(stored), asked(organisation_b).pk))
    with in_organisation(organisation_b), pytest.raises(Unreadable):
        list(sealed.opened(io.BytesIO(stored), waiting.pk))


def test_its_key_lives_as_long_as_it(organisation: Organisation) -> None:
    waiting = asked(organisation)
    made()
    keys.make(at=clock.now())
    rotation.reseal()
    later = clock.now() + timedelta(hours=2)

    assert rotation.delete_unused(at=later) == []
    assert b"".join(asking.content(after(waiting)))[:2] == b"PK"

    with in_registry():
        exporting.forget_old(at=clock.now() + timedelta(days=8))
    assert rotation.delete_unused(at=later) == [1]
