"""Forms made of definitions: what they ask, what they refuse, what they give back."""

from datetime import date
from typing import Any

import pytest

from tenant_apps.families.identity import Answers, Identity
from tenant_apps.forms import building
from tenant_apps.forms.building import DefinedForm
from tenant_apps.forms.models import FormVersion
from tenant_apps.organisation import queries as organisation
from tests.factories.families import a_child, a_guardian
from tests.factories.forms import a_form
from tests.factories.organisation import a_level, an_establishment

pytestmark = pytest.mark.usefixtures("organisation_a")

ALLERGIES = {"key": "allergies", "kind": "boolean", "class": "health", "details_label": "Précisez les allergies"}


def answered(version: FormVersion, **answers: Any) -> DefinedForm:
    form_class = building.form_class(
        version, establishments=organisation.establishments(), levels=organisation.levels()
    )
    return form_class({name: str(value) for name, value in answers.items()})


def asked(question: dict[str, Any], answer: Any) -> Any:
    """The answer kept to one question, or the list of its errors."""
    form = answered(a_form(question), **{question["key"]: answer})
    return form.cleaned_data[question["key"]] if form.is_valid() else list(form.errors[question["key"]])


def test_fields_stand_in_the_order_of_the_definition_in_their_sections() -> None:
    form = answered(a_form({"key": "first_name"}, ALLERGIES, {"key": "teacher"}))

    [section] = form.sections
    assert section.title == "Identification"
    assert [field.name for field in section.fields] == ["first_name", "allergies", "allergies_details", "teacher"]


@pytest.mark.line("S1-18")
def test_only_what_is_compulsory_must_be_answered() -> None:
    form = answered(a_form({"key": "last_name", "required": True}, {"key": "teacher"}))

    assert form.errors == {"last_name": ["À remplir."]}
    assert not form.fields["teacher"].required


@pytest.mark.line("S1-20")
def test_a_ticked_box_asks_what_it_is_about() -> None:
    version = a_form(ALLERGIES)

    assert answered(version, allergies="on").errors == {"allergies_details": ["Précisez, puisque la case est cochée."]}
    assert answered(version, allergies="on", allergies_details="Noix").is_valid()
    assert answered(version).is_valid()


def test_what_is_written_beside_an_unticked_box_is_not_kept() -> None:
    form = answered(a_form(ALLERGIES), allergies_details="Noix")

    assert form.is_valid()
    assert form.cleaned_data == {"allergies": False, "allergies_details": ""}


@pytest.mark.parametrize("written", ["819-555-0123", "(819) 555 0123", "+1 819 555-0123", "8195550123"])
def test_a_phone_number_is_understood_as_people_write_it(written: str) -> None:
    assert asked({"key": "phone", "kind": "phone"}, written) == "+18195550123"


def test_a_phone_number_of_elsewhere_keeps_its_country() -> None:
    assert asked({"key": "phone", "kind": "phone"}, "+32 470 12 34 56") == "+32470123456"


@pytest.mark.parametrize("written", ["12", "appelez-moi", "819-555", "+", "0" * 40])
def test_what_is_no_phone_number_is_told_with_an_example(written: str) -> None:
    assert asked({"key": "phone", "kind": "phone"}, written) == ["Écrivez un numéro complet, comme 819-555-0123."]


@pytest.mark.line("S1-21")
@pytest.mark.parametrize(
    ("territory", "kept", "shown"),
    [
        ("BE", "+32470123456", "0470 12 34 56"),
        ("CA", "+18195550145", "819-555-0145"),
        ("CA", "+32470123456", "+32 470 12 34 56"),
        ("CA", "+12125550145", "+1 212-555-0145"),
    ],
)
def test_a_kept_phone_number_is_shown_as_it_is_written_at_home(territory: str, kept: str, shown: str) -> None:
    version = a_form({"key": "emergency_phone", "kind": "phone"})
    form_class = building.form_class(version, establishments=[], levels=[], territory=territory)

    assert form_class(initial={"emergency_phone": kept})["emergency_phone"].value() == shown


@pytest.mark.parametrize("written", ["12/06/2019", "2019-02-30", "hier", "99999-01-01"])
def test_a_date_that_is_none_is_told_with_an_example(written: str) -> None:
    errors = asked({"key": "birth_date", "kind": "date"}, written)
    assert errors == ["Écrivez la date ainsi\u202f: 2019-06-12."]


@pytest.mark.parametrize("written", ["0001-01-01", "1899-12-31", "2999-06-12", "9999-12-31"])
def test_nobody_was_born_tomorrow_nor_in_another_century_than_people_live(written: str) -> None:
    errors = asked({"key": "birth_date", "kind": "date"}, written)
    assert errors == ["Vérifiez l’année\u202f: cette date de naissance n’est pas possible."]


def test_a_date_that_is_no_birth_date_may_be_in_the_future() -> None:
    assert asked({"key": "leaves_on", "kind": "date"}, "2999-06-12") == date(2999, 6, 12)


def test_an_address_that_is_incomplete_is_told_with_an_example() -> None:
    errors = asked({"key": "contact_email", "kind": "email"}, "marie@")
    assert errors == ["Écrivez une adresse complète, comme nom@exemple.org."]


def test_a_choice_that_is_not_offered_is_refused() -> None:
    question = {"key": "lunch", "kind": "choice", "choices": [{"value": "home", "label": "À la maison"}]}

    assert asked(question, "home") == "home"
    assert len(asked(question, "moon")) == 1


@pytest.mark.parametrize("kind", ["level", "establishment"])
@pytest.mark.parametrize("answer", ["x", "7d0e3c52-54a1-4f8e-9d53-9f4b8f7d2a10", "'; drop table"])
def test_a_level_or_a_school_of_nowhere_is_refused(kind: str, answer: str) -> None:
    assert len(asked({"key": kind, "kind": kind}, answer)) == 1


def test_an_answer_has_no_end_but_a_form_has() -> None:
    assert len(asked({"key": "teacher"}, "x" * 201)) == 1
    assert len(asked({"key": "contact_email", "kind": "email"}, "x" * 300 + "@example.org")) == 1


def test_labels_are_in_the_reader_s_language_and_french_stands_in_for_others() -> None:
    from django.utils.translation import override

    version = a_form({"key": "lunch", "label": {"fr": "Dîner", "en": "Lunch"}})
    labels = []
    for language in ("fr", "en", "nl"):
        with override(language):
            labels.append(answered(version).fields["lunch"].label)

    assert labels == ["Dîner", "Lunch", "Dîner"]


def test_a_browser_is_told_what_is_the_guardian_s_and_guesses_nothing_of_a_child() -> None:
    version = a_form({"key": "first_name"}, {"key": "guardian_first_name"}, {"key": "contact_email", "kind": "email"})

    fields = answered(version).fields
    tokens = [field.widget.attrs["autocomplete"] for field in fields.values()]
    assert tokens == ["off", "given-name", "email"]


@pytest.mark.line("S1-24")
def test_what_the_record_holds_fills_the_form_and_nothing_else_does() -> None:
    level, school = a_level(), an_establishment()
    child = a_child("Ada", level=level, establishment=school, answers={"teacher": "Mme Roy", "lunch": "home"})
    version = a_form(
        {"key": "first_name"}, {"key": "level", "kind": "level"}, {"key": "teacher"}, {"key": "home_group"}
    )

    assert building.initial_for(version, child, None) == {"first_name": "Ada", "level": level.id, "teacher": "Mme Roy"}


def test_what_was_answered_for_a_sister_serves_where_it_is_the_household_s() -> None:
    guardian = a_guardian()
    a_child("Ada", of=guardian, answers={"teacher": "Mme Roy"}, household={"address": "1, rue A"})
    guardian.refresh_from_db()
    version = a_form({"key": "first_name"}, {"key": "address", "shared": True}, {"key": "teacher"})

    assert building.initial_for(version, None, guardian) == {"address": "1, rue A"}


def test_the_guardian_s_own_name_and_address_are_known() -> None:
    guardian = a_guardian(first_name="Marie", last_name="Lapointe")
    version = a_form({"key": "guardian_last_name"}, {"key": "contact_email", "kind": "email"})

    assert building.initial_for(version, None, guardian) == {
        "guardian_last_name": "Lapointe",
        "contact_email": guardian.email,
    }


def test_answers_come_apart_into_who_and_the_rest() -> None:
    level = a_level()
    version = a_form(
        {"key": "last_name"},
        {"key": "first_name"},
        {"key": "birth_date", "kind": "date"},
        {"key": "level", "kind": "level"},
        {"key": "teacher"},
        {"key": "address", "shared": True},
        ALLERGIES,
    )
    form = answered(
        version,
        last_name="Lapointe",
        first_name="Ada",
        birth_date="2019-06-12",
        level=level.id,
        teacher="Mme Roy",
        address="12, rue des Pins",
        allergies="on",
        allergies_details="Noix",
    )

    assert form.is_valid()
    assert building.split(version, form.cleaned_data) == (
        Identity("Lapointe", "Ada", date(2019, 6, 12), None, level.id),
        Answers(
            own={"teacher": "Mme Roy"},
            sealed={"allergies": True, "allergies_details": "Noix"},
            household={"address": "12, rue des Pins"},
        ),
    )


def test_what_comes_apart_goes_together_again() -> None:
    guardian = a_guardian()
    said = Answers(own={"tetanus_on": "2024-05-01"}, sealed={"allergies": True, "allergies_details": "x"})
    child = a_child("Ada", of=guardian, answers=said.own, sealed=said.sealed)
    version = a_form({"key": "first_name"}, {"key": "tetanus_on", "kind": "date"}, ALLERGIES)

    form = answered(version, **building.initial_for(version, child, guardian))
    assert form.errors == {}
    assert building.split(version, form.cleaned_data)[1] == said
