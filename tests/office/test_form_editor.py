"""The form editor: a draft, what it may become, how it is published, and what becomes of old answers."""

from typing import Any

import pytest
from django.urls import reverse

from shared_apps.audit.models import Entry
from tenant_apps.forms import consents, editing, operations
from tenant_apps.forms import queries as forms
from tenant_apps.forms.models import Form, FormVersion, Purpose
from tenant_apps.office import form_drafts
from tenant_apps.organisation.models import Role
from tests.clients import HostClient
from tests.factories.consents import an_everyone, said
from tests.factories.families import a_child
from tests.factories.forms import a_form
from tests.office.conftest import SignIn
from tests.portal.people import words

KEY = "sante"
DEFINITION: dict[str, Any] = {
    "sections": [
        {
            "title": {"fr": "Santé", "en": "Health"},
            "questions": [
                {"key": "swims", "kind": "yes_no", "label": {"fr": "Sait nager ?", "en": "Swims?"}},
                {"key": "allergies", "kind": "boolean", "class": "health", "label": {"fr": "Allergies"}},
                {
                    "key": "diet",
                    "kind": "choice",
                    "label": {"fr": "Régime"},
                    "choices": [{"value": "veg", "label": {"fr": "Végétarien"}}, "Aucun"],
                },
            ],
        },
        {"title": {"fr": "Départs"}, "questions": [{"key": "alone", "kind": "yes_no", "label": {"fr": "Part seul ?"}}]},
    ]
}


def url(name: str, *args: object) -> str:
    return reverse(f"office:{name}", urlconf="config.urls.organisation", args=args)


@pytest.fixture
def owner(as_staff: SignIn) -> HostClient:
    return as_staff(Role.OWNER)


@pytest.fixture
def version() -> FormVersion:
    return operations.publish_version(
        form_key=KEY, title="Fiche santé", purpose=Purpose.RECORD, definition=DEFINITION, settings={"validity_days": 30}
    )


def keys(definition: dict[str, Any]) -> list[list[str]]:
    return [[each["key"] for each in section["questions"]] for section in definition["sections"]]


def current() -> FormVersion:
    return forms.current_version(Form.objects.get(key=KEY).id)


def edited(definition: dict[str, Any], key: str) -> dict[str, Any]:
    return editing.question(definition, key)


def test_a_question_moves_within_its_part_then_into_the_next_and_no_further() -> None:
    once = editing.move(DEFINITION, "swims", by=1)
    assert keys(once) == [["allergies", "swims", "diet"], ["alone"]]
    assert keys(editing.move(DEFINITION, "diet", by=1)) == [["swims", "allergies"], ["diet", "alone"]]
    assert keys(editing.move(DEFINITION, "alone", by=-1)) == [["swims", "allergies", "diet", "alone"], []]
    assert keys(editing.move(DEFINITION, "swims", by=-1)) == keys(DEFINITION)
    assert keys(editing.move(DEFINITION, "alone", by=1)) == keys(DEFINITION)


def test_what_is_essential_is_never_switched_off_and_a_preset_s_question_never_removed() -> None:
    definition = {"sections": [{"title": "", "questions": [{"key": "last_name", "kind": "text", "label": "Nom"}]}]}

    assert "off" not in edited(editing.switch(definition, "last_name", on=False), "last_name")
    assert keys(editing.remove(definition, "last_name")) == [["last_name"]]


def test_a_choice_that_is_reworded_or_moved_keeps_the_value_of_old_answers() -> None:
    known = [{"value": "veg", "label": {"fr": "Végétarien"}}, {"value": "none", "label": {"fr": "Aucun"}}]

    reworded = editing.choices([{"fr": "Végétarienne"}, {"fr": "Aucun"}], known)
    moved = editing.choices([{"fr": "Aucun"}, {"fr": "Halal"}, {"fr": "Végétarien"}], known)

    assert [each["value"] for each in reworded] == ["veg", "none"]
    assert [each["value"] for each in moved] == ["none", "halal", "veg"]


def test_the_definition_given_is_left_as_it_was() -> None:
    before = repr(DEFINITION)
    editing.switch(editing.move(DEFINITION, "swims", by=1), "diet", on=False)

    assert repr(DEFINITION) == before


@pytest.mark.line("S4-19")
def test_a_question_is_switched_off_in_a_draft_and_is_asked_until_it_is_published(
    owner: HostClient, version: FormVersion
) -> None:
    owner.post(url("question_move", KEY, "swims"), {"move": "off"})

    assert current() == version
    editor = words(owner.get(url("form", KEY)))
    assert "Des changements attendent d’être publiés" in editor
    assert "Sait nager ? Oui ou non Désactivée" in editor
    assert "Sait nager ? L’état Activée Désactivée" in words(owner.get(url("form_publish", KEY)))

    told = words(owner.post(url("form_publish", KEY), follow=True))

    assert "« Fiche santé » est publié, version 2." in told
    assert edited(current().definition, "swims")["off"] is True
    assert (FormVersion.objects.get(id=version.id).definition, current().number) == (DEFINITION, 2)
    published = Entry.objects.get(action="form.published")
    assert published.details == {"number": 2}
    assert "Des changements attendent" not in words(owner.get(url("form", KEY)))


@pytest.mark.line("S1-34")
def test_a_question_is_reworded_in_each_language_and_made_compulsory(owner: HostClient, version: FormVersion) -> None:
    page = owner.get(url("question", KEY, "swims"))
    assert page.context["form"].initial["label_en"] == "Swims?"

    owner.post(
        url("question", KEY, "swims"),
        {"label_fr": "Nage-t-il ?", "label_en": "Can swim?", "hint_fr": "Sans aide.", "required": "on"},
    )
    owner.post(url("form_publish", KEY))

    assert edited(current().definition, "swims") == {
        "key": "swims",
        "kind": "yes_no",
        "label": {"fr": "Nage-t-il ?", "en": "Can swim?"},
        "hint": {"fr": "Sans aide."},
        "required": True,
    }


def test_a_question_of_one_s_own_is_added_under_a_condition_then_taken_out(
    owner: HostClient, version: FormVersion
) -> None:
    answer = owner.post(
        url("question_add", KEY),
        {
            "kind": "choice",
            "data_class": "health",
            "section": "1",
            "label_fr": "Sirop contre la toux",
            "choices_fr": "Le matin\nLe soir",
            "choices_en": "Morning\nEvening",
            "show_if": "allergies=yes",
        },
    )
    assert answer.status_code == 302
    owner.post(url("form_publish", KEY))

    assert edited(current().definition, "own_sirop_contre_la_toux") == {
        "key": "own_sirop_contre_la_toux",
        "kind": "choice",
        "class": "health",
        "label": {"fr": "Sirop contre la toux"},
        "required": False,
        "choices": [
            {"value": "le-matin", "label": {"fr": "Le matin", "en": "Morning"}},
            {"value": "le-soir", "label": {"fr": "Le soir", "en": "Evening"}},
        ],
        "show_if": {"question": "allergies", "is": "yes"},
    }
    owner.post(url("question_move", KEY, "own_sirop_contre_la_toux"), {"move": "remove"})
    owner.post(url("form_publish", KEY))
    assert keys(current().definition) == keys(DEFINITION)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"kind": ""}, "Genre de réponse : Ce champ est obligatoire."),
        ({"label_fr": ""}, "Question (Français) : Ce champ est obligatoire."),
        ({"kind": "choice"}, "Écrivez au moins deux choix, un par ligne."),
        ({"kind": "choice", "choices_fr": "A\nA"}, "Deux choix sont pareils."),
        (
            {"kind": "choice", "choices_fr": "A\nB", "choices_en": "A"},
            "Écrivez autant de choix que dans la première langue.",
        ),
        ({"kind": "oen"}, "Ce numéro identifie une personne : écrivez pourquoi il est nécessaire."),
        ({"show_if": "nulle=yes"}, "Sélectionnez un choix valide"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(
    owner: HostClient, version: FormVersion, change: dict[str, str], told: str
) -> None:
    typed = {"kind": "text", "data_class": "personal", "section": "0", "label_fr": "Surnom", "hint_fr": "Mon aide"}

    page = owner.post(url("question_add", KEY), {**typed, **change})

    assert page.status_code == 422
    assert told in words(page)
    assert 'value="Mon aide"' in page.content.decode()
    assert not owner.session.get("form_drafts")


def test_a_number_that_identifies_somebody_is_asked_with_its_reason_and_sealed(
    owner: HostClient, version: FormVersion
) -> None:
    owner.post(
        url("question_add", KEY),
        {
            "kind": "national_number_be",
            "data_class": "personal",
            "section": "0",
            "label_fr": "Numéro",
            "reason": "Fisc",
        },
    )
    owner.post(url("form_publish", KEY))

    asked = edited(current().definition, "national_number")
    assert (asked["class"], asked["reason"], asked.get("shared")) == ("national_number", "Fisc", None)


def test_a_move_that_leaves_a_condition_without_its_question_is_refused_in_words(
    owner: HostClient, version: FormVersion
) -> None:
    owner.post(
        url("question_add", KEY),
        {"kind": "text", "data_class": "personal", "section": "0", "label_fr": "Nage où", "show_if": "swims=yes"},
    )
    page = owner.get(url("form", KEY))
    for _ in range(2):
        owner.post(url("question_move", KEY, "own_nage_ou"), {"move": "up"})
    page = owner.post(url("question_move", KEY, "own_nage_ou"), {"move": "up"}, follow=True)

    assert "Une question dépend d’une autre qui n’est pas posée avant elle." in words(page)


def test_a_question_known_elsewhere_with_another_protection_is_refused(owner: HostClient, version: FormVersion) -> None:
    other = a_form({"key": "shirt"}, key="autre", purpose=Purpose.REGISTRATION)
    asked = {"key": "swims", "kind": "yes_no", "class": "health", "label": "Sait nager ?"}
    FormVersion.objects.create(form=other.form, number=2, definition={"sections": [{"questions": [asked]}]})
    form = Form.objects.get(key=KEY)

    assert form_drafts.why_not(form, DEFINITION).startswith("La même question existe dans un autre formulaire")
    page = owner.post(url("form_publish", KEY))
    assert page.status_code == 422
    assert current() == version


def test_two_editors_do_not_overwrite_each_other(as_staff: SignIn, owner: HostClient, version: FormVersion) -> None:
    other = as_staff(Role.ADMINISTRATOR)
    for client, key in ((owner, "swims"), (other, "diet")):
        client.post(url("question_move", KEY, key), {"move": "off"})
    owner.post(url("form_publish", KEY))

    page = other.post(url("form_publish", KEY))

    assert page.status_code == 422
    assert "Une autre personne a publié ce formulaire entre-temps." in words(page)
    assert "off" not in edited(current().definition, "diet")
    other.post(url("form_discard", KEY))
    assert edited(other.get(url("form", KEY)).context["draft"].definition, "swims")["off"] is True


def test_two_editors_do_not_overwrite_each_other_s_settings(
    as_staff: SignIn, owner: HostClient, version: FormVersion
) -> None:
    """No version tells them apart: settings are published without one."""
    other = as_staff(Role.ADMINISTRATOR)
    other.post(url("question_move", KEY, "diet"), {"move": "off"})
    owner.post(url("form_settings", KEY), {"title": "Fiche santé", "validity_days": "60", "is_open": "on"})
    owner.post(url("form_publish", KEY))

    page = other.post(url("form_publish", KEY))

    assert page.status_code == 422
    assert Form.objects.get(key=KEY).validity_days == 60


def test_what_a_form_is_for_changes_without_a_new_version(owner: HostClient, version: FormVersion) -> None:
    settings = {"title": "Fiche santé", "reason": "Pour veiller sur lui.", "validity_days": "60", "is_open": "on"}
    owner.post(url("form_settings", KEY), settings)
    owner.post(url("form_publish", KEY))

    form = Form.objects.get(key=KEY)
    assert (form.reason, form.validity_days, form.asks_everyone, current()) == (
        "Pour veiller sur lui.",
        60,
        False,
        version,
    )
    assert Entry.objects.get(action="form.changed").details == {"number": 1}
    refused = owner.post(url("form_settings", KEY), {**settings, "validity_days": "0", "due_on": "hier"})
    assert refused.status_code == 422
    assert 'value="hier"' in refused.content.decode()


@pytest.mark.line("S3-29")
def test_a_consent_s_text_is_previewed_then_published_and_old_answers_keep_theirs(owner: HostClient) -> None:
    photos = an_everyone(text="Premier texte.")
    child = a_child()
    signed = said(photos, child)
    address = url("form_text", "photos")

    preview = owner.post(address, {"text_fr": "Second **texte**.", "text_en": "Second text.", "preview": "1"})
    assert "<strong>texte</strong>" in preview.content.decode()
    assert not owner.session.get("form_drafts")
    owner.post(address, {"text_fr": "Second **texte**.", "text_en": "Second text."})
    owner.post(url("form_publish", "photos"))

    new = forms.current_version(photos.form_id)
    assert (new.number, new.text, new.translations) == (2, "Second **texte**.", {"en": "Second text."})
    assert consents.wording_of(signed).text == "Premier texte."
    assert state(photos, child) == "yes"


def test_everybody_is_asked_again_only_where_the_editor_says_so(owner: HostClient) -> None:
    photos = an_everyone(text="Premier texte.")
    child = a_child()
    said(photos, child)
    owner.post(url("form_text", "photos"), {"text_fr": "Tout autre texte."})

    owner.post(url("form_publish", "photos"), {"asks_again": "on"})
    assert state(photos, child) == "silent"

    said(forms.current_version(photos.form_id), child)
    owner.post(url("form_text", "photos"), {"text_fr": "Tout autre texte !"})
    owner.post(url("form_publish", "photos"))
    assert state(photos, child) == "yes"


def test_a_consent_without_a_text_is_not_published_and_asks_no_question(owner: HostClient) -> None:
    an_everyone()
    assert owner.get(url("question_add", "photos")).status_code == 404

    assert owner.post(url("form_text", "photos"), {"text_fr": " "}).status_code == 422


def state(version: FormVersion, child: Any) -> str:
    from kernel import clock
    from tests.factories.moments import TORONTO

    found = consents.standings([version.form_id], [child.id], at=clock.now(), zone=TORONTO)
    return str(found.of(version.form_id, child.id).state)


def test_the_preview_shows_the_draft_as_a_family_sees_it(owner: HostClient, version: FormVersion) -> None:
    owner.post(url("question_move", KEY, "swims"), {"move": "off"})

    page = words(owner.get(url("form_preview", KEY)))

    assert "Sait nager ?" not in page
    assert "Allergies" in page


def test_the_history_says_what_each_version_changed_and_who_published_it(
    owner: HostClient, version: FormVersion
) -> None:
    owner.post(url("question_move", KEY, "swims"), {"move": "down"})
    owner.post(url("form_publish", KEY))

    page = owner.get(url("form_version", KEY, 2))

    assert "L’ordre des questions a changé" in words(page)
    assert page.context["published"][0]["by"] == Entry.objects.get(action="form.published").actor_label
    assert owner.get(url("form_version", KEY, 3)).status_code == 404


def test_the_editor_is_for_the_owner_and_the_administration(as_staff: SignIn, version: FormVersion) -> None:
    allowed = [Role.OWNER, Role.ADMINISTRATOR]
    names = ("form", "form_settings", "form_text", "form_preview", "form_publish", "question_add")

    for role in Role:
        client = as_staff(role)
        answers = {client.get(url("forms")).status_code, *(client.get(url(name, KEY)).status_code for name in names)}
        answers.add(client.get(url("question", KEY, "swims")).status_code)
        assert answers == ({200} if role in allowed else {403})
        moved = client.post(url("question_move", KEY, "swims"), {"move": "off"}).status_code
        assert moved == (302 if role in allowed else 403)


def test_what_is_not_there_is_not_found(owner: HostClient, version: FormVersion) -> None:
    for address in (url("form", "nulle"), url("question", KEY, "nulle"), url("form_version", KEY, 9)):
        assert owner.get(address).status_code == 404
    assert owner.post(url("question_move", KEY, "swims"), {"move": "ailleurs"}).status_code == 404
    assert owner.post(url("question_move", KEY, "nulle"), {"move": "up"}).status_code == 404
