"""What is sealed opens where it was sealed, and nowhere else."""

from collections.abc import Iterator

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries, Settings

from config.settings import environment
from kernel import ids
from kernel.database import connection
from shared_apps.vault import keys, rotation, sealing
from shared_apps.vault.models import DataKey
from shared_apps.vault.sealing import Unreadable, keyed_hash, seal, seal_bytes, unseal
from tenants.context import in_organisation
from tenants.models import Organisation
from tests.factories.moments import NOON

pytestmark = pytest.mark.django_db
PLACE = "families.Participant.sealed"
ROW = ids.uuid7()
ALLERGIES = {"allergies": "arachides, œufs"}


@pytest.fixture(autouse=True)
def _inside(organisation_a: Organisation) -> Iterator[None]:
    keys.forget()
    yield
    keys.forget()


def a_seal() -> bytes:
    sealed = seal(ALLERGIES, place=PLACE, row_id=ROW)
    assert sealed is not None
    return sealed


def test_what_was_sealed_is_read_again() -> None:
    assert unseal(a_seal(), place=PLACE, row_id=ROW) == ALLERGIES
    assert unseal(memoryview(a_seal()), place=PLACE, row_id=ROW) == ALLERGIES


def test_nothing_needs_no_key() -> None:
    assert seal({}, place=PLACE, row_id=ROW) is None
    assert unseal(None, place=PLACE, row_id=ROW) == {}
    assert DataKey.objects.count() == 0


def test_the_words_are_not_in_the_bytes() -> None:
    assert b"arachides" not in a_seal()
    assert a_seal() != a_seal()


def test_another_row_does_not_open_it() -> None:
    with pytest.raises(Unreadable):
        unseal(a_seal(), place=PLACE, row_id=ids.uuid7())


def test_another_field_does_not_open_it() -> None:
    with pytest.raises(Unreadable):
        unseal(a_seal(), place="families.Guardian.sealed", row_id=ROW)


def test_another_organisation_does_not_open_it(organisation_b: Organisation) -> None:
    sealed = a_seal()
    with in_organisation(organisation_b), pytest.raises(Unreadable):
        seal(ALLERGIES, place=PLACE, row_id=ROW)  # it has a key of the same number
        unseal(sealed, place=PLACE, row_id=ROW)


def test_not_even_with_the_key_s_row_copied_over(organisation_b: Organisation) -> None:
    sealed, key = a_seal(), DataKey.objects.get()
    with in_organisation(organisation_b):
        DataKey.objects.create(number=key.number, wrapped=key.wrapped)
        with pytest.raises(keys.wrapping.KeyLost):
            unseal(sealed, place=PLACE, row_id=ROW)


def test_without_the_place_in_it_a_seal_could_be_moved(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin of the tests above: what holds them is the place that the seal is bound to."""
    monkeypatch.setattr(sealing, "_bound", lambda place, row_id: b"")

    assert unseal(a_seal(), place="families.Guardian.sealed", row_id=ids.uuid7()) == ALLERGIES


@pytest.mark.parametrize("byte", [0, 3, 8, sealing.HEAD, -1])
def test_altered_anywhere_it_does_not_open(byte: int) -> None:
    altered = bytearray(a_seal())
    altered[byte] ^= 1

    with pytest.raises(Unreadable):
        unseal(bytes(altered), place=PLACE, row_id=ROW)


@pytest.mark.parametrize("what", [b"x", b"\x01", b"not a sealed value at all", bytes(40)])
def test_what_was_never_sealed_is_refused(what: bytes) -> None:
    with pytest.raises(Unreadable):
        unseal(what, place=PLACE, row_id=ROW)


def test_without_its_key_it_is_gone_for_good() -> None:
    sealed = a_seal()
    DataKey.objects.all().delete()
    keys.forget()

    with pytest.raises(Unreadable):
        unseal(sealed, place=PLACE, row_id=ROW)


def test_a_key_is_asked_for_once_for_a_whole_list(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    rows = [(row, seal(ALLERGIES, place=PLACE, row_id=row)) for row in (ids.uuid7() for _ in range(100))]
    keys.forget()

    with django_assert_num_queries(1):
        assert [unseal(sealed, place=PLACE, row_id=row) for row, sealed in rows] == [ALLERGIES] * 100


def test_a_key_remembered_in_one_organisation_is_asked_for_in_the_next(
    organisation_a: Organisation, organisation_b: Organisation
) -> None:
    a_seal()
    with in_organisation(organisation_b):
        b_sealed = seal(ALLERGIES, place=PLACE, row_id=ROW)
    with in_organisation(organisation_a):
        assert unseal(a_seal(), place=PLACE, row_id=ROW) == ALLERGIES
        with pytest.raises(Unreadable):
            unseal(b_sealed, place=PLACE, row_id=ROW)


def test_a_key_whose_making_was_undone_is_forgotten() -> None:
    """Its number is given again to another key: what that one seals must open."""
    keys._opened.ciphers[1] = AESGCM(bytes(32))
    keys._opened.tenant = connection.tenant
    key = keys.wrapping.wrapped(bytes(31) + b"\x01", 1)
    DataKey.objects.create(number=1, wrapped=key)
    keys._opened.ciphers[1] = AESGCM(bytes(31) + b"\x01")
    sealed = a_seal()
    keys._opened.ciphers[1] = AESGCM(bytes(32))

    assert unseal(sealed, place=PLACE, row_id=ROW) == ALLERGIES


def test_a_new_platform_key_loses_nothing(settings: Settings) -> None:
    sealed = a_seal()
    settings.VAULT_KEYS = ["the newest", *settings.VAULT_KEYS]
    keys.forget()
    assert unseal(sealed, place=PLACE, row_id=ROW) == ALLERGIES

    assert rotation.wrap_anew() == 1
    settings.VAULT_KEYS = ["the newest"]
    keys.forget()

    assert unseal(sealed, place=PLACE, row_id=ROW) == ALLERGIES


def test_a_platform_key_forgotten_too_early_is_said(settings: Settings) -> None:
    sealed = a_seal()
    settings.VAULT_KEYS = ["another altogether"]
    keys.forget()

    with pytest.raises(keys.wrapping.KeyLost):
        unseal(sealed, place=PLACE, row_id=ROW)


def test_a_hash_is_found_again_here_and_nowhere_else(organisation_b: Organisation) -> None:
    here = keyed_hash("85073003328", purpose="national_number")

    assert here == keyed_hash("85073003328", purpose="national_number")
    assert here != keyed_hash("85073003328", purpose="another")
    with in_organisation(organisation_b):
        assert here != keyed_hash("85073003328", purpose="national_number")


def test_everything_new_is_sealed_with_the_newest_key() -> None:
    seal_bytes(b"old", place=PLACE, row_id=ROW)
    newer = keys.make(at=NOON)

    assert sealing.key_number(a_seal()) == newer.number == 2


def test_the_newest_key_is_asked_for_each_time() -> None:
    """Another process may have begun a rotation in between."""
    a_seal()
    with CaptureQueriesContext(connection) as asked:
        a_seal()

    assert len(asked) == 1


def test_the_platform_s_keys_are_named_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VAULT_KEYS", raising=False)
    assert environment.texts("VAULT_KEYS") == []

    monkeypatch.setenv("VAULT_KEYS", "new, old,")
    assert environment.texts("VAULT_KEYS") == ["new", "old"]
