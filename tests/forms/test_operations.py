"""Versions of forms, and what is signed on them."""

import hashlib

import pytest
from django.db import ProgrammingError

from shared_apps.audit.actors import GUEST
from shared_apps.audit.models import Entry
from tenant_apps.forms import queries, signing
from tenant_apps.forms.definitions import BadDefinition
from tenant_apps.forms.models import FormVersion, Purpose, Submission
from tests.factories.families import a_child, a_guardian
from tests.factories.forms import a_consent, a_form
from tests.factories.moments import NOON

pytestmark = pytest.mark.usefixtures("organisation_a")


def signed(version: FormVersion, decision: str = "yes", name: str = "Marie Lapointe") -> Submission:
    guardian = a_guardian()
    return signing.sign_consent(
        version_id=version.id,
        participant_id=a_child(of=guardian).id,
        signer_id=guardian.id,
        decision=decision,
        signed_name=name,
        actor=GUEST,
        at=NOON,
    )


def test_a_changed_form_is_a_new_version_and_the_old_one_stays() -> None:
    first = a_form({"key": "teacher"}, key="sortie")
    second = a_form({"key": "teacher"}, {"key": "home_group"}, key="sortie")

    assert (first.number, second.number) == (1, 2)
    assert queries.current_version(first.form_id) == second
    assert FormVersion.objects.get(id=first.id).definition == first.definition


def test_an_unchanged_form_stays_the_version_it_is() -> None:
    assert a_form({"key": "teacher"}, key="sortie") == a_form({"key": "teacher"}, key="sortie")


@pytest.mark.parametrize(
    ("question", "fault"),
    [
        ({"key": "not a key"}, "is no key"),
        ({"key": "lunch", "kind": "choice"}, "offers no choice"),
        ({"key": "lunch", "kind": "telepathy"}, "no kind of question is named 'telepathy'"),
    ],
)
def test_a_definition_with_a_fault_is_not_published(question: dict[str, str], fault: str) -> None:
    with pytest.raises((BadDefinition, LookupError), match=fault):
        a_form(question)
    assert FormVersion.objects.count() == 0


def test_a_question_asked_twice_is_a_fault() -> None:
    with pytest.raises(BadDefinition, match="'teacher' is asked twice"):
        a_form({"key": "teacher"}, {"key": "teacher"})


def test_the_profile_s_form_is_the_newest_of_its_purpose() -> None:
    a_form({"key": "teacher"}, key="dossier", purpose=Purpose.PROFILE)
    newest = a_form({"key": "home_group"}, key="dossier", purpose=Purpose.PROFILE)
    a_form({"key": "other"})

    assert queries.profile_form() == newest


@pytest.mark.line("S3-29")
def test_a_consent_keeps_who_signed_when_and_the_text_it_was_said_to() -> None:
    version = a_consent("J’autorise la sortie du 12 mars.")

    consent = signed(version, name="  Marie Lapointe ")

    assert (consent.decision, consent.signed_name, consent.submitted_at) == ("yes", "Marie Lapointe", NOON)
    assert consent.text_sha256 == hashlib.sha256("J’autorise la sortie du 12 mars.".encode()).hexdigest()
    assert Entry.objects.get(action="consent.signed").details == {"decision": "yes"}


def test_a_refusal_is_kept_as_well() -> None:
    assert signed(a_consent(), decision="no").decision == "no"


def test_a_consent_without_a_name_or_an_answer_is_refused_in_words() -> None:
    version = a_consent()

    with pytest.raises(signing.NotSigned, match="Écrivez votre nom pour signer"):
        signed(version, name="  ")
    with pytest.raises(signing.NotDecided, match="Choisissez «\u202foui\u202f» ou «\u202fnon\u202f»"):
        signed(version, decision="maybe")
    assert Submission.objects.count() == 0


def test_what_was_signed_cannot_be_altered() -> None:
    consent = signed(a_consent(), decision="no")

    with pytest.raises(ProgrammingError, match="permission denied"):
        Submission.objects.filter(id=consent.id).update(decision="yes")
