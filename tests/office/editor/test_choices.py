"""Step 2: options one by one or several at once, in their order, with their places, and the meetings of a course."""

from datetime import date
from typing import Any

import pytest

from tenant_apps.catalog import schedule
from tenant_apps.catalog.models import Nature, Offering, Option, Selection
from tenant_apps.catalog.models import Status as OfferingStatus
from tenant_apps.catalog.natures import USUAL
from tenant_apps.registrations.models import Places, Registration, Status
from tests.clients import HostClient
from tests.factories.catalog import an_offering, an_option
from tests.factories.organisation import a_payee
from tests.factories.registrations import a_hold
from tests.office.editor.pages import filled_in, sent, url
from tests.portal.people import words

AN_OPTION = {"name": "Semaine 1", "price_cents": "120,50", "capacity": "12"}


def add(client: HostClient, offering: Offering, **said: Any) -> Any:
    return client.post(url("add_option", offering.slug), {**AN_OPTION, **said})


def edit(client: HostClient, option: Option, **changed: Any) -> Any:
    page = url("edit_option", option.offering.slug, option.pk)
    return client.post(page, {**filled_in(client, page), **changed})


def move(client: HostClient, option: Option, word: str) -> Any:
    return client.post(url("move_option", option.offering.slug, option.pk), {"move": word}, follow=True)


def names(offering: Offering) -> list[str]:
    return [option.name for option in offering.options.all()]


def test_an_option_has_its_price_its_places_and_its_days(editor: HostClient, draft: Offering) -> None:
    answer = add(editor, draft, starts_on="2027-06-28", ends_on="2027-07-02", name_en="Week 1", code="C1")

    assert answer.url == url("edit_options", draft.slug)
    option = Option.objects.get()
    assert (option.name, option.code, option.price_cents) == ("Semaine 1", "C1", 12050)
    assert option.translations == {"en": {"name": "Week 1"}}
    assert (option.starts_on, option.ends_on) == (date(2027, 6, 28), date(2027, 7, 2))
    assert Places.objects.get(option_id=option.pk).capacity == 12


def test_no_price_is_free_and_no_number_is_unlimited(editor: HostClient, draft: Offering) -> None:
    add(editor, draft, price_cents="", capacity="", another="1")
    assert Option.objects.get().price_cents == 0
    told = words(editor.get(url("edit_options", draft.slug)))
    assert "gratuit" in told and "places illimitées" in told


def test_a_choice_without_a_number_of_places_can_be_taken(editor: HostClient, draft: Offering) -> None:
    add(editor, draft, price_cents="", capacity="", starts_on="2027-06-28")
    Offering.objects.update(status=OfferingStatus.PUBLISHED)
    assert a_hold(Option.objects.get()).status == Status.HELD


def test_the_choice_that_a_new_activity_begins_with_can_be_taken(editor: HostClient) -> None:
    ready_made = [nature for nature in Nature if USUAL[nature].first_option]
    for nature in ready_made:
        editor.post(url("new_offering"), {"title": "Essai", "nature": nature, "payee": str(a_payee().pk)})

    Offering.objects.update(status=OfferingStatus.PUBLISHED)
    made = Option.objects.select_related("offering")
    assert sorted(option.offering.nature for option in made) == sorted(ready_made)
    assert [a_hold(option).status for option in made] == [Status.HELD] * len(ready_made)


@pytest.mark.parametrize(
    ("typed", "cents"), [("5", 500), ("5,5", 550), ("5.50", 550), ("5,50 $", 550), ("1 250,00", 125000), ("0", 0)]
)
def test_an_amount_is_read_as_people_write_it(editor: HostClient, draft: Offering, typed: str, cents: int) -> None:
    add(editor, draft, price_cents=typed)
    assert Option.objects.get().price_cents == cents


@pytest.mark.parametrize("typed", ["gratuit", "5,555", "nan", "1e9", "9e999999", "∞"])
def test_what_is_no_amount_is_told_at_the_field(editor: HostClient, draft: Offering, typed: str) -> None:
    answer = add(editor, draft, price_cents=typed)
    assert answer.status_code == 422 and "Écrivez un montant, comme 12,50." in words(answer)
    assert sent(answer.content.decode())["price_cents"] == typed
    assert not Option.objects.exists()


@pytest.mark.parametrize(
    ("typed", "told"), [("-5", "Ce montant est trop petit."), ("99999999999", "Ce montant est trop grand.")]
)
def test_an_amount_out_of_bounds_is_told_at_the_field(
    editor: HostClient, draft: Offering, typed: str, told: str
) -> None:
    answer = add(editor, draft, price_cents=typed)
    assert answer.status_code == 422 and told in words(answer)
    assert sent(answer.content.decode())["price_cents"] == typed
    assert not Option.objects.exists()


def test_what_is_sent_back_untouched_changes_nothing(editor: HostClient) -> None:
    option = an_option(places=3, price=550, code="101", translations={"en": {"name": "Week"}}, maximum_quantity=4)
    Offering.objects.update(selection=Selection.QUANTITIES)
    before = Option.objects.values().get()
    assert edit(editor, option).status_code == 302
    assert Option.objects.values().get() == before
    assert Places.objects.values_list("capacity", flat=True).get() == 3


@pytest.mark.parametrize(("was", "becomes"), [(False, {"is_voluntary": "on", "price_cents": ""}), (True, {})])
def test_a_price_turns_into_no_gift_nor_back_while_somebody_is_about_to_take_it(
    editor: HostClient, was: bool, becomes: dict[str, str]
) -> None:
    option = an_option("Semaine 1", price=0 if was else 550, is_voluntary=was)
    held = a_hold(option)
    page = url("edit_option", option.offering.slug, option.pk)
    said = {name: value for name, value in filled_in(editor, page).items() if name != "is_voluntary"} | becomes

    answer = editor.post(page, {**said, "confirmed": "1"})
    assert answer.status_code == 422
    assert 'id="id_is_voluntary_error"' in answer.content.decode()
    assert "Quelqu’un a « Semaine 1 » dans son panier" in words(answer)
    option.refresh_from_db()
    assert (option.is_voluntary, option.price_cents) == (was, 0 if was else 550)

    Registration.objects.filter(pk=held.pk).update(status=Status.RELEASED)
    assert editor.post(page, {**said, "confirmed": "1"}).status_code == 302
    option.refresh_from_db()
    assert option.is_voluntary is not was


def test_what_is_in_a_basket_may_still_be_named_otherwise(editor: HostClient) -> None:
    option = an_option("Semaine 1", price=550)
    a_hold(option)
    assert edit(editor, option, name="Semaine A", confirmed="1").status_code == 302
    option.refresh_from_db()
    assert option.name == "Semaine A"


def test_places_below_those_taken_are_refused_at_the_field_and_nothing_is_kept(editor: HostClient) -> None:
    option = an_option("Semaine 1", places=3)
    a_hold(option)
    a_hold(option)
    answer = edit(editor, option, capacity="1", name="Autre", confirmed="1")

    assert answer.status_code == 422
    assert 'id="id_capacity_error"' in answer.content.decode()
    option.refresh_from_db()
    assert (option.name, Places.objects.get(option_id=option.pk).capacity) == ("Semaine 1", 3)


def test_a_price_that_changes_says_who_keeps_theirs(editor: HostClient) -> None:
    option = an_option(price=1000)
    a_hold(option)
    a_hold(option)

    answer = edit(editor, option, price_cents="12,00")

    assert "2 inscriptions gardent leur prix" in words(answer)
    option.refresh_from_db()
    assert option.price_cents == 1000
    page = url("edit_option", option.offering.slug, option.pk)
    editor.post(page, {**sent(answer.content.decode()), "confirmed": "1"})
    option.refresh_from_db()
    assert option.price_cents == 1200


def test_two_who_edit_one_option_do_not_overwrite_each_other(editor: HostClient) -> None:
    option = an_option("Semaine 1", price=1000)
    page = url("edit_option", option.offering.slug, option.pk)
    first, second = filled_in(editor, page), filled_in(editor, page)
    editor.post(page, {**first, "price_cents": "11"})

    answer = editor.post(page, {**second, "price_cents": "9"})

    assert "Cette page a changé pendant que vous écriviez" in words(answer) and "11,00 $" in words(answer)
    option.refresh_from_db()
    assert option.price_cents == 1100
    editor.post(page, sent(answer.content.decode()))
    option.refresh_from_db()
    assert option.price_cents == 900


def test_options_are_ordered_without_dragging_and_only_the_free_are_erased(editor: HostClient) -> None:
    offering = an_offering(summary="Un camp")
    first, second = (an_option(name, offering=offering) for name in ("A", "B"))
    a_hold(first)

    move(editor, second, "up")
    assert names(offering) == ["B", "A"]
    assert "reste inscrit" not in words(move(editor, second, "remove")) and names(offering) == ["A"]

    an_option("C", offering=offering)
    assert "il peut être retiré de l’offre, pas effacé" in words(move(editor, first, "remove"))
    first.refresh_from_db()
    assert first.is_offered is False
    assert "Retiré de l’offre" in words(editor.get(url("edit_options", offering.slug)))
    move(editor, first, "offer")
    first.refresh_from_db()
    assert first.is_offered is True


def test_the_last_option_of_what_is_published_stays(editor: HostClient) -> None:
    option = an_option(offering=an_offering(summary="Un camp"))
    assert "Il n’y a aucun choix à prendre" in words(move(editor, option, "remove"))
    assert Option.objects.filter(pk=option.pk).exists()


def test_an_unknown_move_is_not_found(editor: HostClient) -> None:
    assert move(editor, an_option(), "sideways").status_code == 404


def test_the_weeks_of_a_summer_are_seen_then_added(editor: HostClient, draft: Offering) -> None:
    said = {"first": "2027-06-23", "last": "2027-07-09", "number": "1", "price_cents": "150", "capacity": "20"}

    seen = editor.post(url("add_weeks", draft.slug), {**said, "preview": "1"})
    assert "3 choix seraient ajoutés" in words(seen) and not Option.objects.exists()

    editor.post(url("add_weeks", draft.slug), said)
    assert list(Option.objects.values_list("name", "starts_on", "ends_on", "price_cents")) == [
        ("Semaine 1", date(2027, 6, 23), date(2027, 6, 25), 15000),
        ("Semaine 2", date(2027, 6, 28), date(2027, 7, 2), 15000),
        ("Semaine 3", date(2027, 7, 5), date(2027, 7, 9), 15000),
    ]
    assert set(Places.objects.values_list("capacity", flat=True)) == {20}


def test_each_week_has_each_group(editor: HostClient, draft: Offering) -> None:
    said = {"first": "2027-07-05", "last": "2027-07-16", "number": "3", "groups": "Petits\r\n\r\nGrands"}
    editor.post(url("add_weeks", draft.slug), said)
    assert names(draft) == ["Semaine 3 – Petits", "Semaine 3 – Grands", "Semaine 4 – Petits", "Semaine 4 – Grands"]


def test_the_ages_that_a_group_is_named_with_are_its_condition(editor: HostClient, draft: Offering) -> None:
    said = {"first": "2027-07-05", "last": "2027-07-09", "number": "1", "groups": "Pirates, 3 à 5 ans\nCirque"}
    assert "De 3 ans à 5 ans." in words(editor.post(url("add_weeks", draft.slug), {**said, "preview": "1"}))

    editor.post(url("add_weeks", draft.slug), said)
    ages = [{"kind": "age", "min": 3, "max": 5, "unit": "year", "on": "start"}]
    assert list(Option.objects.values_list("requirements", flat=True)) == [ages, []]


def test_an_activity_lasts_as_long_as_its_weeks(editor: HostClient, draft: Offering) -> None:
    for first, last in (("2027-07-12", "2027-07-16"), ("2027-07-05", "2027-07-09")):
        editor.post(url("add_weeks", draft.slug), {"first": first, "last": last, "number": "1"})
    draft.refresh_from_db()
    assert (draft.starts_on, draft.ends_on) == (date(2027, 7, 5), date(2027, 7, 16))


def test_a_course_lasts_as_long_as_its_meetings(editor: HostClient) -> None:
    course = an_offering(nature=Nature.COURSE, status="draft", starts_on=None, ends_on=None)
    option = an_option(offering=course)
    step = words(editor.get(url("edit_options", course.slug)))
    assert "Fixer les rencontres" in step and "dites quand le cours a lieu" in step

    days = ["2027-01-12", "2027-03-02"]
    rows = {
        f"rencontres-{n}-{k}": v
        for n, d in enumerate(days)
        for k, v in (("on", d), ("begins", "18:00"), ("ends", "19:00"))
    }
    editor.post(
        url("edit_meetings", course.slug, option.pk),
        {"rencontres-TOTAL_FORMS": "2", "rencontres-INITIAL_FORMS": "0", **rows},
    )
    course.refresh_from_db()
    assert (course.starts_on, course.ends_on) == (date(2027, 1, 12), date(2027, 3, 2))


@pytest.mark.parametrize(
    ("first", "last"), [("2027-07-10", "2027-07-11"), ("2027-07-16", "2027-07-05"), ("2020-01-01", "2027-01-01")]
)
def test_weeks_that_are_none_or_too_many_are_refused(
    editor: HostClient, draft: Offering, first: str, last: str
) -> None:
    answer = editor.post(url("add_weeks", draft.slug), {"first": first, "last": last, "number": "1"})
    assert answer.status_code == 422 and not Option.objects.exists()


def test_dated_meals_are_every_wednesday_but_the_holidays(editor: HostClient) -> None:
    offering = an_offering(nature=Nature.MEALS, selection=Selection.QUANTITIES)
    said = {
        "weekdays": ["2"],
        "first": "2026-12-09",
        "last": "2027-01-13",
        "but": "2026-12-21 au 2027-01-01\n2027-01-06",
        "price_cents": "5,50",
    }
    editor.post(url("add_dates", offering.slug), said)
    assert list(Option.objects.values_list("name", "starts_on", "maximum_quantity", "price_cents")) == [
        ("Mercredi 9 décembre 2026", date(2026, 12, 9), 5, 550),
        ("Mercredi 16 décembre 2026", date(2026, 12, 16), 5, 550),
        ("Mercredi 13 janvier 2027", date(2027, 1, 13), 5, 550),
    ]
    assert Option.objects.order_by("position")[0].translations["en"]["name"] == "Wednesday, December 9, 2026"


def test_an_exception_that_is_no_day_is_told_at_the_field(editor: HostClient, draft: Offering) -> None:
    said = {"weekdays": ["2"], "first": "2026-12-09", "last": "2027-01-13", "but": "Noël"}
    answer = editor.post(url("add_dates", draft.slug), said)
    assert answer.status_code == 422 and "« Noël » n’est ni un jour" in words(answer)


REPEAT = {
    "chaque-weekdays": ["1"],
    "chaque-begins": "18:00",
    "chaque-ends": "19:30",
    "chaque-first": "2026-12-01",
    "chaque-last": "2026-12-22",
    "chaque-but": "2026-12-15",
    "repeat": "1",
}


def test_a_course_meets_every_tuesday_but_one(editor: HostClient) -> None:
    option = an_option(offering=an_offering(nature=Nature.COURSE))
    page = url("edit_meetings", option.offering.slug, option.pk)

    shown = editor.post(page, {**filled_in(editor, page), **REPEAT})
    assert "3 rencontres ci-dessous, pas encore enregistrées." in words(shown)
    option.refresh_from_db()
    assert option.meetings == []

    editor.post(page, sent(shown.content.decode()))
    option.refresh_from_db()
    assert option.meetings == [{"on": f"2026-12-{day}", "from": "18:00", "to": "19:30"} for day in ("01", "08", "22")]
    assert (option.starts_on, option.ends_on) == (date(2026, 12, 1), date(2026, 12, 22))


def test_one_meeting_is_moved_another_taken_away(editor: HostClient) -> None:
    meetings = [{"on": f"2026-12-0{day}", "from": "18:00", "to": "19:30"} for day in (1, 8)]
    option = an_option(meetings=meetings)
    page = url("edit_meetings", option.offering.slug, option.pk)
    changed = {"rencontres-0-on": "2026-12-03", "rencontres-1-DELETE": "on"}

    editor.post(page, {**filled_in(editor, page), **changed})

    option.refresh_from_db()
    assert option.meetings == [{"on": "2026-12-03", "from": "18:00", "to": "19:30"}]


def test_a_meeting_that_ends_before_it_begins_is_told_at_the_field(editor: HostClient) -> None:
    option = an_option(meetings=[{"on": "2026-12-01", "from": "18:00", "to": "19:30"}])
    page = url("edit_meetings", option.offering.slug, option.pk)
    answer = editor.post(page, {**filled_in(editor, page), "rencontres-0-ends": "17:00"})
    assert answer.status_code == 422 and "La fin vient avant le début." in words(answer)


def test_the_way_of_choosing_is_set_beside_the_list(editor: HostClient, draft: Offering) -> None:
    page = url("edit_options", draft.slug)
    answer = editor.post(page, {**filled_in(editor, page), "selection": Selection.SEVERAL})
    draft.refresh_from_db()
    assert (answer.url, draft.selection) == (url("edit_conditions", draft.slug), Selection.SEVERAL)


def test_the_list_asks_as_many_questions_for_three_options_as_for_one(
    editor: HostClient, django_assert_max_num_queries: Any
) -> None:
    offering = an_offering(summary="Un camp")
    an_option(offering=offering)
    page = url("edit_options", offering.slug)
    editor.get(page)
    with django_assert_max_num_queries(100) as one:
        editor.get(page)
    an_option(offering=offering)
    an_option(offering=offering)
    with django_assert_max_num_queries(100) as three:
        editor.get(page)
    assert len(three.captured_queries) == len(one.captured_queries)


def test_a_week_is_cut_where_the_summer_begins_and_ends() -> None:
    found = schedule.weeks(date(2027, 6, 26), date(2027, 7, 7))
    assert list(found) == [(date(2027, 6, 28), date(2027, 7, 2)), (date(2027, 7, 5), date(2027, 7, 7))]


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_a_day_at_the_end_of_the_calendar_is_told_at_its_field(editor: HostClient, draft: Offering, day: str) -> None:
    answers = [
        add(editor, draft, starts_on=day),
        editor.post(url("add_weeks", draft.slug), {"first": day, "last": day, "number": "1"}),
        editor.post(url("edit_presentation", draft.slug), {"title": "Camp", "nature": "camp", "ends_on": day}),
        editor.post(url("edit_conditions", draft.slug), {"opens_at": f"{day}T10:00", "deadline_on": day}),
        editor.post(url("add_window", draft.slug), {"name": "Tous", "opens_at": f"{day}T10:00"}),
    ]
    assert [answer.status_code for answer in answers] == [422] * 5
    assert all("Choisissez une date entre 2000 et 2099." in words(answer) for answer in answers)


def test_places_changed_meanwhile_are_told_and_kept(editor: HostClient) -> None:
    option = an_option(places=12)
    page = url("edit_option", option.offering.slug, option.pk)
    marie, paul = filled_in(editor, page), filled_in(editor, page)
    assert editor.post(page, {**marie, "capacity": "20"}).status_code == 302

    told = editor.post(page, {**paul, "description": "Autre"})

    assert "Nombre de places" in words(told) and told.context["met"].lines == [("Nombre de places", "20")]
    assert Places.objects.get().capacity == 20
    assert editor.post(page, sent(told.content.decode())).status_code == 302
    assert Places.objects.get().capacity == 12
