"""Levels and schools are found in the many ways that files name them."""

import pytest

from tenant_apps.imports.places import Establishments, Levels
from tenant_apps.organisation.models import Level
from tests.factories.organisation import an_establishment

PRESETS = {
    "Québec": [("maternelle-4", "Maternelle 4 ans"), ("maternelle-5", "Maternelle 5 ans"), ("1re", "1re année")],
    "Ontario": [("maternelle", "Maternelle"), ("jardin", "Jardin d’enfants"), ("1re", "1re année"), ("2e", "2e année")],
    "Belgique": [("m1", "1re maternelle"), ("m2", "2e maternelle"), ("m3", "3e maternelle"), ("p1", "1re primaire")],
}


@pytest.mark.parametrize(
    ("preset", "said", "expected"),
    [
        ("Québec", "1re année", "1re"),
        ("Québec", "1RE ANNEE", "1re"),
        ("Québec", "01", "1re"),
        ("Québec", "1", "1re"),
        ("Québec", "1e", "1re"),
        ("Québec", "Grade 1", "1re"),
        ("Québec", "KG", "maternelle-5"),
        ("Québec", "PK", "maternelle-4"),
        ("Québec", "Maternelle 4 ans", "maternelle-4"),
        ("Québec", "4", None),
        ("Ontario", "JK", "maternelle"),
        ("Ontario", "SK", "jardin"),
        ("Ontario", "KG", "jardin"),
        ("Ontario", "Jardin d'enfants", "jardin"),
        ("Ontario", "02", "2e"),
        ("Ontario", "12", None),
        ("Belgique", "P1", "p1"),
        ("Belgique", "1", "p1"),
        ("Belgique", "m2", "m2"),
        ("Belgique", "KG", None),
        ("Belgique", "", None),
    ],
)
def test_a_level_is_found_by_code_name_or_grade(preset: str, said: str, expected: str | None) -> None:
    Level.objects.all().delete()
    Level.objects.bulk_create(Level(code=code, name=name) for code, name in PRESETS[preset])

    found = Levels().find(said)

    assert (found.code if found else None) == expected


def test_new_schools_have_a_code_each_whatever_their_alphabet() -> None:
    an_establishment("Autre", code="ecole-b")
    establishments = Establishments(may_create=True)

    made = [establishments.find((name,)) for name in ("École C", "学校", "小学", "ÉCOLE C", "École B")]

    assert [each.code for each in made if each] == ["ecole-c", "ecole", "ecole-2", "ecole-c", "ecole-b"]
    assert len(establishments.made) == 3
