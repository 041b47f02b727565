"""The rule « national number »: off by itself, never on without a reason, off again after its last day."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import RequestFactory

from kernel import clock
from shared_apps.audit.models import Entry
from tenant_apps.families.identity import Answers
from tenant_apps.forms import asking, building
from tenant_apps.forms.definitions import Section, questions
from tenant_apps.forms.models import FormVersion
from tenant_apps.imports.terms import terms_of
from tenant_apps.organisation import door, national_number, queries, rules
from tenant_apps.organisation.models import Profile, Role
from tests.factories.forms import a_form
from tests.factories.moments import NOON
from tests.factories.organisation import an_organisation_profile
from tests.office.conftest import SignIn, as_staff, profile
from tests.portal.people import words

__all__ = ["as_staff", "profile"]

PAGE = "/gestion/protection/numero-national"
NUMBER = "85073003328"
ON = {"asked": "on", "reason": "Établir l’attestation fiscale (281.86).", "reference": "AR 12/2020", "until": ""}


def told(**more: Any) -> Profile:
    rule = {"asked": True, "reason": "Attestation fiscale", **more}
    return an_organisation_profile(territory="BE", rules={"national_number": rule})


def a_record() -> FormVersion:
    number = {
        "key": "national_number",
        "kind": "national_number_be",
        "class": "national_number",
        "reason": "Attestation fiscale",
        "required": True,
    }
    return a_form({"key": "swims"}, number, {"key": "bus", "show_if": {"question": "national_number"}})


def keys(sections: tuple[Section, ...]) -> list[str]:
    return [question.key for question in questions(sections)]


def today() -> date:
    return clock.today(queries.profile().zone)


@pytest.mark.line("S4-14")
def test_it_is_off_by_default_and_where_the_reason_is_empty() -> None:
    assert not rules.Rules().national_number.asked
    assert not national_number.holds(queries.profile(), at=NOON)
    assert not national_number.holds(told(reason="  "), at=NOON)
    assert not national_number.holds(told(asked="yes"), at=NOON)
    assert national_number.holds(told(), at=NOON)


@pytest.mark.parametrize(("until", "holds"), [("2026-09-15", False), ("2026-09-16", True), ("2026-09-17", True)])
def test_it_holds_until_its_last_day_that_day_included(until: str, holds: bool) -> None:
    assert national_number.holds(told(until=until), at=NOON) is holds


@pytest.mark.line("S4-14")
def test_after_its_last_day_nothing_is_asked_nor_kept() -> None:
    version, known = a_record(), {"swims": "yes", "national_number": NUMBER}
    told(until=today().isoformat())
    assert keys(asking.sections(version)) == ["swims", "national_number", "bus"]
    assert building.as_answers(version, known).sealed == {"national_number": NUMBER}

    ended = told(until=(today() - timedelta(days=1)).isoformat())

    assert keys(asking.sections(version)) == ["swims"]
    form = building.form_class(version, establishments=[], levels=[])({"swims": "yes", "national_number": NUMBER})
    assert (form.is_valid(), form.cleaned_data) == (True, {"swims": "yes"})
    assert building.as_answers(version, known) == Answers(own={"swims": "yes"}, sealed={}, household={})
    assert building.gaps(version, {"swims": "yes"}) == []
    assert not terms_of(ended, at=clock.now()).asks_national_number
    assert not door.rules(RequestFactory().get("/")).asks_national_number


@pytest.mark.parametrize("role", list(Role))
def test_the_owner_alone_decides(as_staff: SignIn, role: str) -> None:
    is_owner = role == Role.OWNER

    assert as_staff(role).get(PAGE).status_code == (200 if is_owner else 403)
    assert as_staff(role).post(PAGE, ON).status_code == (302 if is_owner else 403)
    assert national_number.holds(queries.profile(), at=clock.now()) is is_owner


def test_it_is_asked_with_its_reason_then_no_more_and_each_change_leaves_a_trail(as_staff: SignIn) -> None:
    owner = as_staff(Role.OWNER)
    assert "N’est pas demandé" in words(owner.get(PAGE))

    page = words(owner.post(PAGE, ON, follow=True))

    assert "La règle est enregistrée." in page
    assert "Peut être demandé" in page
    assert queries.profile().rules["national_number"] == {**ON, "asked": True}
    owner.post(PAGE, {**ON, "asked": ""})
    assert not national_number.holds(queries.profile(), at=clock.now())
    trail = Entry.objects.filter(action="organisation.national_number").order_by("id")
    assert [entry.details["asked"] for entry in trail] == [True, False]


@pytest.mark.line("S4-14")
@pytest.mark.parametrize(
    ("change", "field", "error"),
    [
        ({"reason": "  "}, "reason", "Écrivez à quoi il sert\u202f: sans cela, il ne peut pas être demandé."),
        ({"until": "2020-01-01"}, "until", "Ce jour est passé\u202f: choisissez aujourd’hui ou un jour à venir."),
    ],
)
def test_what_could_not_hold_is_refused_at_its_field_and_nothing_typed_is_lost(
    as_staff: SignIn, change: dict[str, str], field: str, error: str
) -> None:
    page = as_staff(Role.OWNER).post(PAGE, {**ON, **change})

    assert (page.status_code, page.context["form"].errors) == (422, {field: [error]})
    assert 'value="AR 12/2020"' in page.content.decode()
    assert (queries.profile().rules, Entry.objects.count()) == ({}, 0)


def test_the_form_editor_says_that_the_question_is_not_asked(as_staff: SignIn) -> None:
    administrator, address = as_staff(Role.ADMINISTRATOR), f"/gestion/formulaires/{a_record().form.key}"
    warning = "Pas demandé : la règle « Numéro national » ne le permet pas"

    assert warning in words(administrator.get(address))
    told()
    assert warning not in words(administrator.get(address))


def test_the_page_says_that_the_rule_has_ended(as_staff: SignIn) -> None:
    told(until="2020-01-31")

    assert "N’est pas demandé La règle s’est éteinte après le 31 janvier 2020." in words(as_staff(Role.OWNER).get(PAGE))
