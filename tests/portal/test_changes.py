"""« Changer une inscription »: what may be done, at what price, before it is confirmed; and nobody else's."""

from datetime import timedelta
from typing import Any

import pytest
from django.test.utils import CaptureQueriesContext

from kernel import clock
from kernel.database import connection
from shared_apps.audit.actors import SYSTEM
from tenant_apps.catalog.models import Offering, Selection
from tenant_apps.changes.models import ChangeRequest, Kind, Status
from tenant_apps.changes.operations import deciding
from tenant_apps.payments.models import Refund
from tenant_apps.registrations.models import Registration
from tenant_apps.registrations.models import Status as Registered
from tests.clients import HostClient
from tests.factories.catalog import an_offering, an_option
from tests.factories.changes import a_paid, ask, practice
from tests.factories.families import a_child
from tests.portal.people import Parent, a_parent, words

FEE = {"allowed": True, "fees": [{"percent": "20"}]}


@pytest.fixture
def parent(profile: None) -> Parent:
    practice(withdrawal=FEE, swap={"allowed": True}, transfer={"allowed": True})
    return a_parent()


@pytest.fixture
def camp(profile: None) -> Offering:
    return an_offering("Camp d’été", selection=Selection.ONE)


def booked(parent: Parent, camp: Offering, **columns: Any) -> Registration:
    week = an_option("Semaine 1", price=10000, places=2, offering=camp, **columns)
    return a_paid(week, child=a_child("Ada", of=parent.guardian), guardian=parent.guardian, at=clock.now())


def page(registration: Registration, name: str = "") -> str:
    return f"/mon-dossier/inscriptions/{registration.id}{name}"


@pytest.mark.line("S4-42")
def test_a_withdrawal_shows_what_is_kept_and_what_comes_back_before_it_is_confirmed(
    parent: Parent, camp: Offering
) -> None:
    paid = booked(parent, camp)

    shown = words(parent.client.get(page(paid, "/desinscription")))

    assert "Payé pour cette inscription 100,00 $ Frais retenus 20,00 $ Rendu 80,00 $" in shown
    assert "rendu sur la carte qui a payé (Visa •••• 4242)" in shown
    assert Registration.objects.get(pk=paid.pk).status == Registered.CONFIRMED


def test_confirmed_it_is_done_once_however_often_it_is_sent(parent: Parent, camp: Offering) -> None:
    paid = booked(parent, camp)
    told = {"quoted": "2000-8000-0"}

    first = parent.client.post(page(paid, "/desinscription"), told)
    second = parent.client.post(page(paid, "/desinscription"), told)

    assert (first.status_code, first["Location"], second.status_code) == (303, "/mon-dossier/inscriptions", 422)
    assert list(Refund.objects.values_list("amount_cents", flat=True)) == [8000]


def test_another_amount_than_the_page_said_is_shown_again(parent: Parent, camp: Offering) -> None:
    paid = booked(parent, camp)

    for told in ({"quoted": "0-10000-0"}, {"quoted": "nonsense"}, {}):
        answer = parent.client.post(page(paid, "/desinscription"), told)
        assert answer.status_code == 422
        assert "Le montant a changé" in words(answer)

    assert not ChangeRequest.objects.exists()


def test_where_staff_decide_the_request_waits_is_followed_and_taken_back(parent: Parent, camp: Offering) -> None:
    practice(withdrawal={**FEE, "decision": "staff", "asks_reason": True})
    paid = booked(parent, camp)

    bare = parent.client.post(page(paid, "/desinscription"), {"quoted": "2000-8000-0"})
    parent.client.post(page(paid, "/desinscription"), {"quoted": "2000-8000-0", "words": "Nous déménageons."})
    [change] = ChangeRequest.objects.all()
    followed = words(parent.client.get(f"/mon-dossier/changements/{change.id}"))
    listed = words(parent.client.get("/mon-dossier/inscriptions"))
    parent.client.post(f"/mon-dossier/changements/{change.id}/retirer")

    assert "Dites-nous pourquoi" in words(bare)
    assert "À l’étude" in followed and "Nous déménageons." in followed
    assert "Vos demandes de changement" in listed
    change.refresh_from_db()
    assert (change.status, Registration.objects.get(pk=paid.pk).status) == (Status.CANCELLED, Registered.CONFIRMED)


def test_what_the_policy_leaves_to_staff_says_so_and_whom_to_write_to(parent: Parent, camp: Offering) -> None:
    practice()
    paid = booked(parent, camp)

    shown = words(parent.client.get(page(paid)))

    assert "Ce changement ne se fait pas en ligne pour cette activité. Écrivez-nous." in shown
    assert "Une question, un autre cas" in shown
    assert parent.client.get(page(paid, "/desinscription")).status_code == 404


@pytest.mark.line("O-09")
def test_a_swap_shows_the_price_of_each_choice_and_takes_the_one_that_is_chosen(parent: Parent, camp: Offering) -> None:
    paid = booked(parent, camp)
    same, less, more = (
        an_option(f"Semaine {n}", price=p, offering=camp) for n, p in ((2, 10000), (3, 9000), (4, 12000))
    )
    full = an_option("Semaine 5", price=10000, places=0, offering=camp)

    shown = words(parent.client.get(page(paid, "/changer")))
    done = parent.client.post(page(paid, "/changer"), {"choice": f"{less.id}:0-1000-0"})

    for said in ("Semaine 2 : même prix", "Semaine 3 : 10,00 $ rendus", "Semaine 4 : 20,00 $ à payer"):
        assert said in shown.replace("\u202f", " ")
    assert full.name not in shown
    assert same.name in shown and more.name in shown
    paid.refresh_from_db()
    assert (done.status_code, paid.option_id, paid.status) == (303, less.id, Registered.CONFIRMED)


def test_what_costs_more_goes_to_the_basket(parent: Parent, camp: Offering) -> None:
    paid = booked(parent, camp)
    more = an_option("Semaine 4", price=12000, offering=camp)

    done = parent.client.post(page(paid, "/changer"), {"choice": f"{more.id}:0-0-2000"})
    basket = words(parent.client.get("/panier"))

    assert done["Location"] == "/panier"
    assert "20,00 $" in basket
    assert "Un changement attend dans votre panier" in words(parent.client.get(page(paid)))


@pytest.mark.parametrize("selection", [Selection.SEVERAL, Selection.ONE])
def test_what_stands_for_a_paid_one_is_not_written_anew_by_the_form_of_its_activity(
    parent: Parent, selection: str
) -> None:
    camp = an_offering("Camp", selection=selection)
    paid = booked(parent, camp)
    more = an_option("Semaine 4", price=12000, offering=camp)
    parent.client.post(page(paid, "/changer"), {"choice": f"{more.id}:0-0-2000"})

    basket = words(parent.client.get("/panier"))
    form = f"/activites/{camp.slug}/inscription?enfant={paid.participant_id}"
    sent = parent.client.post(form, {"contact-email": "a@b.example", "choix-options": str(more.id)})

    assert "Modifier" not in basket
    assert "Il y a un problème" in words(sent)
    lines = Registration.objects.exclude(pk=paid.pk).values_list("option", "amount_cents", "replaces", "status")
    assert list(lines) == [(more.id, 2000, paid.id, Registered.HELD)]


def test_an_amount_that_was_not_shown_is_no_choice(parent: Parent, camp: Offering) -> None:
    paid = booked(parent, camp)
    less = an_option("Semaine 3", price=9000, offering=camp)

    for said in (f"{less.id}:0-9999-0", f"{less.id}", "x", ""):
        assert parent.client.post(page(paid, "/changer"), {"choice": said}).status_code == 422


def test_a_sibling_takes_the_place_and_who_may_not_says_why(parent: Parent, camp: Offering) -> None:
    paid = booked(parent, camp)
    bo, cleo = a_child("Bo", of=parent.guardian), a_child("Cleo", of=parent.guardian)
    a_paid(paid.option, child=cleo, guardian=parent.guardian, at=clock.now())

    shown = words(parent.client.get(page(paid, "/transferer")))
    done = parent.client.post(page(paid, "/transferer"), {"choice": f"{bo.id}:0-0-0"})

    assert "Bo" in shown.partition("Votre choix")[2]
    paid.refresh_from_db()
    assert (done.status_code, paid.participant_id) == (303, bo.id)


def test_another_family_s_pages_do_not_exist(parent: Parent, camp: Offering, client: HostClient) -> None:
    paid = booked(parent, camp)
    practice(withdrawal={**FEE, "decision": "staff"})
    change = ask(paid, Kind.WITHDRAWAL, (2000, 8000, 0), at=clock.now())
    stranger = a_parent(HostClient("a.localhost"))

    for name in ("", "/desinscription", "/changer", "/transferer"):
        assert stranger.client.get(page(paid, name)).status_code == 404
        assert HostClient("a.localhost").get(page(paid, name)).status_code == 302
    assert stranger.client.get(f"/mon-dossier/changements/{change.id}").status_code == 404
    assert stranger.client.post(f"/mon-dossier/changements/{change.id}/retirer").status_code == 404


def test_what_the_organisation_cancelled_is_read_with_its_reason(parent: Parent, camp: Offering) -> None:
    paid = booked(parent, camp)
    change = deciding.cancel_registration(
        registration_id=paid.id, answer="La piscine est fermée.", actor=SYSTEM, at=clock.now() + timedelta(minutes=1)
    )
    assert change is not None

    shown = words(parent.client.get(f"/mon-dossier/changements/{change.id}"))

    assert "Annulation par l’organisation" in shown and "La piscine est fermée." in shown
    assert "Cette inscription n’est plus en vigueur" in words(parent.client.get(page(paid)))


def test_the_swap_page_asks_as_many_queries_for_one_choice_as_for_three(parent: Parent, camp: Offering) -> None:
    paid = booked(parent, camp)
    an_option("Semaine 2", price=9000, offering=camp)
    parent.client.get(page(paid, "/changer"))
    with CaptureQueriesContext(connection) as for_one:
        parent.client.get(page(paid, "/changer"))
    for number in (3, 4):
        an_option(f"Semaine {number}", price=9000, offering=camp)
    with CaptureQueriesContext(connection) as for_three:
        parent.client.get(page(paid, "/changer"))

    assert len(for_three) == len(for_one)
