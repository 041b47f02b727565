"""The copy of their data that a person asks for: all of it, and nothing of the other household's."""

import json
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest

from kernel.inventory import declared, given_out
from shared_apps.audit.actors import Actor
from shared_apps.audit.models import Entry
from tenant_apps.changes.models import ChangeRequest
from tenant_apps.families.models import Guardian, Participant
from tenant_apps.forms.models import Upload
from tenant_apps.privacy import copies, dossier, readings
from tenant_apps.registrations.models import PlaceRequest, Registration
from tenant_apps.slips.models import Slip
from tests.factories.forms import a_form
from tests.factories.moments import NOON
from tests.privacy.traces import Family, a_family, a_paid_order

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=1)


def copy_of(guardian: Guardian) -> dict[str, bytes]:
    file = copies.made(guardian=guardian, actor=Actor(kind="guardian", user_id=guardian.user_id), at=LATER)
    with ZipFile(BytesIO(file.read())) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def data_of(family: Family) -> dict[str, list[dict[str, object]]]:
    found: dict[str, list[dict[str, object]]] = json.loads(copy_of(family.guardian)["donnees.json"])
    return found


def read_health(family: Family) -> None:
    readings.record(
        actor=Actor(kind="staff", label="Louise Secrétaire"),
        role="secretary",
        subject="participant",
        subject_id=family.child.id,
        participant_ids=[family.child.id],
        reason="record",
        at=NOON,
    )


def a_slip_of(family: Family, registration: Registration) -> dict[str, object]:
    return {
        "kind": "childcare",
        "year": 2026,
        "payee": registration.option.offering.payee,
        "guardian": family.guardian,
        "number": 1,
        "total_cents": 550,
        "made_at": NOON,
        "published_at": NOON,
    }


def test_every_field_that_the_inventory_gives_out_is_in_it() -> None:
    family = a_family("Zzyx")
    a_paid_order(family)
    PlaceRequest.objects.create(guardian=family.guardian, status="waiting", asked_at=NOON, queued_at=NOON)
    registration = Registration.objects.filter(basket__guardian=family.guardian).first()
    ChangeRequest.objects.create(registration=registration, guardian=family.guardian, kind="withdrawal", asked_at=NOON)
    Slip.objects.create(**a_slip_of(family, registration))
    data = data_of(family)

    told = {name.rpartition(".")[0] for name, held in declared().items() if held.is_given_out}
    assert told == {dossier.label(model) for model in dossier.READERS}
    without_rows = {"mfa.Authenticator", "socialaccount.SocialAccount", "organisation.StaffMember", "payments.Refund"}
    without_rows |= {"payments.Instalment", "accounting.StatementLine"}
    without_rows |= {"orders.Transfer"}  # nothing is entered for money that no processor moved
    for model in sorted(told - without_rows):
        assert data[model], model
        assert set(given_out(model)) <= data[model][0].keys() | {"establishments"}, model


def test_what_was_sealed_is_readable_in_it() -> None:
    family = a_family("Zzyx")
    data = data_of(family)

    assert data["families.Guardian"][0]["sealed"] == {"national_number": "Zzyx"}
    assert data["families.Participant"][0]["sealed"] == {"allergies": "noix Zzyx"}
    said = data["entitlements.Entitlement"][0]["sealed"]
    assert said == {"words": "Merci Zzyx", "answer": "Oui Zzyx", "ratio": None}
    assert [each["content"] for each in data["forms.Sealed"]] == [{"medication": "sirop Zzyx"}] * 2


def test_files_and_receipts_are_in_it() -> None:
    family = a_family("Zzyx")
    a_paid_order(family)
    found = copy_of(family.guardian)
    upload = Upload.objects.get()

    assert found[f"documents/{upload.id}/carnetZzyx.pdf"] == b"file"
    [receipt] = [content for name, content in found.items() if name.startswith("recus/")]
    assert receipt.startswith(b"%PDF")
    page = found["resume.html"].decode()
    assert "LapointeZzyx MarieZzyx" in page
    assert "Bonjour Zzyx" in page


def test_its_page_says_the_answers_in_words() -> None:
    family = a_family("Zzyx")
    a_form({"key": "allergies", "label": "Allergies connues", "class": "health"}, key="dossier")

    page = copy_of(family.guardian)["resume.html"].decode()

    assert "<dt>Allergies connues</dt><dd>noix Zzyx</dd>" in page
    assert "<dt>teacher</dt><dd>Prof Zzyx</dd>" in page


@pytest.mark.parametrize("shared", [True, False])
def test_nothing_of_the_other_household_is_in_it(shared: bool) -> None:
    mine = a_family("Mine")
    theirs = a_family("Theirs", child=mine.child if shared else None)
    a_paid_order(theirs)
    a_paid_order(mine)
    read_health(theirs)

    for name, content in copy_of(mine.guardian).items():
        assert b"Theirs" not in content, name
        assert b"Theirs" not in name.encode()
        assert b"theirs" not in content, name
        assert str(theirs.guardian.household_id).encode() not in content
    for name, content in copy_of(theirs.guardian).items():
        if not shared:
            assert b"Mine" not in content, name
        assert b"rue Mine" not in content, name
        assert b"mine@famille" not in content, name


def test_it_would_be_seen_if_it_were() -> None:
    """The twin: with the other's identifier, the other's words are all there."""
    mine = a_family("Mine")
    theirs = a_family("Theirs", child=mine.child)

    assert b"rue Theirs" in copy_of(theirs.guardian)["donnees.json"]


def test_health_is_left_out_for_who_may_not_see_it() -> None:
    family = a_family("Zzyx")
    family.guardian.guardianships.update(may_see_health=False)
    read_health(family)
    found = copy_of(family.guardian)

    for name, content in found.items():
        assert b"noix" not in content, name
        assert b"sirop" not in content, name
        assert "secrétariat" not in content.decode(errors="replace").lower(), name
    assert [name for name in found if name.startswith("documents/")] == []


def test_a_child_that_one_is_blocked_from_is_not_in_it() -> None:
    family = a_family("Zzyx")
    Participant.objects.update(first_name="Secret", used_name="Secret")
    family.guardian.guardianships.update(is_blocked=True)

    for name, content in copy_of(family.guardian).items():
        assert b"Secret" not in content, name
        assert str(family.child.id).encode() not in content, name


def test_who_read_about_the_child_s_health_is_told_by_role() -> None:
    family = a_family("Zzyx")
    read_health(family)
    found = copy_of(family.guardian)

    [reading] = json.loads(found["donnees.json"])["health_readings"]
    assert (reading["role"], reading["reason"]) == ("Secrétariat d’établissement", "Fiche de la personne")
    assert reading["children"] == [str(family.child.id)]
    assert "Louise" not in found["donnees.json"].decode()


def test_it_leaves_a_trace_and_no_file() -> None:
    family = a_family("Zzyx")
    copy_of(family.guardian)

    entry = Entry.objects.get(action=copies.COPIED)
    assert (entry.subject_id, entry.actor_id) == (family.guardian.id, family.guardian.user_id)


def test_a_file_that_is_gone_does_not_spoil_the_rest() -> None:
    family = a_family("Zzyx")
    Upload.objects.update(path="uploads/gone")

    assert "donnees.json" in copy_of(family.guardian)


def test_no_name_of_a_file_leads_out_of_its_folder() -> None:
    family = a_family("Zzyx")
    Upload.objects.update(name="../../etc/passwd\x00:.pdf".replace("\x00", ""))

    [name] = [name for name in copy_of(family.guardian) if name.startswith("documents/")]
    assert name.count("/") == 2
    assert ".." not in name.split("/")
