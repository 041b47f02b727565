"""A child's records on the family's pages: filled in, renewed, kept from whom they do not concern."""

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.utils import CaptureQueriesContext
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from kernel import clock
from kernel.database import connection
from tenant_apps.families import queries as families
from tenant_apps.families.models import Guardianship, Participant
from tenant_apps.forms import answers
from tenant_apps.forms.models import Form, FormVersion, Purpose, Submission, Upload
from tests.clients import HostClient
from tests.factories.families import a_child
from tests.factories.forms import a_form
from tests.portal.people import Parent, a_camp, a_parent, an_article, register_url, words

SIGNED = {"signature-signed_name": "Marie Lapointe", "signature-confirmed": "on"}
ANSWERS = {"allergies": "on", "allergies_details": "Noix", "swims": "yes", "doctor": "Dre Marchal"}
QUESTIONS: list[dict[str, Any]] = [
    {"key": "allergies", "kind": "boolean", "class": "health", "label": "Allergies", "details_label": "Lesquelles"},
    {"key": "swims", "kind": "yes_no", "label": "Sait nager", "required": True},
    {"key": "doctor", "label": "Médecin traitant", "shared": True, "required": True},
]


def a_health_record(*more: dict[str, Any], key: str = "fiche-sante", asks_everyone: bool = True) -> FormVersion:
    version = a_form(*QUESTIONS, *more, purpose=Purpose.RECORD, key=key)
    Form.objects.filter(id=version.form_id).update(
        validity_days=30, asks_everyone=asks_everyone, title="Fiche santé", reason="Pour veiller sur votre enfant."
    )
    return version


def page_of(child: Participant, key: str = "fiche-sante", query: str = "") -> str:
    return f"/mon-dossier/enfants/{child.id}/fiches/{key}{query}"


def filled_in(parent: Parent, child: Participant, **more: Any) -> Any:
    return parent.client.post(page_of(child), {**ANSWERS, **SIGNED, **more})


@pytest.fixture
def clock_file(settings: Any, tmp_path: Any) -> None:
    settings.CLOCK_FILE = tmp_path / "clock"


@pytest.mark.line("S4-16", "S4-18")
def test_a_record_is_filled_in_signed_and_valid_for_its_days(parent: Parent) -> None:
    version, child = a_health_record(), a_child("Ada", of=parent.guardian)
    empty = words(parent.client.get(page_of(child)))
    assert "Pour veiller sur votre enfant." in empty
    assert "Rien n’a changé" not in empty

    answer = filled_in(parent, child)

    assert (answer.status_code, answer["Location"]) == (303, "/mon-dossier")
    [submission] = Submission.objects.filter(version=version)
    assert (submission.signed_name, submission.language) == ("Marie Lapointe", "fr")
    assert submission.answers == {"swims": "yes", "doctor": "Dre Marchal"}
    assert answers.of_submission(submission) == {
        "allergies": True,
        "allergies_details": "Noix",
        "swims": "yes",
        "doctor": "Dre Marchal",
    }
    child.refresh_from_db()
    parent.guardian.refresh_from_db()
    assert child.answers == {"swims": "yes"}
    assert families.sealed_answers(child) == {"allergies": True, "allergies_details": "Noix"}
    assert parent.guardian.household is not None
    assert parent.guardian.household.answers == {"doctor": "Dre Marchal"}


def test_errors_are_at_their_fields_and_nothing_typed_is_lost(parent: Parent) -> None:
    a_health_record()
    child = a_child("Ada", of=parent.guardian)

    answer = parent.client.post(page_of(child), {"allergies": "on", "doctor": "Dre Marchal"})
    page = words(answer)

    assert answer.status_code == 200
    assert "Il y a un problème" in page
    assert "Précisez, puisque la case est cochée." in page
    assert "Écrivez votre prénom et votre nom pour signer." in page
    assert 'value="Dre Marchal"' in answer.content.decode()
    assert not Submission.objects.exists()


@pytest.mark.line("O-12")
def test_nothing_has_changed_is_one_signature(parent: Parent) -> None:
    version, child = a_health_record(), a_child("Ada", of=parent.guardian)
    filled_in(parent, child)

    page = words(parent.client.get(page_of(child)))
    assert "Rien n’a changé ?" in page
    assert "Lesquelles" not in page
    assert "Allergies Noix Sait nager Oui Médecin traitant Dre Marchal" in page

    unsigned = parent.client.post(page_of(child), {})
    assert "Cochez la case pour confirmer." in words(unsigned)
    assert parent.client.post(page_of(child), SIGNED).status_code == 303
    first, renewed = Submission.objects.filter(version=version).order_by("submitted_at", "id")
    assert renewed.renews_id == first.id
    assert answers.of_submission(renewed) == answers.of_submission(first)


@pytest.mark.line("O-12")
def test_changing_shows_the_answers_to_correct_and_marks_what_changed(parent: Parent) -> None:
    version, child = a_health_record(), a_child("Ada", of=parent.guardian)
    filled_in(parent, child)

    form = parent.client.get(page_of(child, query="?modifier=1"))
    assert 'value="Noix"' in form.content.decode()
    parent.client.post(
        page_of(child, query="?modifier=1"), {**ANSWERS, **SIGNED, "allergies_details": "Noix, arachides"}
    )

    last = Submission.objects.filter(version=version).latest("submitted_at")
    assert (last.changed, last.renews_id) == (["allergies_details"], None)


@pytest.mark.usefixtures("clock_file")
def test_a_record_run_out_is_confirmed_before_its_day_or_after(parent: Parent) -> None:
    a_health_record()
    child = a_child("Ada", of=parent.guardian)
    filled_in(parent, child)
    assert "Tout est rempli." in words(parent.client.get("/mon-dossier/a-remplir"))

    clock.advance(timedelta(days=25))
    parent.client.force_login(parent.guardian.user)
    assert "à confirmer bientôt" in words(parent.client.get("/mon-dossier/a-remplir"))
    clock.advance(timedelta(days=10))
    parent.client.force_login(parent.guardian.user)
    assert "N’était valable que jusqu’au" in words(parent.client.get("/mon-dossier/a-remplir"))
    assert "N’était valable que jusqu’au" in words(parent.client.get(page_of(child)))


def test_a_new_compulsory_question_must_be_answered_before_anything_is_renewed(parent: Parent) -> None:
    a_health_record()
    child = a_child("Ada", of=parent.guardian)
    filled_in(parent, child)
    a_health_record({"key": "nap", "kind": "yes_no", "label": "Fait la sieste", "required": True})

    page = words(parent.client.get(page_of(child)))
    assert "Rien n’a changé" not in page
    assert "Fait la sieste" in page


@pytest.mark.line("S4-15", "S4-17")
def test_one_child_s_record_leads_to_the_next_child_s_and_then_back(parent: Parent) -> None:
    a_health_record()
    ada, bo = a_child("Ada", of=parent.guardian), a_child("Bo", of=parent.guardian)

    assert filled_in(parent, ada)["Location"] == page_of(bo)
    assert filled_in(parent, bo)["Location"] == "/mon-dossier"


def test_who_came_to_register_a_child_goes_back_to_it(parent: Parent) -> None:
    a_health_record()
    child = a_child("Ada", of=parent.guardian)
    a_child("Bo", of=parent.guardian)

    answer = parent.client.post(page_of(child, query="?next=/activites/plaine/inscription"), {**ANSWERS, **SIGNED})
    assert answer["Location"] == "/activites/plaine/inscription"
    elsewhere = parent.client.post(page_of(child, query="?next=https://evil.example/"), SIGNED)
    assert elsewhere["Location"].startswith("/mon-dossier/")


def linked(child: Participant, **rights: Any) -> Parent:
    """Another guardian of the child, of another household."""
    other = a_parent(HostClient("a.localhost"))
    Guardianship.objects.create(guardian=other.guardian, participant=child, **rights)
    return other


def test_the_other_household_sees_the_child_s_answers_and_none_of_the_first_one_s_own(parent: Parent) -> None:
    a_health_record()
    child = a_child("Ada", of=parent.guardian)
    filled_in(parent, child)
    other = linked(child)

    page = other.client.get(page_of(child)).content.decode()

    assert "Noix" in page
    assert "Dre Marchal" not in page
    assert "Rien n’a changé" not in page


def test_who_may_not_see_health_learns_that_the_record_is_valid_and_not_what_it_says(parent: Parent) -> None:
    a_health_record()
    child = a_child("Ada", of=parent.guardian)
    filled_in(parent, child)
    other = linked(child, may_see_health=False)

    for answer in (other.client.get(page_of(child)), other.client.post(page_of(child), {**ANSWERS, **SIGNED})):
        page = words(answer)
        assert "Valable jusqu’au" in page
        assert "ne donne pas accès aux renseignements de santé" in page
        assert "Noix" not in page
    assert Submission.objects.count() == 1


@pytest.mark.parametrize("key", ["fiche-sante", "nulle-part"])
def test_another_family_s_child_has_no_record_here(parent: Parent, key: str) -> None:
    a_health_record()
    assert parent.client.get(page_of(a_child("Zoé"), key)).status_code == 404
    own = a_child("Ada", of=parent.guardian)
    assert parent.client.get(page_of(own, "nulle-part")).status_code == 404


def test_a_blocked_adult_finds_no_record(parent: Parent) -> None:
    a_health_record()
    child = a_child("Ada", of=parent.guardian)
    assert linked(child, is_blocked=True).client.get(page_of(child)).status_code == 404


def test_health_is_shown_to_who_signed_in_a_short_while_ago(parent: Parent) -> None:
    a_health_record()
    child = a_child("Ada", of=parent.guardian)
    session = parent.client.session
    session["confirmed_at"] = 0
    session.save()

    answer = parent.client.get(page_of(child))
    assert answer.status_code == 302
    assert "next=" in answer["Location"]
    assert HostClient("a.localhost").get(page_of(child)).status_code == 302


@pytest.mark.line("S4-24", "S4-25")
def test_the_camp_is_locked_says_why_and_leads_to_the_record(parent: Parent) -> None:
    a_health_record()
    child = a_child("Ada", of=parent.guardian)
    a_child("Bo", of=parent.guardian)
    camp = a_camp(requirements=[{"kind": "form", "form": "fiche-sante"}])
    an_article(camp)

    chosen = parent.client.get(register_url(camp))
    assert "Ada : « Fiche santé » est à remplir d’abord." in words(chosen)
    assert f'href="{page_of(child)}?next=' in chosen.content.decode()

    locked = parent.client.get(register_url(camp, child.id))
    assert "est à remplir d’abord" in words(locked)
    assert f'href="{page_of(child)}?next=' in locked.content.decode()
    assert '<form class="form"' not in locked.content.decode()

    filled_in(parent, child)
    assert '<form class="form"' in parent.client.get(register_url(camp, child.id)).content.decode()


@pytest.mark.line("S4-24", "S4-25")
def test_the_page_of_a_camp_says_to_whom_it_is_locked_and_shows_the_button_to_the_others(parent: Parent) -> None:
    a_health_record()
    ada, bo = a_child("Ada", of=parent.guardian), a_child("Bo", of=parent.guardian)
    camp = a_camp(requirements=[{"kind": "form", "form": "fiche-sante"}])
    an_article(camp)
    filled_in(parent, bo)

    locked = parent.client.get(f"/activites/{camp.slug}?enfant={ada.id}")
    assert "Ada : « Fiche santé » est à remplir d’abord." in words(locked)
    assert "Inscrire mon enfant" not in words(locked)
    assert "Inscrire mon enfant" in words(parent.client.get(f"/activites/{camp.slug}?enfant={bo.id}"))
    # Another family's child says nothing of itself.
    zoe = a_child("Zoé")
    assert "Inscrire mon enfant" in words(parent.client.get(f"/activites/{camp.slug}?enfant={zoe.id}"))


def test_a_child_not_yet_known_is_enrolled_in_the_family_first(parent: Parent) -> None:
    a_health_record()
    a_child("Ada", of=parent.guardian)
    camp = a_camp(requirements=[{"kind": "form", "form": "fiche-sante"}])
    an_article(camp)

    page = parent.client.get(register_url(camp, "autre"))
    assert "/profil/enfants/ajouter?next=" in page.content.decode()
    assert '<form class="form"' not in page.content.decode()


def test_what_there_is_to_do_is_read_in_as_many_queries_for_three_children_as_for_one(
    parent: Parent,
) -> None:
    a_health_record()
    a_child("Ada", of=parent.guardian)

    def queries() -> int:
        with CaptureQueriesContext(connection) as made:
            assert parent.client.get("/mon-dossier/a-remplir").status_code == 200
        return len(made)

    queries()
    one = queries()
    a_child("Bo", of=parent.guardian)
    a_child("Cy", of=parent.guardian)
    assert queries() == one


def a_picture() -> bytes:
    drawn = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Téléphone de Marie"
    Image.new("RGB", (40, 30), "red").save(drawn, "JPEG", exif=exif)
    return drawn.getvalue()


PROOF = {"key": "proof", "kind": "file", "class": "health", "label": "Certificat"}


def test_a_file_is_kept_sealed_and_given_back_to_the_family_alone(parent: Parent) -> None:
    a_health_record(PROOF)
    child = a_child("Ada", of=parent.guardian)
    file = SimpleUploadedFile("certificat médical.jpeg", a_picture(), content_type="text/html")
    assert filled_in(parent, child, proof=file).status_code == 303

    [upload] = Upload.objects.all()
    assert (upload.participant_id, upload.content_type, upload.is_health) == (child.id, "image/jpeg", True)
    address = f"/mon-dossier/fichiers/{upload.id}"
    given = parent.client.get(address)
    assert given["Content-Type"] == "image/jpeg"
    assert given["Content-Disposition"].startswith("attachment;")
    assert given["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in given["Cache-Control"]
    assert given.content[:3] == b"\xff\xd8\xff"
    assert b"Marie" not in given.content

    assert linked(child).client.get(address).status_code == 200
    assert linked(child, may_see_health=False).client.get(address).status_code == 404
    assert a_parent(HostClient("a.localhost")).client.get(address).status_code == 404
    assert f'href="{address}"' in parent.client.get(page_of(child)).content.decode()


def test_a_file_is_not_chosen_twice_when_the_form_comes_back(parent: Parent) -> None:
    a_health_record({**PROOF, "required": True})
    child = a_child("Ada", of=parent.guardian)
    file = SimpleUploadedFile("certificat.jpg", a_picture())

    refused = parent.client.post(page_of(child), {**SIGNED, "proof": file})
    page = refused.content.decode()
    assert "certificat.jpg" in page
    token = page.split('name="proof-kept" value="')[1].split('"')[0]

    stolen = a_parent(HostClient("a.localhost"))
    bo = a_child("Bo", of=stolen.guardian)
    answer = stolen.client.post(page_of(bo), {**ANSWERS, **SIGNED, "proof-kept": token})
    assert answer.status_code == 200

    assert filled_in(parent, child, **{"proof-kept": token}).status_code == 303
    [upload] = Upload.objects.all()
    assert upload.participant_id == child.id
    # The next time, the file stays unless it is taken away.
    parent.client.post(page_of(child, query="?modifier=1"), {**ANSWERS, **SIGNED})
    assert Submission.objects.latest("submitted_at").changed == []


def a_pdf(script: str = "") -> bytes:
    writer, written = PdfWriter(), io.BytesIO()
    writer.add_blank_page(100, 100)
    if script:
        action = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject(script)}
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(action)
    writer.write(written)
    return written.getvalue()


EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"<html><script>", "Choisissez un PDF, ou une image JPEG ou PNG."),
        (b"%PDF-1.4 nothing else", "Ce PDF est illisible."),
        (a_pdf("app.alert(1)"), "Ce PDF contient un programme ou un autre fichier."),
        (b"\xff\xd8\xff not a picture", "Cette image est illisible."),
        (b"%PDF-" + EICAR, "Ce fichier est refusé : il contient un virus."),
        (b"", "Ce fichier est vide."),
        (b"%PDF-" + b"x" * (10 * 1024 * 1024), "Ce fichier est trop lourd : 10 Mo au plus."),
    ],
    ids=["html", "broken pdf", "script", "broken picture", "virus", "empty", "heavy"],
)
def test_a_file_that_could_do_harm_or_cannot_be_read_is_refused(parent: Parent, content: bytes, why: str) -> None:
    a_health_record(PROOF)
    child = a_child("Ada", of=parent.guardian)

    answer = filled_in(parent, child, proof=SimpleUploadedFile("fichier.pdf", content))

    assert answer.status_code == 200
    assert why in words(answer)
    assert not Upload.objects.exists()


def test_a_plain_pdf_is_accepted(parent: Parent) -> None:
    a_health_record(PROOF)
    child = a_child("Ada", of=parent.guardian)

    assert filled_in(parent, child, proof=SimpleUploadedFile("x.exe", a_pdf())).status_code == 303
    assert list(Upload.objects.values_list("name", "content_type")) == [("x.pdf", "application/pdf")]


@pytest.mark.line("S1-24")
def test_what_the_record_says_fills_the_outing_and_the_outing_s_answer_fills_the_record(parent: Parent) -> None:
    a_health_record()
    child = a_child("Ada", of=parent.guardian)
    filled_in(parent, child)
    outing = a_camp(registration_form=a_form({"key": "first_name"}, QUESTIONS[0], key="sortie").form, hold_minutes=60)
    option = an_article(outing, maximum_quantity=1)

    assert 'value="Noix"' in parent.client.get(register_url(outing, child.id)).content.decode()
    said = {
        "first_name": "Ada",
        "allergies": "on",
        "allergies_details": "Noix, kiwi",
        "choix-options": str(option.id),
        "contact-email": "marie@example.org",
    }
    assert parent.client.post(register_url(outing, child.id), said).status_code == 303
    assert "Noix, kiwi" in words(parent.client.get(page_of(child)))


def test_who_may_not_see_health_registers_without_overwriting_it(parent: Parent) -> None:
    child = a_child("Ada", of=parent.guardian, sealed={"allergies": True, "allergies_details": "Noix"})
    other = linked(child, may_see_health=False)
    outing = a_camp(registration_form=a_form({"key": "first_name"}, QUESTIONS[0], key="sortie").form)
    option = an_article(outing, maximum_quantity=1)

    page = other.client.get(register_url(outing, child.id)).content.decode()
    assert "Noix" not in page
    assert "Allergies" not in page
    said = {"first_name": "Ada", "choix-options": str(option.id), "contact-email": "paul@example.org"}
    assert other.client.post(register_url(outing, child.id), said).status_code == 303
    child.refresh_from_db()
    assert families.sealed_answers(child) == {"allergies": True, "allergies_details": "Noix"}
