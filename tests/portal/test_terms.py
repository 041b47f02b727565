"""The three sections of the check-out: means, terms and conditions, and what each choice comes to."""

import re
from typing import Any

import pytest

from billing.models import ConnectedAccount
from kernel import clock
from shared_apps.audit.models import Entry
from shared_apps.outbox import delivery
from shared_apps.outbox.models import Message
from tenant_apps.families.models import Participant
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Account, Order
from tenant_apps.organisation.models import Payee
from tenant_apps.payments import credit
from tenant_apps.payments.models import Instalment
from tenant_apps.registrations.models import Registration
from tests.clients import HostClient
from tests.factories.catalog import an_option
from tests.factories.families import a_child
from tests.factories.organisation import a_payee, an_organisation_profile
from tests.factories.registrations import a_basket, a_hold
from tests.payments.sandbox import Sandbox
from tests.portal.people import Parent, a_camp, words
from tests.portal.test_checkout import back

TWO = {
    "key": "deux-versements",
    "label": {"fr": "2 paiements mensuels"},
    "shares": [{"percent": "50"}, {"percent": "50", "months": 1}],
    "natures": ["camp"],
    "minimum_cents": 10000,
}


@pytest.fixture
def payee(account: ConnectedAccount) -> Payee:
    return a_payee("Organisation A", processor_account=account.processor_id)


@pytest.fixture
def plan() -> None:
    rules()


def rules(**paying: Any) -> None:
    an_organisation_profile(rules={"paying": {"plans": [TWO], **paying}})


def held(parent: Parent, payee: Payee, cents: int = 25201, **columns: Any) -> Registration:
    option = an_option("Semaine 1", offering=a_camp(payee=payee, **columns), price=cents)
    before = Registration.objects.first()
    basket, child = (before.basket, before.participant) if before else (a_basket(parent.guardian), _child(parent))
    return a_hold(option, basket=basket, child=child, at=clock.now())


def _child(parent: Parent) -> Participant:
    return a_child(of=parent.guardian)


def fields(response: Any) -> dict[str, str]:
    """What the page would send, before anything is chosen."""
    found = re.findall(r'type="hidden" name="(total|agreed)" value="([^"]*)"', response.content.decode())
    return dict(found)


def sent(client: HostClient, **chosen: str) -> Any:
    """The terms are chosen, their amounts are shown, and then they are agreed to."""
    shown = client.post("/commande", {"update": "1", **chosen})
    return client.post("/commande", {**fields(shown), **chosen})


def has_credit(parent: Parent, payee: Payee, cents: int) -> None:
    ledger.enter(
        debit=Account.REFUNDS,
        credit=Account.CREDIT,
        cents=cents,
        source=f"test:{cents}:{payee.id}",
        of=(payee.id, "cad"),
        guardian_id=parent.guardian.id,
        at=clock.now(),
    )


@pytest.mark.line("S2-12", "S2-15", "S2-16", "S2-20")
def test_each_choice_says_what_is_paid_now_and_what_later(parent: Parent, payee: Payee, plan: None) -> None:
    held(parent, payee)

    page = parent.client.get("/commande")
    said = words(page)

    titles = re.findall(
        r"<h2[^>]*>([^<]+)</h2>", page.content.decode().split('<ol class="guide">')[1].split("</ol>")[0]
    )
    assert titles == ["Mode de paiement", "Termes de paiement", "Modalités de paiement"]
    assert "En entier, maintenant 252,01 $ maintenant" in said
    assert re.search(r"2 paiements mensuels 126,01 \$ maintenant 126,00 \$ le \w+ \d+\w* \w+ \d+, prélevés", said)
    assert "Payer 252,01 $ et s’inscrire" in said
    assert 'value="" id="id_plan_0" checked' in page.content.decode()


@pytest.mark.line("S2-17", "S2-18")
def test_nothing_is_spread_where_the_plan_is_not_for_it(parent: Parent, payee: Payee, plan: None) -> None:
    held(parent, payee, cents=9999)
    cheap = words(parent.client.get("/commande"))

    held(parent, payee, cents=20000, nature="course")
    mixed = words(parent.client.get("/commande"))

    assert "2 paiements mensuels" not in cheap
    assert "2 paiements mensuels" not in mixed


@pytest.mark.line("S2-13")
def test_a_choice_of_terms_is_accepted_before_it_is_paid(parent: Parent, payee: Payee, plan: None) -> None:
    held(parent, payee)

    refused = sent(parent.client, plan="deux-versements")

    assert refused.status_code == 200
    assert "Acceptez les modalités de paiement pour continuer." in words(refused)
    assert not Order.objects.exists()


@pytest.mark.line("S2-14", "S2-19")
def test_who_pays_in_two_pays_half_now_and_sees_what_is_to_come(
    parent: Parent, payee: Payee, plan: None, sandbox: Sandbox
) -> None:
    held(parent, payee)

    page = sent(parent.client, plan="deux-versements", accepted="on")["Location"]
    confirmation = words(back(parent.client, sandbox.pay(page).location))
    delivery.handle_events(at=clock.now())

    order = Order.objects.get()
    assert (order.plan, order.first_cents, order.status) == ("deux-versements", 12601, "settled")
    assert ledger.balance_of_order(order.id) == 12600
    assert "C’est confirmé" in confirmation
    assert "Payé à Organisation A 126,01 $" in confirmation
    assert "Reste à payer à Organisation A 126,00 $" in confirmation
    assert "Prélevé automatiquement" in confirmation
    assert "Carte gardée pour les prélèvements : Visa" in confirmation
    letter = Message.objects.get(subject__startswith="Inscription confirmée")
    assert "À payer le " in letter.text
    assert "126,00\xa0$" in letter.text
    assert re.search(r"Carte gardée.*débitée automatiquement à ces dates", letter.text, re.DOTALL)


def test_what_was_agreed_is_kept_with_its_amounts_days_and_words(parent: Parent, payee: Payee, plan: None) -> None:
    held(parent, payee, refund_policy="Aucun remboursement.")

    sent(parent.client, plan="deux-versements", accepted="on")

    entry = Entry.objects.get(action="orders.agreed")
    [second] = Instalment.objects.filter(position=2)
    assert entry.subject_id == Order.objects.get().id
    assert entry.details["now_cents"] == 12601
    assert entry.details["later"] == [{"on": str(second.due_on), "cents": 12600}]
    assert entry.details["keeps_card"] is True
    assert len(entry.details["words_sha256"]) == 64


def test_who_chooses_other_terms_sees_their_amount_before_paying_it(parent: Parent, payee: Payee, plan: None) -> None:
    held(parent, payee)
    shown = fields(parent.client.get("/commande"))

    again = parent.client.post("/commande", {**shown, "plan": "deux-versements", "accepted": "on"})
    paid = parent.client.post("/commande", {**fields(again), "plan": "deux-versements", "accepted": "on"})

    assert "Le montant à payer maintenant n’est plus celui que vous voyiez." in words(again)
    assert "Payer 126,01 $ maintenant et s’inscrire" in words(again)
    assert (again.status_code, paid.status_code) == (200, 303)


def test_who_comes_back_finds_the_terms_they_chose(parent: Parent, payee: Payee, plan: None) -> None:
    held(parent, payee)
    first = sent(parent.client, plan="deux-versements", accepted="on")["Location"]

    page = words(parent.client.get("/commande"))
    again = sent(parent.client, plan="deux-versements", accepted="on")["Location"]

    assert "Payer 126,01 $ maintenant et s’inscrire" in page
    assert again == first
    assert Order.objects.count() == 1


@pytest.mark.line("S4-44")
def test_the_credit_of_the_family_is_spent_first(parent: Parent, payee: Payee, sandbox: Sandbox) -> None:
    an_organisation_profile(rules={"labels": {"terms": {"fr": "Rien n’est remboursé."}}})
    has_credit(parent, payee, 5201)
    held(parent, payee)

    page = parent.client.get("/commande")
    said = words(page)
    hosted = sent(parent.client, credit="on", accepted="on")["Location"]
    reserved = credit.available(parent.guardian.id, payee.id)
    confirmation = words(back(parent.client, sandbox.pay(hosted).location))

    assert "Votre crédit paie d’abord 52,01 $." in said
    assert "Crédit utilisé −52,01 $ À payer maintenant 200,00 $" in said
    assert "Payer 200,00 $ et s’inscrire" in said
    assert reserved == 0
    assert credit.balance(parent.guardian.id, payee.id) == 0
    assert ledger.balance_of_order(Order.objects.get().id) == 0
    assert "Payé à Organisation A 252,01 $" in confirmation


def test_a_credit_left_alone_stays(parent: Parent, payee: Payee) -> None:
    has_credit(parent, payee, 5000)
    held(parent, payee)

    hosted = sent(parent.client)

    assert hosted.status_code == 303
    assert (Order.objects.get().first_cents, credit.available(parent.guardian.id, payee.id)) == (25201, 5000)


def test_a_credit_that_pays_all_confirms_at_once(parent: Parent, payee: Payee) -> None:
    has_credit(parent, payee, 30000)
    held(parent, payee)

    page = words(parent.client.get("/commande"))
    done = parent.client.get(sent(parent.client, credit="on")["Location"])

    assert "Confirmer l’inscription" in page
    assert "C’est confirmé" in words(done)
    assert credit.balance(parent.guardian.id, payee.id) == 4799


def test_a_credit_spent_elsewhere_meanwhile_is_not_asked_of_the_card_unseen(parent: Parent, payee: Payee) -> None:
    has_credit(parent, payee, 5000)
    held(parent, payee)
    shown = fields(parent.client.get("/commande"))
    ledger.enter(
        debit=Account.CREDIT,
        credit=Account.BANK,
        cents=5000,
        source="test:spent",
        of=(payee.id, "cad"),
        guardian_id=parent.guardian.id,
        at=clock.now(),
    )

    refused = parent.client.post("/commande", {**shown, "credit": "on"})

    assert refused.status_code == 200
    assert "Payer 252,01 $ et s’inscrire" in words(refused)
    assert not Order.objects.exists()


def test_a_credit_that_pays_the_first_part_keeps_no_card(parent: Parent, payee: Payee, plan: None) -> None:
    has_credit(parent, payee, 20000)
    held(parent, payee)

    page = parent.client.get("/commande")
    parent.client.get(sent(parent.client, credit="on", plan="deux-versements", accepted="on")["Location"])

    assert re.search(r"52,01 \$ à payer au plus tard le", words(page))
    assert list(Instalment.objects.values_list("is_automatic", "left_cents", "status")) == [
        (False, 0, "paid"),
        (False, 5201, "due"),
    ]


def test_where_families_may_pay_later_the_place_is_theirs_at_once(parent: Parent, payee: Payee) -> None:
    rules(plans=[], later="families", later_days=30)
    held(parent, payee)

    done = words(parent.client.get(sent(parent.client, plan="later", accepted="on")["Location"]))

    order = Order.objects.get()
    assert (order.status, ledger.balance_of_order(order.id)) == ("settled", 25201)
    assert "Paiement reçu" not in done
    assert "Reste à payer à Organisation A 252,01 $" in done
    assert "À payer vous-même" in done


def test_the_message_says_of_which_activity_each_policy_is(parent: Parent, payee: Payee) -> None:
    rules(plans=[], later="families")
    held(parent, payee, title="Natation", refund_policy="Au prorata.")
    held(parent, payee, title="Pizza", refund_policy="Aucun remboursement.")

    sent(parent.client, plan="later", accepted="on")
    delivery.handle_events(at=clock.now())

    letter = Message.objects.get(subject__startswith="Inscription confirmée")
    assert "Natation\u202f: Au prorata." in letter.text
    assert "Pizza\u202f: Aucun remboursement." in letter.text


@pytest.mark.line("S4-45")
def test_a_transfer_keeps_the_places_and_says_what_to_write_on_it(parent: Parent, payee: Payee) -> None:
    rules(plans=[], takes_transfers=True)
    Payee.objects.update(iban="BE68539007547034", bic="GKCCBEBB", code=90)
    held(parent, payee)

    page = sent(parent.client, means="transfer", accepted="on")
    told = words(parent.client.get(page["Location"]))
    delivery.handle_events(at=clock.now())

    order = Order.objects.get()
    letter = Message.objects.get()
    assert (order.status, order.payments.count()) == ("open", 0)
    assert page["Location"] == f"/confirmation/{order.token}"
    assert "Votre virement est attendu" in told
    assert "BE68 5390 0754 7034" in told
    assert re.search(r"Montant 252,01 \$", told)
    assert re.search(r"\+\+\+090/\d{4}/\d{5}\+\+\+", told)
    assert f"Votre virement pour la commande {order.reference}" == letter.subject
    assert "BE68 5390 0754 7034" in letter.text


def test_a_transfer_closes_the_page_on_which_it_would_be_paid_again(
    parent: Parent, payee: Payee, sandbox: Sandbox
) -> None:
    rules(plans=[], takes_transfers=True)
    Payee.objects.update(iban="BE68539007547034", code=90)
    held(parent, payee)
    hosted = sent(parent.client, means="card", accepted="on")["Location"]

    sent(parent.client, means="transfer", accepted="on")

    assert sandbox.pay(hosted).location == ""
    assert Order.objects.get().status == "open"


def test_instalments_are_not_paid_by_transfer(parent: Parent, payee: Payee) -> None:
    rules(takes_transfers=True)
    Payee.objects.update(iban="BE68539007547034", code=90)
    held(parent, payee)

    refused = sent(parent.client, means="transfer", plan="deux-versements", accepted="on")

    assert "Les paiements en plusieurs fois se font par carte." in words(refused)
    assert not Order.objects.exists()


@pytest.mark.parametrize("said", [{"plan": "inconnu"}, {"means": "transfer"}, {"plan": "later"}, {"plan": "x" * 500}])
def test_terms_that_are_not_offered_are_not_had(parent: Parent, payee: Payee, said: dict[str, str]) -> None:
    held(parent, payee)

    answer = sent(parent.client, **said)

    assert answer.status_code == 303
    assert list(Order.objects.values_list("first_cents", "plan")) == [(25201, "")]


@pytest.mark.line("S1-39")
def test_each_activity_s_own_refunds_are_said_before_paying(parent: Parent, payee: Payee) -> None:
    held(parent, payee, refund_policy="Aucun remboursement individuel possible.")

    assert "Aucun remboursement individuel possible." in words(parent.client.get("/commande"))


def test_a_gift_is_apart_from_the_total_and_is_never_spread(parent: Parent, payee: Payee, plan: None) -> None:
    line = held(parent, payee, cents=9000)
    gift = an_option("Votre don", offering=line.option.offering, price=0, is_voluntary=True)
    given = a_hold(gift, basket=line.basket, child=line.participant, at=clock.now())
    Registration.objects.filter(pk=given.pk).update(unit_cents=2000, amount_cents=2000)

    said = words(parent.client.get("/commande"))

    assert "Total dû 90,00 $ Contribution volontaire 20,00 $ À payer en tout 110,00 $" in said
    assert "2 paiements mensuels" not in said


def test_the_page_asks_as_often_for_one_line_as_for_three(
    parent: Parent, payee: Payee, plan: None, django_assert_max_num_queries: Any
) -> None:
    line = held(parent, payee)
    with django_assert_max_num_queries(60) as one:
        parent.client.get("/commande")
    for name in ("Semaine 2", "Semaine 3"):
        option = an_option(name, offering=line.option.offering, price=20000)
        a_hold(option, basket=line.basket, child=line.participant, at=clock.now())

    with django_assert_max_num_queries(60) as three:
        parent.client.get("/commande")

    assert len(three) <= len(one)


def test_payees_paid_apart_are_told_which_one_comes_now(
    parent: Parent, payee: Payee, account: ConnectedAccount
) -> None:
    rules(plans=[], is_separate=True)
    other = a_payee("École B", processor_account=account.processor_id)
    held(parent, payee, cents=1000)
    held(parent, other, cents=2000)

    said = words(parent.client.get("/commande"))

    assert "Paiement 1 sur 2 : Organisation A" in said
