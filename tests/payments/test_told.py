"""What families and staff are written about payments that come later, once each and in their language."""

from datetime import timedelta

import pytest

from kernel import clock
from shared_apps.outbox.delivery import handle_events
from shared_apps.outbox.models import Event, Message
from tenant_apps.organisation import operations as organisation
from tenant_apps.payments.models import Instalment
from tenant_apps.payments.operations import charging, sweep, warning
from tests.factories.catalog import an_offering, an_option
from tests.factories.instalments import SIGNED, an_order_in_parts, parts_of, practice_of_payment
from tests.factories.orders import a_page, an_order
from tests.factories.organisation import a_payee
from tests.payments.test_delayed import BOUNCES

DAY = timedelta(days=1)
DUE = SIGNED + 30 * DAY


@pytest.fixture
def payee(account):
    organisation.describe(contact_email="bureau@example.org")
    practice_of_payment(retry_days=[3], methods=["card", "acss_debit"])
    return a_payee(processor_account=account.processor_id, legal_name="Ville de Gatineau")


def messages(about):
    """What was queued on this subject, whoever it is for; spaces that do not break are like others."""
    Event.objects.update(due_at=clock.now() - DAY)
    handle_events(at=clock.now())
    found = Message.objects.order_by("created_at", "id")
    return [message for message in found if about in " ".join(message.subject.split())]


def words(message):
    return " ".join(message.text.split())


def test_the_day_the_amount_and_the_card_are_told_a_week_before_and_once(sandbox, payee):
    order = an_order_in_parts(payee)

    for days in (8, 7, 6, 0):
        warning.warn(at=DUE - days * DAY)

    [message] = messages("Versement du")
    assert message.recipient == order.guardian.email
    assert message.subject.replace("\u202f", " ") == "Versement du vendredi 16 octobre 2026 : 63,00\u00a0$"
    said = "Un versement de 63,00 $ sera pris le vendredi 16 octobre 2026 sur votre carte Visa •••• 4242"
    assert said in words(message)
    assert "Vous n’avez rien à faire." in words(message)
    assert f"/compte/{order.token}" in message.text
    assert parts_of(order)[1].told_at == DUE - 7 * DAY


def test_a_card_that_runs_out_before_is_told_with_it(sandbox, payee):
    order = an_order_in_parts(payee)
    order.card = {**order.card, "expires": "2026-09"}
    order.save()

    warning.warn(at=DUE - 5 * DAY)

    [message] = messages("Versement du")
    assert "Cette carte expire avant ce jour : donnez-en une autre dès maintenant." in words(message)


def test_what_was_paid_meanwhile_is_not_told(sandbox, payee):
    order = an_order_in_parts(payee)
    warning.warn(at=DUE - 5 * DAY)
    charging.charge_now(instalment_id=parts_of(order)[1].id, actor=charging.SYSTEM, at=DUE - 5 * DAY)

    assert messages("Versement du") == []


def test_each_refusal_says_what_comes_next_and_staff_hear_when_the_time_is_over(sandbox, payee):
    order = an_order_in_parts(payee, card="chargeCustomerFail")
    for days in (0, 3):
        charging.charge_due(at=DUE + days * DAY)
        messages("")
    warning.tell_of_lapsed_grace(at=DUE + 17 * DAY)
    assert messages("Versement impayé") == []
    for days in (18, 19):
        warning.tell_of_lapsed_grace(at=DUE + days * DAY)

    first, last = messages("Versement à régler")
    assert "Nous essaierons de nouveau le lundi 19 octobre 2026." in words(first)
    assert "une autre carte jusqu’au lundi 2 novembre 2026." in words(last)
    assert "Ce refus n’annule pas votre inscription." in words(last)
    [staff] = messages("Versement impayé")
    assert staff.recipient == "bureau@example.org"
    assert f"/gestion/commandes/{order.reference}" in staff.text


def test_who_pays_by_themselves_is_asked_for_no_card(sandbox, payee):
    order = an_order_in_parts(payee)
    Instalment.objects.filter(order=order).update(is_automatic=False)

    warning.warn(at=DUE - 5 * DAY)

    [message] = messages("Versement du")
    assert "Voir et payer" in message.text
    assert "changer de carte" not in message.text


def test_a_bank_that_wants_the_payer_is_said_as_such(sandbox, payee):
    an_order_in_parts(payee, card="authenticationRequired")

    charging.charge_due(at=DUE)

    [message] = messages("Versement à régler")
    assert "Votre banque demande que vous confirmiez ce paiement vous-même : il faut le faire en ligne." in words(
        message
    )
    assert "Payer ou changer de carte" in message.text


def test_a_payment_of_a_slow_bank_is_told_when_it_begins_and_when_it_fails(sandbox, payee):
    order = an_order(an_option(price=12600, offering=an_offering(payee=payee)))
    sandbox.pay(a_page(order), **BOUNCES)
    sweep.sweep(at=clock.now() + timedelta(minutes=3))
    [begun] = messages("Paiement en cours")
    assert "Vos places sont gardées jusque-là." in words(begun)

    sandbox.control("clock", {"advance_seconds": 6 * 24 * 3600})
    sweep.ask_the_banks(at=clock.now() + 6 * DAY)

    [family] = messages("Paiement refusé par votre banque")
    assert "Vos places restent gardées jusqu’au" in words(family)
    [staff] = messages("Paiement refusé par la banque")
    assert (family.recipient, staff.recipient) == (order.guardian.email, "bureau@example.org")


@pytest.mark.parametrize("language", ["en", "nl"])
def test_every_message_is_written_in_the_language_of_the_order(sandbox, payee, language):
    order = an_order_in_parts(payee)
    order.language = language
    order.save()

    warning.warn(at=DUE - 5 * DAY)
    messages("")

    [message] = Message.objects.filter(unique_key__contains=":coming:")
    assert message.language == language
