"""Keywords: other accents, other endings, slips of the keyboard, and everything that a family may look for."""

import pytest

from tenant_apps.catalog import facets, queries
from tenant_apps.catalog.filters import Filters
from tenant_apps.catalog.queries import Listing
from tests.factories.catalog import an_offering, an_option
from tests.factories.moments import NOON, TORONTO

pytestmark = [pytest.mark.usefixtures("organisation_a"), pytest.mark.line("S1-26")]


def searched(keywords: str) -> Listing:
    return queries.listing(Filters(keywords=keywords), at=NOON, zone=TORONTO, full=())


def found(keywords: str) -> list[str]:
    return [entry.title for entry in searched(keywords).entries if entry.is_found]


@pytest.mark.parametrize("keywords", ["macaronis", "MACARONI", "macaro", "vente macaronis", "de macaroni"])
def test_another_ending_or_the_beginning_of_a_word_finds_it(keywords: str) -> None:
    an_offering("Vente de macaroni")
    an_offering("Sortie en forêt")

    assert found(keywords) == ["Vente de macaroni"]


@pytest.mark.parametrize("keywords", ["activites", "Activité", "ACTIVITÉS"])
def test_an_ending_does_not_depend_on_the_accents(keywords: str) -> None:
    an_offering("Activités du midi")
    an_offering("Pizza")

    assert found(keywords) == ["Activités du midi"]


@pytest.mark.parametrize(
    ("keywords", "meant"),
    [("natatoin", "natation"), ("macarroni", "macaroni"), ("cours de nattation", "cours de natation")],
)
def test_a_slip_of_the_keyboard_finds_the_likest_word_and_says_so(keywords: str, meant: str) -> None:
    an_offering("Cours de natation")
    an_offering("Vente de macaroni")

    listing = searched(keywords)

    assert listing.corrected == meant
    assert len([entry for entry in listing.entries if entry.is_found]) == 1


def test_what_is_written_as_it_is_needs_no_correction() -> None:
    an_offering("Patin")
    an_offering("Patio")

    assert (found("patin"), searched("patin").corrected) == (["Patin"], "")


def test_a_word_like_no_other_finds_nothing() -> None:
    an_offering("Cours de natation")

    assert (found("zzzzzz"), searched("zzzzzz").corrected) == ([], "")


def test_codes_tags_options_and_translations_are_looked_up_too() -> None:
    offering = an_offering(
        "Campagne", tags=["Plein air"], translations={"en": {"title": "Fundraiser"}, "nl": {"title": "Zwemlessen"}}
    )
    an_option("Boîte de chocolats", code="CH-12", offering=offering, translations={"en": {"name": "Chocolate box"}})
    an_offering("Autre chose")

    for keywords in ("ch-12", "plein air", "chocolat", "fundraisers", "chocolate boxes", "zwemles"):
        assert found(keywords) == ["Campagne"], keywords


def test_an_option_that_is_gone_is_looked_up_no_more() -> None:
    option = an_option("Guimauve", offering=an_offering("Campagne"))
    option.name = "Nougat"
    option.save(update_fields=["name"])
    assert (found("guimauve"), found("nougat")) == ([], ["Campagne"])

    option.delete()

    assert found("nougat") == []


def test_a_title_that_says_it_comes_before_a_text_that_does() -> None:
    an_offering("Accueil du soir", presentation="Le patin est permis.")
    an_offering("Patin libre")

    assert found("patin") == ["Patin libre", "Accueil du soir"]


@pytest.mark.parametrize("keywords", ["' OR 1=1 --", "%", "_", "\\", "a" * 5000, "& | ! ( ) : *", "<b>"])
def test_nothing_that_is_typed_breaks_the_search(keywords: str) -> None:
    an_offering("Cours de natation")

    assert facets.count(searched(keywords).entries, Filters(keywords=keywords)).left == []
