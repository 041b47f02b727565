"""Each kind of requirement: its small form, its sentence, and what is refused when it is written."""

from datetime import date
from typing import Any

import pytest
from django.utils.translation import override

from kernel.errors import Refusal
from tenant_apps.catalog.models import Nature, Season
from tenant_apps.catalog.rules import age, checking
from tenant_apps.catalog.rules.kind import KINDS, Rule
from tenant_apps.forms.models import Form, Purpose
from tenants.models import Organisation
from tests.factories.catalog import an_offering
from tests.factories.forms import a_form
from tests.factories.organisation import a_level, an_establishment, an_organisation_profile


@pytest.fixture(autouse=True)
def catalogue(organisation_a: Organisation) -> None:
    """What the rules below name."""
    an_organisation_profile()
    a_level("1re maternelle", code="m1")
    a_level("2e maternelle", code="m2")
    an_establishment("École du Dôme", code="dome")
    a_form({"key": "swims"}, purpose=Purpose.RECORD, key="fiche-sante")
    Form.objects.filter(key="fiche-sante").update(title="Fiche santé")
    an_offering("Natation", slug="natation", nature=Nature.COURSE)
    an_offering("Carte 2026", slug="carte", nature=Nature.MEMBERSHIP)
    Season.objects.create(name="Été 2026", starts_on=date(2026, 6, 1), ends_on=date(2026, 8, 31))


SENTENCES: list[tuple[Rule, str]] = [
    ({"kind": "age", "min": 3, "max": 5, "on": "start"}, "De 3 ans à 5 ans. L’âge compte le premier jour."),
    ({"kind": "age", "min": 6, "on": "today"}, "À partir de 6 ans. L’âge compte le jour de l’inscription."),
    (
        {"kind": "age", "max": 30, "unit": "month", "on": "day", "day": "2026-07-01"},
        "Jusqu’à 30 mois compris. L’âge compte le 1er juillet 2026.",
    ),
    (
        {"kind": "age", "min": 6, "on": "year", "day": "2000-09-30"},
        "À partir de 6 ans. L’âge compte le 30 septembre de l’année scolaire ou de la saison.",
    ),
    ({"kind": "level", "levels": ["m1", "m2"]}, "Pour ces niveaux\u202f: 1re maternelle et 2e maternelle."),
    ({"kind": "establishment", "establishments": ["dome"]}, "Pour ces établissements\u202f: École du Dôme."),
    ({"kind": "form", "form": "fiche-sante"}, "«\u202fFiche santé\u202f» doit être remplie et à jour."),
    (
        {"kind": "earlier", "offering": ["natation"], "option": "N1"},
        "Il faut avoir eu une inscription confirmée à\u202f: Natation et N1.",
    ),
    (
        {"kind": "earlier", "season": "Été 2026"},
        "Il faut avoir eu une inscription confirmée à\u202f: Été 2026.",
    ),
    ({"kind": "membership", "offering": "carte"}, "Il faut avoir l’adhésion «\u202fCarte 2026\u202f»."),
    (
        {"kind": "membership", "offering": "carte", "who": "family"},
        "Quelqu’un de la famille doit avoir l’adhésion «\u202fCarte 2026\u202f».",
    ),
    ({"kind": "limit_child", "maximum": 1}, "Une inscription par personne au plus."),
    (
        {"kind": "limit_child", "maximum": 2, "scope": "category"},
        "2 inscriptions par personne au plus dans la catégorie.",
    ),
    ({"kind": "limit_family", "maximum": 3, "scope": "season"}, "3 inscriptions par famille au plus dans la saison."),
    ({"kind": "no_clash"}, "On ne peut pas avoir une autre activité en même temps."),
]


@pytest.mark.parametrize(("rule", "sentence"), SENTENCES, ids=[sentence for _rule, sentence in SENTENCES])
def test_a_rule_is_said_in_a_sentence(rule: Rule, sentence: str) -> None:
    assert KINDS[rule["kind"]].explain(rule) == sentence


@pytest.mark.parametrize(("rule", "sentence"), SENTENCES, ids=[sentence for _rule, sentence in SENTENCES])
def test_the_form_of_a_kind_writes_the_rule_that_it_reads(rule: Rule, sentence: str) -> None:
    kind = KINDS[rule["kind"]]
    form = kind.form(data=rule)
    assert form.is_valid(), form.errors

    written = form.rule(kind.key)
    assert {name: written[name] for name in rule} == rule
    checking.check([written])
    assert kind.explain(written) == sentence


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("a kind of no room", {"kind": "blood_group"}, "La condition «\u202fblood_group\u202f» n’existe pas."),
    ("no kind at all", {}, "La condition «\u202f\u202f» n’existe pas."),
    ("an age without a bound", {"kind": "age"}, "Indiquez un âge minimum ou maximum."),
    (
        "ages the wrong way round",
        {"kind": "age", "min": 6, "max": 5},
        "L’âge maximum est plus petit que l’âge minimum.",
    ),
    ("a day that is not said", {"kind": "age", "min": 6, "on": "day"}, "Indiquez le jour."),
    ("an age that is no number", {"kind": "age", "min": "six"}, "Saisissez un nombre entier."),
    ("levels that are none", {"kind": "level", "levels": []}, "Ce champ est obligatoire."),
    ("a level that is not there", {"kind": "level", "levels": ["p9"]}, "p9"),
    ("a school that is not there", {"kind": "establishment", "establishments": ["nulle-part"]}, "nulle-part"),
    ("a form that is not there", {"kind": "form", "form": "nulle-part"}, "nulle-part"),
    ("an earlier registration nowhere", {"kind": "earlier"}, "Indiquez où l’inscription antérieure est attendue."),
    ("an activity that is not there", {"kind": "earlier", "offering": ["nulle-part"]}, "nulle-part"),
    ("a membership that is none", {"kind": "membership", "offering": "natation"}, "natation"),
    ("a limit of nothing", {"kind": "limit_child", "maximum": 0}, "supérieure ou égale à 1"),
    ("a limit that is not said", {"kind": "limit_family"}, "Ce champ est obligatoire."),
    ("a scope of no kind", {"kind": "limit_child", "maximum": 1, "scope": "galaxy"}, "galaxy"),
]


@pytest.mark.parametrize(("rule", "said"), [each[1:] for each in REFUSED], ids=[each[0] for each in REFUSED])
def test_what_nobody_could_meet_or_read_is_refused_and_said_why(rule: dict[str, Any], said: str) -> None:
    with pytest.raises(Refusal) as refused:
        checking.check([rule])

    assert said in str(refused.value)


MARCH, APRIL = "2026-03-10T18:00:00-04:00", "2026-04-01T00:00:00-04:00"


@pytest.mark.parametrize(
    "window",
    [
        {"name": "Tous"},
        {"name": "Tous", "opens_at": "bientôt"},
        {"name": "Tous", "opens_at": "2026-03-10T18:00:00"},
        {"name": "Tous", "opens_at": MARCH, "closes_at": MARCH},
        {"name": "Tous", "opens_at": APRIL, "closes_at": MARCH},
        {"name": {"fr": "Tous"}, "opens_at": MARCH, "closes_at": "un jour"},
    ],
)
def test_a_period_begins_and_then_ends(window: dict[str, Any]) -> None:
    with pytest.raises(checking.BadWindow) as refused:
        checking.check_windows([window])

    assert "«\u202fTous\u202f»" in str(refused.value)


def test_a_period_may_have_no_end_and_its_audience_is_checked() -> None:
    checking.check_windows([{"name": "Tous", "for": [], "opens_at": MARCH, "closes_at": None}])
    checking.check_windows([{"name": "Tous", "opens_at": MARCH, "closes_at": APRIL}])
    with pytest.raises(checking.UnknownRequirement):
        checking.check_windows([{"name": "Tous", "for": [{"kind": "blood_group"}], "opens_at": MARCH}])


def test_an_age_is_of_whole_years_and_months() -> None:
    born = date(2020, 1, 31)

    assert [age.months(born, on) for on in (date(2020, 2, 29), date(2020, 3, 1), date(2020, 3, 30))] == [0, 1, 1]
    assert [age.years(born, on) for on in (date(2021, 1, 30), date(2021, 1, 31))] == [0, 1]
    assert age.years(born, date(2020, 1, 30)) == -1


def test_the_sentence_is_in_the_reader_s_language() -> None:
    with override("nl"):
        assert "3 jaar" in KINDS["age"].explain({"kind": "age", "min": 3})
