"""« Mes souhaits »: said before an opening, put in order without a script, filled in once, taken at one's turn."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from kernel import clock
from shared_apps.audit.actors import SYSTEM
from tenant_apps.openings.models import Mode, Opening, Ticket
from tenant_apps.registrations.lottery import draw, replay, shape
from tenant_apps.registrations.models import PlaceRequest, Registration, RequestStatus, Status
from tests.clients import HostClient
from tests.factories.catalog import an_option
from tests.factories.consents import an_everyone
from tests.factories.families import a_child
from tests.factories.forms import a_form
from tests.factories.openings import a_wish, an_offering_of, an_opening
from tests.portal.people import Parent, a_parent, words


def opening_now(mode: str = Mode.LOTTERY, *, opens_in: timedelta = timedelta(days=2), **columns: Any) -> Opening:
    now = clock.now()
    return an_opening(mode, gathers_from=now - timedelta(days=5), opens_at=now + opens_in, **columns)


def open_it(opening: Opening) -> None:
    """The instant has come."""
    Opening.objects.filter(pk=opening.pk).update(opens_at=clock.now() - timedelta(minutes=1))


def page(parent: Parent, opening: Opening) -> str:
    return parent.client.get(reverse("wishes", args=[opening.id])).content.decode()


def say(parent: Parent, opening: Opening, children: list[Any], *ranks: list[Any]) -> Any:
    query = "&".join(f"enfant={child.id}" for child in children)
    said = {
        f"c{rank}-{child.id}": str(option.id)
        for rank, options in enumerate(ranks, 1)
        for child, option in zip(children, options, strict=True)
    }
    return parent.client.post(f"{reverse('wish_add', args=[opening.id])}?{query}", said)


def wished() -> list[tuple[int, str, str]]:
    rows = Registration.objects.filter(status=Status.REQUESTED).select_related("request", "participant", "option")
    return sorted((row.request.rank, row.participant.first_name, row.option.name) for row in rows if row.request)


@pytest.mark.line("O-04")
def test_choices_are_said_in_order_and_keep_no_place(parent: Parent) -> None:
    opening = opening_now()
    offering = an_offering_of(opening)
    child = a_child("Ada", of=parent.guardian)
    first, second = an_option("Poterie", places=1, offering=offering), an_option("Théâtre", offering=offering)

    answer = say(parent, opening, [child], [first], [second])

    assert answer.status_code == 303
    assert wished() == [(1, "Ada", "Poterie"), (2, "Ada", "Théâtre")]
    shown = page(parent, opening)
    assert shown.index("Poterie") < shown.index("Théâtre")
    assert "Souhait 1" in shown


def test_a_choice_says_its_day_and_its_price_and_there_are_no_more_ranks_than_choices(parent: Parent) -> None:
    opening = opening_now()
    offering = an_offering_of(opening)
    child = a_child("Ada", of=parent.guardian)
    day = {"starts_on": date(2027, 1, 23), "ends_on": date(2027, 1, 23)}
    an_option("Glissades", places=30, price=1250, offering=offering, **day)
    an_option("Camp", price=0, offering=offering, starts_on=date(2027, 7, 5), ends_on=date(2027, 7, 9))

    shown = parent.client.get(f"{reverse('wish_add', args=[opening.id])}?enfant={child.id}")

    fields = shown.context["form"].fields
    assert list(fields) == [f"c1-{child.id}", f"c2-{child.id}"]
    [_empty, (_offering, offered)] = fields[f"c1-{child.id}"].choices
    assert [words.replace("\xa0", " ") for _key, words in offered] == [
        "Glissades, le samedi 23 janvier 2027 – 12,50 $ (30 places)",
        "Camp, à partir du lundi 5 juillet 2027 – Gratuit",
    ]


@pytest.mark.line("O-04")
def test_siblings_who_are_ticked_together_are_one_wish(parent: Parent) -> None:
    opening = opening_now()
    option = an_option("Poterie", offering=an_offering_of(opening))
    children = [a_child(name, of=parent.guardian) for name in ("Ada", "Bo")]

    say(parent, opening, children, [option, option])

    assert wished() == [(1, "Ada", "Poterie"), (1, "Bo", "Poterie")]
    assert PlaceRequest.objects.count() == 1
    assert "Ensemble\u202f: tous ont leur place, ou personne." in page(parent, opening)


def test_a_choice_for_one_of_two_who_are_together_is_refused_at_its_field(parent: Parent) -> None:
    opening = opening_now()
    option = an_option("Poterie", offering=an_offering_of(opening))
    children = [a_child(name, of=parent.guardian) for name in ("Ada", "Bo")]
    query = "&".join(f"enfant={child.id}" for child in children)

    answer = parent.client.post(
        f"{reverse('wish_add', args=[opening.id])}?{query}", {f"c1-{children[0].id}": str(option.id)}
    )

    assert answer.status_code == 200
    assert answer.context["form"].errors == {f"c1-{children[1].id}": ["Choisissez un premier choix."]}
    assert f'value="{option.id}" selected' in answer.content.decode()
    assert wished() == []


def test_a_wish_is_said_anew_and_the_choices_change_places(parent: Parent) -> None:
    opening = opening_now()
    offering = an_offering_of(opening)
    child = a_child("Ada", of=parent.guardian)
    options = [an_option(name, offering=offering) for name in ("Poterie", "Théâtre", "Cirque")]
    say(parent, opening, [child], [options[0]], [options[1]])
    group = PlaceRequest.objects.first().group

    edit = reverse("wish_edit", args=[opening.id, group])
    assert f'value="{options[0].id}" selected' in parent.client.get(edit).content.decode()
    said = {f"c1-{child.id}": str(options[1].id), f"c2-{child.id}": str(options[2].id)}
    parent.client.post(edit, said)
    assert wished() == [(1, "Ada", "Théâtre"), (2, "Ada", "Cirque")]

    second = PlaceRequest.objects.get(status=RequestStatus.WISHED, rank=2)
    parent.client.post(reverse("wishes", args=[opening.id]), {"up": str(second.id)})
    assert wished() == [(1, "Ada", "Cirque"), (2, "Ada", "Théâtre")]
    assert {each.group for each in PlaceRequest.objects.all()} == {group}


def test_one_wish_goes_before_another(parent: Parent) -> None:
    opening = opening_now()
    offering = an_offering_of(opening)
    child = a_child("Ada", of=parent.guardian)
    for name in ("Poterie", "Théâtre"):
        say(parent, opening, [child], [an_option(name, offering=offering)])
    theatre = Registration.objects.get(option__name="Théâtre").request

    parent.client.post(reverse("wishes", args=[opening.id]), {"earlier": str(theatre.group)})

    shown = page(parent, opening)
    assert shown.index("Théâtre") < shown.index("Poterie")


def test_a_wish_is_withdrawn(parent: Parent) -> None:
    opening = opening_now()
    say(parent, opening, [a_child("Ada", of=parent.guardian)], [an_option(offering=an_offering_of(opening))])
    group = PlaceRequest.objects.get().group

    parent.client.post(reverse("wishes", args=[opening.id]), {"withdraw": str(group)})

    assert wished() == []
    assert "Aucun souhait pour l’instant" in page(parent, opening)


def test_the_same_choice_twice_is_refused_and_nothing_that_was_said_is_lost(parent: Parent) -> None:
    opening = opening_now()
    offering = an_offering_of(opening)
    child = a_child("Ada", of=parent.guardian)
    option, _other = an_option("Poterie", offering=offering), an_option("Théâtre", offering=offering)

    answer = say(parent, opening, [child], [option], [option])

    assert answer.context["form"].errors == {
        f"c2-{child.id}": ["Vous avez choisi deux fois «\u202fPoterie\u202f» pour Ada."]
    }
    assert answer.content.decode().count(f'value="{option.id}" selected') == 2


def test_what_stands_against_is_said_before_and_refused_at_the_form(parent: Parent) -> None:
    opening = opening_now()
    offering = an_offering_of(opening, requirements=[{"kind": "age", "min": 5, "unit": "year", "on": "today"}])
    child = a_child("Ada", of=parent.guardian)
    option = an_option("Poterie", offering=offering)

    shown = parent.client.get(f"{reverse('wish_add', args=[opening.id])}?enfant={child.id}").content.decode()
    answer = say(parent, opening, [child], [option])

    assert "la date de naissance manque au dossier" in shown
    assert "Compléter le dossier de Ada" in shown
    assert "la date de naissance manque au dossier" in answer.context["form"].non_field_errors()[0]
    assert wished() == []


def test_what_an_offering_asks_is_filled_in_once_for_all_wishes_and_lies_with_what_is_held(parent: Parent) -> None:
    opening = opening_now(Mode.QUEUE)
    form = a_form({"key": "teacher"})
    offering = an_offering_of(opening, registration_form=form.form)
    child = a_child("Ada", of=parent.guardian)
    options = [an_option(name, places=5, offering=offering) for name in ("Poterie", "Théâtre")]
    for option in options:
        say(parent, opening, [child], [option])
    address = reverse("wish_form", args=[opening.id, child.id, offering.slug])
    assert address in page(parent, opening)

    answer = parent.client.post(address, {"teacher": "Mme Roy", "contact-email": "marie@example.org"})

    assert answer.status_code == 303
    assert "Tout est rempli" in page(parent, opening)
    submissions = set(Registration.objects.filter(status=Status.REQUESTED).values_list("submission_id", flat=True))
    assert len(submissions) == 1
    called(parent, opening)
    parent.client.post(reverse("wishes", args=[opening.id]), {"take": "1"})
    held = Registration.objects.filter(status=Status.HELD)
    assert set(held.values_list("submission_id", flat=True)) == submissions
    assert held.count() == 2


def test_a_refused_authorization_withdraws_the_wishes_that_ask_for_it(parent: Parent) -> None:
    opening = opening_now()
    version = an_everyone()
    offering = an_offering_of(opening, consent_form=version.form)
    child = a_child("Ada", of=parent.guardian)
    say(parent, opening, [child], [an_option(offering=offering)])

    address = reverse("wish_form", args=[opening.id, child.id, offering.slug])
    parent.client.post(
        address,
        {"autorisation-decision": "no", "autorisation-signed_name": "Marie Lapointe", "contact-email": "a@b.example"},
    )

    assert wished() == []


def called(parent: Parent, opening: Opening) -> None:
    """The opening has come, and this family's turn."""
    open_it(opening)
    now = clock.now()
    Ticket.objects.create(
        opening=opening,
        guardian=parent.guardian,
        family=parent.guardian.id,
        joined_at=now,
        position=1,
        pass_until=now + timedelta(minutes=10),
    )
    Opening.objects.filter(pk=opening.pk).update(drawn_at=now, last_position=1, admitted=1)


@pytest.mark.line("O-04")
def test_at_ones_turn_one_press_holds_of_each_wish_the_first_choice_that_can_be_had(parent: Parent) -> None:
    opening = opening_now(Mode.QUEUE)
    offering = an_offering_of(opening)
    full, other, last = (an_option(name, places=places, offering=offering) for name, places in
                         (("Poterie", 0), ("Théâtre", 2), ("Cirque", 1)))  # fmt: skip
    children = [a_child(name, of=parent.guardian) for name in ("Ada", "Bo", "Cleo")]
    say(parent, opening, children[:2], [full, full], [other, other])
    say(parent, opening, children[2:], [last])
    called(parent, opening)

    answer = parent.client.post(reverse("wishes", args=[opening.id]), {"take": "1"})

    assert answer.status_code == 303
    held = Registration.objects.filter(status=Status.HELD).order_by("participant__first_name")
    assert [(row.participant.first_name, row.option.name) for row in held] == [
        ("Ada", "Théâtre"),
        ("Bo", "Théâtre"),
        ("Cleo", "Cirque"),
    ]
    assert {row.basket for row in held} == {parent.guardian.baskets.get(closed_at=None)}
    assert wished() == []
    shown = page(parent, opening)
    assert "Vos souhaits sont dans votre panier" in shown and "Place prise" in shown
    Registration.objects.filter(status=Status.HELD).update(status=Status.CONFIRMED)
    paid = page(parent, opening)
    assert "Les places obtenues sont confirmées" in paid and paid.count("Place confirmée") == 2
    assert "dans votre panier" not in paid and "Place prise" not in paid


@pytest.mark.line("O-06")
def test_what_is_gone_is_named_and_goes_on_the_waiting_list_with_its_rank(parent: Parent) -> None:
    opening = opening_now(Mode.QUEUE)
    option = an_option("Poterie", places=1, offering=an_offering_of(opening))
    children = [a_child(name, of=parent.guardian) for name in ("Ada", "Bo")]
    for child in children:
        say(parent, opening, [child], [option])
    called(parent, opening)

    parent.client.post(reverse("wishes", args=[opening.id]), {"take": "1"})
    assert "Me mettre en liste d’attente" in page(parent, opening)
    [left] = PlaceRequest.objects.filter(status=RequestStatus.WISHED)
    parent.client.post(reverse("wishes", args=[opening.id]), {"wait": str(left.group)})

    assert "1er en liste d’attente" in page(parent, opening)
    assert Registration.objects.filter(status=Status.HELD).count() == 1


def test_siblings_for_whom_one_place_is_left_are_told_that_it_is_not_enough(parent: Parent) -> None:
    opening = opening_now(Mode.QUEUE)
    option = an_option("Poterie", places=1, offering=an_offering_of(opening))
    children = [a_child(name, of=parent.guardian) for name in ("Ada", "Bo")]
    say(parent, opening, children, [option, option])
    called(parent, opening)

    shown = page(parent, opening)

    assert "Plus assez de places, pour aucun de ces choix." in shown
    assert "Prendre mes souhaits" not in shown


def test_without_a_turn_nothing_is_taken(parent: Parent) -> None:
    opening = opening_now(Mode.QUEUE)
    say(parent, opening, [a_child(of=parent.guardian)], [an_option(places=3, offering=an_offering_of(opening))])
    open_it(opening)

    shown = page(parent, opening)
    parent.client.post(reverse("wishes", args=[opening.id]), {"take": "1"})

    assert "Prendre mes souhaits" not in shown
    assert reverse("waiting_room", args=[opening.id]) in shown
    assert Registration.objects.filter(status=Status.HELD).count() == 0


def waits(parent: Parent, opening: Opening) -> str:
    """Asks to wait for the only wish, and says what became of it."""
    [request] = PlaceRequest.objects.all()
    answer = parent.client.post(reverse("wishes", args=[opening.id]), {"wait": str(request.group)}, follow=True)
    request.refresh_from_db()
    assert Registration.objects.filter(status=Status.HELD).count() == 0
    return f"{request.status}: {words(answer)}"


@pytest.mark.line("O-03")
def test_nobody_waits_for_what_is_drawn_neither_before_the_hour_nor_after(parent: Parent) -> None:
    opening = opening_now(Mode.LOTTERY)
    say(parent, opening, [a_child(of=parent.guardian)], [an_option(places=0, offering=an_offering_of(opening))])

    before = waits(parent, opening)
    open_it(opening)
    after = waits(parent, opening)

    assert before.startswith("wished") and after.startswith("wished")
    assert "les places se tirent au sort" in before and "les places se tirent au sort" in after


def test_nobody_waits_in_a_queue_before_its_hour_nor_without_a_turn_nor_while_there_is_room(parent: Parent) -> None:
    opening = opening_now(Mode.QUEUE)
    option = an_option("Poterie", places=1, offering=an_offering_of(opening))
    say(parent, opening, [a_child(of=parent.guardian)], [option])

    before = waits(parent, opening)
    open_it(opening)
    without_turn = waits(parent, opening)
    called(parent, opening)
    with_room = waits(parent, opening)

    assert all(each.startswith("wished") for each in (before, without_turn, with_room))
    assert "Il reste des places" in with_room


def drawn(opening: Opening) -> None:
    open_it(opening)
    draw.run(opening_id=opening.id, actor=SYSTEM, at=clock.now())


@pytest.mark.line("O-03")
def test_after_the_draw_the_page_says_what_was_had_until_when_and_the_rank_of_the_rest(parent: Parent) -> None:
    opening = opening_now()
    offering = an_offering_of(opening)
    children = [a_child(name, of=parent.guardian) for name in ("Ada", "Bo")]
    say(parent, opening, children[:1], [an_option("Poterie", places=1, offering=offering)])
    say(parent, opening, children[1:], [an_option("Théâtre", places=0, offering=offering)])

    drawn(opening)

    shown = page(parent, opening)
    assert "Obtenu\u202f: confirmez avant le" in shown
    assert "1er en liste d’attente" in shown
    assert {f"Rang dans le tirage\u202f: {rank}" in shown for rank in (1, 2)} == {True}
    assert all(str(group) in shown for group in PlaceRequest.objects.values_list("group", flat=True))


@pytest.mark.line("O-03")
def test_once_all_is_confirmed_nothing_is_left_to_do(parent: Parent) -> None:
    opening = opening_now()
    a_wish(opening, an_option(places=1, offering=an_offering_of(opening)), of=parent.guardian, at=clock.now())
    drawn(opening)
    before = page(parent, opening)
    PlaceRequest.objects.update(status=RequestStatus.TAKEN, ended_at=clock.now())
    Registration.objects.update(status=Status.CONFIRMED)

    after = page(parent, opening)

    assert "Obtenu\u202f: confirmez avant" in before
    assert "Voir mon panier" in before and "Voir mon panier" not in after
    assert "il ne reste rien à faire" in after and "Place confirmée" in after


@pytest.mark.line("O-03")
def test_anybody_reads_the_results_and_runs_the_draw_again_from_its_file(parent: Parent) -> None:
    opening = opening_now()
    option = an_option("Poterie", places=2, offering=an_offering_of(opening))
    for _ in range(4):
        a_wish(opening, option, at=clock.now())
    visitor = HostClient("a.localhost")
    before = visitor.get(reverse("draw_results", args=[opening.id])).content.decode()
    assert visitor.get(reverse("draw_file", args=[opening.id])).status_code == 404
    assert opening.seed not in before

    drawn(opening)

    after = visitor.get(reverse("draw_results", args=[opening.id])).content.decode()
    document = json.loads(visitor.get(reverse("draw_file", args=[opening.id])).content)
    assert opening.seed in after
    assert document["commitment"] in before
    assert replay.differences(document, promised=document["commitment"]) == []
    assert sorted(got["choice"] is not None for got in document["results"].values()) == [False, False, True, True]
    assert "Lapointe" not in json.dumps(document)
    assert str(parent.guardian.id) not in json.dumps(document)


@pytest.mark.line("O-03")
def test_who_comes_first_is_told_before_the_draw_and_in_its_file(parent: Parent) -> None:
    rules = [{"kind": "residence", "category": "resident"}]
    opening = opening_now(terms={"priorities": [{"name": {"fr": "Résidents", "en": "Residents"}, "rules": rules}]})
    a_wish(opening, an_option(offering=an_offering_of(opening)), at=clock.now())
    visitor = HostClient("a.localhost")

    before = visitor.get(reverse("draw_results", args=[opening.id])).content.decode()
    drawn(opening)
    document = json.loads(visitor.get(reverse("draw_file", args=[opening.id])).content)

    assert "Qui passe d’abord" in before and "Pour les familles qui résident sur le territoire." in before
    assert document["priorities"] == [
        {
            "name": {"fr": "Résidents", "en": "Residents"},
            "rules": rules,
            "sentences": ["Pour les familles qui résident sur le territoire."],
        }
    ]
    assert replay.differences(document, promised=document["commitment"]) == []


def test_before_its_time_and_after_it_no_wish_is_said(parent: Parent) -> None:
    early, late = opening_now(), opening_now()
    Opening.objects.filter(pk=early.pk).update(gathers_from=clock.now() + timedelta(hours=1))
    open_it(late)
    child = a_child(of=parent.guardian)

    for opening in (early, late):
        option = an_option(offering=an_offering_of(opening))
        assert say(parent, opening, [child], [option]).status_code == 404
    assert "Vous pourrez préparer vos souhaits à partir du" in page(parent, early)
    assert "Les souhaits sont clos" in page(parent, late)


def test_another_family_wishes_neither_for_this_child_nor_touch_this_wish(parent: Parent) -> None:
    opening = opening_now()
    offering = an_offering_of(opening)
    child = a_child("Ada", of=parent.guardian)
    option = an_option(offering=offering)
    say(parent, opening, [child], [option])
    request = PlaceRequest.objects.get()
    stranger = a_parent(HostClient("a.localhost"))
    a_child("Zoé", of=stranger.guardian)
    a_child("Max", of=stranger.guardian)

    answers = [
        stranger.client.post(reverse("wishes", args=[opening.id]), {"withdraw": str(request.group)}),
        stranger.client.post(reverse("wishes", args=[opening.id]), {"up": str(request.id)}),
        stranger.client.get(reverse("wish_edit", args=[opening.id, request.group])),
        stranger.client.get(reverse("wish_form", args=[opening.id, child.id, offering.slug])),
        stranger.client.post(reverse("wishes", args=[opening.id]), {"withdraw": "nonsense"}),
        stranger.client.post(reverse("wishes", args=[opening.id]), {}),
    ]

    assert [answer.status_code for answer in answers] == [404] * 6
    assert say(stranger, opening, [child], [an_option(offering=offering)]).status_code == 200
    assert wished() == [(1, "Ada", option.name)]


def test_an_option_of_elsewhere_is_no_choice(parent: Parent) -> None:
    opening = opening_now()
    an_option(offering=an_offering_of(opening))
    child = a_child(of=parent.guardian)

    answer = say(parent, opening, [child], [an_option()])

    assert answer.status_code == 200
    assert wished() == []


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_asks_the_database_as_often_for_one_wish_as_for_three(
    parent: Parent, number: int, django_assert_num_queries: Any
) -> None:
    opening = opening_now()
    offering = an_offering_of(opening)
    child = a_child(of=parent.guardian)
    for _ in range(number):
        a_wish(opening, an_option(places=1, offering=offering), of=parent.guardian, child=child, at=clock.now())
    page(parent, opening)

    with django_assert_num_queries(14):
        page(parent, opening)


def test_as_many_wishes_as_a_family_needs_and_no_more(parent: Parent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shape, "MOST_WISHES", 1)
    opening = opening_now()
    offering = an_offering_of(opening)
    child = a_child(of=parent.guardian)
    say(parent, opening, [child], [an_option(offering=offering)])

    answer = say(parent, opening, [child], [an_option(offering=offering)])

    assert answer.context["form"].non_field_errors() == ["1 souhaits au plus par famille."]
