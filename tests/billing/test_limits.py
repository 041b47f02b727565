"""What a plan lets an organisation have: said with the limit and the plan, and only where there is one."""

from datetime import UTC, datetime

import pytest

from billing import fees, limits, plans, subscriptions
from billing.models import ConnectedAccount, Subscription, SubscriptionState
from tenants.context import in_organisation, in_registry

NOON = datetime(2026, 3, 4, 17, 0, tzinfo=UTC)


@pytest.fixture
def sold(organisation_a):
    plans.sync()


def on_trial(organisation, plan="essentiel"):
    return subscriptions.begin_trial(organisation_id=organisation.id, plan=plan, at=NOON)


def test_one_more_than_the_plan_has_is_refused_in_words(organisation_a, sold):
    on_trial(organisation_a)

    limits.check("establishments", used=2)
    with pytest.raises(limits.LimitReached) as refusal:
        limits.check("establishments", used=3)

    assert str(refusal.value) == (
        "Votre forfait «\u202fEssentiel\u202f» comprend 3 établissements. "
        "Pour en ajouter, changez de forfait dans Réglages, Abonnement."
    )


def test_what_a_plan_does_not_name_is_not_limited(organisation_a, sold):
    on_trial(organisation_a, "grand")

    limits.check("staff", used=5000)


def test_without_a_subscription_nothing_is_limited(organisation_a, sold):
    limits.check("staff", used=5000)


def test_one_organisation_is_not_held_to_another_ones_plan(organisation_a, organisation_b, sold):
    on_trial(organisation_a)

    with in_organisation(organisation_b):
        limits.check("staff", used=5000)


def test_an_ended_subscription_limits_nothing(organisation_a, sold):
    on_trial(organisation_a)
    with in_registry():
        Subscription.objects.update(state=SubscriptionState.ENDED)

    limits.check("staff", used=5000)


def test_a_trial_begins_once_and_ends_on_the_first_of_a_month(organisation_a, sold):
    first = on_trial(organisation_a, "standard")
    again = subscriptions.begin_trial(organisation_id=organisation_a.id, plan="grand", at=NOON)

    assert again == first
    # The fourth of March and thirty days are the third of April; the first of May, at six in Montréal.
    assert first.trial_until == datetime(2026, 5, 1, 10, 0, tzinfo=UTC)
    assert (first.plan_id, first.currency) == ("standard", "cad")


def test_where_nothing_is_sold_nobody_is_on_trial(organisation_a):
    assert on_trial(organisation_a) is None


def test_a_plan_writes_its_fee_on_the_accounts_of_its_organisation_alone(organisation_a, organisation_b, sold):
    with in_registry():
        for organisation in (organisation_a, organisation_b):
            ConnectedAccount.objects.create(organisation=organisation, processor_id=organisation.slug, name="X")

    on_trial(organisation_a)

    with in_registry():
        kept = dict(ConnectedAccount.objects.values_list("processor_id", "fee_basis_points"))
    assert kept == {"a": 80, "b": 0}
    assert (fees.of(organisation_a.id), fees.of(organisation_b.id)) == (80, 0)
