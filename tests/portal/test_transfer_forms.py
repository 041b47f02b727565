"""A place handed to a sibling of whom the offering's own form asks something first."""

from typing import Any

import pytest
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kernel import clock
from kernel.database import connection
from tenant_apps.catalog.models import Offering, Selection
from tenant_apps.families.models import Participant
from tenant_apps.forms import answers
from tenant_apps.forms.models import Decision, FormVersion, Purpose, Submission
from tenant_apps.registrations.models import Registration, Status
from tests.clients import HostClient
from tests.factories.catalog import an_offering, an_option
from tests.factories.changes import a_paid, pay, practice
from tests.factories.consents import said
from tests.factories.families import a_child
from tests.factories.forms import a_consent, a_form
from tests.portal.people import Parent, a_parent, words

SIGNED = {"autorisation-decision": "yes", "autorisation-signed_name": "Marie Lapointe"}


@pytest.fixture
def parent(profile: None) -> Parent:
    practice(transfer={"allowed": True})
    return a_parent()


@pytest.fixture
def consent(profile: None) -> FormVersion:
    return a_consent()


@pytest.fixture
def camp(consent: FormVersion) -> Offering:
    form = a_form({"key": "teacher", "label": "Titulaire", "required": True}).form
    return an_offering("Camp d’été", selection=Selection.ONE, registration_form=form, consent_form=consent.form)


@pytest.fixture
def paid(parent: Parent, camp: Offering) -> Registration:
    week = an_option("Semaine 1", price=10000, places=2, offering=camp)
    return a_paid(week, child=a_child("Ada", of=parent.guardian), guardian=parent.guardian, at=clock.now())


@pytest.fixture
def bo(parent: Parent) -> Participant:
    return a_child("Bo", of=parent.guardian)


def page(paid: Registration) -> str:
    return reverse("change_transfer", args=[paid.id])


def form_of(paid: Registration, child: Participant) -> str:
    return reverse("change_transfer_form", args=[paid.id, child.id])


def fill_in(parent: Parent, paid: Registration, child: Participant, **said: str) -> Any:
    return parent.client.post(form_of(paid, child), {"teacher": "Mme Roy", **SIGNED, **said})


def kept() -> list[tuple[str, str | None]]:
    return sorted(Submission.objects.values_list("participant__first_name", "decision"))


def test_the_transfer_leads_to_what_the_offering_asks_and_the_place_carries_it(
    parent: Parent, paid: Registration, bo: Participant
) -> None:
    before = parent.client.get(page(paid))
    shown = parent.client.get(form_of(paid, bo))
    filled = fill_in(parent, paid, bo)
    after = parent.client.get(filled["Location"])
    done = parent.client.post(page(paid), {"choice": f"{bo.id}:0-0-0"})

    assert f'href="{form_of(paid, bo)}"' in before.content.decode()
    assert "« Formulaire » est à remplir d’abord" in words(before) and "Remplir pour Bo" in words(before)
    assert "Titulaire" in words(shown) and "J’autorise mon enfant à participer." in words(shown)
    assert "Courriel" not in words(shown).partition("Titulaire")[2]
    assert (filled.status_code, filled["Location"]) == (303, f"{page(paid)}?enfant={bo.id}")
    assert after.context["form"]["choice"].value() == f"{bo.id}:0-0-0"
    assert "est à remplir d’abord" not in words(after)
    assert done.status_code == 303
    paid.refresh_from_db()
    assert paid.participant_id == bo.id
    assert paid.submission is not None and answers.of_submission(paid.submission) == {"teacher": "Mme Roy"}
    assert paid.consent is not None
    assert (paid.consent.participant_id, paid.consent.decision) == (bo.id, Decision.YES)


def test_with_a_fee_the_line_in_the_basket_carries_it_too(parent: Parent, paid: Registration, bo: Participant) -> None:
    practice(transfer={"allowed": True, "fees": [{"cents": 700}]})

    after = parent.client.get(fill_in(parent, paid, bo)["Location"])
    parent.client.post(page(paid), {"choice": f"{bo.id}:700-0-700"})
    line = Registration.objects.get(status=Status.HELD)
    pay(line.basket, at=clock.now())

    assert "7,00 $" in words(after)
    line.refresh_from_db()
    assert (line.participant_id, line.status, line.replaces_id) == (bo.id, Status.CONFIRMED, paid.id)
    assert line.submission is not None and line.submission.participant_id == bo.id
    assert line.consent is not None and line.consent.participant_id == bo.id


def test_only_what_is_missing_is_asked(
    parent: Parent, paid: Registration, bo: Participant, consent: FormVersion
) -> None:
    said(consent, bo, by=parent.guardian)

    shown = words(parent.client.get(form_of(paid, bo)))
    parent.client.post(form_of(paid, bo), {"teacher": "Mme Roy"})

    assert "Titulaire" in shown and "J’autorise" not in shown
    assert kept() == [("Bo", ""), ("Bo", Decision.YES)]
    assert "est à remplir d’abord" not in words(parent.client.get(page(paid)))


def test_what_is_left_out_is_said_at_its_field_and_nothing_typed_is_lost(
    parent: Parent, paid: Registration, bo: Participant
) -> None:
    answer = parent.client.post(form_of(paid, bo), {"teacher": "Mme Roy", "autorisation-decision": "yes"})

    assert answer.status_code == 200
    assert 'value="Mme Roy"' in answer.content.decode()
    assert "Il y a un problème" in words(answer)
    assert kept() == []


def test_a_refusal_is_kept_and_the_place_stays_where_it_is(parent: Parent, paid: Registration, bo: Participant) -> None:
    answer = fill_in(parent, paid, bo, **{"autorisation-decision": "no"})
    shown = words(parent.client.get(answer["Location"]))
    sent = parent.client.post(page(paid), {"choice": f"{bo.id}:0-0-0"})

    assert kept() == [("Bo", Decision.NO)]
    assert "Votre refus est enregistré : l’inscription reste comme elle est." in shown
    assert "Remplir pour Bo" in shown
    paid.refresh_from_db()
    assert (sent.status_code, paid.participant.first_name) == (422, "Ada")


def test_sent_twice_it_is_kept_once(parent: Parent, paid: Registration, bo: Participant) -> None:
    first, second = fill_in(parent, paid, bo), fill_in(parent, paid, bo)

    assert (first.status_code, second.status_code, first["Location"]) == (303, 303, second["Location"])
    assert Submission.objects.count() == 2


def test_nobody_fills_in_a_form_for_a_place_that_cannot_be_had(
    parent: Parent, paid: Registration, bo: Participant
) -> None:
    a_paid(paid.option, child=bo, guardian=parent.guardian, at=clock.now())

    shown = words(parent.client.get(page(paid)))

    assert "Semaine 1" in shown.partition("Ce qui n’est pas possible")[2]
    assert "Remplir pour Bo" not in shown and "est à remplir" not in shown
    assert parent.client.get(form_of(paid, bo))["Location"] == f"{page(paid)}?enfant={bo.id}"


def test_a_missing_record_leads_to_its_own_page_and_back(parent: Parent, paid: Registration, bo: Participant) -> None:
    a_form({"key": "allergies"}, key="fiche-sante", purpose=Purpose.RECORD)
    offering = paid.option.offering
    offering.requirements = [{"kind": "form", "form": "fiche-sante"}]
    offering.save()

    shown = parent.client.get(page(paid)).content.decode()

    assert f'href="/mon-dossier/enfants/{bo.id}/fiches/fiche-sante?next={page(paid)}"' in shown
    assert f'href="{form_of(paid, bo)}"' in shown


def test_where_families_may_not_transfer_there_is_no_form(parent: Parent, paid: Registration, bo: Participant) -> None:
    practice()

    answer = fill_in(parent, paid, bo)

    assert (answer.status_code, answer["Location"]) == (303, reverse("changes", args=[paid.id]))
    assert kept() == []


def test_another_family_has_neither_the_form_nor_its_child(parent: Parent, paid: Registration, bo: Participant) -> None:
    stranger = a_parent(HostClient("a.localhost"))
    theirs = a_child("Cleo", of=stranger.guardian)

    assert stranger.client.get(form_of(paid, bo)).status_code == 404
    assert stranger.client.get(form_of(paid, theirs)).status_code == 404
    assert fill_in(parent, paid, theirs).status_code == 404
    assert fill_in(parent, paid, paid.participant).status_code == 404
    assert HostClient("a.localhost").get(form_of(paid, bo)).status_code == 302
    assert kept() == []


def test_the_transfer_page_asks_as_many_queries_for_one_sibling_as_for_three(
    parent: Parent, paid: Registration, bo: Participant
) -> None:
    parent.client.get(page(paid))
    with CaptureQueriesContext(connection) as for_one:
        parent.client.get(page(paid))
    for name in ("Cleo", "Dan"):
        a_child(name, of=parent.guardian)
    with CaptureQueriesContext(connection) as for_three:
        parent.client.get(page(paid))

    assert len(for_three) == len(for_one)
