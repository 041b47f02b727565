"""Who answers for the subscription is written to, once, and not about what is settled."""

from datetime import timedelta

import pytest

from shared_apps.outbox import delivery
from shared_apps.outbox.models import Message
from tenants.context import in_organisation
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


def test_a_debt_is_told_to_the_accounting_too_with_what_is_owed_and_by_when(people, invoiced, platform):
    at = invoices_of(invoiced)[0].due_at
    platform.strike(at)

    told = written(invoiced, at)

    subject = "Une facture de Préau est en retard"
    everybody = ["comptes@gatineau.example", people["owner"], people["finance"]]
    assert [line for line in told if line[1] == subject] == sorted((address, subject) for address in everybody)
    with in_organisation(invoiced):
        letter = Message.objects.filter(subject=subject).first().text.replace("\xa0", " ")
    assert "56,34 $" in letter
    assert "le site pourra seulement être consulté à partir du" in letter


def test_a_debt_that_was_paid_before_it_was_told_is_not_told(people, invoiced, platform):
    at = invoices_of(invoiced)[0].due_at
    platform.strike(at)
    paid_on_its_page(platform, invoices_of(invoiced)[0])
    platform.deliver(platform.told())

    assert [subject for _, subject in written(invoiced, at) if "retard" in subject] == []
