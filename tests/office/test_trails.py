"""What was done is listed in words, with what was typed to say why."""

import ast
from pathlib import Path
from uuid import uuid4

from django.urls import reverse

from kernel import clock
from tenant_apps.office.family_words import WORDS as OF_FAMILIES
from tenant_apps.office.trails import WORDS as OF_ORDERS
from tenant_apps.organisation.models import Role
from tenant_apps.payments.operations import crediting, refund_by_hand
from tests.clients import HostClient
from tests.factories.catalog import an_option
from tests.factories.counter import CLERK, at_counter
from tests.office.conftest import SignIn
from tests.office.money import an_order_of
from tests.portal.people import words

WORDS = {"guardian": OF_FAMILIES, "participant": OF_FAMILIES, "order": OF_ORDERS, "payment": OF_ORDERS}


def url(name: str, *args: object) -> str:
    return reverse(f"office:{name}", urlconf="config.urls.organisation", args=args)


def test_why_money_was_given_back_forgiven_or_granted_is_read_again_where_it_is_listed(as_staff: SignIn) -> None:
    order = an_order_of(an_option(price=5000))
    at_counter(order, 3000)
    told = {"key": uuid4(), "actor": CLERK, "at": clock.now()}
    refund_by_hand.give_back(order_id=order.id, cents=500, words="Sortie écourtée", **told)
    refund_by_hand.forgive(order_id=order.id, cents=700, words="Famille en difficulté", **{**told, "key": uuid4()})
    crediting.grant(guardian_id=order.guardian_id, payee_id=order.payee_id, cents=900, words="Geste de juin", **told)
    owner: HostClient = as_staff(Role.OWNER)

    of_order = words(owner.get(url("order", order.reference)))
    of_family = words(owner.get(url("guardian", order.guardian_id)))

    assert f"{CLERK.label} · Sortie écourtée" in of_order
    assert f"{CLERK.label} · Famille en difficulté" in of_order
    assert "Crédit accordé" in of_family
    assert f"{CLERK.label} · Geste de juin" in of_family


def recorded() -> set[tuple[str, str]]:
    """Each subject and action that the code writes in full."""
    found = set()
    for path in Path("tenant_apps").rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call) and getattr(call.func, "attr", "") in ("record", "record_all"):
                said = {each.arg: each.value for each in call.keywords}
                subject, action = said.get("subject"), said.get("action")
                if isinstance(subject, ast.Constant) and isinstance(action, ast.Constant):
                    found.add((str(subject.value), str(action.value)))
    return found


def test_whatever_is_recorded_about_a_family_or_an_order_has_its_words() -> None:
    known = [(subject, action) for subject, action in recorded() if subject in WORDS]

    assert len(known) > 15
    assert [action for subject, action in known if action not in WORDS[subject]] == []


def test_what_is_recorded_under_a_name_that_is_made_up_has_its_words_too() -> None:
    made = {f"payments.credit_{what}" for what in ("granted", "moved", "paid")}
    made |= {"guardian.tax_numbers_said", "participant.tax_numbers_said", "slips.asked", "slips.read"}

    assert made - set(OF_FAMILIES) == set()
