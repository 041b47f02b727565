"""A text is folded alike by the program and by the database."""

import pytest
from django.db.models import Value

from kernel.folding import fold, folded
from tenant_apps.organisation.models import Level
from tests.factories.organisation import a_level


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Éloïse Lapointe", "eloise lapointe"),
        ("SŒUR Lætitia", "soeur laetitia"),
        ("Søren Đorđević", "soren dordevic"),
        ("Łukasz Weiß", "lukasz weiss"),
        ("L’Heureux", "l'heureux"),
        ("A[b]%'c", "a[b]%'c"),
    ],
)
@pytest.mark.usefixtures("organisation_a")
def test_a_text_is_folded_alike_here_and_in_the_database(text: str, plain: str) -> None:
    a_level()

    assert fold(text) == plain
    assert Level.objects.values_list(folded(Value(text)), flat=True).get() == plain
