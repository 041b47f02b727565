"""Numbers that identify a person: accepted where the rule is certain, masked when they are shown back."""

import contextlib
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenant_apps.forms import building, identifiers
from tenant_apps.forms.definitions import BadDefinition
from tenant_apps.forms.identifiers import NotOne, masked, national_number_be
from tenant_apps.forms.models import FormVersion
from tenants.models import Organisation
from tests.factories.forms import a_form
from tests.factories.organisation import an_organisation_profile

BORN_BEFORE_2000 = ["42.01.22-051.81", "93.05.18-223.61", "85.07.30-033.28", "00.00.01-003.64"]
BORN_SINCE_2000 = ["15.01.21-543.51", "19.06.12-001.12"]
BIS = ["98.47.28-997.65", "01.49.07-001.85"]

NUMBER = {
    "key": "national_number",
    "kind": "national_number_be",
    "class": "national_number",
    "reason": "Pour l’attestation fiscale.",
}


@pytest.mark.parametrize("number", BORN_BEFORE_2000 + BORN_SINCE_2000 + BIS)
def test_a_national_number_is_accepted_with_the_rule_of_its_century(number: str) -> None:
    assert national_number_be(number) == number.replace(".", "").replace("-", "")


@pytest.mark.parametrize(
    ("number", "born"),
    [
        ("85.07.30-033.28", date(1985, 7, 30)),
        ("19.06.12-001.12", date(2019, 6, 12)),
        ("98.47.28-997.65", date(1998, 7, 28)),
        ("01.49.07-001.85", date(2001, 9, 7)),
        ("00.00.01-003.64", None),
    ],
)
def test_a_national_number_says_the_birth_date_where_it_was_known(number: str, born: date | None) -> None:
    assert identifiers.born_on(national_number_be(number)) == born


@given(st.dates(date(1910, 1, 1), date(2024, 12, 31)), st.integers(1, 998))
def test_every_number_made_by_the_rule_is_accepted_and_its_neighbour_is_not(born: date, order: int) -> None:
    nine = f"{born:%y%m%d}{order:03}"
    checked = 97 - int(("2" if born.year >= 2000 else "") + nine) % 97
    wrong = checked % 97 + 1

    assert national_number_be(f"{nine}{checked:02}") == f"{nine}{checked:02}"
    other_century = 97 - int(("" if born.year >= 2000 else "2") + nine) % 97
    if wrong != other_century:
        with pytest.raises(NotOne):
            national_number_be(f"{nine}{wrong:02}")


@given(st.text(max_size=20))
def test_whatever_is_typed_is_a_number_or_is_refused(written: str) -> None:
    for check, _example in identifiers.CHECKS.values():
        with contextlib.suppress(NotOne):
            assert check(written).isascii()


@pytest.mark.parametrize(
    ("kind", "written", "kept"),
    [
        ("code_permanent_qc", "lapj 1206 1999", "LAPJ12061999"),
        ("health_insurance_qc", "TEST 5412 2816", "TEST54122816"),
        ("oen", "123-456-789", "123456789"),
        ("sin_ca", "046 454 286", "046454286"),
    ],
)
def test_each_number_is_kept_without_its_separators(kind: str, written: str, kept: str) -> None:
    check, _example = identifiers.CHECKS[kind]
    assert check(written) == kept


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        ("code_permanent_qc", "LAPJ1206199"),
        ("health_insurance_qc", "TES541228160"),
        ("oen", "12345678"),
        ("oen", "12345678९"),
        ("sin_ca", "123 456 789"),
    ],
)
def test_what_has_not_the_shape_or_the_check_digit_is_refused(kind: str, written: str) -> None:
    check, _example = identifiers.CHECKS[kind]
    with pytest.raises(NotOne):
        check(written)


def test_a_health_insurance_number_of_somebody_else_is_only_wondered_at() -> None:
    assert not identifiers.seems_another_s("LAPA19561299", last_name="Lapointe", born=date(2019, 6, 12))
    assert identifiers.seems_another_s("ROYA19061299", last_name="Lapointe", born=None)
    assert identifiers.seems_another_s("LAPA19061299", last_name="Lapointe", born=date(2018, 6, 12))


@given(st.text("0123456789", min_size=4, max_size=12))
def test_a_masked_number_shows_its_last_three_characters_alone(number: str) -> None:
    assert masked(number) == "•" * (len(number) - 3) + number[-3:]


def form_of(version: FormVersion, said: dict[str, Any] | None = None, **initial: Any) -> building.DefinedForm:
    return building.form_class(version, establishments=[], levels=[], territory="BE")(said, initial=initial)


@pytest.mark.usefixtures("organisation_a")
class TestInAForm:
    @pytest.fixture(autouse=True)
    def rule(self, organisation_a: Organisation) -> None:
        an_organisation_profile(rules={"national_number": {"asked": True, "reason": "Attestations fiscales."}})

    def test_a_known_number_comes_back_masked_and_stays_when_it_is_sent_so(self) -> None:
        version = a_form(NUMBER)
        shown = form_of(version, national_number="85073003328")
        assert "85073003328" not in str(shown["national_number"])
        assert shown["national_number"].value() == "••••••••328"

        again = form_of(version, {"national_number": "••••••••328"}, national_number="85073003328")
        assert again.is_valid()
        assert again.cleaned_data == {"national_number": "85073003328"}

    def test_a_mask_that_nothing_stands_behind_is_no_number(self) -> None:
        form = form_of(a_form(NUMBER), {"national_number": "••••••••328"})
        assert form.errors == {
            "national_number": ["Vérifiez ce numéro\u202f: il s’écrit comme 85.07.30-033.28."],
        }

    def test_the_parent_s_own_number_is_told_from_the_child_s_by_the_birth_date(self) -> None:
        version = a_form({"key": "birth_date", "kind": "date"}, NUMBER)

        own = form_of(version, {"birth_date": "2019-06-12", "national_number": "85.07.30-033.28"})
        assert own.errors == {"national_number": ["Ce numéro dit une autre date de naissance. Vérifiez les deux."]}
        assert form_of(version, {"birth_date": "2019-06-12", "national_number": "19.06.12-001.12"}).is_valid()
        assert form_of(version, {"birth_date": "2019-06-12", "national_number": "00.00.01-003.64"}).is_valid()

    @pytest.mark.parametrize(
        ("changes", "what"),
        [
            ({"reason": ""}, "it needs a written reason"),
            ({"class": "personal"}, "its class is a sealed one"),
            ({"shared": True}, "its class is a sealed one"),
            ({"key": "number"}, "its key is 'national_number'"),
        ],
    )
    def test_it_is_not_asked_without_a_reason_nor_kept_in_the_clear(self, changes: dict[str, Any], what: str) -> None:
        with pytest.raises(BadDefinition, match=what):
            a_form({**NUMBER, **changes})

    def test_a_doubtful_health_insurance_number_is_accepted_with_a_warning(self) -> None:
        number = {"key": "nam", "kind": "health_insurance_qc", "class": "health", "reason": "Camp de nuit."}
        form = form_of(a_form({"key": "last_name"}, number), {"last_name": "Lapointe", "nam": "ROYA19061299"})

        assert form.is_valid()
        assert form.warnings == [
            "Vérifiez le numéro d’assurance maladie\u202f: il semble être celui d’une autre personne."
        ]
