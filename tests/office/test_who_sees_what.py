"""What each role may open, and what it finds there."""

import pytest
from django.urls import reverse

from tenant_apps.families.models import Participant
from tenant_apps.orders.models import Order
from tenant_apps.organisation.models import Role
from tenants.context import in_organisation
from tenants.models import Organisation
from tests.clients import HostClient
from tests.factories.catalog import an_offering, an_option
from tests.factories.families import a_child, a_guardian
from tests.factories.organisation import a_user, an_establishment
from tests.factories.registrations import a_basket, a_hold
from tests.office.conftest import SignIn
from tests.office.money import a_paid_order

EVERYBODY = list(Role)
MONEY = [Role.OWNER, Role.ADMINISTRATOR, Role.FINANCE, Role.AUDITOR]
ORDERS = [*MONEY, Role.PROGRAMME_MANAGER, Role.SECRETARY]
CHANGES = [Role.OWNER, Role.ADMINISTRATOR, Role.PROGRAMME_MANAGER]

OFFICE = "config.urls.organisation"


def url(name: str, *args: object) -> str:
    return reverse(f"office:{name}", urlconf=OFFICE, args=args)


def opened_by(as_staff: SignIn, address: str, *, school: object = None) -> list[str]:
    return [role for role in Role if as_staff(role, *([school] if school else [])).get(address).status_code == 200]


@pytest.mark.parametrize(
    "name", ["home", "offerings", "registrations", "registrations_csv", "establishments", "people"]
)
def test_whoever_works_here_opens_the_common_pages(as_staff: SignIn, name: str) -> None:
    assert opened_by(as_staff, url(name)) == EVERYBODY


@pytest.mark.parametrize("name", ["finances", "payments_csv", "journal", "journal_csv"])
def test_finances_are_for_those_who_answer_for_money(as_staff: SignIn, name: str) -> None:
    assert opened_by(as_staff, url(name)) == [role for role in Role if role in MONEY]


def test_an_order_and_its_receipt_are_not_for_who_leads_a_group(as_staff: SignIn) -> None:
    school = an_establishment()
    order = a_paid_order(an_option(), child=None)
    Participant.objects.update(establishment=school)
    receipt = order.payments.get().receipt

    allowed = [role for role in Role if role in ORDERS]
    assert opened_by(as_staff, url("order", order.reference), school=school) == allowed
    assert opened_by(as_staff, url("receipt", receipt.pk), school=school) == allowed


def test_places_are_changed_by_those_who_run_the_programme(as_staff: SignIn) -> None:
    option = an_option(places=5)

    assert opened_by(as_staff, url("capacity", option.offering.slug, option.pk)) == [
        role for role in Role if role in CHANGES
    ]


def test_a_family_is_refused_and_a_stranger_is_sent_to_connect(client: HostClient) -> None:
    assert client.get("/gestion/").url == "/connexion?next=/gestion/"

    client.force_login(a_user())
    assert client.get("/gestion/").status_code == 403


def test_a_piece_of_a_page_asked_by_a_stranger_sends_the_whole_browser_to_connect(client: HostClient) -> None:
    answer = client.get(
        "/gestion/inscriptions",
        headers={"HX-Request": "true", "HX-Current-URL": "http://a.localhost/gestion/inscriptions?q=ada"},
    )

    assert answer.headers["HX-Redirect"] == "/connexion?next=/gestion/inscriptions%3Fq%3Dada"


class TwoSchools:
    """One child in each of two schools, one offering for both and one for each."""

    def __init__(self) -> None:
        self.ours, self.theirs = an_establishment("École A"), an_establishment("École B")
        self.for_all = an_offering("Sortie pour tous")
        self.for_us = an_offering("Sortie de A", establishments=[self.ours])
        self.for_both = an_offering("Sortie de A et B", establishments=[self.ours, self.theirs])
        self.for_them = an_offering("Sortie de B", establishments=[self.theirs])
        self.ada = a_child("Ada", establishment=self.ours)
        self.bo = a_child("Barnabé", establishment=self.theirs)

    def order_of(self, child: object, offering: object) -> Order:
        basket = a_basket(child.guardianships.get().guardian)  # type: ignore[attr-defined]
        return a_paid_order(an_option(offering=offering), child=child, basket=basket)  # type: ignore[arg-type]


@pytest.mark.line("S3-16")
def test_a_secretary_sees_the_offerings_of_her_school_and_those_for_all(as_staff: SignIn) -> None:
    schools = TwoSchools()

    page = as_staff(Role.SECRETARY, schools.ours).get(url("offerings"))

    assert {offering.title for offering in page.context["offerings"]} == {
        "Sortie pour tous",
        "Sortie de A",
        "Sortie de A et B",
    }


@pytest.mark.line("S3-16")
@pytest.mark.parametrize("role", [Role.SECRETARY, Role.GROUP_LEADER])
def test_the_children_of_another_school_are_not_shown_even_in_a_shared_offering(as_staff: SignIn, role: str) -> None:
    schools = TwoSchools()
    schools.order_of(schools.ada, schools.for_both)
    schools.order_of(schools.bo, schools.for_both)
    staff = as_staff(role, schools.ours)

    for address in (url("registrations"), url("registrations_csv"), url("offering", schools.for_both.slug)):
        page = staff.get(address).content.decode()
        assert "Ada" in page
        assert "Barnabé" not in page


def test_another_school_s_offering_and_orders_do_not_exist_for_a_secretary(as_staff: SignIn) -> None:
    schools = TwoSchools()
    order = schools.order_of(schools.bo, schools.for_them)
    secretary = as_staff(Role.SECRETARY, schools.ours)

    assert secretary.get(url("offering", schools.for_them.slug)).status_code == 404
    assert secretary.get(url("order", order.reference)).status_code == 404
    assert secretary.get(url("receipt", order.payments.get().receipt.pk)).status_code == 404
    # Nor by the filter.
    assert schools.for_them not in secretary.get(url("registrations")).context["form"].fields["offering"].queryset


def test_a_child_without_a_school_is_seen_where_it_registered(as_staff: SignIn) -> None:
    schools = TwoSchools()
    guest = a_child("Chloé", establishment=schools.ours)
    schools.order_of(guest, schools.for_us)
    Participant.objects.filter(pk=guest.pk).update(establishment=None)

    assert "Chloé" in as_staff(Role.SECRETARY, schools.ours).get(url("registrations")).content.decode()
    assert "Chloé" not in as_staff(Role.SECRETARY, schools.theirs).get(url("registrations")).content.decode()


def a_shared_order(schools: TwoSchools) -> Order:
    """Ada and Barnabé, sister and brother in two schools, on one order."""
    guardian = a_guardian()
    ada = a_child("Ada", of=guardian, establishment=schools.ours)
    bo = a_child("Barnabé", of=guardian, establishment=schools.theirs)
    basket = a_basket(guardian)
    payee = schools.for_us.payee
    schools.for_them.payee = payee
    schools.for_them.save()
    a_hold(an_option("Choix A", offering=schools.for_us), child=ada, basket=basket)
    return a_paid_order(an_option("Choix B", offering=schools.for_them), child=bo, basket=basket)


def test_lines_of_another_school_are_hidden_in_a_shared_order(as_staff: SignIn) -> None:
    schools = TwoSchools()
    order = a_shared_order(schools)

    page = as_staff(Role.SECRETARY, schools.ours).get(url("order", order.reference))

    assert [line.participant_name for line in page.context["lines"]] == ["Lapointe Ada"]
    assert "1 ligne d’un autre établissement n’est pas montrée." in page.content.decode()
    assert "Barnabé" not in page.content.decode()


def test_a_receipt_that_names_children_of_another_school_is_refused_as_a_whole(as_staff: SignIn) -> None:
    schools = TwoSchools()
    order = a_shared_order(schools)
    receipt = url("receipt", order.payments.get().receipt.pk)
    secretary = as_staff(Role.SECRETARY, schools.ours)

    refusal = secretary.get(receipt)

    assert refusal.status_code == 403
    assert "Il nomme aussi des enfants d’un autre établissement." in refusal.content.decode()
    assert "Barnabé" not in refusal.content.decode()
    assert receipt not in secretary.get(url("order", order.reference)).content.decode()
    # Who is of both schools, or of all of them, has nothing hidden.
    assert as_staff(Role.SECRETARY, schools.ours, schools.theirs).get(receipt).status_code == 200
    assert as_staff(Role.FINANCE).get(receipt).status_code == 200


def test_no_list_of_a_secretary_names_the_other_school_s_child_of_a_shared_order(as_staff: SignIn) -> None:
    schools = TwoSchools()
    a_shared_order(schools)
    secretary = as_staff(Role.SECRETARY, schools.ours)

    for name in ("home", "offerings", "registrations", "registrations_csv", "people", "establishments"):
        assert "Barnabé" not in secretary.get(url(name)).content.decode()


def test_who_leads_a_group_reads_no_amount_and_no_address(as_staff: SignIn) -> None:
    schools = TwoSchools()
    schools.order_of(schools.ada, schools.for_us)
    leader = as_staff(Role.GROUP_LEADER, schools.ours)

    for address in (url("home"), url("registrations"), url("registrations_csv"), url("offering", schools.for_us.slug)):
        page = leader.get(address).content.decode()
        assert "5,50" not in page
        assert "parent@example.org" not in page


def test_an_auditor_changes_nothing(as_staff: SignIn) -> None:
    option = an_option(places=5)

    answer = as_staff(Role.AUDITOR).post(url("capacity", option.offering.slug, option.pk), {"capacity": 9})

    assert answer.status_code == 403


def test_what_another_organisation_has_is_not_found(as_staff: SignIn, organisation_b: Organisation) -> None:
    with in_organisation(organisation_b):
        order = a_paid_order(an_option(offering=an_offering(slug="chez-b")))
        receipt = order.payments.get().receipt
    owner = as_staff(Role.OWNER)

    assert owner.get(url("order", order.reference)).status_code == 404
    assert owner.get(url("receipt", receipt.pk)).status_code == 404
    assert owner.get(url("offering", "chez-b")).status_code == 404


def test_what_is_refused_or_not_there_is_said_on_a_page_of_ours(as_staff: SignIn) -> None:
    refused = as_staff(Role.SECRETARY).get(url("finances"))
    missing = as_staff(Role.OWNER).get(url("offering", "nulle-part"))

    assert (refused.status_code, missing.status_code) == (403, 404)
    assert "Vous n’avez pas accès à cette page" in refused.content.decode()
    assert "Cette page n’existe pas" in missing.content.decode()
