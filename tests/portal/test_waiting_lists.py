"""Waiting for what is full: asked from the same form, with a rank, an offer and its answers (O-06, S4-31)."""

import pytest

from kernel import clock
from shared_apps.audit.actors import SYSTEM
from tenant_apps.catalog.models import Offering, Option
from tenant_apps.families.models import Participant
from tenant_apps.registrations import operations as registrations
from tenant_apps.registrations.models import PlaceRequest, Registration, RequestStatus
from tests.clients import HostClient
from tests.factories.catalog import an_option
from tests.factories.families import a_child
from tests.factories.registrations import a_hold
from tests.portal.people import CHILD, GUEST, Parent, a_camp, a_guest, a_parent, held, register_url, words

AUTOMATIC = {"mode": "automatic", "offer_hours": 24, "on_refusal": "keep"}


@pytest.fixture
def lucie(parent: Parent) -> Participant:
    return a_child("Lucie", of=parent.guardian)


def a_listed_camp(**columns: object) -> Offering:
    return a_camp(**{"title": "Plaine", "waiting": AUTOMATIC, **columns})


def a_full_week(offering: Offering, name: str = "Semaine 2") -> Option:
    """One place, that another family has just taken."""
    week = an_option(name, offering=offering, places=1)
    a_hold(week, at=clock.now())
    return week


def send(parent: Parent, child: Participant, *weeks: Option, **more: object):
    """The form, as a browser sends the page that it was just shown."""
    page = parent.client.get(register_url(weeks[0].offering, child.id)).content.decode()
    return post(parent, child, *weeks, complet=[str(week.id) for week in weeks if shown_full(page, week)], **more)


def post(parent: Parent, child: Participant, *weeks: Option, **more: object):
    about = {**CHILD, "first_name": child.first_name, "contact-email": "a@b.example"}
    said = {**about, "choix-options": [str(week.id) for week in weeks], **more}
    return parent.client.post(register_url(weeks[0].offering, child.id), said, follow=True)


def shown_full(page: str, week: Option) -> bool:
    return f'name="complet" value="{week.id}"' in page


def free_one(week: Option) -> None:
    """The family that had the place gives it up."""
    lines = Registration.objects.filter(option=week, status="held").select_related("basket")
    for line in lines:
        registrations.release(basket_id=line.basket_id, registration_ids=[line.id], actor=SYSTEM, at=clock.now())


def test_what_is_full_may_be_chosen_to_wait_for_it(parent: Parent, lucie: Participant) -> None:
    camp = a_listed_camp()
    full = a_full_week(camp)

    page = parent.client.get(register_url(camp, lucie.id))

    assert "Complet : choisissez-le pour la liste d’attente." in words(page)
    assert "disabled" not in page.content.decode().split(f'value="{full.id}" id=')[1].split(">")[0]
    assert "mailto:" not in page.content.decode().split("<main")[1].split("</main>")[0]


def test_who_chooses_it_waits_with_a_rank_and_types_nothing_twice(parent: Parent, lucie: Participant) -> None:
    camp = a_listed_camp()
    free, full = an_option("Semaine 1", offering=camp, places=3), a_full_week(camp)

    page = words(send(parent, lucie, free, full))

    assert "Vous êtes sur la liste d’attente : Semaine 2." in page
    assert "Lapointe Lucie, Semaine 2 – 1er en liste d’attente" in page
    assert ("Lapointe Lucie", "Semaine 1", 1) in held()
    [line] = Registration.objects.filter(status="requested")
    assert line.submission is not None
    assert line.contact_email == "a@b.example"


def test_the_rank_is_told_on_the_page_of_the_lists_and_in_the_form(parent: Parent, lucie: Participant) -> None:
    camp = a_listed_camp()
    full = a_full_week(camp)
    other = a_parent(HostClient("a.localhost"))
    send(other, a_child("Ada", of=other.guardian), full)

    page = words(send(parent, lucie, full))
    form = parent.client.get(register_url(camp, lucie.id))

    assert "Lapointe Lucie : Semaine 2 2e en liste d’attente" in page
    assert "elle vous est gardée 24 heures et vous recevez un courriel" in page
    assert "Complet : déjà sur votre liste d’attente, au rang 2." in words(form)
    assert "disabled" in form.content.decode().split(f'value="{full.id}" id=')[1].split(">")[0]


@pytest.mark.line("S4-31", "S4-32")
def test_what_filled_up_meanwhile_is_named_and_nothing_is_decided_for_the_family(
    parent: Parent, lucie: Participant
) -> None:
    camp = a_listed_camp()
    free, full = an_option("Semaine 1", offering=camp, places=3), an_option("Semaine 2", offering=camp, places=1)
    a_hold(full, at=clock.now())

    response = post(parent, lucie, free, full)

    page = words(response)
    assert "Il ne reste plus assez de places : Semaine 2." in page
    assert "Rien n’est encore pris. Que voulez-vous faire ?" in page
    assert "Prendre ce qui reste" in page
    assert "Prendre ce qui reste et attendre le reste" in page
    assert " checked" in response.content.decode().split(f'value="{free.id}"')[1].split(">")[0]
    assert Registration.objects.filter(participant=lucie).count() == 0


def test_one_may_take_what_is_left_and_leave_the_rest(parent: Parent, lucie: Participant) -> None:
    camp = a_listed_camp()
    free, full = an_option("Semaine 1", offering=camp, places=3), an_option("Semaine 2", offering=camp, places=1)
    a_hold(full, at=clock.now())

    page = words(post(parent, lucie, free, full, suite="reste"))

    assert "Complet, et donc pas pris : Semaine 2." in page
    assert [name for who, name, _ in held() if who == "Lapointe Lucie"] == ["Semaine 1"]
    assert not PlaceRequest.objects.exists()


def test_one_may_take_what_is_left_and_wait_for_the_rest(parent: Parent, lucie: Participant) -> None:
    camp = a_listed_camp()
    free, full = an_option("Semaine 1", offering=camp, places=3), an_option("Semaine 2", offering=camp, places=1)
    a_hold(full, at=clock.now())

    page = words(post(parent, lucie, free, full, suite="attente"))

    assert "Vous êtes sur la liste d’attente : Semaine 2." in page
    assert [name for who, name, _ in held() if who == "Lapointe Lucie"] == ["Semaine 1"]
    assert [request.status for request in PlaceRequest.objects.all()] == [RequestStatus.WAITING]


def test_without_a_list_the_rest_may_still_be_taken(parent: Parent, lucie: Participant) -> None:
    camp = a_camp()
    free, full = an_option("Semaine 1", offering=camp, places=3), an_option("Semaine 2", offering=camp, places=1)
    a_hold(full, at=clock.now())

    page = words(post(parent, lucie, free, full))

    assert "Prendre ce qui reste" in page
    assert "attendre le reste" not in page
    assert "écrivez à l’adresse ci-dessous" in page


def test_who_edits_the_form_to_take_what_is_left_keeps_the_place_they_hold(parent: Parent, lucie: Participant) -> None:
    camp = a_listed_camp()
    mine, full = an_option("Semaine 1", offering=camp, places=1), a_full_week(camp)
    send(parent, lucie, mine)
    other = a_parent(HostClient("a.localhost"))
    send(other, a_child("Ada", of=other.guardian), mine)

    send(parent, lucie, mine, full)

    lines = Registration.objects.filter(participant=lucie).exclude(status="released")
    assert sorted((line.option.name, line.status) for line in lines) == [
        ("Semaine 1", "held"),
        ("Semaine 2", "requested"),
    ]


def test_the_same_form_sent_twice_asks_once(parent: Parent, lucie: Participant) -> None:
    full = a_full_week(a_listed_camp())
    post(parent, lucie, full, complet=[str(full.id)])

    again = post(parent, lucie, full, complet=[str(full.id)])

    assert again.status_code == 200
    assert PlaceRequest.objects.count() == 1


def test_siblings_wait_together_if_the_family_says_so(parent: Parent, lucie: Participant) -> None:
    camp = a_listed_camp()
    full = a_full_week(camp)
    hugo = a_child("Hugo", of=parent.guardian)
    send(parent, lucie, full)

    form = words(parent.client.get(register_url(camp, hugo.id)))
    page = words(send(parent, hugo, full, ensemble="1"))

    assert "Lucie attend déjà une place : Semaine 2." in form
    assert "Attendre ensemble : leurs places sont proposées en même temps, ou pas du tout" in form
    assert "Ensemble : ces places sont proposées en même temps, ou pas du tout." in page
    [waiting] = PlaceRequest.objects.filter(status=RequestStatus.WAITING)
    lines = waiting.registrations.exclude(status="released")
    assert {line.participant.first_name for line in lines} == {"Lucie", "Hugo"}
    assert all(line.submission_id for line in lines)


def test_the_familys_file_shows_its_ranks_and_leads_to_its_lists(parent: Parent, lucie: Participant) -> None:
    full = a_full_week(a_listed_camp())
    before = words(parent.client.get("/mon-dossier"))
    send(parent, lucie, full)

    page = words(parent.client.get("/mon-dossier"))

    assert "Mes listes d’attente" not in before
    assert "Lapointe Lucie, Plaine – Semaine 2 – 1er en liste d’attente" in page
    assert 'href="/listes-d-attente"' in parent.client.get("/mon-dossier/inscriptions").content.decode()


def test_an_offer_has_its_deadline_its_rule_and_two_answers(parent: Parent, lucie: Participant) -> None:
    full = a_full_week(a_listed_camp())
    send(parent, lucie, full)
    free_one(full)

    page = words(parent.client.get("/listes-d-attente"))
    basket = words(parent.client.get("/panier"))

    assert "Place proposée" in page
    assert "Répondez avant le" in page
    assert "Si vous refusez, ou sans réponse de votre part, vous gardez votre rang." in page
    assert "Prendre la place" in page
    assert "Plaine – Semaine 2" in basket
    assert "Place proposée" in basket


@pytest.mark.parametrize(
    ("rule", "told", "status"),
    [
        ("keep", "vous gardez votre rang", RequestStatus.WAITING),
        ("lose", "vous passez à la fin de la liste", RequestStatus.WAITING),
        ("leave", "vous quittez la liste", RequestStatus.REFUSED),
    ],
)
def test_what_a_refusal_does_is_said_before_it_is_made(
    parent: Parent, lucie: Participant, rule: str, told: str, status: str
) -> None:
    full = a_full_week(a_listed_camp(waiting={**AUTOMATIC, "on_refusal": rule}))
    send(parent, lucie, full)
    free_one(full)
    [request] = PlaceRequest.objects.all()

    question = words(parent.client.get(f"/listes-d-attente/{request.id}/refuser"))
    after = words(parent.client.post(f"/listes-d-attente/{request.id}/refuser", follow=True))
    again = parent.client.post(f"/listes-d-attente/{request.id}/refuser", follow=True)

    request.refresh_from_db()
    assert told in question
    assert "La place est refusée." in after
    assert request.status == status
    assert again.status_code in {200, 404}
    assert held() == []


def test_taking_an_offer_out_of_the_basket_is_refusing_it(parent: Parent, lucie: Participant) -> None:
    full = a_full_week(a_listed_camp())
    send(parent, lucie, full)
    free_one(full)
    [line] = Registration.objects.filter(participant=lucie)

    removed = parent.client.post(f"/panier/supprimer/{line.id}")
    parent.client.post("/panier/abandonner")

    assert removed["Location"] == f"/listes-d-attente/{line.request_id}/refuser"
    assert PlaceRequest.objects.get().status == RequestStatus.WAITING


def test_one_leaves_a_list_after_a_question(parent: Parent, lucie: Participant) -> None:
    full = a_full_week(a_listed_camp())
    send(parent, lucie, full)
    [request] = PlaceRequest.objects.all()

    question = words(parent.client.get(f"/listes-d-attente/{request.id}/quitter"))
    still = PlaceRequest.objects.get().status
    after = words(parent.client.post(f"/listes-d-attente/{request.id}/quitter", follow=True))

    assert "Vous perdez votre rang pour :" in question
    assert still == RequestStatus.WAITING
    assert "Vous avez quitté la liste d’attente." in after
    assert "Vous n’attendez aucune place" in after


@pytest.mark.parametrize("way", ["quitter", "refuser"])
def test_another_familys_request_does_not_exist(parent: Parent, lucie: Participant, way: str) -> None:
    full = a_full_week(a_listed_camp())
    send(parent, lucie, full)
    [request] = PlaceRequest.objects.all()
    other = a_parent(HostClient("a.localhost"))

    assert other.client.post(f"/listes-d-attente/{request.id}/{way}").status_code == 404
    assert "Lucie" not in words(other.client.get("/listes-d-attente"))
    assert PlaceRequest.objects.get().status == RequestStatus.WAITING


def test_who_is_not_signed_in_is_asked_to(client: HostClient) -> None:
    response = client.get("/listes-d-attente")

    assert (response.status_code, response["Location"]) == (302, "/connexion?next=/listes-d-attente")


def test_a_guest_waits_too_and_sees_the_rank_in_the_same_browser(client: HostClient) -> None:
    camp = a_listed_camp(accepts_guests=True)
    full = a_full_week(camp)
    a_guest(client)

    said = {**CHILD, **GUEST, "choix-options": [str(full.id)], "complet": [str(full.id)]}
    page = words(client.post(register_url(camp), said, follow=True))

    assert "Lapointe John : Semaine 2 1er en liste d’attente" in page


def test_the_page_of_a_full_offering_leads_to_its_list(client: HostClient) -> None:
    camp = a_listed_camp()
    a_full_week(camp)

    page = words(client.get(f"/activites/{camp.slug}"))

    assert "M’inscrire en liste d’attente" in page
    assert "écrivez à l’adresse ci-dessous" not in page


def test_the_number_of_queries_does_not_grow_with_the_lists(
    parent: Parent, lucie: Participant, django_assert_num_queries
) -> None:
    camp = a_listed_camp()
    weeks = [a_full_week(camp, f"Semaine {number}") for number in (1, 2, 3)]
    send(parent, lucie, weeks[0])
    parent.client.get("/listes-d-attente")

    with django_assert_num_queries(QUERIES):
        parent.client.get("/listes-d-attente")
    send(parent, lucie, weeks[1])
    send(parent, lucie, weeks[2])
    with django_assert_num_queries(QUERIES):
        assert words(parent.client.get("/listes-d-attente")).count("1er en liste d’attente") == 3


QUERIES = 13


@pytest.mark.parametrize("rule", ["keep", "lose", "leave"])
def test_correcting_ones_answers_keeps_the_place_that_was_offered(
    parent: Parent, lucie: Participant, rule: str
) -> None:
    full = a_full_week(a_listed_camp(waiting={**AUTOMATIC, "on_refusal": rule}))
    send(parent, lucie, full)
    free_one(full)

    post(parent, lucie, full, home_group="602")

    [line] = Registration.objects.filter(participant=lucie).exclude(status="released")
    [request] = PlaceRequest.objects.all()
    assert (line.status, line.option_id) == ("held", full.id)
    assert request.status in {RequestStatus.OFFERED, RequestStatus.TAKEN}
