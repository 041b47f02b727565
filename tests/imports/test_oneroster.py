"""A OneRoster 1.2 export is read as the student information system means it."""

import io
import zipfile
from datetime import date
from typing import Any

import pytest

from tenant_apps.families.models import Guardianship, Participant
from tenant_apps.imports import archive, oneroster
from tenant_apps.imports.errors import BadFile, told
from tenant_apps.imports.lines import Adult, Line
from tenant_apps.imports.models import Layout, State
from tenant_apps.imports.sources import Terms
from tenant_apps.organisation.models import Establishment
from tests.imports.files import an_archive, checked, codes, imported

TERMS = Terms(territory="CA", asks_national_number=False, today=date(2026, 9, 16))

Rows = list[dict[str, str]]


def an_export(**changed: Any) -> bytes:
    """A school with a child, her mother and her class; any file may be given otherwise."""
    files: dict[str, Any] = {
        "orgs": [{"sourcedId": "o1", "name": "École A", "type": "school", "identifier": "9001"}],
        "users": [
            _user("c1", "Sarah", "Lapointe", identifier="1234567", agentSourcedIds="p1", grades="02"),
            _user("p1", "Marie", "Lapointe", email="Marie@example.org", sms="514 555-0123"),
            _user("t1", "Anne", "Tremblay"),
        ],
        "roles": [_role("c1", "student"), _role("p1", "parent"), _role("t1", "teacher")],
        "demographics": [{"sourcedId": "c1", "birthDate": "2016-03-04"}],
        "classes": [
            {"sourcedId": "k1", "title": "881", "classType": "homeroom"},
            {"sourcedId": "k2", "title": "Piano", "classType": "scheduled"},
        ],
        "enrollments": [
            {"classSourcedId": "k1", "userSourcedId": "c1", "role": "student", "primary": ""},
            {"classSourcedId": "k2", "userSourcedId": "c1", "role": "student", "primary": ""},
            {"classSourcedId": "k1", "userSourcedId": "t1", "role": "teacher", "primary": "true"},
        ],
        **changed,
    }
    return an_archive(**{name: rows for name, rows in files.items() if rows is not None})


def _user(key: str, given: str, family: str, **more: str) -> dict[str, str]:
    empty = dict.fromkeys(
        ("status", "identifier", "agentSourcedIds", "grades", "email", "sms", "preferredGivenName"), ""
    )
    return {"sourcedId": key, "givenName": given, "familyName": family, **empty, **more}


def _role(user: str, role: str, **more: str) -> dict[str, str]:
    return {"userSourcedId": user, "role": role, "orgSourcedId": "o1", "roleType": "primary", "status": "", **more}


def lines_of(content: bytes) -> list[Line]:
    return list(oneroster.read(io.BytesIO(content), TERMS))


def fault_of(content: bytes) -> str:
    with pytest.raises(BadFile) as bad:
        lines_of(content)
    assert told(bad.value.fault)
    return bad.value.fault.code


@pytest.mark.line("S3-42")
def test_a_child_comes_with_school_group_teacher_and_adults() -> None:
    [sarah] = lines_of(an_export())

    assert sarah.faults == []
    assert sarah.values == {
        "external_id": "c1",
        "student_number": "1234567",
        "last_name": "Lapointe",
        "first_name": "Sarah",
        "birth_date": date(2016, 3, 4),
        "establishment": ("École A", "9001", "o1"),
        "level": "02",
        "home_group": "881",
        "teacher": "Anne Tremblay",
    }
    assert sarah.adults == [
        Adult("Lapointe", "Marie", email="marie@example.org", phone="514 555-0123", role="parent", reference="p1")
    ]


def test_it_is_imported_and_locked() -> None:
    run = imported(an_export(), layout=Layout.ONEROSTER)

    sarah = Participant.objects.get()
    assert run.state == State.DONE
    assert (str(sarah.level), sarah.answers) == ("2e année", {"home_group": "881", "teacher": "Anne Tremblay"})
    assert {"home_group", "teacher", "student_number"} <= set(sarah.locked_fields)
    assert Guardianship.objects.count() == 1


def test_only_the_three_first_files_are_needed() -> None:
    [sarah] = lines_of(an_export(demographics=None, classes=None, enrollments=None))

    assert "birth_date" not in sarah.values


def test_the_files_may_be_in_a_folder() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(an_export())) as flat, zipfile.ZipFile(content, "w") as folded:
        for name in flat.namelist():
            folded.writestr(f"export/{name}", flat.read(name))

    assert len(lines_of(content.getvalue())) == 1


@pytest.mark.parametrize("where", ["user", "role"])
def test_who_is_to_be_deleted_has_left_and_may_come_back(where: str) -> None:
    gone = "tobedeleted"
    users = [_user("c1", "Sarah", "Lapointe", status=gone if where == "user" else "")]
    roles = [_role("c1", "student", status=gone if where == "role" else "")]
    imported(an_export(), layout=Layout.ONEROSTER)

    run = imported(an_export(users=users, roles=roles), layout=Layout.ONEROSTER)
    assert (run.counts["gone"], Participant.objects.get().removed_at is not None) == (1, True)

    back = imported(an_export(), layout=Layout.ONEROSTER)
    assert (back.counts["changed"], Participant.objects.get().removed_at) == (1, None)


def test_who_was_never_here_cannot_leave() -> None:
    run = imported(
        an_export(users=[_user("c9", "A", "B", status="tobedeleted")], roles=[_role("c9", "student")]),
        layout=Layout.ONEROSTER,
    )

    assert (run.counts["unknown_leavers"], Participant.objects.count()) == (1, 0)


def test_a_fault_is_told_in_the_file_where_it_is() -> None:
    users = [
        _user("c1", "Sarah", "Lapointe", agentSourcedIds="p1,p9", grades="02"),
        _user("p1", "Marie", "Lapointe", email="nonsense"),
    ]
    [line] = lines_of(an_export(users=users, demographics=[{"sourcedId": "c1", "birthDate": "hier"}]))

    assert [(fault.file, fault.row, fault.column, fault.code) for fault in line.faults] == [
        ("demographics.csv", 2, "birthDate", "bad_date"),
        ("users.csv", 3, "email", "bad_email"),
        ("users.csv", 2, "agentSourcedIds", "unknown_agent"),
    ]


def test_a_school_is_known_by_its_name_or_its_code(school: Establishment) -> None:
    orgs = [{"sourcedId": "o1", "name": "Autre nom", "type": "school", "identifier": "ECOLE-A"}]

    imported(an_export(orgs=orgs), layout=Layout.ONEROSTER)

    assert Participant.objects.get().establishment == school


def test_an_unknown_school_is_refused_or_made_as_staff_choose() -> None:
    content = an_export(orgs=[{"sourcedId": "o1", "name": "École neuve", "type": "school"}])

    refused = checked(content, layout=Layout.ONEROSTER)
    made = imported(content, layout=Layout.ONEROSTER, create=True)

    assert codes(refused) == [(2, "establishment", "unknown_establishment")]
    assert (made.counts["establishments"], Establishment.objects.get(code="ecole-neuve").name) == (1, "École neuve")
    assert Participant.objects.get().establishment == Establishment.objects.get(code="ecole-neuve")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"users": None}, "missing_file"),
        ({"manifest": "propertyName,value\noneroster.version,1.1\n"}, "wrong_version"),
        ({"manifest": "propertyName,value\noneroster.version,1.2\nfile.users,delta\n"}, "delta"),
        ({"roles": [{"userSourcedId": "c1", "role": "student"}]}, "missing_column"),
        ({"roles": [_role("t1", "teacher")]}, "no_rows"),
    ],
)
def test_an_export_that_is_no_complete_1_2_is_refused(changed: dict[str, Any], code: str) -> None:
    assert fault_of(an_export(**changed)) == code


def test_what_is_no_archive_is_refused() -> None:
    assert fault_of(b"nom,prenom\nRoy,Milo\n") == "bad_zip"
    assert fault_of(b"PK\x05\x06" + b"\0" * 5) == "bad_zip"


def test_an_archive_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_BYTES", 10_000)

    assert fault_of(an_export(academicSessions="x" * 10_001)) == "zip_too_big"


def test_an_archive_that_lies_about_its_size_is_refused() -> None:
    """Its directory says ten bytes; the file itself holds a megabyte of zeros."""
    content = bytearray(an_export(users="sourcedId\n" + "0" * 1_000_000))
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        size = packed.getinfo("users.csv").file_size
    lie = content.replace(size.to_bytes(4, "little"), (10).to_bytes(4, "little"))

    assert fault_of(bytes(lie)) in {"bad_zip", "missing_column"}


def test_a_locked_archive_is_refused() -> None:
    content = bytearray(an_export())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = 0
        while (start := content.find(signature, start)) >= 0:
            content[start + offset] |= 1
            start += 4

    assert fault_of(bytes(content)) == "encrypted_zip"
