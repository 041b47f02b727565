"""Steps 3 and 4: conditions, periods and price rules, one small form at a time, each in a plain sentence."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from tenant_apps.catalog.models import Checkout, Offering
from tenant_apps.catalog.pricing.kind import PRICE_KINDS
from tenant_apps.catalog.rules.kind import KINDS
from tenant_apps.forms.models import Purpose
from tenant_apps.organisation import operations as organisation
from tests.clients import HostClient
from tests.factories.catalog import an_offering, an_option
from tests.factories.forms import a_form
from tests.factories.moments import NOON
from tests.factories.organisation import a_level, a_payee
from tests.factories.registrations import a_hold
from tests.office.editor.pages import filled_in, sent, url
from tests.portal.people import words

AGE = {"min": "6", "max": "12", "unit": "year", "on": "start"}
PRICES = {
    "families": [{"key": "fratrie", "label": "Rabais fratrie", "discounts": [0, 10]}],
    "taxes": [{"code": "tps", "label": "TPS", "rate": 5, "classes": ["goods", "programme"]}],
}


def send(client: HostClient, page: str, **changed: Any) -> Any:
    return client.post(page, {**filled_in(client, page), **changed})


def asked(offering: Offering) -> list[dict[str, Any]]:
    offering.refresh_from_db()
    return list(offering.requirements)


def test_every_kind_of_rule_has_a_form_that_opens(editor: HostClient, draft: Offering) -> None:
    for book, kinds in (("conditions", KINDS), ("prix", PRICE_KINDS)):
        shown = editor.get(url("choose_rule", draft.slug, book)).content.decode()
        for key, _kind in kinds:
            assert url("add_rule", draft.slug, book, key) in shown
            assert editor.get(url("add_rule", draft.slug, book, key)).status_code == 200


def test_a_condition_is_added_explained_changed_moved_and_removed(editor: HostClient, draft: Offering) -> None:
    level = a_level("Maternelle")
    add = url("add_rule", draft.slug, "conditions", "age")

    seen = send(editor, add, **AGE, preview="1")
    assert "De 6 ans à 12 ans" in words(seen) and asked(draft) == []

    send(editor, add, **AGE)
    send(editor, url("add_rule", draft.slug, "conditions", "level"), levels=[level.code])
    assert [rule["kind"] for rule in asked(draft)] == ["age", "level"]
    told = words(editor.get(url("edit_conditions", draft.slug)))
    assert "De 6 ans à 12 ans" in told and "Pour ces niveaux : Maternelle." in told

    send(editor, url("edit_rule", draft.slug, "conditions", 0), max="14")
    assert asked(draft)[0]["max"] == 14
    move = url("move_rule", draft.slug, "conditions", 1)
    page = editor.get(url("edit_conditions", draft.slug)).content.decode()
    mark = sent(page)["seen"]
    assert mark  # the main form's own; the list carries another
    editor.post(move, {"move": "up", "seen": ""})
    assert [rule["kind"] for rule in asked(draft)] == ["level", "age"]
    editor.post(url("move_rule", draft.slug, "conditions", 0), {"move": "remove", "seen": ""})
    assert [rule["kind"] for rule in asked(draft)] == ["age"]


def test_a_rule_filled_in_wrongly_is_told_at_its_field(editor: HostClient, draft: Offering) -> None:
    answer = send(editor, url("add_rule", draft.slug, "conditions", "age"), **{**AGE, "min": "13"})
    assert answer.status_code == 422 and asked(draft) == []
    assert sent(answer.content.decode())["min"] == "13"


def test_an_option_asks_on_its_own(editor: HostClient, draft: Offering) -> None:
    option = an_option("Petits", offering=draft)
    send(editor, url("add_rule", draft.slug, f"choix-{option.pk}", "age"), min="3", max="5", unit="year", on="start")
    option.refresh_from_db()
    assert [(rule["kind"], rule["min"], rule["max"]) for rule in option.requirements] == [("age", 3, 5)]
    assert "De 3 ans à 5 ans" in words(editor.get(url("edit_options", draft.slug)))


def test_residents_register_first(editor: HostClient, draft: Offering) -> None:
    window = {"name": "Résidents", "name_en": "Residents", "opens_at": "2027-03-01T18:00", "closes_at": ""}
    answer = send(editor, url("add_window", draft.slug), **window)
    assert answer.url == url("edit_window", draft.slug, 0)
    send(editor, url("add_rule", draft.slug, "periode-0", "residence"), category="resident")
    send(editor, url("add_window", draft.slug), name="Tous", opens_at="2027-03-08T18:00")

    draft.refresh_from_db()
    assert [(each["name"], each["for"]) for each in draft.windows] == [
        ({"fr": "Résidents", "en": "Residents"}, [{"kind": "residence", "category": "resident"}]),
        ("Tous", []),
    ]
    assert datetime.fromisoformat(draft.windows[0]["opens_at"]) == datetime(2027, 3, 1, 23, tzinfo=UTC)

    send(editor, url("edit_window", draft.slug, 0), closes_at="2027-03-07T23:59")
    draft.refresh_from_db()
    assert len(draft.windows[0]["for"]) == 1 and draft.windows[0]["closes_at"] is not None
    told = words(editor.get(url("edit_conditions", draft.slug)))
    assert "Résidents" in told and "à partir du 8 mars 2027 à 18 h" in told


def test_a_period_that_closes_before_it_opens_is_refused(editor: HostClient, draft: Offering) -> None:
    said = {"name": "Tous", "opens_at": "2027-03-08T18:00", "closes_at": "2027-03-08T17:00"}
    answer = send(editor, url("add_window", draft.slug), **said)
    assert answer.status_code == 422 and "La fermeture vient avant l’ouverture." in words(answer)


def test_a_period_is_only_taken_away_while_the_list_is_as_it_was_shown(editor: HostClient, draft: Offering) -> None:
    send(editor, url("add_window", draft.slug), name="Résidents", opens_at="2027-03-01T18:00")
    page = editor.get(url("edit_conditions", draft.slug)).content.decode()
    mark = (
        page.split(f'action="{url("remove_window", draft.slug, 0)}"')[1].split('name="seen" value="')[1].split('"')[0]
    )
    mark = mark.replace("&quot;", '"')
    send(editor, url("add_window", draft.slug), name="Tous", opens_at="2027-03-08T18:00")

    editor.post(url("remove_window", draft.slug, 0), {"seen": mark})
    draft.refresh_from_db()
    assert len(draft.windows) == 2

    editor.post(url("remove_window", draft.slug, 0), {"seen": ""})
    draft.refresh_from_db()
    assert [each["name"] for each in draft.windows] == ["Tous"]


def test_when_and_by_whom_it_is_taken(editor: HostClient, draft: Offering) -> None:
    consent, questions = a_form(purpose=Purpose.CONSENT), a_form({"key": "size"})
    answer = send(
        editor,
        url("edit_conditions", draft.slug),
        opens_at="2027-03-01T18:00",
        deadline_on="2027-06-01",
        accepts_guests="on",
        consent_form=str(consent.form_id),
        registration_form=str(questions.form_id),
        support_from_on="2027-02-01",
        support_until_on="2027-02-15",
        support_keep_days="5",
        support_places="3",
    )
    assert answer.url == url("edit_terms", draft.slug)
    draft.refresh_from_db()
    assert (draft.opens_at, draft.deadline_on) == (datetime(2027, 3, 1, 23, tzinfo=UTC), date(2027, 6, 1))
    assert (draft.accepts_guests, draft.consent_form, draft.registration_form) == (True, consent.form, questions.form)
    assert draft.support == {"from_on": "2027-02-01", "until_on": "2027-02-15", "keep_days": 5, "places": 3}

    before = Offering.objects.values().get()
    send(editor, url("edit_conditions", draft.slug))
    assert Offering.objects.values().get() == before


def test_half_a_calendar_of_support_is_told_at_the_field(editor: HostClient, draft: Offering) -> None:
    answer = send(editor, url("edit_conditions", draft.slug), support_from_on="2027-02-01")
    assert answer.status_code == 422 and "Dites de quand à quand." in words(answer)


def test_prices_have_rules_in_their_order_a_scheme_and_a_tax(editor: HostClient, draft: Offering) -> None:
    organisation.describe(rules={"prices": PRICES})
    early = {"until_on": "2027-05-01", "percent": "-10"}
    send(editor, url("add_rule", draft.slug, "prix", "residence"), residence="non_resident", cents="20,00")
    send(editor, url("add_rule", draft.slug, "prix", "early"), **early)
    payee = a_payee("Ville")
    answer = send(
        editor,
        url("edit_terms", draft.slug),
        family="fratrie",
        tax="programme",
        payee=str(payee.pk),
        checkout=Checkout.DIRECT,
        refund_policy="Aucun **remboursement**.",
        refund_policy_en="No refund.",
    )
    assert answer.url == url("edit_payment", draft.slug)
    draft.refresh_from_db()
    assert draft.pricing == {
        "rules": [
            {"kind": "residence", "residence": "non_resident", "cents": 2000},
            {"kind": "early", "until_on": "2027-05-01", "percent": "-10"},
        ],
        "family": "fratrie",
        "tax": "programme",
    }
    assert (draft.payee, draft.checkout) == (payee, Checkout.DIRECT)
    assert draft.translations == {"en": {"refund_policy": "No refund."}}

    before = Offering.objects.values().get()
    send(editor, url("edit_terms", draft.slug))
    send(editor, url("edit_rule", draft.slug, "prix", 0))
    assert Offering.objects.values().get() == before


def test_an_organisation_without_tables_is_asked_for_none(editor: HostClient, draft: Offering) -> None:
    told = words(editor.get(url("edit_terms", draft.slug)))
    assert "Votre organisation n’a ni rabais de famille ni taxe." in told
    send(editor, url("edit_terms", draft.slug))
    draft.refresh_from_db()
    assert draft.pricing == {}


def test_a_rule_that_comes_late_says_who_stays(editor: HostClient) -> None:
    offering = an_offering(summary="Un camp")
    a_hold(an_option(offering=offering))
    age, price = url("add_rule", offering.slug, "conditions", "age"), url("add_rule", offering.slug, "prix", "early")

    late = send(editor, age, **AGE)
    dearer = send(editor, price, until_on="2027-05-01", percent="-10")

    assert "1 inscription reste valable" in words(late) and asked(offering) == []
    assert "1 inscription garde son prix" in words(dearer)
    editor.post(age, {**sent(late.content.decode()), "confirmed": "1"})
    assert [rule["kind"] for rule in asked(offering)] == ["age"]


def test_two_who_add_a_rule_keep_both(editor: HostClient, draft: Offering) -> None:
    add = url("add_rule", draft.slug, "conditions", "age")
    first, second = filled_in(editor, add), filled_in(editor, add)
    editor.post(add, {**first, **AGE})

    answer = editor.post(add, {**second, **AGE, "min": "4"})
    assert "Cette page a changé pendant que vous écriviez" in words(answer)

    editor.post(add, sent(answer.content.decode()))
    assert [rule["min"] for rule in asked(draft)] == [6, 4]


@pytest.mark.parametrize("word", ["", "sideways"])
def test_a_move_that_means_nothing_moves_nothing(editor: HostClient, draft: Offering, word: str) -> None:
    send(editor, url("add_rule", draft.slug, "conditions", "age"), **AGE)
    assert editor.post(url("move_rule", draft.slug, "conditions", 0), {"move": word}).status_code == 302
    assert len(asked(draft)) == 1


@pytest.mark.parametrize("key", ["periode--1", "periode-0", "periode-x", "choix-x", "rien"])
def test_a_list_of_rules_that_there_is_not_is_not_found(editor: HostClient, draft: Offering, key: str) -> None:
    draft.windows = [] if key == "periode-0" else [{"name": "Tous", "for": [], "opens_at": NOON.isoformat()}]
    draft.save()
    assert editor.get(url("choose_rule", draft.slug, key)).status_code == 404


def test_what_was_seen_may_be_nonsense(editor: HostClient, draft: Offering) -> None:
    said = {"selection": "one", "seen": "[" * 100_000}
    assert editor.post(url("edit_options", draft.slug), said).status_code == 302


def test_the_prices_of_the_options_are_on_the_page_of_prices(editor: HostClient, draft: Offering) -> None:
    option = an_option(offering=draft, name="Participation", price=1250)
    page = editor.get(url("edit_terms", draft.slug))
    assert "Participation : 12,50 $" in words(page)
    assert url("edit_option", draft.slug, option.pk) in page.content.decode()
