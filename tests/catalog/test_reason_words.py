"""Every reason in words: who, what and when, and what can be done about it."""

from datetime import date, datetime
from typing import Any

import pytest
from django.utils.translation import override

from tenant_apps.catalog import reasons
from tenant_apps.catalog.reasons import Action, Age, Code, Reason
from tenants.models import Organisation
from tests.factories.moments import TORONTO
from tests.factories.organisation import an_organisation_profile

SIX = datetime(2026, 3, 12, 18, 0, tzinfo=TORONTO)
DAY = date(2026, 7, 1)


@pytest.fixture(autouse=True)
def profile(organisation_a: Organisation) -> None:
    an_organisation_profile()


SAID: list[tuple[Code, dict[str, Any], str]] = [
    (Code.NOT_OPEN_YET, {"opens_at": SIX}, "Les inscriptions ouvrent le jeudi 12 mars 2026 à 18\u00a0h."),
    (
        Code.NOT_OPEN_YET,
        {"opens_at": SIX, "audience": "Résidents"},
        "Pour «\u202fRésidents\u202f», les inscriptions ouvrent le jeudi 12 mars 2026 à 18\u00a0h.",
    ),
    (Code.NOT_ADMITTED, {}, "Beaucoup de familles s’inscrivent\u202f: prenez votre tour dans la salle d’attente."),
    (
        Code.WISHES_FIRST,
        {"opens_at": SIX},
        "Les places sont tirées au sort\u202f: dites vos souhaits avant le jeudi 12 mars 2026 à 18\u00a0h.",
    ),
    (Code.BEING_DRAWN, {}, "Les souhaits sont clos\u202f: les places sont attribuées par tirage au sort."),
    (
        Code.WINDOW_CLOSED,
        {"audience": "Résidents", "closed_at": SIX},
        "La période d’inscription «\u202fRésidents\u202f» est finie depuis le jeudi 12 mars 2026 à 18\u00a0h.",
    ),
    (
        Code.WINDOW_CLOSED,
        {"audience": "Résidents", "closed_at": date(2026, 3, 11)},
        "La période d’inscription «\u202fRésidents\u202f» est finie depuis le mercredi 11 mars 2026.",
    ),
    (
        Code.WRONG_AUDIENCE,
        {"audiences": [{"fr": "Résidents", "en": "Residents"}, "Membres"]},
        "Les inscriptions sont réservées à\u202f: Résidents et Membres.",
    ),
    (
        Code.TOO_YOUNG,
        {"first_name": "Ada", "age": Age(3, "year"), "on": DAY},
        "Ada est trop jeune\u202f: il faut avoir au moins 3 ans le mercredi 1er juillet 2026.",
    ),
    (
        Code.TOO_OLD,
        {"first_name": "Ada", "age": Age(30, "month"), "on": DAY},
        "Ada a dépassé l’âge\u202f: il faut avoir au plus 30 mois le mercredi 1er juillet 2026.",
    ),
    (
        Code.NOT_MEMBER,
        {"where": {"fr": "Carte 2026"}, "on": DAY, "offering_slug": "carte"},
        "Il faut une adhésion «\u202fCarte 2026\u202f» valable le mercredi 1er juillet 2026.",
    ),
    (
        Code.MEMBERSHIP_UNPAID,
        {"where": {"fr": "Carte 2026"}},
        "L’adhésion «\u202fCarte 2026\u202f» est dans votre panier\u202f: payez-la d’abord.",
    ),
    (
        Code.NOT_EARLIER,
        {"first_name": "Ada", "where": ["Natation", "N1"]},
        "Ada doit avoir d’abord une inscription confirmée à «\u202fNatation et N1\u202f».",
    ),
    (
        Code.CHOSEN_ALREADY,
        {"first_name": "Ada", "option": "Groupe A"},
        "Ada a déjà fait son choix\u202f: «\u202fGroupe A\u202f».",
    ),
]


@pytest.mark.parametrize(("code", "values", "message"), SAID, ids=[message for _code, _values, message in SAID])
def test_a_reason_says(code: Code, values: dict[str, Any], message: str) -> None:
    assert Reason(code, values).message == message


def test_every_code_has_words() -> None:
    assert set(reasons._MESSAGES) == set(Code)


def test_an_audience_is_named_in_the_reader_s_language() -> None:
    reason = Reason(Code.WRONG_AUDIENCE, {"audiences": [{"fr": "Résidents", "en": "Residents"}]})

    with override("en"):
        assert "Residents" in reason.message


def test_what_can_be_done_comes_with_the_reason() -> None:
    done = {code: Reason(code).action for code in Code if Reason(code).action}

    assert done[Code.FORM_EXPIRED] is Action.FILL_IN
    assert done[Code.BIRTH_DATE_UNKNOWN] is Action.COMPLETE
    assert done[Code.NOT_MEMBER] is Action.JOIN
    assert done[Code.MEMBERSHIP_UNPAID] is Action.PAY_BASKET
    assert Reason(Code.DEADLINE_PASSED).action is None
    assert Reason(Code.CHILD_LIMIT).action is None
