"""Why not, said beside each child, on the page, and at the field: the same answer everywhere."""

from datetime import date, timedelta

import pytest

from kernel import clock
from tenant_apps.catalog.models import Option
from tenant_apps.forms.models import Form, Purpose
from tenant_apps.registrations.models import Registration
from tests.clients import HostClient
from tests.factories.families import a_child
from tests.factories.forms import a_form
from tests.factories.organisation import a_level
from tests.portal.people import (
    GUEST,
    Parent,
    a_camp,
    a_guest,
    a_sale,
    an_article,
    held,
    quantities,
    register_url,
    words,
)

# Nobody in these tests is between the two by a day.
FROM_SIX = [{"kind": "age", "min": 6, "on": "today"}]
EMAIL = {"contact-email": "marie@example.org"}
GROWN = date(2010, 6, 15)


def born(years_ago: int) -> date:
    return clock.now().date() - timedelta(days=366 * years_ago)


def test_each_child_of_the_family_is_told_apart(parent: Parent) -> None:
    a_child("Ada", of=parent.guardian, birth_date=born(3))
    bo = a_child("Bo", of=parent.guardian, birth_date=GROWN)
    camp = a_camp(requirements=FROM_SIX)
    an_article(camp, "Semaine 1")

    page = parent.client.get(register_url(camp))

    assert "Ada est trop jeune : il faut avoir au moins 6 ans le " in words(page)
    assert "Bo est trop jeune" not in words(page)
    assert f'href="?enfant={bo.id}"' in page.content.decode()


def test_what_the_page_refuses_is_refused_when_it_is_sent(parent: Parent) -> None:
    ada = a_child("Ada", of=parent.guardian, birth_date=born(3))
    camp = a_camp(requirements=FROM_SIX)
    week = an_article(camp, "Semaine 1")

    page = parent.client.post(register_url(camp, ada.id), {**EMAIL, "choix-options": [str(week.id)]})

    assert "Ada est trop jeune" in words(page)
    assert not Registration.objects.exists()


def test_a_rule_of_one_week_is_said_at_that_week_and_the_others_stay_open(parent: Parent) -> None:
    ada = a_child("Ada", of=parent.guardian, birth_date=GROWN)
    camp = a_camp(registration_form=None)
    an_article(camp, "Petits", requirements=[{"kind": "age", "max": 5, "on": "today"}])
    grown = an_article(camp, "Grands")

    page = parent.client.get(register_url(camp, ada.id))
    assert "Ada a dépassé l’âge : il faut avoir au plus 5 ans le " in words(page)
    parent.client.post(register_url(camp, ada.id), {**EMAIL, "choix-options": [str(grown.id)]})

    assert held() == [("Lapointe Ada", "Grands", 1)]


TWICE = [{"kind": "age", "max": 5, "on": "today"}, {"kind": "level", "levels": ["p6"]}]


@pytest.mark.parametrize(
    "columns",
    [{}, {"selection": "quantities"}, {"selection": "per_week"}, {"nature": "meals", "selection": "quantities"}],
)
def test_all_that_stands_against_one_option_is_said_on_the_page_and_in_the_form(
    parent: Parent, columns: dict[str, str]
) -> None:
    a_level("6e année", code="p6")
    ada = a_child("Ada", of=parent.guardian, birth_date=GROWN, level=a_level("5e année", code="p5"))
    camp = a_camp(registration_form=None, **columns)
    monday = clock.now().date() + timedelta(days=28)
    an_article(camp, "Petits", requirements=TWICE, starts_on=monday)
    an_article(camp, "Grands", starts_on=monday + timedelta(days=7))

    for page in (f"/activites/{camp.slug}?enfant={ada.id}", register_url(camp, ada.id)):
        said = words(parent.client.get(page))
        assert "Ada a dépassé l’âge" in said
        assert "Cette activité est réservée à : 6e année." in said


def test_all_that_stands_against_each_child_is_said_beside_the_family(parent: Parent) -> None:
    a_level("6e année", code="p6")
    a_child("Ada", of=parent.guardian, birth_date=GROWN, level=a_level("5e année", code="p5"))
    a_child("Bo", of=parent.guardian, birth_date=born(3))
    camp = a_camp(requirements=TWICE)
    an_article(camp, "Semaine 1")

    said = words(parent.client.get(f"/activites/{camp.slug}"))

    assert "Ada a dépassé l’âge" in said
    assert "Cette activité est réservée à : 6e année." in said


def test_the_first_audience_registers_while_the_others_are_told_when(parent: Parent) -> None:
    first, other = a_level("6e année", code="p6"), a_level("5e année", code="p5")
    ada = a_child("Ada", of=parent.guardian, level=first)
    bo = a_child("Bo", of=parent.guardian, level=other)
    now = clock.now()
    finishing = [{"kind": "level", "levels": ["p6"]}]
    camp = a_camp(
        windows=[
            {"name": "Finissants", "for": finishing, "opens_at": (now - timedelta(days=1)).isoformat()},
            {"name": {"fr": "Tous"}, "for": [], "opens_at": (now + timedelta(days=9)).isoformat()},
        ]
    )
    an_article(camp, "Semaine 1")

    choice = parent.client.get(register_url(camp))
    assert "Pour « Tous », les inscriptions ouvrent le " in words(choice)
    assert f'href="?enfant={ada.id}"' in choice.content.decode()
    assert f'href="?enfant={bo.id}"' not in choice.content.decode()
    assert '<form class="form"' in parent.client.get(register_url(camp, ada.id)).content.decode()
    assert '<form class="form"' not in parent.client.get(register_url(camp, bo.id)).content.decode()


def test_before_any_period_the_form_says_for_whom_and_when_it_opens(parent: Parent) -> None:
    camp = a_camp(windows=[{"name": "Tous", "for": [], "opens_at": (clock.now() + timedelta(days=9)).isoformat()}])
    an_article(camp, "Semaine 1")

    page = words(parent.client.get(register_url(camp)))

    assert "L’inscription n’est pas possible en ce moment" in page
    assert "Pour « Tous », les inscriptions ouvrent le " in page


def test_a_guest_reads_at_the_date_of_birth_that_the_child_is_too_young(client: HostClient) -> None:
    questions = a_form(
        {"key": "last_name", "required": True},
        {"key": "first_name", "required": True},
        {"key": "birth_date", "kind": "date", "label": "Date de naissance"},
    )
    sale = a_sale(registration_form=questions.form, requirements=FROM_SIX)
    article = an_article(sale)
    said = {"last_name": "Lapointe", "first_name": "Ada", "birth_date": born(3).isoformat()}

    page = a_guest(client).post(register_url(sale), {**said, **GUEST, **quantities((article, 1))})

    assert "Ada est trop jeune : il faut avoir au moins 6 ans le " in words(page)
    assert page.content.decode().count("trop jeune") == 2, "in the summary of errors and at its field"
    assert 'value="Lapointe"' in page.content.decode()
    assert not Registration.objects.exists()


def test_a_limit_is_said_once_it_is_reached_and_a_choice_may_still_be_changed(parent: Parent) -> None:
    ada = a_child("Ada", of=parent.guardian)
    camp = a_camp(title="Plaine", registration_form=None, requirements=[{"kind": "limit_child", "maximum": 1}])
    first, second = an_article(camp, "Semaine 1"), an_article(camp, "Semaine 2")

    both = {**EMAIL, "choix-options": [str(first.id), str(second.id)]}
    page = parent.client.post(register_url(camp, ada.id), both)
    assert "Ada ne peut pas avoir plus d’une inscription dans « Plaine »." in words(page)
    assert held() == []

    parent.client.post(register_url(camp, ada.id), {**EMAIL, "choix-options": [str(first.id)]})
    assert held() == [("Lapointe Ada", "Semaine 1", 1)]
    parent.client.post(register_url(camp, ada.id), {**EMAIL, "choix-options": [str(second.id)]})
    assert held() == [("Lapointe Ada", "Semaine 2", 1)]


def test_a_record_that_one_week_alone_asks_for_is_to_be_filled_in_once_it_is_taken(parent: Parent) -> None:
    a_form({"key": "swims"}, purpose=Purpose.RECORD, key="fiche-piscine")
    Form.objects.filter(key="fiche-piscine").update(title="Fiche piscine")
    ada = a_child("Ada", of=parent.guardian)
    camp = a_camp(registration_form=None)
    dry, wet = an_article(camp, "Semaine à sec"), an_article(camp, "Semaine à l’eau")
    parent.client.post(register_url(camp, ada.id), {**EMAIL, "choix-options": [str(dry.id), str(wet.id)]})
    assert len(held()) == 2
    assert "Fiche piscine" not in words(parent.client.get("/mon-dossier/a-remplir"))

    # The secretary asks for it only now: what is held stays, and the family is told.
    Option.objects.filter(id=wet.id).update(requirements=[{"kind": "form", "form": "fiche-piscine"}])

    assert "Fiche piscine" in words(parent.client.get("/mon-dossier/a-remplir"))
    page = words(parent.client.get(register_url(camp, ada.id)))
    assert "Ada : « Fiche piscine » est à remplir d’abord." in page
