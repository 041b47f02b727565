"""Texts in one line stay so, and hold nothing that people do not see, wherever the catalogue is written."""

from typing import Any

import pytest

from tenant_apps.catalog.models import Category, Offering, Option, Season
from tests.clients import HostClient
from tests.factories.catalog import an_option
from tests.office.editor.pages import filled_in, url
from tests.portal.people import words

TYPED = "Zoo\u202e\r\nd’\u200bété\u202f: \U0001f469\u200d\U0001f680"
KEPT = "Zoo d’été\u202f: \U0001f469\u200d\U0001f680"
UNSEEN = "\u200b \u202e\r\n\u200d"
DAYS = {"starts_on": "2027-06-28", "ends_on": "2027-08-20"}
SEASON, CATEGORY = "/gestion/catalogue/saisons/nouvelle", "/gestion/catalogue/categories/nouvelle"


def present(editor: HostClient, offering: Offering, **said: str) -> Any:
    page = url("edit_presentation", offering.slug)
    return editor.post(page, {**filled_in(editor, page), **said, "confirmed": "1"})


def test_the_texts_of_an_offering_are_kept_in_one_line(editor: HostClient, draft: Offering) -> None:
    texts = ("title", "summary", "picture_alt", "title_en", "summary_en")
    assert present(editor, draft, **dict.fromkeys(texts, TYPED), tags="a\u200bb,\u200b,grand\r\njeu").status_code == 302

    draft.refresh_from_db()
    assert (draft.title, draft.summary, draft.picture_alt, draft.tags) == (KEPT, KEPT, KEPT, ["ab", "grand jeu"])
    assert draft.translations == {"en": {"title": KEPT, "summary": KEPT}}


def test_the_text_to_families_keeps_its_lines(editor: HostClient, draft: Offering) -> None:
    assert present(editor, draft, presentation="Un\r\n\r\nDeux").status_code == 302
    draft.refresh_from_db()
    assert draft.presentation == "Un\n\nDeux"


def test_the_texts_of_an_option_are_kept_in_one_line(editor: HostClient) -> None:
    option = an_option()
    page = url("edit_option", option.offering.slug, option.pk)
    said = {"name": TYPED, "code": "1\u200b01\r\n", "description": TYPED, "name_en": TYPED, "confirmed": "1"}
    assert editor.post(page, {**filled_in(editor, page), **said}).status_code == 302

    option = Option.objects.get()
    assert (option.name, option.code, option.description) == (KEPT, "101", KEPT)
    assert option.translations == {"en": {"name": KEPT}}


def test_the_names_of_seasons_and_categories_are_kept_in_one_line(editor: HostClient) -> None:
    assert editor.post(SEASON, {**DAYS, "name": TYPED}).status_code == 302
    assert editor.post(CATEGORY, {"name": TYPED, "name_en": TYPED}).status_code == 302

    category = Category.objects.get()
    assert (Season.objects.get().name, category.name, category.translations) == (KEPT, KEPT, {"en": {"name": KEPT}})


def test_a_name_told_apart_by_nothing_that_is_seen_is_taken(editor: HostClient) -> None:
    editor.post(SEASON, {**DAYS, "name": "Été 2027"})
    answer = editor.post(SEASON, {**DAYS, "name": "Été\u200b 2027"})
    assert answer.status_code == 422 and "Une autre saison porte déjà ce nom." in words(answer)


def test_a_copy_takes_its_title_in_one_line(editor: HostClient, draft: Offering) -> None:
    answer = editor.post(url("duplicate", draft.slug), {"title": TYPED})
    assert answer.status_code == 302
    assert Offering.objects.exclude(pk=draft.pk).get().title == KEPT


def test_a_title_of_which_nothing_is_seen_is_no_title(editor: HostClient, draft: Offering) -> None:
    answer = present(editor, draft, title=UNSEEN)
    assert answer.status_code == 422 and 'id="id_title_error"' in answer.content.decode()
    draft.refresh_from_db()
    assert draft.title == "Camp d’été"


@pytest.mark.parametrize("page", [SEASON, CATEGORY])
def test_a_name_of_which_nothing_is_seen_is_no_name(editor: HostClient, page: str) -> None:
    answer = editor.post(page, {**DAYS, "name": UNSEEN})
    assert answer.status_code == 422 and list(answer.context["form"].errors) == ["name"]
    assert not Season.objects.exists() and not Category.objects.exists()
