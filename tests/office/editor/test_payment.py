"""Step 5: in how many times it is paid, its code and its fund, and what tax slips say of it."""

from datetime import date
from typing import Any

import pytest

from shared_apps.audit.actors import SYSTEM
from tenant_apps.catalog.models import Offering
from tenant_apps.catalog.moving import Move
from tenant_apps.catalog.operations import copying
from tenant_apps.office.scope import CHANGES
from tenant_apps.organisation import operations as organisation
from tenant_apps.organisation import rules
from tenant_apps.organisation.models import Payee, Profile, Role
from tenant_apps.payments.terms import Bought, may_be_paid_later, plans_for
from tests.clients import HostClient
from tests.factories.moments import NOON, TORONTO
from tests.office.conftest import SignIn
from tests.office.editor.pages import filled_in, url
from tests.portal.people import words

HALVES = {"key": "deux", "label": "Deux paiements", "shares": [{"percent": 50}, {"percent": 50, "months": 1}]}
THIRDS = {"key": "trois", "label": "Trois paiements", "shares": [{"percent": 50}, {"percent": 50, "months": 2}]}
PAYING = {"paying": {"plans": [HALVES | {"natures": ["camp"]}, THIRDS], "later": "nobody", "later_days": 30}}


def send(client: HostClient, address: str, **more: Any) -> Any:
    return client.post(address, filled_in(client, address) | more)


def plans(offering: Offering) -> list[str]:
    offering.refresh_from_db()
    paying = rules.read(Profile.objects.get().rules).paying
    return [plan.key for plan in plans_for([Bought(offering, 20000)], paying)]


@pytest.mark.parametrize("role", list(Role))
def test_it_is_for_those_who_change_the_catalogue(as_staff: SignIn, role: str, draft: Offering) -> None:
    assert as_staff(role).get(url("edit_payment", draft.slug)).status_code == (200 if role in CHANGES else 403)


@pytest.mark.line("S2-17")
def test_an_offering_is_paid_as_the_organisation_does_until_it_says_otherwise(
    editor: HostClient, draft: Offering
) -> None:
    organisation.describe(rules=PAYING)
    address = url("edit_payment", draft.slug)
    assert "Votre organisation : Deux paiements." in words(editor.get(address))

    assert send(editor, address).url == url("edit_practices", draft.slug)
    assert (plans(draft), draft.payment_terms) == (["deux"], {})

    send(editor, address, spread="own", plans=["trois"])
    assert plans(draft) == ["trois"]

    sent = filled_in(editor, address)
    sent.pop("plans")
    editor.post(address, sent)
    assert (plans(draft), draft.payment_terms) == ([], {"plans": []})
    told = words(editor.get(url("offering_history", draft.slug)))
    assert "Paiement en plusieurs fois : de « Trois paiements » à « Aucun »" in told

    send(editor, address, spread="usual")
    assert (plans(draft), draft.payment_terms) == (["deux"], {})


def test_an_offering_may_be_paid_later_where_the_organisation_lets_nobody(editor: HostClient, draft: Offering) -> None:
    organisation.describe(rules=PAYING)

    send(editor, url("edit_payment", draft.slug), later_days="45")

    draft.refresh_from_db()
    paying = rules.read(Profile.objects.get().rules).paying
    assert may_be_paid_later([Bought(draft, 100)], paying, by_staff=False)
    assert draft.payment_terms == {"later_days": 45}


@pytest.mark.parametrize("typed", ["0", "366", "-1", "x", "9" * 30])
def test_days_that_cannot_be_are_told_at_the_field(editor: HostClient, draft: Offering, typed: str) -> None:
    answer = send(editor, url("edit_payment", draft.slug), later_days=typed, fund="Sorties")

    assert answer.status_code == 422 and list(answer.context["form"].errors) == ["later_days"]
    assert answer.context["form"]["fund"].value() == "Sorties"


def test_a_code_a_fund_and_slips_are_kept_told_and_copied(editor: HostClient, draft: Offering) -> None:
    Payee.objects.update(slips={"kinds": ["childcare"]})
    Offering.objects.update(accounting={"kept": "as it was"})
    said = {"code": "4010-12", "fund": "Fonds de la sortie à Québec", "is_childcare": "on", "ineligible_cents": "5,00"}

    assert send(editor, url("edit_payment", draft.slug), **said).status_code == 302

    draft.refresh_from_db()
    assert draft.accounting == {"kept": "as it was", "code": "4010-12", "fund": "Fonds de la sortie à Québec"}
    assert draft.slips == {"kind": "childcare", "ineligible_cents": 500, "overnight": False, "half_days": False}
    told = words(editor.get(url("offering_history", draft.slug)))
    assert "Code comptable des ventes : « 4010-12 »" in told and "Attestation fiscale : « Frais de garde »" in told
    assert "Fonds à destination spéciale : « Fonds de la sortie à Québec »" in told and "5,00 $" in told

    move = Move.between(date(2027, 7, 1), date(2028, 7, 1), TORONTO)
    copy = copying.duplicate(offering_id=draft.id, title="Copie", move=move, actor=SYSTEM, at=NOON)
    assert (copy.accounting, copy.slips, copy.payment_terms) == (draft.accounting, draft.slips, draft.payment_terms)


def test_slips_are_not_asked_where_nobody_issues_any(editor: HostClient, draft: Offering) -> None:
    assert "attestation" not in words(editor.get(url("edit_payment", draft.slug)))

    send(editor, url("edit_payment", draft.slug), is_childcare="on")

    draft.refresh_from_db()
    assert draft.slips == {}
