"""Letters to parents: what staff may write, and what is taken out."""

import pytest

from tenant_apps.catalog.presentation import render


@pytest.mark.line("S1-31")
def test_bold_paragraphs_and_line_ends_are_kept() -> None:
    assert render("Chers parents,\n\nVoici **les mercredis**\nmacaroni.") == (
        "<p>Chers parents,</p>\n<p>Voici <strong>les mercredis</strong><br>\nmacaroni.</p>\n"
    )


def test_headings_begin_under_those_of_the_page() -> None:
    assert render("# Coût\n\n### Détail") == "<h3>Coût</h3>\n<h4>Détail</h4>\n"


def test_html_is_shown_and_not_obeyed() -> None:
    assert render("<script>alert(1)</script>") == "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"


def test_an_address_that_runs_a_script_is_no_link() -> None:
    assert "href" not in render("[ici](javascript:alert(1))")


def test_pictures_of_elsewhere_are_not_fetched() -> None:
    assert "img" not in render("![x](https://elsewhere.example/x.png)")


def test_a_link_does_not_tell_where_it_came_from() -> None:
    assert render("[ici](https://exemple.org)") == (
        '<p><a href="https://exemple.org" rel="noopener noreferrer">ici</a></p>\n'
    )
