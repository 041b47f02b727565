"""The files that families sent, for the staff who know the child."""

import pytest
from django.urls import reverse

from kernel import clock
from shared_apps.audit.actors import SYSTEM
from shared_apps.audit.models import Entry
from tenant_apps.families.identity import Answers
from tenant_apps.families.models import Participant
from tenant_apps.forms import operations, uploads
from tenant_apps.forms.models import Purpose, Upload
from tenant_apps.forms.scanning import Checked
from tenant_apps.organisation.models import Role
from tests.factories.families import a_child
from tests.factories.forms import a_form
from tests.factories.organisation import an_establishment
from tests.office.conftest import SignIn

HEALTH = {Role.OWNER, Role.ADMINISTRATOR, Role.PROGRAMME_MANAGER, Role.SECRETARY, Role.GROUP_LEADER}


def an_upload(child: Participant, *, is_health: bool = True) -> Upload:
    upload = uploads.keep(
        checked=Checked("certificat.pdf", "application/pdf", b"%PDF-1.7 noix"),
        guardian_id=None,
        is_health=is_health,
        at=clock.now(),
    )
    operations.submit(
        version_id=a_form({"key": "proof", "kind": "file"}, purpose=Purpose.RECORD).id,
        participant_id=child.id,
        signer_id=None,
        answers=Answers(own={"proof": {"upload": str(upload.id), "name": upload.name}}),
        actor=SYSTEM,
        at=clock.now(),
    )
    return upload


def address(upload: Upload) -> str:
    return reverse("office:upload", urlconf="config.urls.organisation", args=[upload.id])


def opened_by(as_staff: SignIn, upload: Upload, school: object) -> set[str]:
    roles = {role: as_staff(role, school).get(address(upload)).status_code for role in Role}  # type: ignore[arg-type]
    return {role for role, status in roles.items() if status == 200}


def test_a_file_about_health_is_for_those_who_care_for_the_child_and_leaves_a_trail(as_staff: SignIn) -> None:
    school = an_establishment()
    upload = an_upload(a_child("Ada", establishment=school))

    assert opened_by(as_staff, upload, school) == HEALTH
    trail = Entry.objects.filter(action="health.read", subject="upload", subject_id=upload.id)
    assert trail.count() == len(HEALTH)


def test_another_file_is_for_those_who_know_the_family_and_is_no_reading_of_health(as_staff: SignIn) -> None:
    school = an_establishment()
    upload = an_upload(a_child("Ada", establishment=school), is_health=False)

    assert opened_by(as_staff, upload, school) == HEALTH | {Role.AUDITOR}
    assert not Entry.objects.filter(action="health.read").exists()


def test_another_school_s_secretary_finds_no_such_file(as_staff: SignIn) -> None:
    upload = an_upload(a_child("Ada", establishment=an_establishment()))
    assert as_staff(Role.SECRETARY, an_establishment()).get(address(upload)).status_code == 404


def test_a_file_is_sealed_in_the_storage_and_read_only_as_itself(as_staff: SignIn) -> None:
    first, second = an_upload(a_child("Ada")), an_upload(a_child("Bo"))
    with uploads.default_storage.open(first.path) as file:
        assert b"noix" not in file.read()

    # Moved to another row it no longer opens.
    Upload.objects.filter(id=second.id).update(path=first.path)
    assert as_staff(Role.OWNER).get(address(second)).status_code == 404
    assert as_staff(Role.OWNER).get(address(first)).content == b"%PDF-1.7 noix"


@pytest.mark.parametrize("role", [Role.OWNER, Role.SECRETARY])
def test_a_file_that_no_answer_claimed_is_nobody_s_here(as_staff: SignIn, role: str) -> None:
    upload = uploads.keep(
        checked=Checked("x.pdf", "application/pdf", b"%PDF-"), guardian_id=None, is_health=False, at=clock.now()
    )
    assert as_staff(role).get(address(upload)).status_code == 404
