"""Staff act for a family: who may, for whom, on which pages, for how long, and what the trail says of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse

from kernel import clock
from shared_apps.accounts.models import User
from shared_apps.audit.actors import SYSTEM
from shared_apps.audit.models import Entry
from shared_apps.outbox import delivery
from shared_apps.outbox.models import Message
from tenant_apps.families import on_behalf
from tenant_apps.families.models import Guardian, Guardianship, Participant
from tenant_apps.families.operations import rights
from tenant_apps.forms.models import Means, Purpose, Submission
from tenant_apps.openings.models import Channel, Opening, Ticket
from tenant_apps.organisation.models import Role, StaffMember
from tenant_apps.portal.acting import ALLOWED
from tenant_apps.privacy import forgetting
from tenant_apps.privacy.forgetting import People
from tenant_apps.registrations.models import Registration
from tenants.context import in_organisation
from tenants.models import Organisation
from tests.clients import HostClient
from tests.factories import consents
from tests.factories.catalog import an_offering, an_option
from tests.factories.families import a_child, a_guardian
from tests.factories.forms import a_consent, a_form
from tests.factories.organisation import an_establishment
from tests.factories.queues import a_queue, a_turn
from tests.factories.registrations import a_basket, a_hold
from tests.office.conftest import SignIn
from tests.portal.people import a_parent, quantities, register_url, words

REGISTER = [Role.OWNER, Role.ADMINISTRATOR, Role.PROGRAMME_MANAGER, Role.SECRETARY]
CONF = "config.urls.organisation"


def begin_url(guardian: Guardian) -> str:
    return f"/gestion/comptoir/familles/{guardian.id}"


def acting(client: HostClient, guardian: Guardian) -> HostClient:
    """The browser of a member of staff who has begun to act for the family."""
    begun = client.post(begin_url(guardian))
    assert begun.status_code == 302, begun.status_code
    return client


def is_acting(client: HostClient, guardian: Guardian) -> bool:
    return f"Vous agissez pour {on_behalf.name_of(guardian)}" in words(client.get("/activites"))


def a_family(name: str = "Ada", **more: Any) -> Guardian:
    guardian = a_guardian(first_name="Ada", last_name="Tremblay")
    a_child(name, of=guardian, last_name="Tremblay", **more)
    return guardian


@pytest.fixture
def owner(as_staff: SignIn) -> HostClient:
    return as_staff(Role.OWNER)


class TestWhoMay:
    def test_those_who_change_families_and_nobody_else(self, as_staff: SignIn) -> None:
        school = an_establishment()
        family = a_family(establishment=school)

        begun = [role for role in Role if as_staff(role, school).post(begin_url(family)).status_code == 302]

        assert begun == [role for role in Role if role in REGISTER]

    def test_a_parent_who_sends_the_form_acts_for_nobody(self) -> None:
        family, parent = a_family(), a_parent()

        assert parent.client.post(begin_url(family)).status_code == 403
        assert not is_acting(parent.client, family)

    def test_nobody_without_an_account_does(self, client: HostClient) -> None:
        family = a_family()

        assert client.post(begin_url(family)).url.startswith("/connexion")
        assert not is_acting(client, family)

    def test_staff_show_the_second_factor_first(self, as_staff: SignIn) -> None:
        family, half = a_family(), HostClient("a.localhost")
        half.force_login(StaffMember.objects.get(user=_user_of(as_staff(Role.OWNER))).user)

        assert half.post(begin_url(family)).status_code == 302
        assert not is_acting(half, family)

    def test_a_secretary_acts_for_the_families_of_their_school(self, as_staff: SignIn) -> None:
        mine, theirs = an_establishment(), an_establishment()
        secretary = as_staff(Role.SECRETARY, mine)

        assert secretary.post(begin_url(a_family(establishment=theirs))).status_code == 404
        assert secretary.post(begin_url(a_family(establishment=mine))).status_code == 302

    def test_not_for_a_family_whose_other_child_they_do_not_know(self, as_staff: SignIn) -> None:
        mine, theirs = an_establishment(), an_establishment()
        family = a_family(establishment=mine)
        a_child("Zélie", of=family, establishment=theirs)
        secretary = as_staff(Role.SECRETARY, mine)

        answer = secretary.post(begin_url(family))

        assert (answer.status_code, "Zélie" in words(answer)) == (403, False)
        assert not is_acting(secretary, family)

    def test_a_guardian_of_another_organisation_is_nobody_here(
        self, owner: HostClient, organisation_b: Organisation
    ) -> None:
        with in_organisation(organisation_b):
            stranger = a_guardian()

        assert owner.post(begin_url(stranger)).status_code == 404

    def test_a_form_from_elsewhere_begins_nothing(self, as_staff: SignIn) -> None:
        family = a_family()
        careful = HostClient("a.localhost", enforce_csrf_checks=True)
        careful.force_login(_user_of(as_staff(Role.OWNER)), second_factor=True)

        assert careful.post(begin_url(family)).status_code == 403
        assert not is_acting(careful, family)

    def test_one_family_at_a_time(self, owner: HostClient) -> None:
        first, second = a_family(), a_family("Zoé")
        acting(owner, first)

        owner.post(begin_url(second))

        assert str(first.id) == owner.session["on_behalf"]["guardian"]

    def test_the_workplace_says_whose_the_other_tab_is(self, owner: HostClient) -> None:
        page = words(acting(owner, a_family()).get("/gestion/"))

        assert "Vous agissez pour Ada Tremblay" in page


def _user_of(client: HostClient) -> Any:
    return User.objects.get(pk=client.session["_auth_user_id"])


class TestWhatItDoes:
    @pytest.mark.line("S2-03")
    def test_the_familys_own_screens_register_its_child(self, owner: HostClient) -> None:
        family = a_family()
        child = Participant.objects.get(guardianships__guardian=family)
        option = an_option(offering=an_offering(slug="camp"))
        acting(owner, family)

        page = owner.get(f"/activites/camp/inscription?enfant={child.id}")
        answer = owner.post(
            f"/activites/camp/inscription?enfant={child.id}",
            {"choix-options": [str(option.id)], "contact-email": "ada@famille.example"},
        )

        assert "Tremblay Ada" in words(page)
        assert answer.url == "/activites/camp/ajoute"
        held = Registration.objects.get(status="held")
        assert (held.participant, held.basket.guardian) == (child, family)

    @pytest.mark.line("S2-07")
    def test_the_answers_are_those_of_the_familys_children(self, owner: HostClient) -> None:
        an_option(offering=an_offering(slug="camp"))

        page = words(acting(owner, a_family("Zoé")).get("/activites/camp"))

        assert "Zoé" in page

    def test_the_trail_names_staff_and_the_family(self, owner: HostClient) -> None:
        family = a_family()
        child = Participant.objects.get(guardianships__guardian=family)
        option = an_option(offering=an_offering(slug="camp"))
        acting(owner, family)

        owner.post(
            f"/activites/camp/inscription?enfant={child.id}",
            {"choix-options": [str(option.id)], "contact-email": "ada@famille.example"},
        )

        entry = Entry.objects.get(action="registrations.held")
        user = _user_of(owner)
        assert (entry.actor_kind, entry.actor_id) == ("staff", user.pk)
        assert entry.actor_label == f"{user} pour Ada Tremblay"
        assert entry.details["on_behalf"] == str(family.id)

    def test_what_staff_do_in_the_workplace_meanwhile_is_their_own(self, owner: HostClient) -> None:
        family = a_family()
        acting(owner, family)

        owner.post(reverse("office:guardian_billing", urlconf=CONF, args=[family.id]), {"is_billable": "on"})

        entry = Entry.objects.get(action="guardian.billing_changed")
        assert (entry.actor_label, "on_behalf" in entry.details) == (str(_user_of(owner)), False)

    def test_a_child_from_whom_the_parent_is_kept_away_is_not_shown(self, owner: HostClient) -> None:
        family = a_family("Zoé")
        link = Guardianship.objects.get(guardian=family)
        an_option(offering=an_offering(slug="camp"))
        rights.block(link_id=link.id, reason="Jugement", actor=SYSTEM, at=clock.now())

        assert "Zoé" not in words(acting(owner, family).get("/activites/camp"))

    def test_a_new_family_is_added_and_served(self, owner: HostClient) -> None:
        said = {"first_name": "Nour", "last_name": "Haddad", "phone": "819-555-0123", "email": "", "language": "fr"}

        answer = owner.post("/gestion/comptoir/famille", said)

        added = Guardian.objects.get(last_name="Haddad")
        assert (added.phone, added.email, added.user) == ("+18195550123", "", None)
        assert answer.url == "/profil/enfants/ajouter?next=/activites"
        assert is_acting(owner, added)

    def test_a_family_without_an_address_is_registered_all_the_same(self, owner: HostClient) -> None:
        family = a_family()
        Guardian.objects.filter(id=family.id).update(email="")
        child = Participant.objects.get(guardianships__guardian=family)
        option = an_option(offering=an_offering(slug="camp"), price=0)
        acting(owner, family)

        owner.post(f"/activites/camp/inscription?enfant={child.id}", {"choix-options": [str(option.id)]})
        owner.post("/commande", {"total": "0", "accepted": "on"})
        delivery.handle_events(at=clock.now())

        assert Registration.objects.get().status == "confirmed"
        assert not Message.objects.filter(recipient="").exists()

    def test_a_family_that_looks_the_same_is_shown_first(self, owner: HostClient) -> None:
        a_family()
        said = {"first_name": "Ada", "last_name": "Tremblay", "phone": "819-555-0123", "email": "", "language": "fr"}

        answer = owner.post("/gestion/comptoir/famille", said)

        assert "Est-ce l’une de ces familles" in words(answer)
        assert Guardian.objects.filter(last_name="Tremblay").count() == 1
        owner.post("/gestion/comptoir/famille", {**said, "is_new": "on"})
        assert Guardian.objects.filter(last_name="Tremblay").count() == 2

    @pytest.mark.parametrize("said", [{}, {"phone": "12"}, {"email": "non"}])
    def test_what_is_missing_is_said_at_its_field(self, owner: HostClient, said: dict[str, str]) -> None:
        answer = owner.post("/gestion/comptoir/famille", said)

        assert answer.status_code == 422
        assert not Guardian.objects.filter(phone="12").exists()

    def test_a_family_is_found_by_a_childs_name(self, owner: HostClient) -> None:
        a_family("Zoé")
        a_family("Milo")

        page = words(owner.get("/gestion/comptoir?q=zoe"))

        assert ("Zoé" in page, "Milo" in page) == (True, False)

    def test_the_families_found_cost_the_same_queries_for_many(self, owner: HostClient) -> None:
        counts = []
        for families in (1, 2):
            for _one in range(families):
                a_family()
            with CaptureQueriesContext(connection) as captured:
                owner.get("/gestion/comptoir?q=tremblay")
            counts.append(len(captured))

        assert counts[0] == counts[1]


class TestAFamilyAddedAtTheCounter:
    """By the secretary of one centre, whose child has no establishment, for what another centre offers."""

    SAID = {"first_name": "Ines", "last_name": "Belkacem", "phone": "819-555-0144", "language": "fr"}
    ADDRESS = "ines@famille.example"

    @pytest.fixture
    def secretary(self, as_staff: SignIn) -> HostClient:
        return as_staff(Role.SECRETARY, an_establishment())

    @pytest.fixture
    def added(self, secretary: HostClient) -> Guardian:
        secretary.post("/gestion/comptoir/famille", {**self.SAID, "email": self.ADDRESS})
        secretary.post("/au-nom/terminer")
        assert "Belkacem" in words(secretary.get("/gestion/"))
        family = Guardian.objects.get(last_name="Belkacem")
        child = a_child("Adam", of=family, last_name="Belkacem")
        option = an_option(offering=an_offering(establishments=[an_establishment()], reserved_to_establishments=False))
        a_hold(option, child=child, basket=a_basket(family), at=clock.now())
        return family

    def found(self, client: HostClient, wanted: str = "Belkacem") -> bool:
        return "Inscrire pour cette famille" in words(client.get(f"/gestion/comptoir?q={wanted}"))

    def test_is_found_again_and_served_until_it_is_somebody_s(self, secretary: HostClient, added: Guardian) -> None:
        assert self.found(secretary)
        assert self.found(secretary, "Adam")
        assert "Belkacem Adam" in words(secretary.get("/gestion/comptoir?q=Belkacem"))
        assert secretary.post(begin_url(added)).status_code == 302

    def test_its_page_in_the_workplace_is_named_only_where_it_opens(
        self, secretary: HostClient, owner: HostClient, added: Guardian
    ) -> None:
        page = reverse("office:guardian", urlconf=CONF, args=[added.id])

        for client, status in ((secretary, 404), (owner, 200)):
            assert client.get(page).status_code == status
            assert (page in client.get("/gestion/comptoir?q=Belkacem").content.decode()) is (status == 200)

    def test_takes_a_turn_in_a_queue(self, secretary: HostClient, added: Guardian) -> None:
        opening = a_queue(gathers_from=clock.now() - timedelta(hours=1), opens_at=clock.now() + timedelta(hours=1))

        secretary.post(f"/gestion/comptoir/ouvertures/{opening.id}/familles/{added.id}")

        assert Ticket.objects.get().guardian == added

    @pytest.mark.parametrize("known", ["school", "file", "account", "confirmed"])
    def test_is_found_no_more_once_it_is_known_elsewhere(
        self, secretary: HostClient, added: Guardian, known: str
    ) -> None:
        child = Participant.objects.get()
        if known == "school":
            Participant.objects.update(establishment=an_establishment())
        elif known == "file":
            Participant.objects.update(external_id="E-1")
        elif known == "account":
            Guardianship.objects.create(participant=child, guardian=a_parent().guardian)
        else:
            Registration.objects.update(status="confirmed")

        assert not self.found(secretary)
        assert secretary.post(begin_url(added)).status_code == 404

    def test_is_not_made_twice(self, secretary: HostClient, added: Guardian) -> None:
        answer = words(secretary.post("/gestion/comptoir/famille", {**self.SAID, "first_name": "Inès", "email": ""}))

        assert "Est-ce l’une de ces familles" in answer
        assert self.ADDRESS in answer
        assert Guardian.objects.filter(last_name="Belkacem").count() == 1

    @pytest.mark.parametrize("same", [{"email": "INES@famille.example"}, {"phone": "819 555-0144"}])
    def test_where_it_is_not_seen_it_is_said_to_be_there_and_no_more(
        self, secretary: HostClient, added: Guardian, same: dict[str, str]
    ) -> None:
        Participant.objects.update(establishment=an_establishment())
        said = {
            "first_name": "Bo",
            "last_name": "Autre",
            "phone": "819-555-0199",
            "email": "",
            "language": "fr",
            **same,
        }

        answer = words(secretary.post("/gestion/comptoir/famille", said))

        assert "Une famille que vous ne voyez pas a déjà ce courriel ou ce téléphone" in answer
        assert ("Belkacem" in answer, "Est-ce l’une de ces familles" in answer) == (False, False)
        assert not Guardian.objects.filter(last_name="Autre").exists()
        secretary.post("/gestion/comptoir/famille", {**said, "is_new": "on"})
        assert Guardian.objects.filter(last_name="Autre").count() == 1

    def test_another_school_s_child_of_a_known_family_is_not_named(self, as_staff: SignIn) -> None:
        school = an_establishment()
        family = a_family(establishment=school)
        Guardian.objects.filter(pk=family.pk).update(user=None)
        a_child("Zélie", of=family, establishment=an_establishment())
        secretary = as_staff(Role.SECRETARY, school)

        assert "Zélie" not in words(secretary.get("/gestion/comptoir?q=tremblay"))
        assert not self.found(secretary, "Zélie")


class TestWhatTheFamilySees:
    @pytest.fixture
    def family(self, owner: HostClient) -> Guardian:
        """A free place was taken for it at the counter."""
        family = a_family()
        child = Participant.objects.get(guardianships__guardian=family)
        option = an_option("Lundi", offering=an_offering(slug="camp"), price=0)
        acting(owner, family)
        owner.post(
            f"/activites/camp/inscription?enfant={child.id}",
            {"choix-options": [str(option.id)], "contact-email": "ada@famille.example"},
        )
        owner.post("/commande", {"total": "0", "accepted": "on"})
        assert Registration.objects.get().status == "confirmed"
        return family

    def test_its_history_says_what_staff_did(self, family: Guardian) -> None:
        client = HostClient("a.localhost")
        client.force_login(family.user)

        assert "Fait par le secrétariat" in words(client.get("/mon-dossier/inscriptions"))
        assert "au comptoir ou au téléphone" in words(client.get("/mon-dossier/mes-donnees"))

    def test_what_it_did_itself_is_not_said_to_be_theirs(self, owner: HostClient) -> None:
        parent = a_parent()
        child = a_child(of=parent.guardian)
        a_hold(an_option(offering=an_offering(), price=0), child=child, basket=a_basket(parent.guardian))
        Registration.objects.update(status="confirmed")

        assert "Fait par le secrétariat" not in words(parent.client.get("/mon-dossier/inscriptions"))

    def test_its_name_leaves_the_trail_with_its_account(self, family: Guardian) -> None:
        forgetting.forget(People(guardians=(family.id,)), at=clock.now())

        held = Entry.objects.get(action="registrations.held")
        assert (held.actor_label, held.details["on_behalf"]) == ("", str(family.id))
        assert not Entry.objects.filter(actor_label__contains="Tremblay").exists()


class TestWhatStaysClosed:
    def test_only_named_pages_open(self, owner: HostClient) -> None:
        """A page added to the portal is closed until it is named: here, every page without a parameter."""
        a_form({"key": "last_name"}, {"key": "first_name"}, purpose=Purpose.PROFILE)
        acting(owner, a_family())
        patterns = [each for each in get_resolver(CONF).url_patterns[1].url_patterns if "<" not in str(each.pattern)]
        named = {each.name: f"/{each.pattern}" for each in patterns}

        opened = {name for name, address in named.items() if owner.get(address).status_code not in (403, 404, 405)}

        served_to_all = {"brand_css", "robots", "sitemap", "integration_script", "integration"}
        assert opened - served_to_all <= ALLOWED

    @pytest.mark.parametrize(
        "address",
        [
            "/mon-dossier",
            "/mon-dossier/autorisations",
            "/mon-dossier/mes-donnees",
            "/mon-dossier/mes-donnees/effacer",
            "/profil",
            "/profil/coordonnees",
            "/compte/courriel",
            "/compte/appareils",
            "/compte/mot-de-passe",
            "/invitation",
        ],
    )
    def test_the_familys_account_data_and_signatures_are_its_own(self, owner: HostClient, address: str) -> None:
        answer = acting(owner, a_family()).get(address)

        assert answer.status_code == 403
        assert "Cette page est à la famille seule" in words(answer)

    def test_a_form_sent_to_a_closed_page_does_nothing(self, owner: HostClient) -> None:
        family = a_family()

        acting(owner, family).post("/mon-dossier/mes-donnees/effacer", {"confirmed": "on"})

        assert Guardian.objects.get(id=family.id).last_name == "Tremblay"

    def test_every_allowed_name_is_a_page(self) -> None:
        names = {each.name for each in get_resolver(CONF).url_patterns[1].url_patterns}

        assert ALLOWED - names == set()


class TestHowItEnds:
    def test_with_terminate(self, owner: HostClient) -> None:
        family = a_family()
        acting(owner, family)

        answer = owner.post("/au-nom/terminer")

        assert answer.url == "/gestion/comptoir"
        assert not is_acting(owner, family)
        assert [entry.action for entry in Entry.objects.filter(subject_id=family.id).order_by("at", "id")][-2:] == [
            "guardian.represented",
            "guardian.represented_no_more",
        ]

    def test_with_signing_out(self, owner: HostClient) -> None:
        family = a_family()
        user = _user_of(acting(owner, family))

        owner.post("/deconnexion")
        owner.force_login(user, second_factor=True)

        assert not is_acting(owner, family)
        assert Entry.objects.filter(action="guardian.represented_no_more", subject_id=family.id).exists()

    def test_after_half_an_hour_of_rest(self, owner: HostClient) -> None:
        family = a_family()
        acting(owner, family)
        _rest(owner, on_behalf.REST)

        assert not is_acting(owner, family)

    def test_not_while_the_clerk_is_at_work(self, owner: HostClient) -> None:
        family = a_family()
        acting(owner, family)
        _rest(owner, on_behalf.REST - timedelta(minutes=2))
        owner.get("/activites")
        _rest(owner, on_behalf.REST - timedelta(minutes=2))

        assert is_acting(owner, family)

    def test_after_eight_hours_whatever_happens(self, owner: HostClient) -> None:
        family = a_family()
        acting(owner, family)
        session = owner.session
        session["on_behalf"] = {
            **session["on_behalf"],
            "since": (clock.now() - on_behalf.LONGEST).timestamp(),
        }
        session.save()

        assert not is_acting(owner, family)

    def test_what_was_sent_too_late_is_nobodys(self, owner: HostClient) -> None:
        """Else it would be done in the name of who is signed in."""
        family = a_family()
        hold = a_hold(an_option(offering=an_offering()), child=Participant.objects.get(), basket=a_basket(family))
        acting(owner, family)
        _rest(owner, on_behalf.REST)

        answer = owner.post(f"/panier/supprimer/{hold.id}")

        assert answer.url == "/gestion/"
        assert Registration.objects.get(id=hold.id).status == "held"

    def test_at_once_for_whoever_works_here_no_more(self, owner: HostClient) -> None:
        family = a_family()
        acting(owner, family)
        StaffMember.objects.filter(user=_user_of(owner)).update(role=Role.AUDITOR)

        assert not is_acting(owner, family)

    def test_for_who_signs_in_next(self, as_staff: SignIn, owner: HostClient) -> None:
        family, other = a_family(), _user_of(as_staff(Role.OWNER))
        acting(owner, family)
        kept = owner.session["on_behalf"]
        owner.force_login(other, second_factor=True)
        session = owner.session
        session["on_behalf"] = kept
        session.save()

        assert not is_acting(owner, family)

    def test_a_tab_left_open_cannot_be_sent_for_the_next_family(self, as_staff: SignIn) -> None:
        careful = HostClient("a.localhost", enforce_csrf_checks=True)
        careful.force_login(_user_of(as_staff(Role.OWNER)), second_factor=True)
        first, second = a_family(), a_family("Zoé")
        careful.post(begin_url(first), {"csrfmiddlewaretoken": _token(careful, "/gestion/comptoir")})
        stale = _token(careful, "/activites")
        careful.post("/au-nom/terminer", {"csrfmiddlewaretoken": stale})
        careful.post(begin_url(second), {"csrfmiddlewaretoken": _token(careful, "/gestion/comptoir")})

        assert is_acting(careful, second)
        assert careful.post("/panier/abandonner", {"csrfmiddlewaretoken": stale}).status_code == 403


def _token(client: Client, address: str) -> str:
    return str(client.get(address).context["csrf_token"])


def _rest(client: HostClient, how_long: timedelta) -> None:
    session = client.session
    said = session["on_behalf"]
    session["on_behalf"] = {
        **said,
        "since": said["since"] - how_long.total_seconds(),
        "last": said["last"] - how_long.total_seconds(),
    }
    session.save()


class TestMoney:
    @pytest.fixture
    def filled(self, owner: HostClient) -> HostClient:
        family = a_family()
        option = an_option(offering=an_offering(hold_minutes=60), price=4500)
        child = Participant.objects.get(guardianships__guardian=family)
        a_hold(option, child=child, basket=a_basket(family), at=clock.now())
        return acting(owner, family)

    @pytest.mark.line("S2-24")
    def test_staff_send_the_way_to_pay_and_never_pay(self, filled: HostClient) -> None:
        page = words(filled.get("/commande"))

        assert "Envoyer à la famille le lien pour payer" in page
        assert "Termes de paiement" not in page
        assert "s’inscrire" not in page

    def test_a_payment_sent_all_the_same_begins_nothing(self, filled: HostClient) -> None:
        filled.post("/commande", {"total": "4500", "accepted": "on"})

        assert Registration.objects.get().status == "held"

    def test_the_family_is_written_the_deadline_and_the_way(self, filled: HostClient) -> None:
        filled.post("/panier/envoyer")
        delivery.handle_events(at=clock.now())

        message = Message.objects.get(unique_key__startswith="basket:")
        assert message.recipient == Guardian.objects.get(last_name="Tremblay").email
        assert "Places gardées jusqu’au" in message.text
        assert "/panier" in message.text

    def test_it_is_said_when_it_was_sent_and_what_comes_next(self, filled: HostClient) -> None:
        before = words(filled.get("/commande"))

        after = words(filled.post("/panier/envoyer", follow=True))

        assert ("24 heures" in before, "Terminer avec cette famille" in before) == (True, False)
        assert ("Lien envoyé" in after, "Terminer avec cette famille" in after) == (True, True)

    def test_the_pages_that_are_closed_are_not_in_the_header_and_the_next_child_is_at_hand(
        self, filled: HostClient
    ) -> None:
        page = words(filled.get("/activites"))

        assert ("Mon dossier" in page, "Profil" in page, "Ajouter un enfant" in page) == (False, False, True)

    def test_only_staff_send_it(self, filled: HostClient) -> None:
        filled.post("/au-nom/terminer")

        assert filled.post("/panier/envoyer").status_code == 404

    def test_what_is_free_is_confirmed_at_once(self, owner: HostClient) -> None:
        family = a_family()
        child = Participant.objects.get(guardianships__guardian=family)
        a_hold(an_option(offering=an_offering(), price=0), child=child, basket=a_basket(family), at=clock.now())
        acting(owner, family)

        page = words(owner.get("/commande"))
        answer = owner.post("/commande", {"total": "0"})

        assert "J’accepte" not in page

        assert answer.url.startswith("/confirmation/")
        assert Registration.objects.get().status == "confirmed"


class TestHealth:
    QUESTION = {"key": "allergies", "label": "Allergies", "class": "health", "kind": "text"}

    def test_each_reading_of_what_a_family_said_is_in_the_trail(self, owner: HostClient) -> None:
        family = a_family(sealed={"allergies": "Arachides"})
        child = Participant.objects.get(guardianships__guardian=family)
        offering = an_offering(slug="camp", registration_form=a_form(self.QUESTION).form)
        an_option(offering=offering)

        page = acting(owner, family).get(register_url(offering, child.id))

        assert "Arachides" in page.content.decode()
        entry = Entry.objects.get(action="health.read")
        assert entry.details == {
            "children": [str(child.id)],
            "reason": "counter",
            "role": Role.OWNER,
            "on_behalf": str(family.id),
        }

    def test_a_family_that_reads_its_own_leaves_none(self) -> None:
        parent = a_parent()
        child = a_child(of=parent.guardian, sealed={"allergies": "Arachides"})
        offering = an_offering(slug="camp", registration_form=a_form(self.QUESTION).form)
        an_option(offering=offering)

        assert "Arachides" in parent.client.get(register_url(offering, child.id)).content.decode()
        assert not Entry.objects.filter(action="health.read").exists()


class TestSignatures:
    def test_a_parent_who_is_present_signs_through_the_clerk(self, owner: HostClient) -> None:
        family = a_family()
        child = Participant.objects.get(guardianships__guardian=family)
        offering = an_offering(slug="sortie", nature="outing", consent_form=a_consent().form)
        option = an_option(offering=offering)
        said = {
            **quantities((option, 1)),
            "choix-options": [str(option.id)],
            "contact-email": "ada@famille.example",
            "autorisation-decision": "yes",
            "autorisation-signed_name": "Ada Tremblay",
        }
        acting(owner, family)

        absent = owner.post(register_url(offering, child.id), said)
        assert "Sans le parent présent, rien ne peut être signé." in words(absent)
        owner.post(register_url(offering, child.id), {**said, "autorisation-is_present": "on"})

        signed = Submission.objects.get(decision="yes")
        assert (signed.means, signed.recorded_by, signed.signer) == (Means.ASSISTED, _user_of(owner).pk, family)

    def test_a_record_is_signed_by_the_parent_and_typed_by_the_clerk(self, owner: HostClient) -> None:
        family = a_family(sealed={"allergies": True})
        child = Participant.objects.get(guardianships__guardian=family)
        version = a_form(
            {"key": "allergies", "kind": "boolean", "class": "health"}, purpose=Purpose.RECORD, key="fiche-sante"
        )
        acting(owner, family)
        page = f"/mon-dossier/enfants/{child.id}/fiches/fiche-sante?modifier=1"
        said = {"allergies": "on", "signature-signed_name": "Ada Tremblay", "signature-confirmed": "on"}

        assert "Sans le parent présent" in words(owner.post(page, said))
        answer = owner.post(page, {**said, "signature-is_present": "on"})

        signed = Submission.objects.get(version=version)
        assert (signed.means, signed.recorded_by, signed.signer) == (Means.ASSISTED, _user_of(owner).pk, family)
        assert answer.url == "/activites"
        assert Entry.objects.filter(action="health.read", details__reason="counter").exists()

    def test_the_other_parent_s_no_stands_at_the_counter_too(self, owner: HostClient) -> None:
        family, other = a_family(), a_guardian(first_name="Bo")
        child = Participant.objects.get(guardianships__guardian=family)
        Guardianship.objects.create(guardian=other, participant=child)
        version = a_consent()
        offering = an_offering(slug="sortie", nature="outing", consent_form=version.form)
        option = an_option(offering=offering)
        consents.said(version, child, "no", by=other)
        consents.said(version, child, "no", by=family)
        said = {
            "choix-options": [str(option.id)],
            "contact-email": "ada@famille.example",
            "autorisation-decision": "yes",
            "autorisation-signed_name": "Ada Tremblay",
            "autorisation-is_present": "on",
        }

        answer = acting(owner, family).post(register_url(offering, child.id), said)

        assert "Bo a répondu non" in words(answer)
        assert not Registration.objects.filter(status="held").exists()


class TestTheQueue:
    """At noon an opening; at half past eleven families are at the counter."""

    @pytest.fixture
    def opening(self) -> Opening:
        return a_queue(gathers_from=clock.now() - timedelta(hours=1), opens_at=clock.now() + timedelta(hours=1))

    def ticket_url(self, opening: Opening, family: Guardian) -> str:
        return f"/gestion/comptoir/ouvertures/{opening.id}/familles/{family.id}"

    def test_a_turn_is_taken_for_a_family_that_comes(self, owner: HostClient, opening: Opening) -> None:
        family = a_family()

        owner.post(self.ticket_url(opening, family))
        owner.post(self.ticket_url(opening, family))

        ticket = Ticket.objects.get()
        assert (ticket.guardian, ticket.channel) == (family, Channel.COUNTER)
        page = words(owner.get(f"/gestion/comptoir/ouvertures/{opening.id}"))
        assert "Tremblay Ada" in page
        assert "Attend le tirage" in page

    def test_the_turn_taken_at_home_is_the_same_one(self, owner: HostClient, opening: Opening) -> None:
        family = a_family()
        a_turn(opening, family, at=clock.now())

        owner.post(self.ticket_url(opening, family))

        assert Ticket.objects.get().channel == Channel.WEB

    def test_who_is_called_is_served_from_the_list(self, owner: HostClient, opening: Opening) -> None:
        first, second = a_family(), a_family("Zoé")
        for family in (first, second):
            a_turn(opening, family, at=clock.now(), channel=Channel.COUNTER)
        Ticket.objects.filter(guardian=first).update(position=1)
        Ticket.objects.filter(guardian=second).update(position=2)
        Opening.objects.update(last_position=2, admitted=1, drawn_at=clock.now())

        page = owner.get(f"/gestion/comptoir/ouvertures/{opening.id}").content.decode()

        assert (begin_url(first) in page, begin_url(second) in page) == (True, False)

    def test_it_costs_the_same_queries_for_many(self, owner: HostClient, opening: Opening) -> None:
        counts = []
        for families in (1, 2):
            for _one in range(families):
                a_turn(opening, a_family(), at=clock.now(), channel=Channel.COUNTER)
            with CaptureQueriesContext(connection) as captured:
                owner.get(f"/gestion/comptoir/ouvertures/{opening.id}?q=tremblay")
            counts.append(len(captured))

        assert counts[0] == counts[1]

    def test_a_secretary_takes_none_for_a_family_of_another_school(self, as_staff: SignIn, opening: Opening) -> None:
        family = a_family(establishment=an_establishment())

        answer = as_staff(Role.SECRETARY, an_establishment()).post(self.ticket_url(opening, family))

        assert (answer.status_code, Ticket.objects.count()) == (404, 0)

    def test_too_early_is_said(self, owner: HostClient) -> None:
        later = a_queue(gathers_from=clock.now() + timedelta(hours=1), opens_at=clock.now() + timedelta(hours=2))

        owner.post(self.ticket_url(later, a_family()))

        assert not Ticket.objects.exists()
        assert "Les tours se prennent à partir du" in words(owner.get(f"/gestion/comptoir/ouvertures/{later.id}"))
