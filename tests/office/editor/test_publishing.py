"""Step 7: what is missing, where to put it right, and when families see it; then who changed what."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from kernel import clock
from shared_apps.audit.actors import SYSTEM
from tenant_apps.catalog.models import Nature, Offering, Option, Selection, Status
from tenant_apps.catalog.operations import options
from tenant_apps.organisation.models import Role
from tests.clients import HostClient
from tests.factories.catalog import an_offering, an_option
from tests.factories.forms import a_consent
from tests.factories.organisation import an_establishment
from tests.factories.registrations import a_hold
from tests.office.conftest import SignIn
from tests.office.editor.pages import filled_in, url
from tests.portal.people import words


def whole(**columns: Any) -> Offering:
    offering = an_offering("Camp", **{"summary": "Un camp", "status": Status.DRAFT, **columns})
    an_option("Semaine 1", offering=offering)
    return offering


def move(client: HostClient, offering: Offering, word: str, **more: Any) -> Any:
    return client.post(url("edit_publishing", offering.slug), {"move": word, **more}, follow=True)


def status(offering: Offering) -> str:
    offering.refresh_from_db()
    return offering.status


def test_what_is_missing_leads_to_its_field(editor: HostClient) -> None:
    offering = an_offering("Yoga", nature=Nature.COURSE, status=Status.DRAFT, picture="yoga.webp")
    option = an_option("Groupe 1", offering=offering)

    answer = move(editor, offering, "publish")

    page = answer.content.decode()
    assert "3 choses à compléter avant de publier" in words(answer) and status(offering) == Status.DRAFT
    for href in (
        url("edit_presentation", offering.slug) + "#id_summary",
        url("edit_presentation", offering.slug) + "#id_picture_alt",
        url("edit_meetings", offering.slug, option.pk),
    ):
        assert f'href="{href}' in page


def test_one_choice_per_week_asks_the_first_day_of_every_choice_but_a_gift(editor: HostClient) -> None:
    offering = whole(selection=Selection.PER_WEEK)
    dated = offering.options.get()
    Option.objects.filter(pk=dated.pk).update(starts_on=date(2099, 7, 6))
    an_option("Votre don", offering=offering, price=0, is_voluntary=True)
    undated = an_option("Semaine 2", offering=offering, price=0)

    page = move(editor, offering, "publish").content.decode()

    assert f'href="{url("edit_option", offering.slug, undated.pk)}#id_starts_on' in page
    assert ("Semaine 1\u202f»\u202f: dites" in page, "Votre don\u202f»\u202f: dites" in page) == (False, False)
    assert status(offering) == Status.DRAFT


def test_published_now_families_see_it_at_once(editor: HostClient) -> None:
    offering, family = whole(), HostClient("a.localhost")
    assert family.get(f"/activites/{offering.slug}").status_code == 404

    assert "L’activité est publiée." in words(move(editor, offering, "publish"))

    assert family.get(f"/activites/{offering.slug}").status_code == 200


def test_published_later_families_see_it_from_then_on(editor: HostClient) -> None:
    offering, family = whole(), HostClient("a.localhost")
    tomorrow = timezone.localtime(clock.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")

    told = words(move(editor, offering, "schedule", publishes_at=tomorrow))

    assert "La publication est prévue." in told and "Les familles la verront le" in told
    assert status(offering) == Status.PUBLISHED
    assert family.get(f"/activites/{offering.slug}").status_code == 404
    move(editor, offering, "publish")
    assert family.get(f"/activites/{offering.slug}").status_code == 200


def test_a_moment_that_is_past_is_told_at_the_field(editor: HostClient) -> None:
    offering = whole()
    answer = move(editor, offering, "schedule", publishes_at="2020-01-01T08:00")
    assert answer.status_code == 422 and "Ce moment est passé." in words(answer)
    assert status(offering) == Status.DRAFT


def test_taking_back_what_families_have_says_who_stays(editor: HostClient) -> None:
    offering = whole(status=Status.PUBLISHED)
    a_hold(offering.options.get())

    told = words(move(editor, offering, "withdraw"))
    assert "1 inscription reste valable" in told and status(offering) == Status.PUBLISHED

    move(editor, offering, "withdraw", confirmed="1")
    assert status(offering) == Status.DRAFT
    move(editor, offering, "archive", confirmed="1")
    assert status(offering) == Status.ARCHIVED
    assert "a changé entre-temps" in words(move(editor, offering, "publish"))
    move(editor, offering, "withdraw", confirmed="1")
    assert status(offering) == Status.DRAFT


def test_an_authorization_alone_needs_its_text_and_no_option(editor: HostClient) -> None:
    offering = an_offering("Photos", nature=Nature.CONSENT, status=Status.DRAFT, summary="Photos de classe")
    assert "Choisissez le texte que les parents signent." in words(move(editor, offering, "publish"))
    Offering.objects.update(consent_form=a_consent().form)
    move(editor, offering, "publish")
    assert status(offering) == Status.PUBLISHED


def test_a_free_choice_without_limit_beside_one_with_a_price_is_warned_of(editor: HostClient) -> None:
    offering = whole()
    Option.objects.filter(offering=offering).delete()
    free = an_option("Participation", offering=offering, price=0)
    told = "Un choix gratuit et sans limite"

    assert told not in words(editor.get(url("edit_publishing", offering.slug)))
    an_option("En kayak", offering=offering, price=4500, places=12)
    warned = editor.get(url("edit_publishing", offering.slug))
    assert words(warned).count(told) == 1
    assert url("edit_option", offering.slug, free.pk) in warned.content.decode()

    an_option("Aidants", offering=offering, price=0, places=3)
    options.change_option(option_id=free.pk, columns={"price_cents": 100}, actor=SYSTEM, at=clock.now())
    assert told not in words(editor.get(url("edit_publishing", offering.slug)))


def test_an_unknown_move_is_not_found(editor: HostClient) -> None:
    assert move(editor, whole(), "explode").status_code == 404


@pytest.mark.parametrize("nature", list(Nature))
def test_a_draft_is_seen_whole_as_a_family_would(editor: HostClient, nature: Nature) -> None:
    offering = whole(nature=nature, presentation="**Bonjour**")
    answer = editor.get(url("preview_offering", offering.slug))
    assert "C’est un aperçu" in words(answer) and b"<strong>Bonjour</strong>" in answer.content


def test_who_changed_what_from_what_to_what(editor: HostClient, as_staff: SignIn) -> None:
    offering = whole()
    option = Option.objects.get()
    page = url("edit_option", offering.slug, option.pk)
    editor.post(page, {**filled_in(editor, page), "price_cents": "12", "capacity": "20"})
    page = url("edit_presentation", offering.slug)
    editor.post(page, {**filled_in(editor, page), "title": "Camp d’hiver", "title_en": "Winter camp"})
    move(editor, offering, "publish")

    told = words(editor.get(url("offering_history", offering.slug)))

    for line in (
        "Activité publiée",
        "État : de « Brouillon » à « Publiée »",
        "Titre : de « Camp » à « Camp d’hiver »",
        "Titre (English) : « Winter camp »",
        "Choix modifié : Semaine 1",
        "Prix : de « 5,50 $ » à « 12,00 $ »",
        "Nombre de places : « 20 »",
    ):
        assert line in told


def test_the_history_is_read_by_those_who_answer_for_orders_in_their_own_establishments(as_staff: SignIn) -> None:
    school = an_establishment()
    offering = whole(establishments=[school])
    page = url("offering_history", offering.slug)
    assert as_staff(Role.SECRETARY, school).get(page).status_code == 200
    assert as_staff(Role.SECRETARY, an_establishment()).get(page).status_code == 404
    assert as_staff(Role.AUDITOR).get(page).status_code == 200
    assert as_staff(Role.GROUP_LEADER, school).get(page).status_code == 403


def test_a_period_without_condition_before_another_is_warned_of(editor: HostClient) -> None:
    first = {"name": "Résidents", "for": [], "opens_at": "2026-03-01T09:00:00-05:00"}
    then = {"name": "Tous", "for": [], "opens_at": "2026-03-08T09:00:00-04:00"}
    open_to_all = whole(windows=[then, first])
    reserved = whole(windows=[{**first, "for": [{"kind": "residence", "category": "resident"}]}, then])

    warned = words(editor.get(url("edit_publishing", open_to_all.slug)))
    quiet = words(editor.get(url("edit_publishing", reserved.slug)))

    told = "La période « Résidents » n’a pas de condition : elle ouvre à tout le monde, avant « Tous »."
    assert (told in warned, "Une période est ouverte à tous" in quiet) == (True, False)


def test_a_scheme_that_the_tables_lost_is_told_and_step_four_takes_it_away(editor: HostClient) -> None:
    offering = whole(pricing={"family": "fratrie"})

    page = move(editor, offering, "publish")
    assert "Le rabais de famille n’est plus dans vos tarifs" in words(page)
    assert status(offering) == Status.DRAFT

    step = url("edit_terms", offering.slug)
    editor.post(step, {**filled_in(editor, step), "family": ""})
    move(editor, offering, "publish")
    assert (status(offering), offering.pricing) == (Status.PUBLISHED, {})


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ({"kind": "income", "band": "a", "percent": "-20"}, "une tranche de revenu qui n’est plus dans vos tarifs"),
        ({"kind": "subsidy", "subsidy": "x", "percent": "-20"}, "une aide financière qui n’est plus dans vos tarifs"),
    ],
)
def test_a_rule_of_what_the_tables_lost_is_told(editor: HostClient, rule: Any, told: str) -> None:
    offering = whole(pricing={"rules": [rule]})

    assert told in words(move(editor, offering, "publish"))
    assert status(offering) == Status.DRAFT
