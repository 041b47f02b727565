"""Money that goes back, in the workplace: who sees it, who gives it, and what is written to the family."""

from uuid import uuid4

import pytest
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kernel import clock
from kernel.database import connection
from shared_apps.outbox import delivery
from shared_apps.outbox.models import Message
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Account
from tenant_apps.organisation import operations as organisation
from tenant_apps.organisation.models import Role
from tenant_apps.payments import credit
from tenant_apps.payments.models import Means, Payment, Refund, RefundMeans, RefundStatus
from tenant_apps.payments.operations import crediting, refund
from tests.factories.catalog import an_offering, an_option
from tests.factories.moments import NOON
from tests.factories.organisation import a_payee
from tests.factories.refunds import CLERK, a_payment_of
from tests.office.conftest import SignIn
from tests.portal.people import words

TEN = "10,00\xa0$"
OFFICE = "config.urls.organisation"
WRITES = [Role.OWNER, Role.ADMINISTRATOR, Role.FINANCE]
NEITHER = [Role.PROGRAMME_MANAGER, Role.SECRETARY, Role.GROUP_LEADER]


def url(name: str, *args: object) -> str:
    return reverse(f"office:{name}", urlconf=OFFICE, args=args)


@pytest.fixture
def payment() -> Payment:
    return a_payment_of(an_option(price=1000, places=5))


def failed(payment: Payment) -> Refund:
    owed = refund.owe_refund(payment=payment, cents=1000, reason="places_gone", at=NOON)
    refund.enter(refund_id=owed.id, to=RefundStatus.FAILED, at=NOON)
    return Refund.objects.get(pk=owed.pk)


def grant(payment: Payment, cents: int) -> None:
    crediting.grant(
        guardian_id=payment.order.guardian_id,
        payee_id=payment.order.payee_id,
        cents=cents,
        words="Geste",
        key=uuid4(),
        actor=CLERK,
        at=NOON,
    )


def letters() -> dict[str, str]:
    delivery.handle_events(at=clock.now())
    return {message.subject: message.text for message in Message.objects.all()}


def refunds() -> list[tuple[int, str, str]]:
    return list(Refund.objects.order_by("requested_at", "id").values_list("amount_cents", "means", "status"))


@pytest.mark.parametrize("role", WRITES)
def test_who_keeps_the_books_gives_back_with_a_reason(as_staff: SignIn, payment: Payment, role: Role) -> None:
    staff, address = as_staff(role), url("refund", payment.order.reference)
    sent = {"key": str(uuid4()), "amount": "4,00", "means": "cheque", "words": "Sortie écourtée"}

    answer = staff.post(address, sent)
    staff.post(address, sent)

    assert (answer.status_code, answer["Location"]) == (302, url("order", payment.order.reference))
    assert refunds() == [(400, "cheque", "due")]
    assert "Remboursement décidé" in words(staff.get(url("order", payment.order.reference)))


@pytest.mark.parametrize("role", [Role.AUDITOR, *NEITHER])
def test_the_others_give_nothing_back(as_staff: SignIn, payment: Payment, role: Role) -> None:
    staff = as_staff(role)
    sent = {"key": str(uuid4()), "amount": "4,00", "means": "", "words": "Sortie écourtée"}

    assert staff.post(url("refund", payment.order.reference), sent).status_code in (403, 404)
    assert staff.get(url("credit_change", payment.order.guardian_id, "accorder")).status_code == 403
    assert refunds() == []


@pytest.mark.parametrize("role", NEITHER)
def test_who_does_not_see_the_books_sees_no_list(as_staff: SignIn, payment: Payment, role: Role) -> None:
    staff = as_staff(role)

    pages = [url("refunds"), url("disputes"), url("credits"), url("credit", payment.order.guardian_id)]

    assert [staff.get(each).status_code for each in pages] == [403] * 4


def test_the_auditor_reads_and_changes_nothing(as_staff: SignIn, payment: Payment) -> None:
    auditor, dead = as_staff(Role.AUDITOR), failed(payment)

    page = words(auditor.get(url("refund_page", dead.pk)))
    auditor.post(url("refund_page", dead.pk), {"action": "otherwise", "means": "credit"})

    assert "La carte ne peut pas recevoir ce montant" in page
    assert "Rendre par un autre moyen" not in page
    assert refunds() == [(1000, "card", "failed")]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"amount": "10,01"}, "C’est plus que ce qui peut encore être rendu"),
        ({"amount": "0"}, "Écrivez un montant."),
        ({"amount": "beaucoup"}, "Écrivez un montant, comme 12,50."),
        ({"words": " "}, "Dites pourquoi"),
        ({"means": "or"}, "or"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_typed_is_lost(
    as_staff: SignIn, payment: Payment, typed: dict[str, str], told: str
) -> None:
    sent = {"key": str(uuid4()), "amount": "4,00", "means": "", "words": "Sortie écourtée", **typed}

    answer = as_staff(Role.FINANCE).post(url("refund", payment.order.reference), sent)

    assert (answer.status_code, told in words(answer), refunds()) == (422, True, [])
    assert f'value="{sent["amount"]}"' in answer.content.decode()


@pytest.mark.line("S3-24")
def test_a_dead_card_is_a_task_until_another_way_is_chosen(as_staff: SignIn, payment: Payment) -> None:
    organisation.describe(contact_email="bureau@example.org")
    clerk, dead = as_staff(Role.FINANCE), failed(payment)
    assert dead.payment.order.reference in words(clerk.get(url("refunds")))

    clerk.post(url("refund_page", dead.pk), {"action": "otherwise", "means": "cheque"})
    cheque = Refund.objects.get(replaces=dead)
    refused = clerk.post(url("refund_page", cheque.pk), {"action": "done", "proof": ""})
    clerk.post(url("refund_page", cheque.pk), {"action": "done", "proof": "1047"})

    assert (refused.status_code, "Donnez le numéro du chèque" in words(refused)) == (422, True)
    assert refunds() == [(1000, "card", "failed"), (1000, "cheque", "succeeded")]
    assert "Rien n’attend" in words(clerk.get(url("refunds")))
    told = letters()
    assert "La banque a refusé notre remboursement" in told[f"Remboursement refusé par la banque\u202f: {TEN}"]
    assert told[f"Un remboursement est à refaire\u202f: {TEN}"].startswith("Bonjour")


def test_another_way_that_comes_too_late_says_so(as_staff: SignIn, payment: Payment) -> None:
    clerk, dead = as_staff(Role.FINANCE), failed(payment)
    for means in ("credit", "cheque"):
        answer = clerk.post(url("refund_page", dead.pk), {"action": "otherwise", "means": means}, follow=True)

    assert "Ce remboursement a changé entre-temps" in words(answer)
    assert refunds() == [(1000, "card", "failed"), (1000, "credit", "succeeded")]


def test_credit_is_granted_moved_and_paid_out(as_staff: SignIn, payment: Payment) -> None:
    clerk, guardian, payee = as_staff(Role.FINANCE), payment.order.guardian, payment.order.payee
    other = a_payee("École du Dôme")

    def change(what: str, **typed: object) -> int:
        sent = {"key": str(uuid4()), "payee": str(payee.pk), **{name: str(value) for name, value in typed.items()}}
        return clerk.post(url("credit_change", guardian.pk, what), sent).status_code

    assert change("accorder", amount="5,00", words="Geste") == 302
    assert change("virer", amount="6,00", other=other.pk) == 422
    assert change("virer", amount="2,00", other=payee.pk) == 422
    assert change("virer", amount="2,00", other=other.pk) == 302
    assert change("verser", amount="3,00", means="cheque", proof="") == 422
    assert change("verser", amount="3,00", means="cheque", proof="88") == 302
    assert credit.by_payee(guardian.pk) == {other.pk: 200}
    assert str(guardian) in words(clerk.get(url("credits")))
    assert "Geste de l’organisation" in words(clerk.get(url("credit", guardian.pk)))
    assert clerk.get(url("credit_change", guardian.pk, "perdre")).status_code == 404


def test_what_is_owed_is_forgiven_by_who_keeps_the_books(as_staff: SignIn, payment: Payment) -> None:
    ledger.enter(
        debit=Account.RECEIVABLE, credit=Account.DISPUTES, cents=1000, order=payment.order, source="dispute:x", at=NOON
    )
    clerk, address = as_staff(Role.FINANCE), url("forgive", payment.order.reference)
    sent = {"key": str(uuid4()), "amount": "10,01", "words": "Perdu"}
    assert clerk.post(address, sent).status_code == 422

    assert clerk.post(address, {**sent, "amount": "10,00"}).status_code == 302

    assert ledger.balance_of_order(payment.order_id) == 0


def test_a_contested_payment_is_listed_with_the_day_to_answer(as_staff: SignIn, payment: Payment) -> None:
    dispute = {"id": "dp_1", "status": "needs_response", "cents": 1000, "due_on": "2026-12-01"}
    Payment.objects.filter(pk=payment.pk).update(dispute=dispute)

    page = words(as_staff(Role.FINANCE).get(url("disputes")))

    assert "Répondez-lui avant le" in page
    assert "décembre 2026" in page


def test_the_lists_ask_the_same_number_of_questions_whatever_their_length(as_staff: SignIn) -> None:
    clerk, offering = as_staff(Role.FINANCE), an_offering(payee=a_payee())
    option = an_option(price=1000, places=9, offering=offering)
    asked = []
    for _each in range(2):
        for _row in range(1 if not asked else 2):
            paid = a_payment_of(option, means=Means.CASH)
            refund.owe_refund(payment=paid, cents=500, reason="places_gone", at=NOON)
            refund.owe_refund(payment=paid, cents=100, reason="surplus", at=NOON, means=RefundMeans.CREDIT)
            Payment.objects.filter(pk=paid.pk).update(dispute={"id": "dp", "status": "won", "cents": 1, "due_on": ""})
        counted = []
        for name in ("refunds", "disputes", "credits"):
            clerk.get(url(name))
            with CaptureQueriesContext(connection) as queries:
                assert clerk.get(url(name)).status_code == 200
            counted.append(len(queries))
        asked.append(counted)

    assert asked[0] == asked[1]
