"""Authorizations in the workplace: the register, its scope, reminders, and answers typed with the parent present."""

import csv
import io
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kernel import clock
from shared_apps.audit.models import Entry
from shared_apps.outbox import delivery
from shared_apps.outbox.models import Message
from tenant_apps.families.models import Guardian, Guardianship, Participant
from tenant_apps.forms.consents import State
from tenant_apps.forms.models import Submission
from tenant_apps.notifications import consents as letters
from tenant_apps.organisation.models import Establishment, Profile, Role
from tests.clients import HostClient
from tests.factories.catalog import an_offering, an_option
from tests.factories.consents import an_everyone, said
from tests.factories.families import a_child, a_guardian
from tests.factories.forms import a_consent
from tests.factories.organisation import a_level, an_establishment
from tests.factories.registrations import a_basket, a_hold
from tests.office.conftest import SignIn
from tests.portal.people import words

EVERYBODY = list(Role)
ANSWERS = [Role.OWNER, Role.ADMINISTRATOR, Role.PROGRAMME_MANAGER, Role.SECRETARY]


def url(name: str, *args: object) -> str:
    return reverse(f"office:{name}", urlconf="config.urls.organisation", args=args)


@pytest.fixture
def owner(as_staff: SignIn) -> HostClient:
    return as_staff(Role.OWNER)


class School:
    """Photos are asked of everyone: Ada said yes, Bo no, Chloé took hers back, Dana is silent."""

    def __init__(self) -> None:
        self.school = an_establishment("École du Dôme")
        self.photos = an_everyone("Photos", due_on=date(2090, 9, 30))
        self.ada, self.bo, self.chloe, self.dana = (
            a_child(name, establishment=self.school) for name in ("Ada", "Bo", "Chloé", "Dana")
        )
        said(self.photos, self.ada)
        said(self.photos, self.bo, "no")
        said(self.photos, self.chloe)
        letters_of = self.chloe.guardianships.get().guardian
        self.withdraw(self.chloe, letters_of)

    def withdraw(self, child: Participant, by: Guardian) -> None:
        from shared_apps.audit.actors import SYSTEM
        from tenant_apps.forms import signing

        signing.withdraw(
            form_id=self.photos.form_id,
            participant_id=child.id,
            signer_id=by.id,
            signed_name="Marie Lapointe",
            actor=SYSTEM,
            at=clock.now(),
        )

    @property
    def page(self) -> str:
        return url("consent_register", "tous", "photos")


def counts(line: Any) -> dict[str, int]:
    return {str(bar.state): bar.count for bar in line.bars}


def table(answer: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


@pytest.mark.line("S3-28")
def test_the_register_counts_and_names_who_said_what(owner: HostClient) -> None:
    school = School()

    [line] = owner.get(url("consents")).context["lines"]
    page = owner.get(school.page)

    assert counts(line) == {"yes": 1, "no": 1, "withdrawn": 1, "silent": 1}
    assert [(row.participant.first_name, str(row.standing.state)) for row in page.context["rows"]] == [
        ("Ada", "yes"),
        ("Bo", "no"),
        ("Chloé", "withdrawn"),
        ("Dana", "silent"),
    ]
    assert "Marie Lapointe" in words(page)


@pytest.mark.line("S3-28")
def test_an_outing_asks_the_whole_class_and_anything_else_who_takes_part(owner: HostClient) -> None:
    third = a_level("3e")
    consent, club = a_consent(), a_consent()
    outing = an_offering("Musée", consent_form=consent.form, levels=[third])
    course = an_offering("Club", nature="course", consent_form=club.form, levels=[third])
    ada, _bo, away = a_child("Ada", level=third), a_child("Bo", level=third), a_child("Chloé")
    said(consent, ada)
    said(consent, away, "no")
    a_hold(an_option(offering=course), child=ada, basket=a_basket(ada.guardianships.get().guardian), at=clock.now())

    lines = {line.subject.title: line for line in owner.get(url("consents")).context["lines"]}

    assert counts(lines["Musée"]) == {"yes": 1, "no": 1, "withdrawn": 0, "silent": 1}
    assert counts(lines["Club"]) == {"yes": 0, "no": 0, "withdrawn": 0, "silent": 1}
    silent = owner.get(url("consent_register", "activite", outing.slug) + "?state=silent")
    assert [row.participant.first_name for row in silent.context["rows"]] == ["Bo"]


def test_the_table_to_download_tells_who_when_how_and_of_which_text(owner: HostClient) -> None:
    school = School()

    head, ada, *_others = table(owner.get(url("consent_csv", "tous", "photos")))

    assert head == [
        "Nom", "Prénom", "Établissement", "Niveau", "Groupe", "Réponse",
        "Répondu par", "Le", "Moyen", "Version du texte", "Langue",
    ]  # fmt: skip
    assert ada[:7] == ["Lapointe", "Ada", "École du Dôme", "", "", "Oui", "Marie Lapointe"]
    assert ada[8:] == ["En ligne", "1", "fr"]
    assert school.photos.number == 1


def test_a_school_and_a_class_narrow_the_register(owner: HostClient) -> None:
    school = School()
    third = a_level("3e")
    a_child("Émile", establishment=an_establishment(), level=third, answers={"home_group": "301"})

    def shown(query: str) -> list[str]:
        return [row.participant.first_name for row in owner.get(school.page + query).context["rows"]]

    assert shown(f"?establishment={school.school.code}") == ["Ada", "Bo", "Chloé", "Dana"]
    assert shown(f"?level={third.code}") == ["Émile"]
    assert shown("?home_group=301") == ["Émile"]
    assert shown("?state=silent") == ["Dana", "Émile"]
    assert "Sélectionnez un choix valide" in words(owner.get(school.page + "?level=nulle"))


def opened_by(as_staff: SignIn, address: str, school: Establishment) -> list[str]:
    return [role for role in Role if as_staff(role, school).get(address).status_code == 200]


def test_who_opens_what(as_staff: SignIn) -> None:
    school = School()
    remind, assisted = url("consent_remind", "tous", "photos"), url("assisted")
    signed = url("consent_signed", Submission.objects.order_by("submitted_at")[0].id)

    assert opened_by(as_staff, url("consents"), school.school) == EVERYBODY
    assert opened_by(as_staff, school.page, school.school) == EVERYBODY
    assert opened_by(as_staff, remind, school.school) == ANSWERS
    assert opened_by(as_staff, assisted, school.school) == ANSWERS
    assert opened_by(as_staff, signed, school.school) == [role for role in Role if role != Role.GROUP_LEADER]


def test_who_leads_a_group_sees_the_state_and_neither_who_nor_the_text(as_staff: SignIn) -> None:
    school = School()
    leader = as_staff(Role.GROUP_LEADER, school.school)

    for address in (school.page, url("consent_csv", "tous", "photos")):
        page = leader.get(address).content.decode()
        assert "Ada" in page
        assert "Marie" not in page


def test_a_secretary_knows_of_no_child_of_another_school(as_staff: SignIn) -> None:
    school = School()
    stranger = as_staff(Role.SECRETARY, an_establishment())
    signed = Submission.objects.order_by("submitted_at")[0]

    assert counts(stranger.get(url("consents")).context["lines"][0])["yes"] == 0
    for address in (school.page, url("consent_csv", "tous", "photos"), url("assisted") + "?q=Ada"):
        assert "Lapointe" not in stranger.get(address).content.decode()
    for address in (
        url("consent_signed", signed.id),
        url("consent_proof", signed.id),
        url("assisted_choose", school.ada.id),
        url("assisted_record", school.ada.id, "photos"),
    ):
        assert stranger.get(address).status_code == 404


def test_what_asks_nothing_is_not_found(owner: HostClient) -> None:
    offering = an_offering()

    for kind, slug in (("tous", "nulle"), ("activite", offering.slug), ("ailleurs", "photos")):
        assert owner.get(url("consent_register", kind, slug)).status_code == 404


@pytest.mark.line("S3-33")
def test_only_the_silent_are_reminded_once_a_day_in_one_mail_for_their_children(owner: HostClient) -> None:
    school = School()
    marie = school.dana.guardianships.get().guardian
    a_child("Édith", of=marie, establishment=school.school)
    remind = url("consent_remind", "tous", "photos")

    preview = words(owner.get(remind))
    assert "2 enfants sont sans réponse. 1 courriel partira." in preview
    assert Message.objects.count() == 0
    told = owner.post(remind, follow=True)

    assert "1 rappel est envoyé." in words(told)
    mail = Message.objects.get()
    assert (mail.recipient, mail.subject) == (marie.email, "Votre réponse est attendue\u202f: Photos")
    assert "Lapointe Dana, Lapointe Édith" in mail.text
    assert "/mon-dossier/autorisations" in mail.text
    assert Entry.objects.get(action="consents.reminded").details == {"guardians": 1}
    assert "0 rappel" in words(owner.post(remind, follow=True))
    assert Message.objects.count() == 1


def test_a_parent_is_reminded_of_an_outing_by_its_title_in_their_language(owner: HostClient) -> None:
    outing = an_offering(
        "Sortie au musée", consent_form=a_consent().form, translations={"en": {"title": "Trip to the museum"}}
    )
    ada = a_child("Ada")
    basket = a_basket(ada.guardianships.get().guardian)
    a_hold(an_option(offering=outing), basket=basket, child=ada, at=clock.now())
    Guardian.objects.update(language="en")

    owner.post(url("consent_remind", "activite", outing.slug))

    assert Message.objects.get().subject.endswith(": Trip to the museum")


@pytest.mark.line("S3-33")
def test_nobody_is_reminded_who_may_not_answer_or_of_what_is_closed(owner: HostClient) -> None:
    school = School()
    link = school.dana.guardianships.get()
    remind = url("consent_remind", "tous", "photos")

    for change in ({"is_blocked": True}, {"is_blocked": False, "role": "relative"}):
        Guardianship.objects.filter(pk=link.pk).update(**change)
        owner.post(remind)
    Guardianship.objects.filter(pk=link.pk).update(role="parent")
    school.photos.form.due_on = date(2026, 1, 1)
    school.photos.form.save()
    owner.post(remind)

    assert Message.objects.count() == 0


@pytest.mark.line("S3-32")
def test_a_few_days_before_the_deadline_the_silent_are_reminded_once_by_the_rule() -> None:
    school = School()
    noon = clock.start_of_day(date(2090, 9, 26), Profile.objects.get().zone) + timedelta(hours=12)
    sent = [letters.remind_before_deadlines(at=noon + timedelta(days=day)) for day in range(7)]

    assert sent == [0, 1, 0, 0, 0, 0, 0]
    assert Message.objects.get().recipient == school.dana.guardianships.get().guardian.email
    night = noon + timedelta(days=1, hours=11)
    Message.objects.all().delete()
    assert letters.remind_before_deadlines(at=night) == 0


def test_an_organisation_that_wants_no_reminder_sends_none() -> None:
    School()
    Profile.objects.update(rules={"reminder_days": 0})
    noon = clock.start_of_day(date(2090, 9, 29), Profile.objects.get().zone) + timedelta(hours=12)

    assert letters.remind_before_deadlines(at=noon) == 0


def typed(child: Participant, **changes: str) -> dict[str, str]:
    return {
        "guardian": str(child.guardianships.get().guardian.id),
        "decision": "yes",
        "signed_name": "Marie Lapointe",
        "is_present": "on",
        "note": "Carte vue",
        **changes,
    }


@pytest.mark.line("S3-30")
def test_with_the_parent_present_an_answer_is_typed_proved_and_told_to_the_parent(owner: HostClient) -> None:
    school = School()
    record = url("assisted_record", school.dana.id, "photos")

    assert "Dana" in words(owner.get(url("assisted") + "?q=dana"))
    assert "Photos Sans réponse" in words(owner.get(url("assisted_choose", school.dana.id)))
    assert "J’autorise les photos." in words(owner.get(record))
    proof = owner.post(record, typed(school.dana), follow=True)

    signed = Submission.objects.get(participant=school.dana)
    assert (signed.decision, signed.means, signed.answers) == ("yes", "assisted", {"assisted_note": "Carte vue"})
    assert str(signed.recorded_by) == owner.session["_auth_user_id"]
    assert "Saisie avec l’aide du secrétariat" in words(proof)
    assert "Carte vue" in words(proof)
    assert owner.get(url("consent_proof", signed.id)).content.startswith(b"%PDF-")
    delivery.handle_events(at=clock.now())
    mail = Message.objects.get(recipient=school.dana.guardianships.get().guardian.email)
    assert mail.subject == "Votre réponse a été saisie\u202f: Photos"
    assert "Répondez à ce message sans attendre" in mail.text.replace("\n", " ")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"is_present": ""}, "Sans le parent présent, rien ne peut être saisi."),
        ({"guardian": ""}, "Choisissez le parent qui est devant vous."),
        ({"decision": "withdrawn"}, "Sélectionnez un choix valide"),
        ({"signed_name": ""}, "Écrivez le prénom et le nom du parent."),
    ],
)
def test_what_is_missing_is_said_at_its_field(owner: HostClient, change: dict[str, str], told: str) -> None:
    school = School()

    page = owner.post(url("assisted_record", school.dana.id, "photos"), typed(school.dana, **change))

    assert page.status_code == 422
    assert told in words(page)
    assert not Submission.objects.filter(participant=school.dana).exists()


def test_a_text_published_since_the_page_was_opened_is_read_again_with_the_parent(owner: HostClient) -> None:
    school = School()
    record = url("assisted_record", school.dana.id, "photos")
    opened = {**typed(school.dana), "text": text_in(owner.get(record))}
    an_everyone("Photos", text="Ce que personne n’a lu.")

    page = owner.post(record, opened)

    assert page.status_code == 422
    assert "Ce texte n’est plus celui que le parent a lu. Relisez-le avec lui." in words(page)
    assert "Ce que personne n’a lu." in words(page)
    assert not Submission.objects.filter(participant=school.dana).exists()
    assert owner.post(record, {**opened, "text": text_in(page)}).status_code == 302


def text_in(page: Any) -> str:
    found = re.search(r'name="text" value="([0-9a-f]{64})"', page.content.decode())
    assert found
    return found[1]


def test_another_parent_s_no_is_replaced_only_on_purpose_and_with_a_reason(owner: HostClient) -> None:
    school = School()
    luc = a_guardian(first_name="Luc")
    Guardianship.objects.create(guardian=luc, participant=school.bo)
    record = url("assisted_record", school.bo.id, "photos")
    answer = {**typed(school.ada), "guardian": str(luc.id), "note": ""}

    page = words(owner.post(record, answer))
    assert "L’autre parent a répondu non : cochez pour remplacer sa réponse." in page
    assert "Dites pourquoi la réponse de l’autre parent est remplacée." in page
    owner.post(record, {**answer, "overrules": "on", "note": "Jugement vu"})

    standing = {row.participant.first_name: row.standing.state for row in owner.get(school.page).context["rows"]}
    assert standing["Bo"] is State.YES


@pytest.mark.line("S3-36")
def test_after_the_deadline_staff_type_a_withdrawal_and_nothing_else(owner: HostClient) -> None:
    school = School()
    school.photos.form.due_on = date(2026, 1, 1)
    school.photos.form.save()

    page = owner.get(url("assisted_record", school.ada.id, "photos"))
    assert [value for value, _label in page.context["form"].fields["decision"].choices] == ["withdrawn"]
    closed = owner.get(url("assisted_record", school.dana.id, "photos"))
    assert "La date limite est passée : on ne peut plus répondre." in words(closed)
    assert owner.post(url("assisted_record", school.dana.id, "photos"), typed(school.dana)).status_code == 422


@pytest.mark.line("S3-27")
def test_the_school_is_told_of_a_withdrawal() -> None:
    school = School()
    Establishment.objects.update(email="secretariat@example.org")

    delivery.handle_events(at=clock.now())

    mail = Message.objects.get(recipient="secretariat@example.org")
    assert mail.subject == "Autorisation retirée\u202f: Lapointe Chloé"
    assert school.photos.form.title in mail.text


def test_thirty_children_are_read_with_as_many_queries_as_one(owner: HostClient) -> None:
    school = School()

    def count(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            owner.get(address)
        return len([query for query in queries if "set_config" not in query["sql"]])

    pages = (url("consents"), school.page, url("consent_remind", "tous", "photos"))
    before = [count(address) for address in pages]
    for number in range(26):
        child = a_child(f"Enfant {number}", establishment=school.school)
        if number % 2:
            said(school.photos, child)

    assert [count(address) for address in pages] == before


def test_three_offerings_are_counted_with_as_many_queries_as_one(owner: HostClient) -> None:
    School()

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            owner.get(url("consents"))
        return len([query for query in queries if "set_config" not in query["sql"]])

    an_offering(consent_form=a_consent().form, levels=[a_level()])
    one = count()
    for _ in range(2):
        an_offering(consent_form=a_consent().form, levels=[a_level()])

    assert count() == one


@pytest.mark.line("S3-27")
def test_a_no_typed_at_the_office_frees_the_places_that_were_only_held(owner: HostClient) -> None:
    consent = a_consent()
    offering = an_offering("Zoo", consent_form=consent.form)
    ada = a_child("Ada")
    basket = a_basket(ada.guardianships.get().guardian)
    held = a_hold(an_option(offering=offering, places=3), child=ada, basket=basket, at=clock.now())
    said(consent, ada)

    answer = owner.post(url("assisted_record", ada.id, consent.form.key), typed(ada, decision="withdrawn"))

    assert answer.status_code == 302
    held.refresh_from_db()
    assert held.status == "released"


@pytest.mark.line("S3-34")
def test_staff_see_whom_no_mail_can_reach(owner: HostClient) -> None:
    school = School()
    Guardian.objects.filter(guardianships__participant=school.dana).update(email="")

    page = owner.get(url("consent_remind", "tous", "photos"))

    assert [child.first_name for child in page.context["unreachable"]] == ["Dana"]
    assert "Sans adresse à qui écrire" in words(page)
    assert page.context["reminders"] == []
