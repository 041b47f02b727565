"""The list of a group: what families answered, who reads what of it, and the table to download."""

import csv
import io
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kernel import clock
from shared_apps.audit.actors import SYSTEM
from shared_apps.audit.models import Entry
from tenant_apps.catalog.models import Offering, Option
from tenant_apps.families.models import Participant
from tenant_apps.forms import answers as form_answers
from tenant_apps.forms import operations as forms
from tenant_apps.forms import signing
from tenant_apps.forms.models import Decision, FormVersion
from tenant_apps.organisation.models import Role
from tenant_apps.registrations.models import Registration
from tests.clients import HostClient
from tests.factories.catalog import an_offering, an_option
from tests.factories.families import a_child
from tests.factories.forms import a_consent, a_form
from tests.factories.moments import TORONTO
from tests.factories.organisation import a_level, an_establishment
from tests.factories.registrations import a_basket, a_hold
from tests.office.conftest import SignIn
from tests.office.money import ordered

HEALTH = [Role.OWNER, Role.ADMINISTRATOR, Role.PROGRAMME_MANAGER, Role.SECRETARY, Role.GROUP_LEADER]
QUESTIONS: list[dict[str, Any]] = [
    {"key": "last_name", "label": "Nom de l’élève"},
    {"key": "home_group", "label": "Groupe-repère"},
    {"key": "birth_date", "kind": "date", "label": "Date de naissance"},
    {"key": "allergies", "kind": "boolean", "class": "health", "label": "Allergies", "details_label": "Précisez"},
    {"key": "glasses", "kind": "yes_no", "label": "Lunettes", "class": "health"},
    {"key": "may_accompany", "kind": "boolean", "label": "Je peux accompagner"},
    {
        "key": "lunch",
        "kind": "choice",
        "label": "Dîner",
        "choices": [{"value": "home", "label": {"fr": "À la maison"}}],
    },
    {"key": "emergency_phone", "kind": "phone", "label": "Urgence"},
    {"key": "contact_email", "kind": "email", "label": "Courriel"},
]
ANSWERS = {
    "home_group": "601",
    "allergies": True,
    "allergies_details": "Arachides",
    "glasses": "yes",
    "may_accompany": False,
    "lunch": "home",
    "emergency_phone": "+18195550123",
    "contact_email": "parent@example.org",
}


def url(name: str, *args: object) -> str:
    return reverse(f"office:{name}", urlconf="config.urls.organisation", args=args)


@pytest.fixture
def owner(as_staff: SignIn) -> HostClient:
    return as_staff(Role.OWNER)


def registered(option: Option, child: Participant, version: FormVersion, answers: dict[str, Any]) -> Registration:
    """A child whose family filled in the form."""
    guardian = child.guardianships.get().guardian
    held = a_hold(option, child=child, basket=a_basket(guardian), at=clock.now())
    submission = forms.submit(
        version_id=version.id,
        participant_id=child.id,
        signer_id=guardian.id,
        answers=form_answers.sorted_out(version, answers),
        actor=SYSTEM,
        at=clock.now(),
    )
    Registration.objects.filter(pk=held.pk).update(submission=submission)
    return held


def sign(version: FormVersion, child: Participant, decision: Decision) -> None:
    signing.sign_consent(
        version_id=version.id,
        participant_id=child.id,
        signer_id=child.guardianships.get().guardian.id,
        decision=decision,
        signed_name="Marie Lapointe",
        actor=SYSTEM,
        at=clock.now(),
    )


class Outing:
    """Ada goes to the zoo; her family filled in everything."""

    def __init__(self) -> None:
        self.school = an_establishment("École du Dôme")
        self.consent = a_consent()
        self.offering: Offering = an_offering("Zoo", consent_form=self.consent.form)
        self.option = an_option("Groupe 1", offering=self.offering)
        self.version = a_form(*QUESTIONS)
        self.ada = a_child(
            "Ada",
            establishment=self.school,
            level=a_level("6e année"),
            birth_date=date(2014, 2, 1),
            answers={"teacher": "Mme Roy"},
        )
        self.held = registered(self.option, self.ada, self.version, ANSWERS)

    @property
    def page(self) -> str:
        return url("group", self.offering.slug)

    @property
    def csv(self) -> str:
        return url("group_csv", self.offering.slug)


def table(answer: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


def told(client: HostClient, address: str) -> dict[str, str]:
    [member] = client.get(address).context["group"].members
    return {answer.label: answer.text for answer in member.answers.values()}


@pytest.mark.line("S3-28")
def test_the_list_says_what_the_family_answered_in_the_words_of_its_form(owner: HostClient) -> None:
    outing = Outing()
    sign(outing.consent, outing.ada, Decision.YES)

    page = owner.get(outing.page)
    [member] = page.context["group"].members

    assert told(owner, outing.page) == {
        "Date de naissance": "1er févr. 2014",
        "Allergies": "Arachides",
        "Lunettes": "Oui",
        "Je peux accompagner": "Non",
        "Dîner": "À la maison",
        "Urgence": "819-555-0123",
    }
    assert (member.home_group, member.teacher, member.consent) == ("601", "Mme Roy", "yes")
    said = page.content.decode()
    for words in ("6e année", "École du Dôme", "Arachides", "Marie Lapointe, le", "parent@example.org"):
        assert words in said


def test_labels_are_those_of_the_version_that_was_filled_in(owner: HostClient) -> None:
    offering = an_offering()
    option = an_option(offering=offering)
    first = a_form({"key": "shirt", "label": "Taille"}, {"key": "boots", "label": "Bottes"}, key="zoo")
    second = a_form({"key": "shirt", "label": "Taille du chandail"}, key="zoo")
    registered(option, a_child("Ada"), first, {"shirt": "M", "boots": "34"})
    registered(option, a_child("Bo"), second, {"shirt": "L"})

    group = owner.get(url("group", offering.slug)).context["group"]

    assert [column.label for column in group.columns] == ["Taille du chandail", "Bottes"]
    assert [[answer.label for answer in member.answers.values()] for member in group.members] == [
        ["Taille", "Bottes"],
        ["Taille du chandail"],
    ]


@pytest.mark.parametrize("role", list(Role))
def test_health_is_for_those_who_care_for_the_children(as_staff: SignIn, role: str) -> None:
    outing = Outing()
    order = ordered(outing.held.basket_id, at=clock.now())[0]
    client = as_staff(role, outing.school)

    for address in (outing.page, outing.csv):
        page = client.get(address).content.decode()
        assert "601" in page
        assert ("Arachides" in page) is (role in HEALTH)
        assert ("Lunettes" in page) is (role in HEALTH)
        assert ("parent@example.org" in page) is (role != Role.GROUP_LEADER)
    page = client.get(url("order", order.reference))
    if role != Role.GROUP_LEADER:
        assert ("Arachides" in page.content.decode()) is (role in HEALTH)
        assert "À la maison" in page.content.decode()


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.GROUP_LEADER])
def test_the_health_of_another_school_s_children_is_not_read(as_staff: SignIn, role: str) -> None:
    outing = Outing()
    client = as_staff(role, an_establishment())

    for address in (outing.page, outing.csv):
        page = client.get(address).content.decode()
        assert "Lapointe" not in page
        assert "Arachides" not in page
        assert "Allergies" not in page
    assert not Entry.objects.filter(action="health.read").exists()


def test_whoever_reads_about_health_is_written_down_each_time(as_staff: SignIn) -> None:
    outing = Outing()
    order = ordered(outing.held.basket_id, at=clock.now())[0]
    secretary = as_staff(Role.SECRETARY, outing.school)

    for address in (outing.page, outing.csv, url("order", order.reference)):
        secretary.get(address)
        as_staff(Role.AUDITOR).get(address)

    user, child = secretary.session["_auth_user_id"], str(outing.held.participant_id)
    assert [
        (entry.subject, entry.subject_id, str(entry.actor_id), entry.details)
        for entry in Entry.objects.filter(action="health.read").order_by("at", "id")
    ] == [
        ("offering", outing.offering.pk, user, {"children": [child], "reason": "group", "role": "secretary"}),
        ("offering", outing.offering.pk, user, {"children": [child], "reason": "group", "role": "secretary"}),
        ("order", order.pk, user, {"children": [child], "reason": "order", "role": "secretary"}),
    ]
    assert "health.read" not in secretary.get(url("order", order.reference)).content.decode()


def test_a_list_without_health_leaves_no_trace(owner: HostClient) -> None:
    offering = an_offering()
    registered(an_option(offering=offering), a_child(), a_form({"key": "shirt"}), {"shirt": "M"})

    owner.get(url("group", offering.slug))

    assert not Entry.objects.filter(action="health.read").exists()


@pytest.mark.line("S3-37")
def test_totals_tell_the_supplier_how_many_of_each_option(owner: HostClient) -> None:
    offering = an_offering()
    monday, tuesday = (an_option(name, offering=offering, maximum_quantity=9) for name in ("Lundi", "Mardi"))
    held = a_hold(monday, quantity=3, at=clock.now())
    Registration.objects.filter(pk=held.pk).update(status="confirmed", confirmed_at=clock.now())
    a_hold(monday, quantity=2, at=clock.now())

    totals = owner.get(url("group", offering.slug)).context["group"].totals

    assert [(each.option.name, len(each.participants), each.confirmed, each.pending) for each in totals] == [
        ("Lundi", 2, 3, 2),
        ("Mardi", 0, 0, 0),
    ]
    assert tuesday.name == "Mardi"


@pytest.mark.line("S3-28")
def test_who_refused_is_listed_though_no_place_is_taken(owner: HostClient, as_staff: SignIn) -> None:
    outing = Outing()
    bo = a_child("Barnabé", establishment=outing.school)
    sign(outing.consent, bo, Decision.NO)

    def refused(client: HostClient) -> list[str]:
        return [each.participant.first_name for each in client.get(outing.page).context["group"].refused]

    assert refused(owner) == ["Barnabé"]
    assert refused(as_staff(Role.SECRETARY, outing.school)) == ["Barnabé"]
    assert refused(as_staff(Role.SECRETARY, an_establishment())) == []
    sign(outing.consent, bo, Decision.YES)
    assert refused(owner) == []


def test_the_table_to_download_has_the_same_columns(owner: HostClient) -> None:
    outing = Outing()
    sign(outing.consent, outing.ada, Decision.YES)

    answer = owner.get(outing.csv)

    assert answer.headers["Cache-Control"] == "no-store"
    head, row = table(answer)
    assert dict(zip(head, row, strict=True)) == {
        "Nom": "Lapointe",
        "Prénom": "Ada",
        "Niveau": "6e année",
        "Groupe": "601",
        "Enseignant": "Mme Roy",
        "Établissement": "École du Dôme",
        "Choix": "Groupe 1 × 1",
        "Date de naissance": "1er févr. 2014",
        "Allergies": "Arachides",
        "Lunettes": "Oui",
        "Je peux accompagner": "Non",
        "Dîner": "À la maison",
        "Urgence": "819-555-0123",
        "Autorisation": "Oui",
        "Signée par": "Marie Lapointe",
        "Signée le": clock.today(TORONTO).isoformat(),
        "Parent": "Lapointe Marie",
        "Courriel": "parent@example.org",
        "Téléphone": "",
    }


def test_an_answer_that_is_a_formula_reaches_the_spreadsheet_as_one_line_of_text(owner: HostClient) -> None:
    offering = an_offering()
    version = a_form({"key": "shirt", "label": "＝Taille"})
    registered(an_option(offering=offering), a_child(), version, {"shirt": "＠SUM(A1)\nM"})

    head, row = table(owner.get(url("group_csv", offering.slug)))

    assert "'＝Taille" in head
    assert "'＠SUM(A1) M" in row


def test_the_list_asks_as_many_questions_for_thirty_as_for_one(owner: HostClient) -> None:
    outing = Outing()
    sign(outing.consent, outing.ada, Decision.YES)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            owner.get(outing.page)
        return len([query for query in queries if "set_config" not in query["sql"]])

    owner.get(outing.page)
    one = count()
    for number in range(29):
        child = a_child(f"Enfant {number}", establishment=outing.school, level=outing.ada.level)
        registered(outing.option, child, outing.version, ANSWERS)
        sign(outing.consent, child, Decision.YES)

    assert count() == one
    assert one == 18


def test_a_list_that_is_empty_or_not_there(owner: HostClient) -> None:
    offering = an_offering()

    assert "Personne n’est encore inscrit." in owner.get(url("group", offering.slug)).content.decode()
    assert len(table(owner.get(url("group_csv", offering.slug)))) == 1
    assert owner.get(url("group", "nulle-part")).status_code == 404


@pytest.mark.line("S1-21")
@pytest.mark.line("S3-38")
def test_adults_who_can_help_are_counted(owner: HostClient) -> None:
    outing = Outing()
    for name, answer in (("Bo", True), ("Chloé", True), ("Dana", False)):
        child = a_child(name, establishment=outing.school)
        registered(outing.option, child, outing.version, {**ANSWERS, "may_accompany": answer})

    page = owner.get(outing.page)

    assert page.context["group"].helpers == [("Je peux accompagner", 2)]
    assert "Adultes qui peuvent aider" in page.content.decode()


@pytest.mark.line("S3-27")
def test_an_authorization_that_was_taken_back_is_shown_as_such(owner: HostClient) -> None:
    outing = Outing()
    sign(outing.consent, outing.ada, Decision.YES)
    signing.withdraw(
        form_id=outing.consent.form_id,
        participant_id=outing.ada.id,
        signer_id=outing.ada.guardianships.get().guardian.id,
        signed_name="Marie Lapointe",
        actor=SYSTEM,
        at=clock.now(),
    )

    [member] = owner.get(outing.page).context["group"].members

    assert (member.consent, str(member.consent_words)) == ("withdrawn", "Retirée")
