"""Being helped by telephone: a code that opens one basket, once, with both sides seeing it and the family ending it."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.urls import get_resolver

from kernel import clock, signing
from shared_apps.audit.actors import SYSTEM
from shared_apps.audit.models import Entry
from shared_apps.outbox import delivery
from shared_apps.outbox.models import Message
from tenant_apps.families.models import Guardian, Participant
from tenant_apps.notifications import guest_links
from tenant_apps.organisation.models import Role
from tenant_apps.organisation.screens import SCREENS
from tenant_apps.portal.screens import NOT_SCREENS
from tenant_apps.registrations import helping
from tenant_apps.registrations.models import Basket, Registration
from tenants.context import in_organisation
from tenants.models import Organisation
from tests.clients import HostClient
from tests.factories.catalog import an_offering, an_option
from tests.factories.families import a_child, a_guest
from tests.factories.organisation import a_staff_member
from tests.factories.registrations import a_basket, a_hold
from tests.portal.people import GUEST, Parent, a_sale, an_article, quantities, register_url, words
from tests.portal.people import a_guest as a_visitor

CODE = re.compile(r'class="help-code"[^>]*>(\d{3} \d{3})<')


def a_clerk(role: str = Role.SECRETARY) -> HostClient:
    client = HostClient("a.localhost")
    client.force_login(a_staff_member(role).user, second_factor=True)
    return client


def asked_by(client: HostClient) -> str:
    """The code that the family reads on its screen."""
    found = CODE.search(client.post("/panier/aide", follow=True).content.decode())
    assert found is not None
    return found[1]


def used_by(clerk: HostClient, code: str) -> bool:
    return bool(clerk.post("/gestion/comptoir/code", {"code": code}).status_code == 302)


@pytest.fixture
def family(parent: Parent) -> Parent:
    a_child("Ada", of=parent.guardian)
    return parent


class TestTheCode:
    @pytest.mark.line("O-21")
    def test_opens_the_familys_own_basket_to_who_is_told(self, family: Parent) -> None:
        clerk = a_clerk()
        option = an_option(offering=an_offering(slug="camp"))

        assert used_by(clerk, asked_by(family.client))
        child = Participant.objects.get()
        said = {"choix-options": [str(option.id)], "contact-email": "ada@famille.example"}
        clerk.post(f"/activites/camp/inscription?enfant={child.id}", said)

        assert "Lapointe Ada" in words(family.client.get("/panier"))
        assert Registration.objects.get().basket.guardian == family.guardian

    def test_both_sides_see_it(self, family: Parent) -> None:
        clerk = a_clerk()
        used_by(clerk, asked_by(family.client))
        helper = Basket.objects.get().helper

        assert "vous aide" in words(family.client.get("/activites"))
        assert "Vous agissez pour Marie Lapointe" in words(clerk.get("/panier"))
        assert helper is not None

    def test_serves_once(self, family: Parent) -> None:
        code, first, second = asked_by(family.client), a_clerk(), a_clerk()

        assert (used_by(first, code), used_by(second, code)) == (True, False)
        first.post("/au-nom/terminer")
        assert not used_by(first, code)

    def test_serves_a_quarter_of_an_hour(self, family: Parent) -> None:
        code = asked_by(family.client)
        Basket.objects.update(helped_until=clock.now())

        assert not used_by(a_clerk(), code)

    def test_the_next_one_takes_its_place(self, family: Parent) -> None:
        old, new = asked_by(family.client), asked_by(family.client)

        assert not used_by(a_clerk(), old) or old == new
        assert used_by(a_clerk(), new)

    def test_stays_the_same_on_a_page_that_is_loaded_again(self, family: Parent) -> None:
        code = asked_by(family.client)

        again = CODE.search(family.client.get("/panier/aide").content.decode())

        assert again is not None
        assert again[1] == code
        assert used_by(a_clerk(), code)

    def test_is_not_asked_for_while_somebody_helps(self, family: Parent) -> None:
        clerk = a_clerk()
        used_by(clerk, asked_by(family.client))

        page = family.client.post("/panier/aide", follow=True)

        assert CODE.search(page.content.decode()) is None
        assert "vous aide en ce moment" in words(page)
        assert "Vous agissez pour Marie Lapointe" in words(clerk.get("/panier"))

    def test_is_kept_nowhere(self, family: Parent) -> None:
        code = asked_by(family.client).replace(" ", "")

        basket = Basket.objects.get()
        assert len(basket.help_code) == 64
        assert code not in str(Entry.objects.values_list("details", "actor_label"))

    def test_is_of_one_organisation(self, family: Parent, organisation_b: Organisation) -> None:
        code = asked_by(family.client)
        with in_organisation(organisation_b):
            found = helping.try_code(code=code, helper_id=a_staff_member().user_id, actor=SYSTEM, at=clock.now())

        assert found is None

    def test_cannot_be_guessed(self, family: Parent) -> None:
        clerk, code = a_clerk(), asked_by(family.client)
        wrong = "000 000" if code != "000 000" else "000 001"
        for _try in range(5):
            assert not used_by(clerk, wrong)

        answer = clerk.post("/gestion/comptoir/code", {"code": code})

        assert "Plusieurs codes refusés" in words(answer)
        assert used_by(a_clerk(), code), "another member of staff has tries of their own"

    @pytest.mark.parametrize("said", ["", "12", "abcdef", "１２３４５６", "1234567", "\x00"])
    def test_whatever_else_is_typed_is_refused_in_words(self, said: str) -> None:
        assert a_clerk().post("/gestion/comptoir/code", {"code": said}).status_code == 422

    def test_is_for_those_who_register_alone(self, family: Parent) -> None:
        assert a_clerk(Role.FINANCE).post("/gestion/comptoir/code", {"code": "123456"}).status_code == 403

    def test_a_guest_is_helped_too(self, client: HostClient) -> None:
        sale = a_sale(checkout="basket")
        article = an_article(sale)
        a_visitor(client)
        client.post(register_url(sale), {**GUEST, "last_name": "L", "first_name": "Jo", **quantities((article, 2))})

        clerk = a_clerk()

        assert used_by(clerk, asked_by(client))
        assert "Macaroni" in words(clerk.get("/panier"))

    def test_who_has_chosen_nothing_is_told_what_to_do(self, client: HostClient) -> None:
        answer = client.post("/panier/aide", follow=True)

        assert "Choisissez d’abord une activité" in words(answer)
        assert not Basket.objects.exists()


class TestTheEnd:
    def test_the_family_ends_it_at_once(self, family: Parent) -> None:
        clerk = a_clerk()
        used_by(clerk, asked_by(family.client))

        family.client.post("/panier/aide/terminer")

        assert "Vous agissez pour" not in words(clerk.get("/activites", follow=True))
        assert "vous aide" not in words(family.client.get("/activites"))

    def test_so_does_the_clerk(self, family: Parent) -> None:
        clerk = a_clerk()
        used_by(clerk, asked_by(family.client))

        clerk.post("/au-nom/terminer")

        assert "vous aide" not in words(family.client.get("/activites"))
        assert Basket.objects.get().helper is None

    def test_one_helper_s_end_touches_nobody_else_s_help(self, family: Parent) -> None:
        first, second = a_clerk(), a_clerk()
        assert used_by(first, asked_by(family.client))
        family.client.post("/panier/aide/terminer")
        code = asked_by(family.client)

        first.get("/panier")  # told that it is over
        assert used_by(second, code)
        first.get("/panier")

        assert "Vous agissez pour" in words(second.get("/panier"))

    def test_so_does_half_an_hour(self, family: Parent) -> None:
        clerk = a_clerk()
        used_by(clerk, asked_by(family.client))
        assert Basket.objects.get().helped_until > clock.now() + helping.HELP_LASTS - timedelta(minutes=1)  # type: ignore[operator]
        Basket.objects.update(helped_until=clock.now())

        assert "Vous agissez pour" not in words(clerk.get("/activites", follow=True))

    def test_another_family_cannot_end_it(self, family: Parent, organisation_a: Organisation) -> None:
        from tests.portal.people import a_parent

        clerk, other = a_clerk(), a_parent()
        used_by(clerk, asked_by(family.client))

        other.client.post("/panier/aide/terminer")

        assert Basket.objects.get(guardian=family.guardian).helper is not None

    def test_nothing_is_lost_when_the_channel_changes(self, family: Parent) -> None:
        """Begun at home, gone on by telephone, ended at home."""
        clerk, child = a_clerk(), Participant.objects.get()
        first, second = an_option("Lundi", offering=an_offering()), an_option("Mardi", offering=an_offering(slug="b"))
        a_hold(first, child=child, basket=a_basket(family.guardian), at=clock.now())
        used_by(clerk, asked_by(family.client))
        clerk.post(
            f"/activites/b/inscription?enfant={child.id}",
            {"choix-options": [str(second.id)], "contact-email": "a@b.example"},
        )
        family.client.post("/panier/aide/terminer")

        page = words(family.client.get("/panier"))

        assert ("Lundi" in page, "Mardi" in page) == (True, True)

    def test_that_comes_by_itself_is_noted_as_the_clerk_s_for_that_family(self, family: Parent) -> None:
        clerk = a_clerk()
        used_by(clerk, asked_by(family.client))
        family.client.post("/panier/aide/terminer")

        clerk.get("/panier")

        entry = Entry.objects.get(action="guardian.represented_no_more")
        assert (entry.actor_kind, entry.details["on_behalf"]) == ("staff", str(family.guardian.id))

    def test_by_signing_out_is_noted_so_too(self, family: Parent) -> None:
        clerk = a_clerk()
        used_by(clerk, asked_by(family.client))

        clerk.logout()

        ended = Entry.objects.filter(action__in=("guardian.represented_no_more", "help.ended"))
        assert set(ended.values_list("actor_kind", flat=True)) <= {"staff"}


class TestTheLinkToPay:
    @pytest.fixture
    def guest(self) -> Guardian:
        guest = a_guest("nour@famille.example")
        option = an_option(offering=an_offering(hold_minutes=60), price=4500)
        child = a_child("Zoé", of=guest)
        a_hold(option, child=child, basket=a_basket(guest), at=clock.now())
        return guest

    def address(self, guest: Guardian) -> str:
        basket = Basket.objects.get(guardian=guest)
        helping.send_pay_link(basket_id=basket.id, address=guest.email, actor=SYSTEM, at=clock.now())
        delivery.handle_events(at=clock.now())
        found = re.search(r"https?://[^/]+(/panier/lien/\S+)", Message.objects.get().text)
        assert found is not None
        return found[1]

    def test_opens_the_basket_of_a_family_without_an_account(self, client: HostClient, guest: Guardian) -> None:
        page = words(client.get(self.address(guest), follow=True))

        assert "Zoé" in page

    def test_gives_a_day_to_find_it_and_names_the_activity(self, guest: Guardian) -> None:
        line, at = Registration.objects.get(), clock.now()

        until = helping.send_pay_link(basket_id=line.basket_id, address=guest.email, actor=SYSTEM, at=at)
        delivery.handle_events(at=at)

        line.refresh_from_db()
        assert line.held_until == until == at + timedelta(hours=24)
        assert f"{line.option.offering} – {line.option}" in Message.objects.get().text

    def test_keeps_no_longer_what_ran_out_or_what_is_kept_longer_anyway(self, guest: Guardian) -> None:
        line, at = Registration.objects.get(), clock.now()
        for until in (at - timedelta(minutes=1), at + timedelta(days=3)):
            Registration.objects.update(held_until=until)
            helping.send_pay_link(basket_id=line.basket_id, address=guest.email, actor=SYSTEM, at=at)
            line.refresh_from_db()
            assert line.held_until == until

    def test_and_nothing_else_of_it(self, client: HostClient, guest: Guardian) -> None:
        an_option(offering=an_offering(slug="autre"))
        client.get(self.address(guest))

        assert "Zoé" not in words(client.get("/activites/autre/inscription"))

    def test_of_a_family_with_an_account_asks_it_to_sign_in(self, family: Parent) -> None:
        basket = a_basket(family.guardian)
        a_hold(an_option(offering=an_offering()), child=Participant.objects.get(), basket=basket, at=clock.now())
        stranger = HostClient("a.localhost")

        stranger.get(urlsplit(guest_links.to_basket(basket)).path)

        assert "Ada" not in words(stranger.get("/panier"))

    @pytest.mark.parametrize("said", ["x", "x:y:z", "%00"])
    def test_made_up_is_no_page(self, client: HostClient, said: str) -> None:
        assert client.get(f"/panier/lien/{said}").status_code == 404

    def test_of_another_organisation_is_no_page(
        self, client: HostClient, guest: Guardian, organisation_b: Organisation
    ) -> None:
        with in_organisation(organisation_b):
            signed = signing.sign(str(Basket.objects.filter().first()), purpose="basket_link")

        assert client.get(f"/panier/lien/{signed}").status_code == 404


class TestTheScreens:
    @pytest.mark.line("O-21")
    def test_each_page_of_the_portal_has_a_code_of_its_own(self) -> None:
        names = {each.name for each in get_resolver("config.urls.organisation").url_patterns[1].url_patterns}
        codes = [screen.code for _name, screen in SCREENS]

        assert {name for name, _screen in SCREENS} | NOT_SCREENS == names
        assert len(codes) == len(set(codes))

    def test_it_is_read_at_the_foot_of_the_page(self, family: Parent) -> None:
        assert "Écran P-6 " in words(family.client.get("/panier"))
        assert "Écran P-2 " in words(family.client.get("/activites"))

    def test_the_clerk_reads_what_it_shows(self) -> None:
        page = words(a_clerk().get("/gestion/comptoir/ecrans"))

        assert "P-6 Panier" in page
