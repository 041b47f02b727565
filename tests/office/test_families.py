"""The families as staff find, read and correct them."""

import csv
import io
import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from kernel import clock
from shared_apps.accounts.models import User
from shared_apps.audit.actors import SYSTEM
from shared_apps.audit.models import Entry
from shared_apps.outbox import delivery
from shared_apps.outbox.models import Message
from tenant_apps.families.identity import Answers
from tenant_apps.families.models import Guardian, Guardianship, Participant
from tenant_apps.families.operations import merge
from tenant_apps.forms import operations as forms
from tenant_apps.forms import signing
from tenant_apps.forms.models import Form, FormVersion
from tenant_apps.office.family_words import WORDS
from tenant_apps.organisation import operations as organisation
from tenant_apps.organisation.models import Role
from tenants.context import in_organisation
from tenants.models import Organisation
from tests.architecture.source import ROOT
from tests.clients import HostClient
from tests.factories.catalog import an_offering, an_option
from tests.factories.families import a_child, a_guardian, a_guest
from tests.factories.forms import a_consent, a_form
from tests.factories.organisation import a_level, a_user, an_establishment
from tests.factories.registrations import a_basket
from tests.office.conftest import SignIn
from tests.office.money import a_paid_order

KNOW = [Role.OWNER, Role.ADMINISTRATOR, Role.PROGRAMME_MANAGER, Role.SECRETARY, Role.AUDITOR]
CHANGE = [Role.OWNER, Role.ADMINISTRATOR, Role.PROGRAMME_MANAGER, Role.SECRETARY]
LISTS = ("families", "families_csv", "guardians", "claims")
SENSITIVE = "Voir les réponses sur la santé"


def url(name: str, *args: object) -> str:
    return reverse(f"office:{name}", urlconf="config.urls.organisation", args=args)


@pytest.fixture
def owner(as_staff: SignIn) -> HostClient:
    return as_staff(Role.OWNER)


def shown(page: Any) -> list[str]:
    return [str(each) for each in page.context["found"]]


def opened_by(as_staff: SignIn, address: str, school: Any = None) -> list[str]:
    return [role for role in Role if as_staff(role, *([school] if school else [])).get(address).status_code == 200]


def test_an_accent_does_not_send_a_name_to_the_end_of_the_list(owner: HostClient) -> None:
    for name in ("Roy", "Éthier", "Abboud"):
        a_child("Ada", last_name=name)

    page = " ".join(shown(owner.get(url("families"))))

    assert page.index("Abboud") < page.index("Éthier") < page.index("Roy")


class TestWhoMay:
    @pytest.mark.parametrize("name", LISTS)
    def test_families_are_not_for_who_counts_money_or_leads_a_group(self, as_staff: SignIn, name: str) -> None:
        assert opened_by(as_staff, url(name)) == [role for role in Role if role in KNOW]

    def test_a_record_is_read_by_those_and_changed_by_all_but_the_auditor(self, as_staff: SignIn) -> None:
        school = an_establishment()
        child = a_child("Ada", establishment=school)
        link = child.guardianships.get()
        guardian = link.guardian_id

        for address in (url("participant", child.pk), url("guardian", guardian)):
            assert opened_by(as_staff, address, school) == [role for role in Role if role in KNOW]
        for address in (
            url("participant_edit", child.pk),
            url("guardian_add", child.pk),
            url("link", link.pk),
            url("link_block", link.pk),
            url("guardian_email", guardian),
            url("guardian_billing", guardian),
            url("duplicates"),
        ):
            assert opened_by(as_staff, address, school) == [role for role in Role if role in CHANGE]

    def test_an_auditor_is_shown_no_way_to_change_anything(self, as_staff: SignIn) -> None:
        child = a_child("Ada")

        page = as_staff(Role.AUDITOR).get(url("participant", child.pk)).content.decode()

        assert "Corriger l’identité" not in page
        assert "Bloquer l’accès" not in page
        assert SENSITIVE not in page

    def test_an_account_is_closed_by_who_runs_the_organisation(self, as_staff: SignIn) -> None:
        school = an_establishment()
        guardian = a_child("Ada", establishment=school).guardianships.get().guardian_id

        assert opened_by(as_staff, url("guardian_account", guardian), school) == [Role.OWNER, Role.ADMINISTRATOR]


class TestScope:
    @pytest.fixture
    def schools(self) -> tuple[Any, Any]:
        return an_establishment("École A"), an_establishment("École B")

    @pytest.mark.line("S3-16")
    def test_a_secretary_sees_the_families_of_her_school_alone(
        self, as_staff: SignIn, schools: tuple[Any, Any]
    ) -> None:
        ours, theirs = schools
        a_child("Ada", establishment=ours)
        a_child("Barnabé", establishment=theirs)
        secretary = as_staff(Role.SECRETARY, ours)

        for name in LISTS:
            assert "Barnabé" not in secretary.get(url(name)).content.decode()
        assert shown(secretary.get(url("families"))) == ["Lapointe Ada"]
        assert theirs not in secretary.get(url("families")).context["form"].fields["establishment"].queryset

    def test_what_is_of_another_school_does_not_exist_for_her(self, as_staff: SignIn, schools: tuple[Any, Any]) -> None:
        ours, theirs = schools
        other = a_child("Barnabé", establishment=theirs)
        link = other.guardianships.get()
        secretary = as_staff(Role.SECRETARY, ours)

        for address in addresses_of(other):
            assert secretary.get(address).status_code == 404, address
        for address in (url("link_unblock", link.pk), url("guardian_invite", link.guardian_id)):
            assert secretary.post(address).status_code == 404, address

    def test_a_brother_in_another_school_is_counted_and_not_named(
        self, as_staff: SignIn, schools: tuple[Any, Any]
    ) -> None:
        ours, theirs = schools
        guardian = a_guardian()
        a_child("Ada", of=guardian, establishment=ours)
        a_child("Barnabé", of=guardian, establishment=theirs)

        page = as_staff(Role.SECRETARY, ours).get(url("guardian", guardian.pk)).content.decode()

        assert "1 enfant d’un autre établissement n’est pas montré." in page
        assert "Barnabé" not in page

    def test_a_child_without_a_school_is_known_where_it_registered(
        self, as_staff: SignIn, schools: tuple[Any, Any]
    ) -> None:
        ours, theirs = schools
        child = a_child("Chloé")
        offering = an_offering("Sortie de A", establishments=[ours])
        Participant.objects.filter(pk=child.pk).update(establishment=ours)
        a_paid_order(an_option(offering=offering), child=child, basket=a_basket(child.guardianships.get().guardian))
        Participant.objects.filter(pk=child.pk).update(establishment=None)

        assert shown(as_staff(Role.SECRETARY, ours).get(url("families"))) == ["Lapointe Chloé"]
        assert shown(as_staff(Role.SECRETARY, theirs).get(url("families"))) == []

    def test_another_organisation_s_families_do_not_exist(
        self, owner: HostClient, organisation_b: Organisation
    ) -> None:
        with in_organisation(organisation_b):
            addresses = addresses_of(a_child("Ada"))

        for address in addresses:
            assert owner.get(address).status_code == 404, address


def addresses_of(child: Participant) -> list[str]:
    link = child.guardianships.get()
    of_child = ("participant", "participant_edit", "participant_health", "guardian_add")
    of_guardian = ("guardian", "guardian_email", "guardian_billing")
    return [
        *(url(name, child.pk) for name in of_child),
        *(url(name, link.guardian_id) for name in of_guardian),
        url("link", link.pk),
        url("link_block", link.pk),
    ]


class TestTheList:
    @pytest.mark.parametrize("wanted", ["ELOISE", "tremb élo", "parent.x@", "a-17", "Tremblay"])
    def test_a_family_is_found_by_name_address_or_number(self, owner: HostClient, wanted: str) -> None:
        found = a_child("Éloïse", last_name="Tremblay", of=a_guardian(user=a_user("parent.x@example.org")))
        Participant.objects.filter(pk=found.pk).update(student_number="A-17")
        found.refresh_from_db()
        found.save()
        a_child("Bo")

        assert shown(owner.get(url("families"), {"q": wanted})) == ["Tremblay Éloïse"]

    def test_the_list_is_narrowed_by_school_level_and_situation(self, owner: HostClient) -> None:
        school, level = an_establishment("École A", code="a"), a_level(code="p3")
        a_child("Ada", establishment=school)
        a_child("Bo", level=level)
        a_child("Chloé", of=a_guest())
        alone = a_child("Denis")
        alone.guardianships.all().delete()
        Guardianship.objects.filter(participant__first_name="Ada").update(is_blocked=True)
        removed = a_child("Zoé")
        Participant.objects.filter(pk=removed.pk).update(removed_at=timezone.now())

        def narrowed(**query: str) -> list[str]:
            return [name.removeprefix("Lapointe ") for name in shown(owner.get(url("families"), query))]

        assert narrowed() == ["Ada", "Bo", "Chloé", "Denis"]
        assert narrowed(establishment="a") == ["Ada"]
        assert narrowed(level="p3") == ["Bo"]
        assert narrowed(state="no_guardian") == ["Ada", "Denis"]
        assert narrowed(state="no_account") == ["Ada", "Chloé", "Denis"]
        assert narrowed(state="blocked") == ["Ada"]
        assert narrowed(state="removed") == ["Zoé"]

    def test_an_address_that_says_nonsense_is_told_at_the_field(self, owner: HostClient) -> None:
        a_child("Ada")

        page = owner.get(url("families"), {"establishment": "x" * 300, "state": "?", "q": "\x00", "page": "z"})

        assert page.status_code == 200
        assert set(page.context["form"].errors) == {"establishment", "state", "q"}

    def test_the_lists_cost_as_many_queries_for_three_as_for_one(self, owner: HostClient) -> None:
        def count(name: str) -> int:
            with CaptureQueriesContext(connection) as queries:
                owner.get(url(name))
            return len([query for query in queries if "set_config" not in query["sql"]])

        a_child("Ada", establishment=an_establishment())
        names = ("families", "families_csv", "guardians")
        one = {name: count(name) for name in names}
        for name in ("Bo", "Chloé"):
            a_child(name, establishment=an_establishment())

        assert {name: count(name) for name in names} == one
        assert max(one.values()) <= 17

    def test_the_table_to_download_has_the_contacts_but_of_who_is_kept_away(self, owner: HostClient) -> None:
        mother = a_guardian(user=a_user("mere@example.org", first_name="Marie", last_name="Roy"))
        child = a_child("Ada", of=mother, birth_date=date(2018, 5, 1), establishment=an_establishment("École A"))
        Guardianship.objects.create(guardian=a_guest("pere@example.org"), participant=child, is_blocked=True)

        answer = owner.get(url("families_csv"))
        head, row = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";")

        assert dict(zip(head, row, strict=True)) == {
            "Nom": "Lapointe",
            "Prénom": "Ada",
            "Prénom usuel": "",
            "Date de naissance": "2018-05-01",
            "Numéro": "",
            "Établissement": "École A",
            "Niveau": "",
            "Catégorie de tarif": "Non précisée",
            "Parent 1": "Roy Marie",
            "Courriel 1": "mere@example.org",
            "Téléphone 1": "",
            "Parent 2": "",
            "Courriel 2": "",
            "Téléphone 2": "",
        }
        assert Entry.objects.get(action="families.exported").details == {"participants": 1}

    def test_parents_are_found_without_children_too(self, owner: HostClient) -> None:
        a_child("Ada", of=a_guardian(first_name="Anne"))
        a_guardian(first_name="Zoé", last_name="Roy")

        assert shown(owner.get(url("guardians"))) == ["Lapointe Anne", "Roy Zoé"]
        assert shown(owner.get(url("guardians"), {"q": "zoe"})) == ["Roy Zoé"]
        assert shown(owner.get(url("guardians"), {"state": "no_participant"})) == ["Roy Zoé"]


class TestTheRecord:
    @pytest.mark.line("S4-21")
    def test_it_says_who_the_child_is_and_who_is_responsible(self, owner: HostClient) -> None:
        child = a_child("Ada", establishment=an_establishment("École A"), level=a_level("3e année"))
        Participant.objects.filter(pk=child.pk).update(
            used_name="Ade",
            student_number="A-17",
            price_category="non_resident",
            pick_up_people=[{"name": "Mamie Lou", "phone": "+18195550123", "relation": "Grand-mère"}],
        )

        page = owner.get(url("participant", child.pk)).content.decode()

        for words in ("Lapointe Ada", "Ade", "A-17", "École A", "3e année", "Hors commune", "Mamie Lou", "Grand-mère"):
            assert words in page
        assert "Lapointe Marie" in page

    def test_it_says_which_records_are_valid_expired_or_missing(self, owner: HostClient) -> None:
        child, before = a_child("Ada"), a_child("Ada")
        record = a_form(purpose="record", key="sante")
        Form.objects.filter(key="sante").update(validity_days=30)
        address = url("participant", child.pk)
        assert "Non remplie" in owner.get(address).content.decode()

        # One more than its days: the hour changes in autumn, and the last day counts.
        filled(record, before, at=clock.now() - timedelta(days=32))
        merge.merge_participants(
            kept_id=child.pk, gone_id=before.pk, from_gone=(), links=[], actor=SYSTEM, at=clock.now()
        )
        assert "Expirée depuis le" in owner.get(address).content.decode()

        filled(record, child, at=clock.now())
        assert "Valable jusqu’au" in owner.get(address).content.decode()

    def test_it_says_what_the_family_agreed_to(self, owner: HostClient) -> None:
        child, consent = a_child("Ada"), a_consent()
        Form.objects.update(asks_everyone=True)
        [asked] = owner.get(url("participant", child.pk)).context["consents"]
        assert asked.standing.state == "silent"

        signing.sign_consent(
            version_id=consent.pk,
            participant_id=child.pk,
            signer_id=child.guardianships.get().guardian_id,
            decision="no",
            signed_name="Marie Lapointe",
            actor=SYSTEM,
            at=clock.now(),
        )

        [said] = owner.get(url("participant", child.pk)).context["consents"]
        assert (said.standing.state, said.standing.word.signed_name) == ("no", "Marie Lapointe")

    @pytest.mark.line("S4-21")
    def test_staff_correct_what_an_import_has_locked_and_the_trail_keeps_which_columns(self, owner: HostClient) -> None:
        child = a_child("Ada")
        Participant.objects.filter(pk=child.pk).update(locked_fields=["first_name"])
        page = owner.get(url("participant_edit", child.pk)).content.decode()
        assert "Le prochain import peut la changer de nouveau" in page

        said = {"last_name": "Lapointe", "first_name": "Adèle", "price_category": "resident"}
        answer = owner.post(url("participant_edit", child.pk), said)

        assert answer.url == url("participant", child.pk)
        child.refresh_from_db()
        assert (child.first_name, child.price_category, child.search_text) == ("Adèle", "resident", "lapointe adele  ")
        entry = Entry.objects.get(action="participant.corrected")
        assert entry.details == {"columns": ["first_name", "price_category"]}

    def test_wrong_input_is_told_at_the_field_and_kept(self, owner: HostClient) -> None:
        child = a_child("Ada")

        page = owner.post(url("participant_edit", child.pk), {"last_name": "", "first_name": "Zoé", "birth_date": "x"})

        assert page.status_code == 422
        assert set(page.context["form"].errors) == {"last_name", "birth_date"}
        assert 'value="Zoé"' in page.content.decode()


def filled(record: FormVersion, child: Participant, *, at: datetime) -> None:
    forms.submit(version_id=record.pk, participant_id=child.pk, signer_id=None, answers=Answers(), actor=SYSTEM, at=at)


class TestHealth:
    @pytest.fixture
    def child(self) -> Participant:
        a_form({"key": "allergies", "class": "health", "label": "Allergies"}, purpose="record")
        return a_child("Ada", sealed={"allergies": "Arachides", "national_number": "85073003328"})

    def test_answers_are_shown_for_a_reason_and_kept_in_the_trail(self, owner: HostClient, child: Participant) -> None:
        assert "Arachides" not in owner.get(url("participant", child.pk)).content.decode()

        page = owner.post(url("participant_health", child.pk), {"reason": "Sortie de demain"})

        assert "Arachides" in page.content.decode()
        assert "85073003328" not in page.content.decode()
        assert "no-store" in page.headers["Cache-Control"]
        entry = Entry.objects.get(action="health.read")
        assert entry.details["reason"] == "Sortie de demain"
        assert entry.details["children"] == [str(child.pk)]

    def test_without_a_reason_nothing_is_shown_or_kept(self, owner: HostClient, child: Participant) -> None:
        page = owner.post(url("participant_health", child.pk), {"reason": " "})

        assert page.status_code == 422
        assert "Arachides" not in page.content.decode()
        assert Entry.objects.filter(action="health.read").count() == 0

    def test_they_are_not_for_the_auditor(self, as_staff: SignIn, child: Participant) -> None:
        answer = as_staff(Role.AUDITOR).post(url("participant_health", child.pk), {"reason": "Contrôle"})

        assert answer.status_code == 403


def told() -> list[tuple[str, str]]:
    """Who was written to, and of what."""
    delivery.handle_events(at=clock.now())
    return list(Message.objects.order_by("recipient").values_list("recipient", "subject"))


class TestTheGuardian:
    def test_it_says_how_to_reach_the_person_and_what_was_ordered(self, owner: HostClient) -> None:
        guardian = a_guardian(user=a_user("marie@example.org", first_name="Marie", last_name="Roy"))
        order = a_paid_order(an_option(), child=a_child("Ada", of=guardian), basket=a_basket(guardian))

        page = owner.get(url("guardian", guardian.pk)).content.decode()

        for words in ("Roy Marie", "marie@example.org", "Compte actif", "Jamais", "Lapointe Ada", order.reference):
            assert words in page

    @pytest.mark.line("S3-34")
    def test_an_address_is_corrected_with_a_trace_and_told_at_both(self, owner: HostClient) -> None:
        guardian = a_guardian(user=a_user("ancien@example.org"))

        answer = owner.post(url("guardian_email", guardian.pk), {"email": "Nouveau@example.org"})

        assert answer.url == url("guardian", guardian.pk)
        guardian.refresh_from_db()
        assert guardian.email == "nouveau@example.org"
        # What opens the account is its holder's own to change.
        assert guardian.user is not None
        assert guardian.user.email == "ancien@example.org"
        assert Entry.objects.filter(action="guardian.email_corrected", subject_id=guardian.pk).count() == 1
        assert told() == [
            ("ancien@example.org", "Votre courriel a été corrigé"),
            ("nouveau@example.org", "Votre courriel a été corrigé"),
        ]

    def test_a_disabled_account_is_signed_out_at_once_and_not_let_in_again(
        self, owner: HostClient, client: HostClient
    ) -> None:
        user = a_user("marie@example.org")
        guardian = a_guardian(user=user)
        client.force_login(user)
        assert client.get("/mon-dossier").status_code == 200

        owner.post(url("guardian_account", guardian.pk))

        assert client.get("/mon-dossier").status_code == 302
        owner.post(url("guardian_account", guardian.pk))
        assert User.objects.get(pk=user.pk).is_active is True
        actions = Entry.objects.filter(subject_id=user.pk).order_by("at").values_list("action", flat=True)
        assert list(actions) == ["account.disabled", "account.enabled"]

    def test_the_account_of_a_member_of_staff_is_not_closed_from_here(self, as_staff: SignIn) -> None:
        owner = as_staff(Role.OWNER)
        colleague = a_user("colleague@example.org")
        organisation.put_staff_member(user_id=colleague.pk, role=Role.SECRETARY, establishments=[])
        guardian = a_guardian(user=colleague)

        owner.post(url("guardian_account", guardian.pk))

        colleague.refresh_from_db()
        assert colleague.is_active is True

    @pytest.mark.line("S4-22")
    def test_who_may_be_invoiced_and_who_has_the_tax_slips_is_said_here(self, owner: HostClient) -> None:
        guardian = a_guardian()

        owner.post(url("guardian_billing", guardian.pk), {"receives_slips": "on"})

        guardian.refresh_from_db()
        assert (guardian.is_billable, guardian.receives_slips) == (False, True)

    def test_a_household_is_left_and_joined(self, owner: HostClient) -> None:
        mother, father = a_guardian(first_name="Marie"), a_guardian(first_name="Paul")
        child = a_child("Ada", of=mother)
        Guardianship.objects.create(guardian=father, participant=child)

        owner.post(url("guardian_household", father.pk), {"with": str(mother.pk)})
        father.refresh_from_db()
        assert father.household_id == mother.household_id

        owner.post(url("guardian_household", father.pk))
        father.refresh_from_db()
        assert father.household_id != mother.household_id
        assert owner.post(url("guardian_household", father.pk), {"with": "x"}).status_code == 404

    def test_whoever_has_no_account_is_invited_to_open_one(self, owner: HostClient) -> None:
        guest = a_guest("sans@example.org")

        owner.post(url("guardian_invite", guest.pk))

        guest.refresh_from_db()
        assert guest.locked_fields == ["email"]
        assert Entry.objects.filter(action="guardian.invited", subject_id=guest.pk).count() == 1
        assert told() == [("sans@example.org", "Ouvrez votre compte\u202f: Organisation A")]

    def test_a_record_that_was_merged_leads_to_the_one_that_was_kept(self, owner: HostClient) -> None:
        kept, gone = a_guardian(), a_guardian()
        Guardian.objects.filter(pk=gone.pk).update(merged_into=kept)

        assert owner.get(url("guardian", gone.pk)).url == url("guardian", kept.pk)


def test_whatever_is_recorded_of_a_family_has_a_name_in_its_trail() -> None:
    rooms = (ROOT / "tenant_apps" / "families", ROOT / "tenant_apps" / "imports", ROOT / "shared_apps" / "accounts")
    texts = [file.read_text() for room in rooms for file in room.rglob("*.py")]
    spoken = {word for text in texts for word in re.findall(r'"((?:participant|guardian|link|claim)\.[a-z_]+)"', text)}

    assert "participant.merged" in spoken
    assert sorted(spoken - WORDS.keys()) == []
