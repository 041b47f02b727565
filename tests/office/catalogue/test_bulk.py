"""Bulk work in the list: who may, what is shown before, and that nothing else is done than what was shown."""

import re
from typing import Any

import pytest

from tenant_apps.catalog.models import Offering, Status
from tenant_apps.office.scope import CHANGES
from tenant_apps.organisation.models import Role
from tests.clients import HostClient
from tests.factories.catalog import an_offering, an_option
from tests.office.conftest import SignIn
from tests.portal.people import words

pytestmark = pytest.mark.django_db
HERE = "/gestion/catalogue/lot"


def a_draft(title: str) -> Offering:
    draft = an_offering(title, status=Status.DRAFT, summary="Une sortie.")
    an_option(offering=draft)
    return draft


def ask(client: HostClient, action: str, *chosen: Offering, **said: Any) -> Any:
    return client.get(HERE, {"action": action, "chosen": [each.pk for each in chosen], **said})


def confirm(client: HostClient, page: Any) -> Any:
    """Send what the page's own form holds."""
    form = page.content.decode().rpartition('<form method="post" action="/gestion/catalogue/lot">')[2]
    fields = re.findall(r'name="([a-z_]+)" value="([^"]*)"', form.partition("</form>")[0])
    said: dict[str, list[str]] = {}
    for name, value in fields:
        said.setdefault(name, []).append(value)
    return client.post(HERE, said)


def statuses() -> set[str]:
    return set(Offering.objects.values_list("status", flat=True))


@pytest.mark.parametrize("role", list(Role))
def test_only_who_changes_the_catalogue_is_offered_it(as_staff: SignIn, role: str) -> None:
    draft, client = a_draft("Zoo"), as_staff(role)

    assert ask(client, "archive", draft).status_code == (200 if role in CHANGES else 403)
    assert ('name="chosen"' in client.get("/gestion/activites").content.decode()) is (role in CHANGES)


def test_what_would_change_is_shown_and_then_done(as_staff: SignIn) -> None:
    zoo, museum, client = a_draft("Zoo"), a_draft("Musée"), as_staff(Role.OWNER)

    page = ask(client, "publish", zoo, museum)

    assert "État : Brouillon Publiée" in words(page)
    assert statuses() == {"draft"}
    assert confirm(client, page).status_code == 302
    assert statuses() == {"published"}
    assert "2 activités sont modifiées." in client.get("/gestion/activites").content.decode()


def test_a_column_is_asked_for_then_foreseen_then_written(as_staff: SignIn) -> None:
    zoo, client = a_draft("Zoo"), as_staff(Role.PROGRAMME_MANAGER)

    asked = ask(client, "deadline", zoo)
    assert "Voici ce qui change" not in asked.content.decode()
    page = ask(client, "deadline", zoo, sent="1", deadline_on="2026-12-01")
    assert "Date limite : 1er décembre 2026" in words(page)
    confirm(client, page)

    zoo.refresh_from_db()
    assert str(zoo.deadline_on) == "2026-12-01"


def test_an_error_stays_at_its_field(as_staff: SignIn) -> None:
    page = ask(as_staff(Role.OWNER), "schedule", a_draft("Zoo"), sent="1", publishes_at="2020-01-01T10:00")

    assert page.status_code == 422
    assert page.context["form"].errors == {"publishes_at": ["Ce moment est passé\u202f: choisissez-en un à venir."]}


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_a_day_at_the_end_of_the_calendar_is_told_at_its_field(as_staff: SignIn, day: str) -> None:
    zoo, client = a_draft("Zoo"), as_staff(Role.OWNER)
    season = {"name": "Sans fin", "starts_on": day, "ends_on": day}

    answers = [
        ask(client, "deadline", zoo, sent="1", deadline_on=day),
        ask(client, "opening", zoo, sent="1", opens_at=f"{day}T10:00"),
        client.post("/gestion/catalogue/saisons/nouvelle", season),
    ]

    assert [answer.status_code for answer in answers] == [422] * 3
    assert all("Choisissez une date entre 2000 et 2099." in words(answer) for answer in answers)


def test_keywords_that_the_editor_would_refuse_are_refused_here_too(as_staff: SignIn) -> None:
    zoo, client = a_draft("Zoo"), as_staff(Role.OWNER)
    Offering.objects.filter(pk=zoo.pk).update(tags=[f"mot {number}" for number in range(20)])

    page = ask(client, "tags", zoo, sent="1", added="un de trop")

    assert "Au plus 20 mots-clés, de 40 caractères au plus." in words(page)
    assert ask(client, "tags", zoo, sent="1", added="x" * 41).status_code == 422


def test_one_refusal_is_explained_and_leaves_no_button(as_staff: SignIn) -> None:
    empty = an_offering("Vide", status=Status.DRAFT)
    page = ask(as_staff(Role.OWNER), "publish", a_draft("Zoo"), empty)

    assert "1 activité ne peut pas être changée" in words(page)
    assert "Il n’y a aucun choix à prendre" in words(page)
    assert "Appliquer à" not in words(page)


def test_what_changed_since_it_was_shown_is_shown_again(as_staff: SignIn) -> None:
    zoo, client = a_draft("Zoo"), as_staff(Role.OWNER)
    page = ask(client, "tags", zoo, sent="1", added="nature")
    Offering.objects.filter(pk=zoo.pk).update(tags=["plein air"])

    again = confirm(client, page)

    assert "Le catalogue a changé entre-temps." in words(again)
    zoo.refresh_from_db()
    assert zoo.tags == ["plein air"]
    confirm(client, again)
    zoo.refresh_from_db()
    assert zoo.tags == ["plein air", "nature"]


def test_the_whole_list_is_chosen_by_its_filters(as_staff: SignIn) -> None:
    zoo, client = a_draft("Zoo"), as_staff(Role.OWNER)
    a_draft("Musée")

    page = client.get(HERE, {"action": "archive", "all": "on", "q": "zoo"})

    assert page.context["chosen"] == [zoo.pk]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"action": "nonsense"}, 404),
        ({}, 404),
        ({"action": "archive"}, 302),
        ({"action": "archive", "chosen": "x"}, 302),
    ],
)
def test_what_cannot_be_read_does_nothing(as_staff: SignIn, query: dict[str, str], status: int) -> None:
    assert as_staff(Role.OWNER).get(HERE, query).status_code == status
