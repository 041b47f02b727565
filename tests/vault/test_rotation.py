"""A key is changed while sealed values are read and written, and may be stopped anywhere."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import BinaryField
from pytest_django import Settings

from shared_apps.audit.actors import SYSTEM
from shared_apps.vault import keys, rotation, sealing
from shared_apps.vault.models import DataKey
from shared_apps.vault.places import PLACES, Files
from shared_apps.vault.sealing import key_number, seal, seal_bytes, unseal, unseal_bytes
from tenant_apps.families.identity import Answers
from tenant_apps.families.models import Participant
from tenant_apps.forms import operations
from tenant_apps.forms.answers import of_submission
from tenant_apps.forms.models import Submission, Upload
from tenants.models import Organisation
from tests.factories.families import a_child, a_guardian
from tests.factories.forms import a_form
from tests.factories.moments import NOON

pytestmark = pytest.mark.django_db
PLACE = "families.Participant.sealed"
LATER = NOON + timedelta(hours=2)


@pytest.fixture(autouse=True)
def _inside(organisation_a: Organisation, settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    keys.forget()


def children(number: int) -> list[Participant]:
    """Children of one family, each with an allergy of its own."""
    guardian = a_guardian()
    found = [a_child(f"Enfant {each}", of=guardian) for each in range(number)]
    for child in found:
        sealed = seal({"allergies": child.first_name}, place=PLACE, row_id=child.id)
        Participant.objects.filter(pk=child.pk).update(sealed=sealed)
    return found


def a_file() -> Upload:
    upload = Upload(name="carnet.pdf", content_type="application/pdf", size_bytes=3)
    sealed = seal_bytes(b"pdf", place="forms.Upload.content", row_id=upload.id)
    upload.path = default_storage.save("uploads/carnet", ContentFile(sealed))
    upload.save()
    return upload


def read(child: Participant) -> dict[str, str]:
    child.refresh_from_db()
    return unseal(child.sealed, place=PLACE, row_id=child.id)


def used() -> set[int]:
    """The numbers of the keys that children's values are sealed with."""
    sealed = Participant.objects.exclude(sealed=None).values_list("sealed", flat=True)
    return {key_number(each) for each in sealed if each is not None}


def test_every_value_is_sealed_with_the_new_key_and_still_opens() -> None:
    found = children(5)
    keys.make(at=NOON)
    assert used() == {1}

    assert rotation.reseal(batch=2) == 5

    assert used() == {2}
    assert [read(child) for child in found] == [{"allergies": child.first_name} for child in found]


def test_stopped_in_the_middle_it_goes_on_where_it_was() -> None:
    found = children(5)
    keys.make(at=NOON)
    next(PLACES[PLACE].reseal(2, batch=2))  # and the process is gone
    assert used() == {1, 2}
    assert rotation.is_behind()
    assert rotation.delete_unused(at=LATER) == []

    assert rotation.reseal() == 3

    assert used() == {2}
    assert [read(child) for child in found] == [{"allergies": child.first_name} for child in found]


def test_the_answers_of_a_submission_are_sealed_anew() -> None:
    """Sealed as the room of forms does it: a seal is bound to its submission."""
    submission = operations.submit(
        version_id=a_form({"key": "allergies", "class": "health"}).id,
        participant_id=a_child().id,
        signer_id=None,
        answers=Answers(sealed={"allergies": "noix"}),
        actor=SYSTEM,
        at=NOON,
    )
    keys.make(at=NOON)

    assert rotation.reseal() == 1

    kept = Submission.objects.select_related("sealed").get(pk=submission.pk)
    assert key_number(kept.sealed.content) == 2
    assert of_submission(kept) == {"allergies": "noix"}


def test_a_file_is_sealed_anew_beside_the_old_one() -> None:
    upload = a_file()
    old = upload.path
    keys.make(at=NOON)

    assert rotation.reseal() == 1

    upload.refresh_from_db()
    content = default_storage.open(upload.path).read()
    assert key_number(content) == 2
    assert unseal_bytes(content, place="forms.Upload.content", row_id=upload.id) == b"pdf"
    assert not default_storage.exists(old)


def test_a_file_that_somebody_removes_meanwhile_is_no_trouble() -> None:
    upload = a_file()
    default_storage.delete(upload.path)
    keys.make(at=NOON)

    assert rotation.reseal() == 0
    assert not Files("forms.Upload.content").is_behind(2)


def test_a_lost_value_does_not_keep_the_others_under_the_old_key() -> None:
    first, *others = children(3)
    Participant.objects.filter(pk=first.pk).update(sealed=bytes(Participant.objects.get(pk=first.pk).sealed)[:-1])
    keys.make(at=NOON)

    assert rotation.reseal(batch=1) == 2

    assert [read(child) for child in others] == [{"allergies": child.first_name} for child in others]
    assert rotation.delete_unused(at=LATER) == []


def test_a_key_that_seals_nothing_any_more_is_deleted_after_a_while() -> None:
    children(1)
    keys.make(at=NOON)
    rotation.reseal()

    assert rotation.delete_unused(at=NOON + timedelta(minutes=5)) == []
    assert rotation.delete_unused(at=LATER) == [1]
    assert list(DataKey.objects.values_list("number", flat=True)) == [2]


def test_a_value_kept_from_before_is_lost_with_the_key() -> None:
    """What a stolen copy holds is as good as erased."""
    [child] = children(1)
    stolen = bytes(Participant.objects.get(pk=child.pk).sealed)
    keys.make(at=NOON)
    rotation.reseal()
    rotation.delete_unused(at=LATER)

    with pytest.raises(sealing.Unreadable):
        unseal(stolen, place=PLACE, row_id=child.id)


def test_without_a_rotation_there_is_nothing_to_do() -> None:
    children(1)

    assert rotation.reseal() == 0
    assert rotation.delete_unused(at=LATER) == []
    assert DataKey.objects.count() == 1


def test_every_column_of_bytes_is_a_registered_place() -> None:
    columns = {
        f"{model._meta.app_label}.{model.__name__}.{field.name}"
        for app in apps.get_app_configs()
        if app.name in django_settings.TENANT_APPS
        for model in app.get_models()
        for field in model._meta.fields
        if isinstance(field, BinaryField)
    }

    # Files, which no column holds: what families send, and the copy that an organisation takes.
    assert columns == {name for name, _ in PLACES} - {"forms.Upload.content", "tenants.Export"}
