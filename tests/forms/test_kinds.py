"""The kinds of question: what each accepts, refuses and gives back."""

from typing import Any

import pytest
from django.utils.datastructures import MultiValueDict

from tenant_apps.forms import building
from tenant_apps.forms.building import DefinedForm
from tenant_apps.forms.definitions import BadDefinition
from tests.factories.forms import a_form

pytestmark = pytest.mark.usefixtures("organisation_a")

COLOURS = [{"value": "red", "label": "Rouge"}, {"value": "blue", "label": "Bleu"}]
CHILD_S_SWIMMING = {"key": "swimming", "kind": "choice", "choices": ["well", "none"], "required": True}


def form_of(
    *questions: dict[str, Any], said: dict[str, Any] | None = None, territory: str = "BE", **initial: Any
) -> DefinedForm:
    made = building.form_class(a_form(*questions), establishments=[], levels=[], territory=territory)
    lists = {name: value if isinstance(value, list) else [value] for name, value in (said or {}).items()}
    return made(MultiValueDict(lists) if said is not None else None, initial=initial)


def answer(question: dict[str, Any], said: dict[str, Any], territory: str = "BE") -> Any:
    """What is kept, or the list of errors."""
    form = form_of(question, said=said, territory=territory)
    return form.cleaned_data[question["key"]] if form.is_valid() else list(form.errors[question["key"]])


def test_a_number_keeps_to_its_limits_and_names_its_unit() -> None:
    weight = {"key": "weight", "kind": "number", "min": 5, "max": 120, "unit": "kg"}

    assert answer(weight, {"weight": "18"}) == 18
    assert answer(weight, {"weight": "4"}) == ["C’est trop peu\u202f: 5 au moins."]
    assert answer(weight, {"weight": "121"}) == ["C’est trop\u202f: 120 au plus."]
    assert answer(weight, {"weight": "dix"}) == ["Écrivez un nombre entier, en chiffres."]
    assert form_of(weight).fields["weight"].label == "weight (kg)"


def test_a_date_keeps_to_its_limits() -> None:
    tetanus = {"key": "tetanus_on", "kind": "date", "min": "2000-01-01", "max": "today"}

    assert answer(tetanus, {"tetanus_on": "1999-12-31"}) == ["Vérifiez la date\u202f: elle est trop ancienne."]
    assert answer(tetanus, {"tetanus_on": "2999-01-01"}) == ["Vérifiez la date\u202f: elle est trop tardive."]


@pytest.mark.parametrize("limits", [{"kind": "date", "max": "demain"}, {"kind": "number", "min": "peu"}])
def test_a_limit_that_is_none_is_not_published(limits: dict[str, Any]) -> None:
    with pytest.raises(BadDefinition, match="the question 'x'"):
        a_form({"key": "x", **limits})


def test_several_choices_may_be_made_and_only_those_offered() -> None:
    colours = {"key": "colours", "kind": "choices", "choices": COLOURS}

    assert answer(colours, {"colours": ["red", "blue"]}) == ["red", "blue"]
    assert answer(colours, {}) == []
    assert len(answer(colours, {"colours": ["green"]})) == 1


def test_an_address_is_whole_or_absent() -> None:
    home = {"key": "address", "kind": "address"}
    whole = {"address_street": "Rue du Perron 14", "address_postal_code": "4999", "address_town": "Brimont"}

    assert answer(home, whole) == {"street": "Rue du Perron 14", "postal_code": "4999", "town": "Brimont"}
    assert answer(home, {}) == ""
    assert answer(home, {**whole, "address_town": ""}) == ["Écrivez la rue, le code postal et la localité."]
    assert answer(home, {**whole, "address_postal_code": "J8X 2T3"}) == ["Écrivez un code postal complet, comme 4999."]
    assert answer({**home, "required": True}, {}) == ["À remplir."]


def test_a_canadian_postal_code_is_written_in_capitals() -> None:
    said = {"address_street": "225, rue A", "address_postal_code": "j8x 2t3", "address_town": "Gatineau"}
    kept = answer({"key": "address", "kind": "address"}, said, territory="CA")
    assert kept == {"street": "225, rue A", "postal_code": "J8X 2T3", "town": "Gatineau"}


def test_an_address_of_one_line_stands_in_its_first_box() -> None:
    drawn = str(form_of({"key": "address", "kind": "address"}, address="Rue du Perron 14, 4999 Brimont")["address"])
    assert 'value="Rue du Perron 14, 4999 Brimont"' in drawn
    assert [drawn.count(f'name="address_{box}"') for box in ("street", "postal_code", "town")] == [1, 1, 1]


PICK_UP = {"key": "pick_up", "kind": "people", "max": 3}


def test_people_are_named_one_by_one_and_empty_lines_are_nobody() -> None:
    said = {
        "pick_up_1-name": "Jeanne",
        "pick_up_1-phone": "0470 12 34 58",
        "pick_up_1-relation": "grand-mère",
        "pick_up_3-name": "Paul",
        "pick_up_3-phone": "0470 12 34 59",
    }
    assert answer(PICK_UP, said) == [
        {"name": "Jeanne", "phone": "+32470123458", "relation": "grand-mère"},
        {"name": "Paul", "phone": "+32470123459", "relation": ""},
    ]
    assert answer(PICK_UP, {}) == []


def test_somebody_who_cannot_be_called_is_not_enough() -> None:
    assert answer(PICK_UP, {"pick_up_1-name": "Jeanne"}) == ["Pour chaque personne, écrivez son nom et son téléphone."]
    assert answer({**PICK_UP, "required": True}, {}) == ["À remplir."]
    assert answer(PICK_UP, {"pick_up_1-name": "J", "pick_up_1-phone": "12"}) == [
        "Écrivez un numéro complet, comme 0470 12 34 56."
    ]


def test_people_who_are_known_stand_in_their_lines_and_what_was_typed_is_not_lost() -> None:
    known = form_of(PICK_UP, pick_up=[{"name": "Jeanne", "phone": "+32470123458", "relation": ""}])
    assert 'value="Jeanne"' in str(known["pick_up"])
    assert 'value="0470 12 34 58"' in str(known["pick_up"])

    refused = form_of(PICK_UP, said={"pick_up_2-name": "Paul", "pick_up_2-phone": "12"})
    assert not refused.is_valid()
    assert 'value="Paul"' in str(refused["pick_up"])
    assert str(refused["pick_up"]).count("<details open>") == 1


EPILEPSY = {"key": "epilepsy", "kind": "yes_no"}
TREATMENT = {"key": "treatment", "required": True, "show_if": {"question": "epilepsy", "is": "yes"}}


def test_a_question_that_does_not_apply_is_neither_required_nor_kept() -> None:
    form = form_of(EPILEPSY, TREATMENT, said={"epilepsy": "no", "treatment": "Dépakine"})

    assert form.is_valid()
    assert form.cleaned_data == {"epilepsy": "no", "treatment": ""}


def test_a_question_that_applies_is_asked_as_any_other() -> None:
    assert form_of(EPILEPSY, TREATMENT, said={"epilepsy": "yes"}).errors == {"treatment": ["À remplir."]}
    kept = form_of(EPILEPSY, TREATMENT, said={"epilepsy": "yes", "treatment": "Dépakine"})
    assert kept.is_valid()
    assert kept.cleaned_data["treatment"] == "Dépakine"


def test_what_hangs_on_a_hidden_question_is_hidden_with_it() -> None:
    dose = {"key": "dose", "required": True, "show_if": {"question": "treatment", "is": "Dépakine"}}
    form = form_of(EPILEPSY, TREATMENT, dose, said={"epilepsy": "no", "treatment": "Dépakine", "dose": "2"})

    assert form.is_valid()
    assert form.cleaned_data == {"epilepsy": "no", "treatment": "", "dose": ""}


def test_one_of_several_choices_is_enough_to_reveal_and_so_is_a_ticked_box() -> None:
    colours = {"key": "colours", "kind": "choices", "choices": COLOURS}
    which = {"key": "which", "required": True, "show_if": {"question": "colours", "is": ["blue"]}}
    assert form_of(colours, which, said={"colours": ["red", "blue"]}).errors == {"which": ["À remplir."]}
    assert form_of(colours, which, said={"colours": ["red"]}).is_valid()

    box = {"key": "diet", "kind": "boolean"}
    told = {"key": "told", "required": True, "show_if": {"question": "diet"}}
    assert form_of(box, told, said={"diet": "on"}).errors == {"told": ["À remplir."]}
    assert form_of(box, told, said={}).is_valid()


def test_a_question_cannot_hang_on_one_that_is_not_asked_before() -> None:
    with pytest.raises(BadDefinition, match="hangs on 'epilepsy'"):
        a_form(TREATMENT, EPILEPSY)


@pytest.mark.line("S4-19")
def test_a_question_switched_off_is_not_asked_nor_what_hangs_on_it() -> None:
    form = form_of({**EPILEPSY, "off": True}, TREATMENT, {"key": "nap"}, CHILD_S_SWIMMING)
    assert list(form.fields) == ["nap", "swimming"]


def test_one_key_has_one_class_and_one_owner_in_all_forms() -> None:
    a_form({"key": "doctor", "shared": True}, key="record")
    a_form({"key": "doctor", "shared": True}, key="outing")

    with pytest.raises(BadDefinition, match="'doctor' has another class or owner in the form"):
        a_form({"key": "doctor"}, key="camp")
    with pytest.raises(BadDefinition, match="'doctor' has another class or owner in the form"):
        a_form({"key": "doctor", "shared": True, "class": "health"}, key="camp")


def test_a_word_that_means_nothing_is_not_passed_over() -> None:
    with pytest.raises(BadDefinition, match="which means nothing"):
        a_form({"key": "nap", False: True})  # type: ignore[dict-item]
