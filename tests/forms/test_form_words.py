"""The title and the reason of a form in each language of the organisation: from the preset to the proof."""

import io
from typing import Any

import pytest
from django.urls import reverse
from django.utils.translation import override
from pypdf import PdfReader

from tenant_apps.catalog.eligibility import Eligibility
from tenant_apps.forms import drafts, operations, proof
from tenant_apps.forms.definitions import BadDefinition
from tenant_apps.forms.models import Form, FormVersion, Purpose
from tenant_apps.organisation import operations as organisation_operations
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.models import Role
from tenant_apps.organisation.presets import files
from tenant_apps.registrations.consents import Subject
from tenants.models import Organisation
from tests.factories.catalog import an_offering
from tests.factories.consents import an_everyone, said
from tests.factories.families import a_child
from tests.factories.forms import a_form
from tests.factories.moments import NOON
from tests.factories.organisation import an_organisation_profile
from tests.office.conftest import SignIn, as_staff
from tests.portal.people import Parent, a_parent, words

__all__ = ["as_staff"]

ENGLISH = {"en": {"title": "Health record", "reason": "To take good care of them."}}


@pytest.fixture(autouse=True)
def profile(organisation_a: Organisation) -> None:
    an_organisation_profile()


@pytest.fixture
def parent() -> Parent:
    return a_parent()


def a_health_record() -> FormVersion:
    version = a_form({"key": "swims"}, purpose=Purpose.RECORD, key="sante")
    Form.objects.filter(pk=version.form_id).update(
        title="Fiche santé", reason="Pour veiller sur lui.", translations=ENGLISH, asks_everyone=True
    )
    version.form.refresh_from_db()
    return version


def shown(form: Form, language: str) -> tuple[str, str, str]:
    with override(language):
        return form.shown_title, form.shown_reason, str(form)


def test_a_form_is_read_in_the_reader_s_language_and_in_french_where_it_has_no_other() -> None:
    form = a_health_record().form

    assert shown(form, "en-ca") == ("Health record", "To take good care of them.", "Health record")
    assert shown(form, "fr") == ("Fiche santé", "Pour veiller sur lui.", "Fiche santé")
    assert shown(form, "nl") == shown(form, "fr")
    form.translations = {"en": {"reason": "To take good care of them."}}
    assert shown(form, "en") == ("Fiche santé", "To take good care of them.", "Fiche santé")


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ({"title": "Fiche"}, ("Fiche", "", {})),
        (
            {"title": {"fr": "Fiche", "en": "Record"}, "reason": {"fr": "Pour lui.", "nl": "Voor hem."}},
            ("Fiche", "Pour lui.", {"en": {"title": "Record"}, "nl": {"reason": "Voor hem."}}),
        ),
    ],
)
def test_a_preset_says_them_as_a_text_or_by_language(said: dict[str, Any], kept: tuple[Any, ...]) -> None:
    operations.publish_all([{"key": "fiche", "purpose": "record", **said}])

    form = Form.objects.get(key="fiche")
    assert (form.title, form.reason, form.translations) == kept


def test_a_title_without_french_is_no_title() -> None:
    with pytest.raises(BadDefinition, match="is not written in French"):
        operations.publish_all([{"key": "fiche", "purpose": "record", "title": {"en": "Record"}}])


@pytest.mark.parametrize("key", files.keys())
def test_every_form_of_a_preset_has_its_words_in_each_language_of_its_organisation(key: str) -> None:
    profile = organisation_operations.apply_preset(key=key, name="Organisation A")

    others = set(profile.languages) - {"fr"}
    assert others
    for form in Form.objects.all():
        wanted = {"title", "reason"} if form.reason else {"title"}
        assert {code: set(told) for code, told in form.translations.items()} == dict.fromkeys(others, wanted), form.key


def test_a_family_reads_them_in_its_language(parent: Parent) -> None:
    record = a_health_record()
    child = a_child(of=parent.guardian)
    address = reverse("record", urlconf="config.urls.organisation", args=[child.id, record.form.key])
    parent.client.cookies["django_language"] = "en"

    assert "Health record" in words(parent.client.get(reverse("to_do", urlconf="config.urls.organisation")))
    page = words(parent.client.get(address))
    assert ("Health record" in page, "To take good care of them." in page, "Fiche santé" in page) == (True, True, False)


def test_reasons_and_authorizations_are_named_in_the_reader_s_language() -> None:
    record = a_health_record()
    camp, ada = an_offering(requirements=[{"kind": "form", "form": "sante"}]), a_child()
    known = Eligibility.of([camp], [ada], guardian_id=None, at=NOON, zone=organisation.profile().zone)

    with override("en"):
        [reason] = known.of_offering(camp, ada)
        assert (reason.values["form"], Subject(record.form).title) == ("Health record", "Health record")


@pytest.mark.parametrize(("language", "title"), [("fr", "Photos à l’école"), ("en", "School pictures")])
def test_the_proof_is_titled_in_the_language_that_was_signed(language: str, title: str) -> None:
    version = an_everyone("Photos à l’école", translations={"en": "I allow pictures."})
    Form.objects.filter(pk=version.form_id).update(translations={"en": {"title": "School pictures"}})
    version.form.refresh_from_db()
    signed = said(version, a_child(), language=language)

    content = proof.pdf(signed, organisation.profile(), signer="Marie", language="fr")

    assert title in PdfReader(io.BytesIO(content)).pages[0].extract_text()


def settings_url() -> str:
    return reverse("office:form_settings", urlconf="config.urls.organisation", args=["sante"])


def publish_url() -> str:
    return reverse("office:form_publish", urlconf="config.urls.organisation", args=["sante"])


def test_staff_write_them_for_each_language_offered_and_publish_them(as_staff: SignIn) -> None:
    owner, version = as_staff(Role.OWNER), a_health_record()
    typed = {"title": "Fiche santé", "reason": "Pour lui.", "title_en": "Health form", "reason_en": "", "is_open": "on"}

    assert 'value="Health record"' in owner.get(settings_url()).content.decode()
    owner.post(settings_url(), typed)
    changes = words(owner.get(publish_url()))
    assert "en Titre Health record Health form" in changes
    assert "en Pourquoi nous le demandons To take good care of them. —" in changes
    owner.post(publish_url())

    form = Form.objects.get(key="sante")
    assert (form.translations, form.versions.count()) == ({"en": {"title": "Health form"}}, version.number)


def test_a_title_that_is_too_long_is_told_at_its_field_and_a_language_no_longer_offered_is_kept(
    as_staff: SignIn,
) -> None:
    owner, version = as_staff(Role.OWNER), a_health_record()
    typed = {"title": "Fiche santé", "title_en": "x" * 201}
    refused = owner.post(settings_url(), typed)

    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["title_en"])
    Form.objects.filter(pk=version.form_id).update(translations={**ENGLISH, "nl": {"title": "Gezondheidsfiche"}})
    owner.post(settings_url(), {**typed, "title_en": ""})
    owner.post(publish_url())
    assert Form.objects.get(key="sante").translations == {"nl": {"title": "Gezondheidsfiche"}}


def test_a_draft_begun_before_there_were_translations_is_still_read() -> None:
    data = drafts.of_version(a_health_record()).as_data()
    del data["translations"]

    assert drafts.Draft(**data).shown_title == "Fiche santé"
