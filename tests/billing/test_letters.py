"""Who answers for the subscription is written to, once, and not about what is settled."""

from datetime import timedelta

import pytest

from billing import changing
from kernel import clock
from shared_apps.accounts.models import User
from shared_apps.outbox import delivery
from shared_apps.outbox.models import Message
from tenant_apps.organisation.operations import describe
from tenants.context import in_operations, in_organisation
from tenants.models import SuspendedFor
from tenants.operations import suspend as moves
from tests.billing.conftest import TRIAL_END, invoices_of
from tests.billing.test_invoices import paid_on_its_page
from tests.factories.organisation import a_staff_member


@pytest.fixture
def people(organisation_a, on_trial):
    return {role: a_staff_member(role).user.email for role in ("owner", "finance", "secretary")}


def written(organisation, at):
    with in_organisation(organisation):
        delivery.handle_events(at=at)
        return sorted(Message.objects.values_list("recipient", "subject"))


def test_the_end_of_a_trial_is_told_to_owners_and_finance(people, on_trial, platform):
    at = TRIAL_END - timedelta(days=7)
    platform.strike(at)

    subject = "Votre essai prend fin dans 7 jours"
    assert written(on_trial, at) == sorted([(people["owner"], subject), (people["finance"], subject)])


def test_whoever_can_no_longer_sign_in_is_not_written_to(people, on_trial, platform):
    User.objects.filter(email=people["finance"]).update(is_active=False)
    at = TRIAL_END - timedelta(days=7)
    platform.strike(at)

    assert [address for address, _ in written(on_trial, at)] == [people["owner"]]


def test_a_debt_is_told_to_the_accounting_too_with_what_is_owed_and_by_when(people, invoiced, platform):
    at = invoices_of(invoiced)[0].due_at
    platform.strike(at)

    told = written(invoiced, at)

    subject = "Une facture de Préau est en retard"
    everybody = ["comptes@gatineau.example", people["owner"], people["finance"]]
    assert [line for line in told if line[1] == subject] == sorted((address, subject) for address in everybody)
    with in_organisation(invoiced):
        letter = Message.objects.filter(subject=subject).first().text.replace("\xa0", " ")
    assert "56,34 $, à payer avant le " in letter
    assert "le site pourra seulement être consulté à partir du" in letter


def test_a_debt_that_was_paid_before_it_was_told_is_not_told(people, invoiced, platform):
    at = invoices_of(invoiced)[0].due_at
    platform.strike(at)
    paid_on_its_page(platform, invoices_of(invoiced)[0])
    platform.deliver(platform.told())

    assert [subject for _, subject in written(invoiced, at) if "retard" in subject] == []


DAY = timedelta(days=1)


def messages(organisation, subject):
    with in_organisation(organisation):
        return list(Message.objects.filter(subject=subject).order_by("recipient"))


def test_a_letter_about_a_debt_is_the_platforms_and_leads_to_where_it_is_paid(people, invoiced, platform):
    with in_operations():
        describe(contact_email="bonjour@platform.example")
    [invoice] = invoices_of(invoiced)
    platform.strike(invoice.due_at)
    written(invoiced, invoice.due_at)

    for letter in messages(invoiced, "Une facture de Préau est en retard"):
        assert (letter.sender_name, letter.reply_to) == ("Préau", "bonjour@platform.example")
        assert letter.text.rstrip().endswith("-- \nPréau\nbonjour@platform.example")
        assert f"Payer la facture\u202f:\n{invoice.page_url}" in letter.text
        assert "Organisation A" not in letter.text + letter.html


@pytest.fixture
def suspended(people, invoiced, platform):
    due = invoices_of(invoiced)[0].due_at
    for days in (0, 30):
        platform.strike(due + days * DAY)
    return invoiced


READ_ONLY, BACK = "Votre site peut seulement être consulté", "Votre site est de nouveau en service"


def told_of(organisation, subject):
    written(organisation, clock.now())
    return [message.recipient for message in messages(organisation, subject)]


def test_a_suspension_for_a_debt_is_told_once(people, suspended, platform):
    platform.strike(clock.now() + DAY)

    everybody = sorted(["comptes@gatineau.example", people["owner"], people["finance"]])
    assert told_of(suspended, READ_ONLY) == everybody
    letter = messages(suspended, READ_ONLY)[0]
    assert (letter.sender_name, invoices_of(suspended)[0].page_url in letter.text) == ("Préau", True)
    assert told_of(suspended, BACK) == []


def test_the_return_is_told_once(people, suspended, platform):
    told_of(suspended, READ_ONLY)
    for invoice in invoices_of(suspended):
        if invoice.state == "open":
            paid_on_its_page(platform, invoice)
    platform.deliver(platform.told())
    platform.strike(clock.now() + DAY)

    assert told_of(suspended, BACK) == sorted(["comptes@gatineau.example", people["owner"], people["finance"]])


def test_who_paid_but_is_suspended_by_decision_is_not_told_that_it_is_back(suspended, platform):
    moves.suspend(organisation_id=suspended.id, reason=SuspendedFor.DECISION, at=clock.now())
    changing.give_time(organisation_id=suspended.id, until=clock.now() + 20 * DAY)

    assert told_of(suspended, BACK) == []
