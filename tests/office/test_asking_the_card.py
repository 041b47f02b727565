"""What a card refused is asked of it again by who receives money, and each outcome is said in words."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse

from kernel import clock
from shared_apps.audit.models import Entry
from tenant_apps.families.models import Participant
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Order
from tenant_apps.organisation.models import Role
from tenant_apps.payments.models import Instalment, InstalmentStatus, Payment
from tenant_apps.payments.operations import charging
from tests.clients import HostClient
from tests.factories.instalments import a_kept_card, an_order_in_parts, parts_of, practice_of_payment, states_of
from tests.factories.orders import a_page
from tests.factories.organisation import a_payee, an_establishment
from tests.office.conftest import SignIn
from tests.payments.conftest import account, running_sandbox, sandbox  # noqa: F401
from tests.payments.sandbox import Sandbox
from tests.portal.people import words

RECEIVING = [Role.OWNER, Role.ADMINISTRATOR, Role.FINANCE, Role.PROGRAMME_MANAGER, Role.SECRETARY]
PAID, FAILED, CANCELLED = InstalmentStatus.PAID, InstalmentStatus.FAILED, InstalmentStatus.CANCELLED
LABEL = "Redemander à la carte"
Refuse = Callable[..., Order]


def url(name: str, *args: object) -> str:
    return reverse(f"office:{name}", urlconf="config.urls.organisation", args=args)


@pytest.fixture
def clerk(as_staff: SignIn) -> HostClient:
    return as_staff(Role.FINANCE)


@pytest.fixture
def refused(account: object) -> Refuse:  # noqa: F811
    """`refused()` is an order whose second part was due ten days ago, and which its card refused for good."""
    practice_of_payment(retry_days=[])
    payee = a_payee(processor_account=account.processor_id)  # type: ignore[attr-defined]

    def refuse(card: str = "chargeCustomerFail") -> Order:
        order = an_order_in_parts(payee, card=card, at=clock.now() - timedelta(days=40))
        charging.charge_due(at=clock.now() - timedelta(days=5))
        assert states_of(order) == [PAID, FAILED]
        return order

    return refuse


def give_another_card(order: Order) -> None:
    order.card = a_kept_card(order.payee)
    order.save()


def asked(client: HostClient, order: Order, **sent: str) -> str:
    return words(client.post(url("ask_card", parts_of(order)[1].pk), sent, follow=True))


def test_the_clerk_takes_from_the_list_what_the_card_had_refused(clerk: HostClient, refused: Refuse) -> None:
    order = refused()
    give_another_card(order)
    assert LABEL in words(clerk.get(url("owing")))

    done = clerk.post(url("ask_card", parts_of(order)[1].pk), {"from": "list"}, follow=True)

    assert done.redirect_chain == [(url("owing"), 302)]
    assert "63,00 $ pris sur la carte Visa •••• 4242." in words(done)
    assert (states_of(order), ledger.balance_of_order(order.id)) == ([PAID, PAID], 0)
    assert Entry.objects.filter(action="payments.charging").latest("at").actor_label != "system"
    assert LABEL not in words(clerk.get(url("order", order.reference)))


def test_a_card_that_says_no_again_is_told_with_its_reason(clerk: HostClient, refused: Refuse) -> None:
    order = refused()
    assert LABEL in words(clerk.get(url("order", order.reference)))

    told = asked(clerk, order)

    assert "Le versement n’est pas payé. La banque a refusé le prélèvement." in told
    assert (states_of(order), parts_of(order)[1].attempts) == ([PAID, FAILED], 2)


def test_what_asking_again_does_not_change_is_not_offered_nor_done(clerk: HostClient, refused: Refuse) -> None:
    order = refused("authenticationRequired")
    before = Payment.objects.count()

    assert LABEL not in words(clerk.get(url("owing")))
    assert LABEL not in words(clerk.get(url("order", order.reference)))
    assert "Ce versement n’est plus à demander à la carte gardée." in asked(clerk, order)
    assert Payment.objects.count() == before


@pytest.mark.parametrize("gone", ["card", "debt", "peace"])
def test_nothing_is_asked_where_no_card_no_debt_or_no_peace_is_left(
    clerk: HostClient, refused: Refuse, gone: str
) -> None:
    order = refused()
    give_another_card(order)
    if gone == "card":
        Order.objects.filter(pk=order.pk).update(card={})
    elif gone == "debt":
        Instalment.objects.filter(order=order, status=FAILED).update(status=CANCELLED, left_cents=0)
    else:
        Payment.objects.filter(order=order, status="succeeded").update(dispute={"id": "dp_1", "status": "under_review"})
    before = Payment.objects.count()

    assert LABEL not in words(clerk.get(url("owing")))
    assert "Ce versement n’est plus à demander à la carte gardée." in asked(clerk, order)
    assert Payment.objects.count() == before


def test_a_family_that_pays_on_a_page_goes_first(clerk: HostClient, refused: Refuse) -> None:
    order = refused()
    give_another_card(order)
    a_page(order)

    assert "Un paiement de cette commande est déjà en cours." in asked(clerk, order)
    assert states_of(order) == [PAID, FAILED]


def test_a_bank_that_does_not_answer_is_said_as_such(
    clerk: HostClient,
    refused: Refuse,
    sandbox: Sandbox,  # noqa: F811
) -> None:
    order = refused()
    give_another_card(order)
    lost = {"kind": "drop_reply", "method": "POST", "path": "^/v1/payment_intents$", "times": 3}
    sandbox.control("faults", {"rules": [lost]})

    assert "rien n’est pris deux fois." in asked(clerk, order)
    sandbox.control("faults", {"rules": []})
    charging.charge_due(at=clock.now() + timedelta(minutes=6))

    assert states_of(order) == [PAID, PAID]
    assert Payment.objects.filter(order=order, status="succeeded").count() == 2


def test_only_who_receives_money_asks_and_only_of_what_they_see(as_staff: SignIn, refused: Refuse) -> None:
    order, school = refused(), an_establishment()
    Participant.objects.update(establishment=school)
    address = url("ask_card", parts_of(order)[1].pk)

    allowed = [role for role in Role if as_staff(role, school).post(address).status_code == 302]

    assert allowed == [role for role in Role if role in RECEIVING]
    assert as_staff(Role.SECRETARY, an_establishment()).post(address).status_code == 404
    assert as_staff(Role.OWNER).get(address).status_code == 405
    assert LABEL not in words(as_staff(Role.AUDITOR).get(url("owing")))
    assert LABEL not in words(as_staff(Role.AUDITOR).get(url("order", order.reference)))
