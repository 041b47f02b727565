"""Step 1: a draft is begun and described, in every language, with a picture; nobody's words are lost or overwritten."""

import io
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tenant_apps.catalog import pictures
from tenant_apps.catalog.models import Checkout, Nature, Offering, Option, Selection, Status
from tenant_apps.organisation import operations as organisation
from tenant_apps.organisation.models import Role
from tests.clients import HostClient
from tests.factories.catalog import an_offering, an_option
from tests.factories.organisation import a_level, a_payee, an_establishment
from tests.factories.registrations import a_hold
from tests.office.conftest import SignIn
from tests.office.editor.pages import filled_in, sent, url
from tests.portal.people import words


def a_picture(size: tuple[int, int] = (2000, 1500), kind: str = "PNG") -> SimpleUploadedFile:
    written = io.BytesIO()
    Image.new("RGB", size, "teal").save(written, kind)
    # Whatever its name says, its content tells what it is.
    return SimpleUploadedFile("photo.txt", written.getvalue(), content_type="text/plain")


def edit(client: HostClient, offering: Offering, **changed: Any) -> Any:
    page = url("edit_presentation", offering.slug)
    return client.post(page, {**filled_in(client, page), **changed})


def test_a_draft_begins_with_the_usual_settings_of_its_nature(editor: HostClient) -> None:
    organisation.describe(rules={"hold_minutes": 30, "checkout": "direct", "accepts_guests": True})
    said = {"title": "Contribution à la bibliothèque", "nature": Nature.CONTRIBUTION, "payee": str(a_payee().pk)}

    answer = editor.post(url("new_offering"), said)

    made = Offering.objects.get()
    assert answer.url == url("edit_presentation", made.slug) and made.slug == "contribution-a-la-bibliotheque"
    assert (made.status, made.checkout, made.hold_minutes, made.accepts_guests) == (
        Status.DRAFT,
        Checkout.DIRECT,
        30,
        True,
    )
    assert list(made.options.values_list("name", "is_voluntary")) == [("Contribution", True)]


@pytest.mark.parametrize("nature", list(Nature))
def test_every_nature_can_be_begun_and_each_of_its_pages_opens(editor: HostClient, nature: Nature) -> None:
    editor.post(url("new_offering"), {"title": "Essai", "nature": nature, "payee": str(a_payee().pk)})
    made = Offering.objects.get()
    pages = ["presentation", "options", "conditions", "terms", "publishing"]
    assert [editor.get(url(f"edit_{page}", made.slug)).status_code for page in pages] == [200] * 5
    assert editor.get(url("edit_offering", made.slug)).url == url("edit_presentation", made.slug)


def test_the_texts_are_written_in_each_language_of_the_organisation(editor: HostClient, draft: Offering) -> None:
    school, level = an_establishment(), a_level()
    answer = edit(
        editor,
        draft,
        title="Camp d’hiver",
        title_en="Winter camp",
        presentation="Chers parents,\r\n\r\n**Bonjour**",
        tags="neige, ski,neige , ",
        establishments=[str(school.pk)],
        levels=[str(level.pk)],
        starts_on="2026-12-21",
    )

    assert answer.url == url("edit_options", draft.slug), words(answer)
    draft.refresh_from_db()
    assert (draft.title, draft.translations) == ("Camp d’hiver", {"en": {"title": "Winter camp"}})
    assert (draft.presentation, draft.tags) == ("Chers parents,\n\n**Bonjour**", ["neige", "ski"])
    assert (list(draft.establishments.all()), list(draft.levels.all())) == ([school], [level])


def test_what_is_sent_back_untouched_changes_nothing(editor: HostClient) -> None:
    offering = an_offering(
        "Camp",
        presentation="Un **texte**\n\n- & <b>",
        translations={"en": {"title": "Camp", "refund_policy": "None"}, "de": {"title": "Lager"}},
        tags=["été", "jeux"],
        levels=[a_level(), a_level()],
    )
    before = Offering.objects.values().get()

    assert edit(editor, offering).status_code == 302
    assert Offering.objects.values().get() == before
    assert "Rien n’a été changé" in words(editor.get(url("offering_history", offering.slug)))


def test_nothing_typed_is_lost_when_a_field_is_wrong(editor: HostClient, draft: Offering) -> None:
    typed = {"title": "", "summary": "Un <résumé>", "title_en": "Title", "tags": "a, b", "starts_on": "2026-12-24"}
    answer = edit(editor, draft, **typed, ends_on="2026-12-01", picture=a_picture())

    assert answer.status_code == 422
    again = sent(answer.content.decode())
    assert {name: again[name] for name in typed} == typed
    assert "La fin vient avant le début." in words(answer)

    editor.post(url("edit_presentation", draft.slug), {**again, "title": "Camp", "ends_on": "2026-12-31"})
    draft.refresh_from_db()
    assert (draft.title, draft.summary, draft.picture.startswith("offerings/")) == ("Camp", "Un <résumé>", True)


def test_a_picture_is_told_by_its_content_and_drawn_in_two_sizes(editor: HostClient, draft: Offering) -> None:
    edit(editor, draft, picture=a_picture(), picture_alt="Un lac")
    draft.refresh_from_db()

    for path, size in ((draft.picture, (1280, 720)), (draft.picture.replace(".webp", "-640.webp"), (640, 360))):
        answer = editor.get(f"/images/{path}")
        with Image.open(io.BytesIO(b"".join(answer.streaming_content))) as shown:
            assert (shown.format, shown.size) == ("WEBP", size)


def test_a_picture_that_nothing_shows_any_more_goes(
    editor: HostClient, draft: Offering, django_capture_on_commit_callbacks: Any
) -> None:
    edit(editor, draft, picture=a_picture((64, 36)), picture_alt="Un lac")
    draft.refresh_from_db()
    first = draft.picture
    copy = an_offering(picture=first)
    with django_capture_on_commit_callbacks(execute=True):
        edit(editor, draft, picture=a_picture((64, 36)))
    assert default_storage.exists(first)

    with django_capture_on_commit_callbacks(execute=True):
        edit(editor, copy, removes_picture="on")
    assert not default_storage.exists(first) and not default_storage.exists(pictures.small(first))


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"<svg onload=alert(1)>", b"\x89PNG\r\n\x1a\n broken"])
def test_what_is_no_picture_is_refused_at_the_field(editor: HostClient, draft: Offering, content: bytes) -> None:
    answer = edit(editor, draft, picture=SimpleUploadedFile("photo.png", content))
    assert answer.status_code == 422
    draft.refresh_from_db()
    assert draft.picture == ""


def test_a_draft_s_picture_is_for_staff_alone(editor: HostClient, draft: Offering) -> None:
    edit(editor, draft, picture=a_picture((100, 100)), picture_alt="Un lac")
    draft.refresh_from_db()
    assert HostClient("a.localhost").get(f"/images/{draft.picture}").status_code == 404
    assert "private" in editor.get(f"/images/{draft.picture}")["Cache-Control"]


def test_who_comes_second_is_told_by_whom_and_what_and_loses_nothing(as_staff: SignIn, draft: Offering) -> None:
    marie, paul = as_staff(Role.PROGRAMME_MANAGER), as_staff(Role.OWNER)
    page = url("edit_presentation", draft.slug)
    of_marie, of_paul = filled_in(marie, page), filled_in(paul, page)
    marie.post(page, {**of_marie, "title": "De Marie"})

    answer = paul.post(page, {**of_paul, "title": "De Paul", "summary": "Par Paul"})

    told = words(answer)
    assert "Cette page a changé pendant que vous écriviez" in told and "De Marie" in told
    again = sent(answer.content.decode())
    assert (again["title"], again["summary"]) == ("De Paul", "Par Paul")
    draft.refresh_from_db()
    assert draft.title == "De Marie"

    paul.post(page, again)
    draft.refresh_from_db()
    assert (draft.title, draft.summary) == ("De Paul", "Par Paul")


def test_a_change_that_hurts_who_is_registered_is_said_first(editor: HostClient) -> None:
    offering = an_offering("Camp", summary="Un camp")
    a_hold(an_option(offering=offering))

    answer = edit(editor, offering, starts_on="2026-12-24")

    told = words(answer)
    assert "1 inscription a été faite pour les dates d’avant" in told and "Rien n’est encore enregistré." in told
    offering.refresh_from_db()
    assert offering.starts_on is None

    editor.post(url("edit_presentation", offering.slug), {**sent(answer.content.decode()), "confirmed": "1"})
    offering.refresh_from_db()
    assert str(offering.starts_on) == "2026-12-24"


def test_what_is_published_cannot_be_left_bare(editor: HostClient) -> None:
    offering = an_offering("Camp", summary="Un camp")
    an_option(offering=offering)
    answer = edit(editor, offering, summary="")
    assert answer.status_code == 422
    assert "le résumé ou le texte manque" in words(answer)


def test_a_new_nature_brings_its_usual_way_of_choosing(editor: HostClient, draft: Offering) -> None:
    edit(editor, draft, nature=Nature.MEALS)
    draft.refresh_from_db()
    assert (draft.nature, draft.selection) == (Nature.MEALS, Selection.QUANTITIES)


def test_what_is_typed_is_seen_before_it_is_kept(editor: HostClient, draft: Offering) -> None:
    page = url("edit_presentation", draft.slug)
    typed = {**filled_in(editor, page), "title": "Camp des neiges", "presentation": "**Gras**", "picture": ""}

    beside = editor.post(url("preview_presentation", draft.slug), typed)
    whole = editor.post(page, {**typed, "preview": "1"})

    for answer in (beside, whole):
        assert b"<strong>Gras</strong>" in answer.content and "Camp des neiges" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.title == "Camp d’été"


@pytest.mark.parametrize("role", [Role.FINANCE, Role.SECRETARY, Role.GROUP_LEADER, Role.AUDITOR])
def test_only_those_who_change_the_catalogue_edit_it(as_staff: SignIn, draft: Offering, role: Role) -> None:
    client, option = as_staff(role), Option.objects.create(offering=draft, name="Semaine 1")
    pages = [
        url("new_offering"),
        url("edit_presentation", draft.slug),
        url("edit_options", draft.slug),
        url("edit_option", draft.slug, option.pk),
        url("edit_meetings", draft.slug, option.pk),
        url("edit_conditions", draft.slug),
        url("edit_terms", draft.slug),
        url("edit_publishing", draft.slug),
        url("choose_rule", draft.slug, "conditions"),
    ]
    assert [client.get(page).status_code for page in pages] == [403] * len(pages)
    assert client.post(url("move_option", draft.slug, option.pk), {"move": "remove"}).status_code == 403


def test_what_is_not_there_is_not_found(editor: HostClient, draft: Offering) -> None:
    other = an_option()
    pages = [
        url("edit_presentation", "rien"),
        url("edit_option", draft.slug, other.pk),
        url("edit_window", draft.slug, 0),
        url("edit_rule", draft.slug, "conditions", 0),
        url("choose_rule", draft.slug, "autre"),
        url("choose_rule", draft.slug, f"choix-{other.pk}"),
        url("choose_rule", draft.slug, "periode-0"),
        url("add_rule", draft.slug, "conditions", "inconnue"),
    ]
    assert [editor.get(page).status_code for page in pages] == [404] * len(pages)
