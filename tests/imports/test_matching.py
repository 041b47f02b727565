"""A child of a file is found if they are known, made if they are not, and asked about where nobody can tell."""

from datetime import date
from typing import Any

import pytest

from kernel import clock
from shared_apps.audit.models import Entry
from shared_apps.vault.sealing import keyed_hash
from tenant_apps.families import queries
from tenant_apps.families.matching import national_number_hash
from tenant_apps.families.models import Participant
from tenant_apps.imports import operations
from tenant_apps.imports.hashing import number_hash
from tenant_apps.imports.models import State
from tenant_apps.organisation.models import Establishment
from tests.factories.families import a_child, a_guardian
from tests.factories.organisation import a_user, an_establishment, an_organisation_profile
from tests.imports.files import MILO, SARAH, a_table, an_importer, checked, codes, imported, worked

LOCKED = {"last_name", "first_name", "birth_date", "establishment", "level"}
BIRTH = date(2016, 3, 4)


def named(first_name: str = "Sarah") -> Participant:
    return Participant.objects.get(first_name=first_name)


@pytest.mark.line("S3-42")
def test_a_first_import_makes_the_children_with_what_the_file_says(school: Establishment) -> None:
    run = imported(a_table(SARAH, MILO))

    assert (run.state, run.counts["new"], run.rows, run.rows_done) == (State.DONE, 2, 2, 2)
    sarah = named()
    assert (sarah.external_id, sarah.last_name, sarah.birth_date) == ("s1", "Lapointe", BIRTH)
    assert (sarah.establishment, str(sarah.level)) == (school, "2e année")
    assert set(sarah.locked_fields) == LOCKED
    assert sarah.search_text == "lapointe sarah  "


def test_a_check_writes_nothing() -> None:
    run = checked(a_table(SARAH, MILO))

    assert (run.state, run.counts["new"], run.rows) == (State.CHECKED, 2, 2)
    assert Participant.objects.count() == 0
    assert [(each["kind"], each["row"], each["name"]) for each in run.preview] == [
        ("new", 2, "Lapointe Sarah"),
        ("new", 3, "Roy Milo"),
    ]


def test_the_same_file_again_changes_nothing() -> None:
    imported(a_table(SARAH, MILO))
    entries = Entry.objects.filter(subject="participant").count()

    run = imported(a_table(SARAH, MILO))

    assert (run.counts["unchanged"], run.counts.get("changed"), run.counts.get("new")) == (2, None, None)
    assert (Participant.objects.count(), Entry.objects.filter(subject="participant").count()) == (2, entries)


def test_what_changed_is_shown_before_and_after_and_leaves_a_trace() -> None:
    imported(a_table(SARAH))

    run = imported(a_table(SARAH.replace("2e", "1re")))

    assert run.preview == [
        {"kind": "changed", "row": 2, "name": "Lapointe Sarah", "changes": [["level", "2e année", "1re année"]]}
    ]
    entry = Entry.objects.filter(subject_id=named().id).latest("at")
    assert (entry.action, entry.details) == ("participant.changed", {"import": str(run.id), "columns": ["level"]})


@pytest.mark.line("S1-50")
def test_a_child_whom_the_family_typed_is_found_by_their_number_and_then_locked(school: Establishment) -> None:
    guardian = a_guardian(user=a_user("marie@example.org"))
    known = a_child("Sarah", of=guardian, birth_date=BIRTH)
    Participant.objects.filter(id=known.id).update(student_number="1234567")
    row = "1234567,LAPOINTE,Sarah,2016-03-04,881,Lapointe,Marie,marie@example.org"
    headings = "numéro de fiche,nom,prénom,date de naissance,groupe,parent 1 nom,parent 1 prénom,parent 1 courriel"

    run = imported(a_table(row, headings=headings))

    known.refresh_from_db()
    assert (run.counts["changed"], Participant.objects.count()) == (1, 1)
    assert (known.last_name, known.answers["home_group"]) == ("LAPOINTE", "881")
    assert set(known.locked_fields) == {"last_name", "first_name", "birth_date", "student_number", "home_group"}


def test_a_child_is_found_by_name_birth_date_and_school(school: Establishment) -> None:
    guardian = a_guardian(user=a_user("marie@example.org"))
    known = a_child("Sarah", of=guardian, birth_date=BIRTH, establishment=school)

    imported(a_table(SARAH.replace("Lapointe,Sarah", "LAPOINTE,sarah")))

    assert Participant.objects.get().id == known.id


def test_a_namesake_of_another_school_is_asked_about_and_never_guessed(school: Establishment) -> None:
    known = a_child("Sarah", birth_date=BIRTH, establishment=an_establishment("École B"))

    run = checked(a_table(SARAH))

    assert codes(run) == [(2, "last_name", "doubtful")]
    assert [each["id"] for each in run.doubts[0]["candidates"]] == [str(known.id)]


def test_a_record_held_by_people_whom_the_file_does_not_name_is_asked_about(school: Establishment) -> None:
    stranger = a_guardian(first_name="Un", last_name="Inconnu")
    a_child("Sarah", of=stranger, birth_date=BIRTH, establishment=school)

    assert codes(checked(a_table(SARAH))) == [(2, "last_name", "doubtful")]


def test_a_typed_number_with_another_birth_date_is_asked_about() -> None:
    known = a_child("Paul", birth_date=date(2015, 1, 1))
    Participant.objects.filter(id=known.id).update(student_number="77")
    row = "77,Lapointe,Sarah,2016-03-04"

    run = checked(a_table(row, headings="numéro de fiche,nom,prénom,date de naissance"))

    assert codes(run) == [(2, "student_number", "doubtful")]


@pytest.mark.parametrize("is_same", [True, False])
def test_staff_decide_whose_the_record_is(is_same: bool, school: Establishment) -> None:
    known = a_child("Sarah", birth_date=BIRTH, establishment=an_establishment("École B"))
    run = checked(a_table(SARAH))
    choice = str(known.id) if is_same else "new"

    operations.decide(run_id=run.id, decisions={run.doubts[0]["key"]: choice}, actor=an_importer(), at=clock.now())
    worked(run)
    operations.confirm(run_id=run.id, skip_refused=False, actor=an_importer(), at=clock.now())
    worked(run)

    assert run.state == State.DONE
    assert Participant.objects.count() == (1 if is_same else 2)
    assert (Participant.objects.get(external_id="s1").id == known.id) is is_same


def test_nobody_can_decide_for_a_record_that_was_not_proposed(school: Establishment) -> None:
    a_child("Sarah", birth_date=BIRTH, establishment=an_establishment("École B"))
    other = a_child("Zoé")
    run = checked(a_table(SARAH))

    operations.decide(
        run_id=run.id, decisions={run.doubts[0]["key"]: str(other.id)}, actor=an_importer(), at=clock.now()
    )

    assert codes(worked(run)) == [(2, "last_name", "doubtful")]


def test_two_records_of_one_name_are_ambiguous(school: Establishment) -> None:
    for _ in range(2):
        a_child("Sarah", birth_date=BIRTH, establishment=school)

    assert codes(checked(a_table(SARAH))) == [(2, "last_name", "ambiguous")]


def test_one_child_twice_in_a_file_is_refused() -> None:
    run = checked(a_table(SARAH, SARAH))

    assert codes(run) == [(3, "external_id", "repeated")]
    assert run.errors[0]["values"] == {"other": 2}


def test_a_number_that_another_child_of_the_same_system_has_is_refused() -> None:
    headings = "identifiant,numéro de fiche,nom,prénom"
    imported(a_table("s1,77,Lapointe,Sarah", headings=headings))

    assert codes(checked(a_table("s9,77,Roy,Milo", headings=headings))) == [(2, "student_number", "number_taken")]


def test_who_cannot_be_recognised_the_next_time_is_refused() -> None:
    assert codes(checked(a_table("Lapointe,Sarah", headings="nom,prénom"))) == [(2, "", "unrecognisable")]


def test_an_empty_cell_and_a_missing_column_change_nothing() -> None:
    imported(a_table(SARAH))

    imported(a_table("s1,Lapointe,Sarah,", headings="identifiant,nom,prénom,niveau"))

    assert (str(named().level), named().birth_date) == ("2e année", BIRTH)


def test_the_name_in_use_is_the_familys_once_there_is_one() -> None:
    headings = "identifiant,nom,prénom,prénom usuel"
    imported(a_table("s1,Lapointe,Sarah,Sasha", headings=headings))
    assert named().used_name == "Sasha"
    Participant.objects.update(used_name="Sam")

    assert imported(a_table("s1,Lapointe,Sarah,Sasha", headings=headings)).counts["unchanged"] == 1
    assert (named().used_name, "used_name" in named().locked_fields) == ("Sam", False)


@pytest.mark.line("S4-10", "S4-14")
def test_a_national_number_finds_a_child_where_the_organisation_asks_for_it() -> None:
    an_organisation_profile(territory="BE", rules={"national_number": {"asked": True, "reason": "Attestations"}})
    known = a_child("Sarah")
    Participant.objects.filter(id=known.id).update(
        national_number_hash=keyed_hash("85073003328", purpose="national_number")
    )
    table = a_table("Lapointe,Sarah,85.07.30-033 28", headings="nom,prénom,numéro national")

    imported(table)

    assert Participant.objects.get().id == known.id


def test_a_national_number_is_sealed_and_its_check_digits_are_verified() -> None:
    an_organisation_profile(territory="BE", rules={"national_number": {"asked": True, "reason": "Attestations"}})
    headings = "identifiant,nom,prénom,numéro national"

    imported(a_table("s1,Lapointe,Sarah,85073003328", headings=headings))
    wrong = checked(a_table("s2,Roy,Milo,85073003329", headings=headings))

    assert queries.sealed_answers(named()) == {"national_number": "85073003328"}
    assert "85073003328" not in str(Entry.objects.values_list("details", flat=True))
    assert codes(wrong) == [(2, "numéro national", "bad_national_number")]


def test_a_national_number_that_is_not_asked_for_is_turned_away() -> None:
    run: Any = checked(a_table("Lapointe,Sarah,85073003328", headings="nom,prénom,numéro national"))

    assert (run.state, codes(run)) == (State.FAILED, [(None, "", "column_not_allowed")])


def test_a_number_with_letters_is_the_same_for_a_file_and_for_a_family() -> None:
    of_file = number_hash("LOVA85073014")

    assert of_file == national_number_hash("lova 8507-3014")
    assert of_file != national_number_hash("ROYA85073014")
