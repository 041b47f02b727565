"""« Autorisations » in the family's file: to answer, to read again, to take back."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kernel import clock
from tenant_apps.families.models import Guardian, Guardianship, Household, Participant
from tenant_apps.forms.models import Decision, Form, Submission
from tenant_apps.registrations.models import Registration
from tests.clients import HostClient
from tests.factories.catalog import an_offering, an_option
from tests.factories.consents import an_everyone, said
from tests.factories.families import a_child, a_guardian
from tests.factories.forms import a_consent
from tests.factories.organisation import a_level
from tests.factories.registrations import a_basket, a_hold
from tests.portal.people import Parent, a_parent, words

PAGE = "/mon-dossier/autorisations"
YES = {"autorisation-decision": "yes", "autorisation-signed_name": "Marie Lapointe"}


def page_of(child: Participant, key: str = "photos") -> str:
    return f"{PAGE}/{child.id}/{key}"


def hidden_in(page: Any, name: str) -> dict[str, str]:
    """What the page sends back without showing it."""
    found = re.search(rf'name="{name}" value="([^"]+)"', page.content.decode())
    assert found
    return {name: found[1]}


def the_other_parent(child: Participant, **columns: Any) -> Guardian:
    other = a_guardian(first_name="Luc", last_name="Tremblay")
    Guardianship.objects.create(guardian=other, participant=child, **columns)
    return other


@pytest.fixture
def ada(parent: Parent) -> Participant:
    return a_child("Ada", of=parent.guardian)


@pytest.mark.line("S3-05")
def test_what_everyone_is_asked_is_listed_with_its_deadline_then_answered(
    client: HostClient, parent: Parent, ada: Participant
) -> None:
    an_everyone("Photos", text="J’autorise **les photos**.", due_on=date(2090, 9, 30))
    listed = words(client.get(PAGE))
    assert "À répondre Photos Au plus tard le samedi 30 septembre 2090" in listed
    # Two children are asked the same: whoever dictates or listens hears which of them.
    assert f"Répondre Photos, {ada}" in listed

    assert "J’autorise les photos ." in words(client.get(page_of(ada)))
    answer = client.post(page_of(ada), YES)

    assert answer.url == PAGE
    signed = Submission.objects.get()
    assert (signed.decision, signed.signer, signed.participant, signed.means) == ("yes", parent.guardian, ada, "online")
    assert (signed.signed_name, signed.language, signed.signed_from) == ("Marie Lapointe", "fr", "127.0.0.1")
    listed = words(client.get(PAGE))
    assert "À répondre" not in listed
    assert "Répondues Photos Oui Marie Lapointe, le" in listed


def test_several_are_answered_in_a_row_with_the_name_written_once(
    client: HostClient, parent: Parent, ada: Participant
) -> None:
    an_everyone("Photos", text="J’autorise les photos.")
    bo = a_child("Bo", of=parent.guardian)

    following = client.post(page_of(ada), YES)

    assert following.url == page_of(bo)
    assert 'value="Marie Lapointe"' in client.get(following.url).content.decode()
    assert client.post(page_of(bo), YES).url == PAGE


@pytest.mark.line("S3-09")
def test_a_forgotten_answer_or_name_is_said_at_its_field_and_nothing_is_lost(
    client: HostClient, ada: Participant
) -> None:
    an_everyone()

    page = client.post(page_of(ada), {"autorisation-signed_name": "Marie Lapointe"})

    assert page.status_code == 422
    assert "Indiquez si vous autorisez ou non." in words(page)
    assert 'value="Marie Lapointe"' in page.content.decode()
    assert Submission.objects.count() == 0


def test_a_no_frees_what_was_held_with_a_yes(client: HostClient, parent: Parent, ada: Participant) -> None:
    photos = an_everyone()
    said(photos, ada)
    option = an_option(offering=an_offering(consent_form=photos.form))
    place = a_hold(option, basket=a_basket(parent.guardian), child=ada, at=clock.now())

    client.post(page_of(ada), {**YES, "autorisation-decision": "no"})

    place.refresh_from_db()
    assert place.status == "released"


def test_taking_back_is_no_answer_to_the_question_itself(client: HostClient, ada: Participant) -> None:
    an_everyone()

    page = client.post(page_of(ada), {**YES, "autorisation-decision": "withdrawn"})

    assert page.status_code == 422
    assert Submission.objects.count() == 0


def test_a_text_published_since_the_page_was_opened_is_read_before_it_is_signed(
    client: HostClient, ada: Participant
) -> None:
    an_everyone(text="Ce que l’on lit.", translations={"en": "What one reads."})
    opened = hidden_in(client.get(page_of(ada)), "autorisation-text")
    client.cookies["django_language"] = "en"
    translated = client.post(page_of(ada), {**YES, **opened})
    client.cookies["django_language"] = "fr"
    an_everyone(text="Ce que l’on n’a pas lu.")

    page = client.post(page_of(ada), {**YES, **opened})

    assert (translated.status_code, page.status_code) == (422, 422)
    assert "Ce texte n’est plus celui que vous aviez devant vous." in words(page)
    assert "Ce que l’on n’a pas lu." in words(page)
    assert Submission.objects.count() == 0
    assert client.post(page_of(ada), {**YES, **hidden_in(page, "autorisation-text")}).status_code == 303


@pytest.mark.line("S3-29")
def test_the_text_is_signed_in_the_reader_s_language(client: HostClient, ada: Participant) -> None:
    an_everyone(translations={"en": "I allow photographs."})
    client.cookies["django_language"] = "en"
    page = client.get(page_of(ada), headers={"Accept-Language": "en"})
    assert "I allow photographs." in words(page)

    client.post(page_of(ada), YES, headers={"Accept-Language": "en"})

    signed = Submission.objects.get()
    assert signed.language == "en"
    # And read again as it was read then, in whatever language the reader is now.
    client.cookies["django_language"] = "fr"
    again = words(client.get(f"{PAGE}/signees/{signed.id}", headers={"Accept-Language": "fr"}))
    assert "I allow photographs." in again


@pytest.mark.line("S3-36")
def test_after_the_deadline_nobody_answers_any_more_and_the_page_says_why(client: HostClient, ada: Participant) -> None:
    an_everyone(due_on=date(2026, 1, 15))

    assert "La date limite, le jeudi 15 janvier 2026, est passée." in words(client.get(PAGE))
    page = client.post(page_of(ada), YES)
    assert "est passée : on ne peut plus répondre." in words(page)
    assert Submission.objects.count() == 0


@pytest.mark.line("S3-27")
def test_taking_back_names_what_depends_on_it_frees_what_was_held_and_leaves_what_is_confirmed(
    client: HostClient, parent: Parent, ada: Participant
) -> None:
    consent = a_consent("J’autorise la sortie.")
    offering = an_offering("Zoo", consent_form=consent.form, selection="several")
    basket = a_basket(parent.guardian)
    held, confirmed = (
        a_hold(an_option(name, offering=offering, places=5), child=ada, basket=basket, at=clock.now())
        for name in ("Matin", "Soir")
    )
    Registration.objects.filter(pk=confirmed.pk).update(status="confirmed", confirmed_at=clock.now())
    said(consent, ada)
    address = page_of(ada, consent.form.key) + "/retirer"

    page = words(client.get(address))
    assert "Sans cette autorisation, Ada ne pourra pas participer à : Zoo – Matin Zoo – Soir" in page
    answer = client.post(address, {"signed_name": "Marie Lapointe"})

    assert answer.url == PAGE
    held.refresh_from_db()
    confirmed.refresh_from_db()
    assert (held.status, confirmed.status) == ("released", "confirmed")
    assert Submission.objects.order_by("-submitted_at").first().decision == Decision.WITHDRAWN  # type: ignore[union-attr]
    assert client.get(address).status_code == 404


def test_taking_back_needs_a_name_as_giving_does(client: HostClient, ada: Participant) -> None:
    said(an_everyone(), ada)
    address = page_of(ada) + "/retirer"

    assert 'value="Marie Lapointe"' in client.get(address).content.decode()
    assert client.post(address, {"signed_name": " "}).status_code == 422
    assert client.post(address, {"signed_name": "M."}).status_code == 422
    assert Submission.objects.count() == 1


def test_taking_back_stays_possible_after_the_deadline(client: HostClient, ada: Participant) -> None:
    photos = an_everyone()
    said(photos, ada)
    Form.objects.update(due_on=date(2026, 1, 15))

    assert client.post(page_of(ada) + "/retirer", {"signed_name": "Marie Lapointe"}).status_code == 303


def test_the_other_parent_is_told_by_the_first_name_unless_they_live_together(
    client: HostClient, parent: Parent, ada: Participant
) -> None:
    luc = the_other_parent(ada)
    signed = said(an_everyone(), ada, by=luc)

    for address in (PAGE, f"{PAGE}/signees/{signed.id}", page_of(ada)):
        page = words(client.get(address))
        assert "Luc, l’autre parent" in page
        assert "Tremblay" not in page

    home = Household.objects.get(guardians=parent.guardian)
    Guardian.objects.filter(pk=luc.pk).update(household=home)
    assert "Luc Tremblay" in words(client.get(PAGE))


def test_a_yes_against_the_other_parent_s_no_is_kept_and_changes_nothing(client: HostClient, ada: Participant) -> None:
    said(an_everyone(), ada, "no", by=the_other_parent(ada))

    page = client.post(page_of(ada), YES, follow=True)

    assert "L’autre parent a répondu non : ce refus tient" in words(page)
    assert "Photos Non Luc, l’autre parent" in words(page)
    assert Submission.objects.count() == 2


def test_a_relative_reads_and_does_not_answer(client: HostClient, parent: Parent, ada: Participant) -> None:
    an_everyone()
    Guardianship.objects.filter(guardian=parent.guardian).update(role="relative")

    assert "Photos" not in words(client.get(PAGE))
    page = client.post(page_of(ada), YES)
    assert "Seule une personne qui détient l’autorité parentale" in words(page)
    assert Submission.objects.count() == 0


def test_another_family_s_child_and_texts_do_not_exist(client: HostClient, parent: Parent) -> None:
    theirs = a_child("Bo")
    signed = said(an_everyone(), theirs)

    for address in (
        page_of(theirs),
        page_of(theirs) + "/retirer",
        f"{PAGE}/signees/{signed.id}",
        f"{PAGE}/signees/{signed.id}.pdf",
    ):
        assert client.get(address).status_code == 404
        assert client.post(address, YES).status_code in (404, 405)


def test_a_blocked_adult_sees_nothing(client: HostClient, ada: Participant) -> None:
    luc = a_parent(HostClient("a.localhost"))
    link = Guardianship.objects.create(guardian=luc.guardian, participant=ada)
    signed = said(an_everyone(), ada)
    Guardianship.objects.filter(pk=link.pk).update(is_blocked=True)

    assert "Ada" not in words(luc.client.get(PAGE))
    for address in (page_of(ada), f"{PAGE}/signees/{signed.id}", f"{PAGE}/signees/{signed.id}.pdf"):
        assert luc.client.get(address).status_code == 404


@pytest.mark.line("S3-04")
def test_an_outing_of_the_class_awaits_its_authorization_on_its_own_form(client: HostClient, parent: Parent) -> None:
    third = a_level("3e")
    a_child("Ada", of=parent.guardian, level=third)
    a_child("Bo", of=parent.guardian, level=a_level("4e"))
    offering = an_offering("Musée", consent_form=a_consent().form, levels=[third], deadline_on=date(2090, 9, 30))

    page = client.get(PAGE)

    waiting = {str(child.participant): child.to_answer for child in page.context["children"]}
    [museum] = waiting["Lapointe Ada"]
    assert waiting["Lapointe Bo"] == []
    assert (museum.title, museum.due_on) == ("Musée", date(2090, 9, 30))
    assert museum.address.startswith(f"/activites/{offering.slug}/inscription?enfant=")


def test_who_says_yes_at_the_registration_against_the_other_s_no_is_refused_in_words(
    client: HostClient, parent: Parent, ada: Participant
) -> None:
    consent = a_consent()
    offering = an_offering("Zoo", consent_form=consent.form, selection="several")
    option = an_option(offering=offering)
    said(consent, ada, "no", by=the_other_parent(ada))

    page = client.post(
        f"/activites/{offering.slug}/inscription?enfant={ada.id}",
        {**YES, "choix-options": str(option.id), "contact-email": "marie@example.org"},
    )

    assert "Luc a répondu non pour cet enfant" in words(page)
    assert Registration.objects.count() == 0
    assert Submission.objects.count() == 1


def test_the_proof_is_a_pdf_for_the_parents_alone(client: HostClient, ada: Participant) -> None:
    signed = said(an_everyone(), ada)

    answer = client.get(f"{PAGE}/signees/{signed.id}.pdf")

    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Cache-Control"].startswith("no-store")
    assert answer.content.startswith(b"%PDF-")


def test_three_children_are_listed_with_as_many_queries_as_one(client: HostClient, parent: Parent) -> None:
    photos, third = an_everyone(), a_level()
    an_offering(consent_form=a_consent().form, levels=[third])

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE)
        return len([query for query in queries if "set_config" not in query["sql"]])

    said(photos, a_child("Ada", of=parent.guardian, level=third))
    client.get(PAGE)
    one = count()
    for name in ("Bo", "Chloé"):
        said(photos, a_child(name, of=parent.guardian, level=third))

    assert count() == one


def test_an_answer_that_ran_out_is_asked_again(client: HostClient, ada: Participant) -> None:
    said(an_everyone(validity_days=5), ada, at=clock.now() - timedelta(days=9))

    assert "À répondre Photos" in words(client.get(PAGE))
