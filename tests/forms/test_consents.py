"""What stands for each child and each authorization: two parents, two texts, two languages, and time."""

import hashlib
from datetime import date, timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from kernel import clock
from shared_apps.audit.actors import SYSTEM
from shared_apps.outbox.models import Event
from tenant_apps.families.models import Guardian, Guardianship, Participant
from tenant_apps.forms import consents, proof, signing
from tenant_apps.forms.consents import State
from tenant_apps.forms.models import Form, FormVersion, Submission
from tenant_apps.organisation import queries as organisation
from tests.factories.consents import an_everyone, said
from tests.factories.families import a_child, a_guardian
from tests.factories.moments import NOON, TORONTO
from tests.factories.organisation import an_organisation_profile

pytestmark = pytest.mark.usefixtures("organisation_a")

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def profile(organisation_a: object) -> None:
    an_organisation_profile()


class Family:
    """Ada, whose parents live apart."""

    def __init__(self) -> None:
        self.marie = a_guardian(first_name="Marie")
        self.luc = a_guardian(first_name="Luc")
        self.ada = a_child("Ada", of=self.marie)
        self.link = Guardianship.objects.create(guardian=self.luc, participant=self.ada)


def state(version: FormVersion, child: Participant, *, at: object = NOON + 24 * HOUR) -> State:
    found = consents.standings([version.form_id], [child.id], at=at, zone=TORONTO)  # type: ignore[arg-type]
    return found.of(version.form_id, child.id).state


def withdrawn(version: FormVersion, child: Participant, by: Guardian, *, at: object = NOON + HOUR) -> Submission:
    return signing.withdraw(
        form_id=version.form_id,
        participant_id=child.id,
        signer_id=by.id,
        signed_name="Marie",
        actor=SYSTEM,
        at=at,  # type: ignore[arg-type]
    )


def at_the_office(version: FormVersion, child: Participant, by: Guardian, decision: str, at: object) -> Submission:
    return signing.sign_assisted(
        version_id=version.id,
        participant_id=child.id,
        signer_id=by.id,
        decision=decision,
        signed_name="Luc",
        note="Parent présent",
        recorded_by=by.id,
        actor=SYSTEM,
        at=at,  # type: ignore[arg-type]
    )


@pytest.mark.line("S3-28")
def test_nothing_said_is_silence_and_the_last_word_of_a_parent_stands() -> None:
    family, photos = Family(), an_everyone()
    assert state(photos, family.ada) is State.SILENT

    said(photos, family.ada, "no", at=NOON)
    assert state(photos, family.ada) is State.NO

    said(photos, family.ada, "yes", at=NOON + HOUR)
    assert state(photos, family.ada) is State.YES


@pytest.mark.line("S3-27")
def test_a_yes_can_be_taken_back_and_staff_are_told() -> None:
    family, photos = Family(), an_everyone()
    said(photos, family.ada, at=NOON)

    word = withdrawn(photos, family.ada, family.marie)

    assert state(photos, family.ada) is State.WITHDRAWN
    assert Event.objects.get(kind="consents.withdrawn").payload == {"submission": str(word.id)}
    with pytest.raises(signing.NothingToWithdraw):
        withdrawn(photos, family.ada, family.marie, at=NOON + 2 * HOUR)


@pytest.mark.parametrize("against", ["no", "withdrawn"])
def test_one_parent_s_no_stands_whatever_the_other_says(against: str) -> None:
    family, photos = Family(), an_everyone()
    if against == "no":
        said(photos, family.ada, "no", by=family.marie, at=NOON)
    else:
        said(photos, family.ada, "yes", by=family.marie, at=NOON)
        withdrawn(photos, family.ada, family.marie)

    said(photos, family.ada, "yes", by=family.luc, at=NOON + 3 * HOUR)
    assert state(photos, family.ada) == against

    said(photos, family.ada, "yes", by=family.marie, at=NOON + 4 * HOUR)
    assert state(photos, family.ada) is State.YES


@pytest.mark.line("S3-30")
def test_an_answer_given_at_the_office_is_the_last_word_on_what_was_said_before() -> None:
    family, photos = Family(), an_everyone()
    said(photos, family.ada, "no", by=family.marie, at=NOON)

    word = at_the_office(photos, family.ada, family.luc, "yes", NOON + HOUR)

    assert state(photos, family.ada) is State.YES
    assert (word.means, word.recorded_by, word.answers) == (
        "assisted",
        family.luc.id,
        {"assisted_note": "Parent présent"},
    )
    said(photos, family.ada, "no", by=family.marie, at=NOON + 2 * HOUR)
    assert state(photos, family.ada) is State.NO


@pytest.mark.parametrize("change", [{"role": "relative"}, {"may_enrol": False}, {"is_blocked": True}])
def test_only_who_holds_parental_authority_answers(change: dict[str, object]) -> None:
    family, photos = Family(), an_everyone()
    Guardianship.objects.filter(pk=family.link.pk).update(**change)

    with pytest.raises(signing.NotAHolder):
        said(photos, family.ada, by=family.luc)
    assert Submission.objects.count() == 0
    assert consents.unanswered(family.luc, NOON) == []


@pytest.mark.line("S3-29")
def test_the_hash_is_that_of_the_text_in_the_language_that_was_read() -> None:
    family = Family()
    photos = an_everyone(text="J’autorise les photos.", translations={"en": "I allow photographs."})

    english, french = (said(photos, family.ada, language=code) for code in ("en-CA", "nl"))

    assert (english.language, french.language) == ("en", "fr")
    assert english.text_sha256 == hashlib.sha256(b"I allow photographs.").hexdigest()
    assert french.text_sha256 == hashlib.sha256("J’autorise les photos.".encode()).hexdigest()
    assert consents.wording_of(english).text == "I allow photographs."
    assert consents.is_intact(english)
    assert consents.is_intact(french)


@pytest.mark.line("S3-29")
def test_what_was_signed_is_shown_again_after_the_text_has_changed() -> None:
    family = Family()
    signed = said(an_everyone(text="Premier texte."), family.ada)
    an_everyone(text="Second texte.")

    assert consents.wording_of(Submission.objects.get(pk=signed.pk)).text == "Premier texte."


@pytest.mark.line("O-18")
def test_neither_an_answer_nor_its_text_can_be_altered() -> None:
    family, photos = Family(), an_everyone()
    signed = said(photos, family.ada, "no")

    for change in (
        lambda: Submission.objects.filter(pk=signed.pk).update(decision="yes"),
        lambda: Submission.objects.filter(pk=signed.pk).delete(),
        lambda: FormVersion.objects.filter(pk=photos.pk).update(text="Autre chose."),
    ):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            change()


def test_a_text_that_was_changed_behind_our_back_is_seen() -> None:
    signed = said(an_everyone(), Family().ada)
    signed.version.text = "J’autorise tout."

    assert not consents.is_intact(signed)


def test_a_version_that_asks_again_makes_older_answers_count_no_more() -> None:
    family = Family()
    said(an_everyone(text="Premier texte."), family.ada, at=NOON)
    same = an_everyone(text="Premier texte, sans faute.")
    assert state(same, family.ada) is State.YES

    other = an_everyone(text="Tout autre texte.", definition={"sections": [], "asks_again": True})
    assert state(other, family.ada) is State.SILENT


def test_an_answer_holds_for_its_days_the_last_one_included() -> None:
    family, photos = Family(), an_everyone(validity_days=10)
    said(photos, family.ada, at=NOON)

    assert state(photos, family.ada, at=NOON + timedelta(days=10)) is State.YES
    assert state(photos, family.ada, at=NOON + timedelta(days=11)) is State.SILENT


def test_what_was_said_of_a_record_merged_into_another_is_said_of_that_one() -> None:
    family, photos = Family(), an_everyone()
    twin = a_child("Ada", of=a_guardian())
    said(photos, twin, "no", at=NOON)
    Participant.objects.filter(pk=twin.pk).update(merged_into=family.ada, removed_at=NOON)

    assert state(photos, family.ada) is State.NO


@pytest.mark.line("S3-36")
def test_nobody_is_asked_after_the_day_it_was_due() -> None:
    family = Family()
    form = an_everyone(due_on=date(2026, 9, 16)).form

    assert [each.form for each in consents.unanswered(family.marie, NOON)] == [form]
    assert consents.unanswered(family.marie, NOON + timedelta(days=1)) == []
    Form.objects.update(due_on=None, is_open=False)
    assert consents.unanswered(family.marie, NOON) == []


def test_what_was_answered_by_one_parent_is_asked_of_neither() -> None:
    family, photos = Family(), an_everyone()
    said(photos, family.ada, by=family.luc)

    assert consents.unanswered(family.marie, clock.now()) == []


def test_three_children_are_read_with_as_many_queries_as_one() -> None:
    marie, photos = a_guardian(), an_everyone()
    an_everyone(key="internet")

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            consents.asked(marie, clock.now())
        return len(queries)

    said(photos, a_child("Ada", of=marie))
    one = count()
    for name in ("Bo", "Chloé"):
        said(photos, a_child(name, of=marie))

    assert (one, count()) == (8, 8)


def test_the_proof_is_a_pdf_in_the_words_that_were_read() -> None:
    signed = said(an_everyone(text="J’autorise **les photos** :\n\n- à l’école\n- en sortie"), Family().ada)

    content = proof.pdf(signed, organisation.profile(), signer="Marie Lapointe", language="fr")

    assert content.startswith(b"%PDF-")
    assert list(proof.blocks(consents.wording_of(signed).text)) == [
        ([("J’autorise ", False), ("les photos", True), (" :", False)], False),
        ([("à l’école", False)], True),
        ([("en sortie", False)], True),
    ]
