"""What registrations cost: priced when they are held, again when their basket changes, and never once they are paid."""

from datetime import date, timedelta

import pytest

from shared_apps.audit.actors import SYSTEM
from tenant_apps.catalog.models import Offering, Option, Season
from tenant_apps.catalog.pricing import promotions
from tenant_apps.families.models import Participant
from tenant_apps.families.operations import links
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.models import Payee
from tenant_apps.payments.operations.check_out import check_out, leave_check_out
from tenant_apps.registrations import errors, operations, pricing, repricing
from tenant_apps.registrations.claims import Claim
from tenant_apps.registrations.models import Basket, Registration
from tenant_apps.registrations.queries import basket_lines
from tests.factories.catalog import an_offering, an_option
from tests.factories.families import a_child, a_guardian
from tests.factories.moments import NOON
from tests.factories.organisation import a_payee
from tests.factories.registrations import a_basket, a_hold

SCHEME = {"family": "fratrie"}
CODE = {"rules": [{"kind": "promotion", "code": "ETE", "percent": "-50"}]}


@pytest.fixture(autouse=True)
def tables(profile):
    """Second and third children have their discount; goods bear a tax of 5 %."""
    put_tables(["0", "10", "20"])


def put_tables(discounts):
    profile = organisation.profile()
    profile.rules["prices"] = {
        "families": [{"key": "fratrie", "label": "Fratrie", "discounts": discounts}],
        "taxes": [{"code": "tps", "label": "TPS", "rate": "5", "classes": ["goods"]}],
    }
    profile.save()


@pytest.fixture
def family(profile):
    """A guardian's basket and two children."""
    guardian = a_guardian()
    return a_basket(guardian), a_child("Ada", of=guardian), a_child("Bo", of=guardian)


def a_camp(price=10000, **columns):
    """Of the one payee of the organisation."""
    city = Payee.objects.first() or a_payee("Ville")
    return an_option(price=price, offering=an_offering(**{"pricing": SCHEME, "payee": city, **columns}))


def amounts(basket):
    return {str(line.participant.first_name): line.amount_cents for line in basket_lines(basket.id)}


def pay(basket, at=NOON):
    for registration in operations.begin_check_out(basket_id=basket.id, at=at):
        operations.confirm(registration_id=registration.id, at=at)
    operations.close_if_done(basket_id=basket.id, at=at)


def test_what_is_held_keeps_its_amount_and_its_steps(profile):
    held = a_hold(an_option(price=500, offering=an_offering(pricing={"tax": "goods"}), maximum_quantity=3), quantity=3)

    held.refresh_from_db()
    assert (held.unit_cents, held.amount_cents) == (500, 1575)
    assert [(step["kind"], step["cents"]) for step in held.quote["steps"]] == [("base", 1500), ("tax", 75)]
    assert held.quote["taxes"] == {"tps": 75}


def test_a_second_child_lowers_the_price_of_the_basket_and_its_removal_raises_it_again(family):
    basket, ada, bo = family
    a_hold(a_camp(10000), basket=basket, child=ada)
    dear = a_hold(a_camp(20000), basket=basket, child=bo)

    assert amounts(basket) == {"Ada": 9000, "Bo": 20000}

    operations.release(basket_id=basket.id, registration_ids=[dear.id], actor=SYSTEM, at=NOON)

    assert amounts(basket) == {"Ada": 10000}


def test_what_was_paid_keeps_its_price_and_the_next_child_pays_what_it_adds(family):
    basket, ada, bo = family
    paid = a_hold(a_camp(10000), basket=basket, child=ada)
    pay(basket)

    later = a_basket(basket.guardian)
    a_hold(a_camp(20000), basket=later, child=bo)

    paid.refresh_from_db()
    assert paid.amount_cents == 10000
    assert amounts(later) == {"Bo": 19000}


def test_guardians_who_live_together_have_one_family_price_and_others_have_their_own(family):
    basket, ada, _ = family
    a_hold(a_camp(10000), basket=basket, child=ada)
    pay(basket)
    other = a_guardian(first_name="Luc")
    cleo = a_child("Cleo", of=other)

    a_hold(a_camp(10000), basket=a_basket(other), child=cleo)
    assert amounts(a_basket(other)) == {"Cleo": 10000}

    links.share_household(host_id=basket.guardian_id, guest_id=other.id, at=NOON)
    repricing.reprice_basket(basket_id=a_basket(other).id, at=NOON)
    assert amounts(a_basket(other)) == {"Cleo": 9000}


def test_a_price_that_staff_change_is_told_before_it_is_paid(family):
    basket, ada, _ = family
    held = a_hold(a_camp(10000), basket=basket, child=ada)
    Offering.objects.update(pricing={"rules": [{"kind": "early", "until_on": "2026-12-31", "cents": 500}]})

    def pay_what_was_shown(cents):
        return check_out(basket_id=basket.id, expected_cents=cents, actor=SYSTEM, language="fr", at=NOON)

    with pytest.raises(errors.BasketChanged):
        pay_what_was_shown(10000)
    assert amounts(basket) == {"Ada": 10500}
    [order] = pay_what_was_shown(10500)
    [line] = order.lines.all()
    held.refresh_from_db()
    assert (order.total_cents, line.amount_cents, line.quote) == (10500, 10500, held.quote)


def test_a_price_that_staff_change_does_not_touch_what_is_being_paid(family):
    basket, ada, _ = family
    a_hold(a_camp(10000), basket=basket, child=ada)
    [order] = check_out(basket_id=basket.id, expected_cents=10000, actor=SYSTEM, language="fr", at=NOON)
    Offering.objects.update(pricing={"rules": [{"kind": "early", "until_on": "2026-12-31", "cents": 500}]})

    [same] = check_out(basket_id=basket.id, expected_cents=10000, actor=SYSTEM, language="fr", at=NOON)
    assert (same.id, amounts(basket)) == (order.id, {"Ada": 10000})

    leave_check_out(basket_id=basket.id, actor=SYSTEM, at=NOON)
    assert amounts(basket) == {"Ada": 10500}


def test_early_is_the_day_of_the_hold_however_late_it_is_paid(family):
    basket, ada, _ = family
    early = {"rules": [{"kind": "early", "until_on": "2026-09-16", "percent": "-10"}]}
    a_hold(a_camp(10000, pricing=early, hold_minutes=3 * 24 * 60), basket=basket, child=ada)

    repricing.reprice_basket(basket_id=basket.id, at=NOON + timedelta(days=2))

    assert amounts(basket) == {"Ada": 9000}


def test_a_hold_that_lapses_gives_its_price_back_to_what_remains(family):
    basket, ada, bo = family
    a_hold(a_camp(20000, hold_minutes=10), basket=basket, child=ada)
    a_hold(a_camp(10000, hold_minutes=90), basket=basket, child=bo)
    assert amounts(basket) == {"Ada": 20000, "Bo": 9000}

    operations.sweep(at=NOON + timedelta(minutes=30))

    assert amounts(basket) == {"Bo": 10000}


def test_a_code_changes_the_whole_basket_and_its_removal_too(family):
    basket, ada, bo = family
    a_hold(a_camp(10000, pricing=CODE), basket=basket, child=ada)
    repricing.use_promotion(basket_id=basket.id, code=" été", actor=SYSTEM, at=NOON)
    assert amounts(basket) == {"Ada": 5000}

    a_hold(a_camp(8000, pricing=CODE), basket=basket, child=bo)
    assert amounts(basket) == {"Ada": 5000, "Bo": 4000}

    repricing.use_promotion(basket_id=basket.id, code="", actor=SYSTEM, at=NOON)
    assert amounts(basket) == {"Ada": 10000, "Bo": 8000}


@pytest.mark.parametrize(
    ("code", "refusal"),
    [
        ("HIVER", promotions.CodeUnknown),
        ("AILLEURS", promotions.CodeElsewhere),
        ("PASSE", promotions.CodeOver),
        ("BIENTOT", promotions.CodeTooEarly),
    ],
)
def test_a_code_that_says_nothing_is_refused_and_the_one_before_stays(family, code, refusal):
    basket, ada, _ = family
    over = {"kind": "promotion", "code": "PASSE", "cents": -1, "until_on": "2026-09-15"}
    later = {"kind": "promotion", "code": "BIENTOT", "cents": -1, "from_on": "2026-09-17"}
    an_offering(pricing={"rules": [{"kind": "promotion", "code": "AILLEURS", "cents": -1}]})
    a_hold(a_camp(10000, pricing={"rules": [*CODE["rules"], over, later]}), basket=basket, child=ada)
    repricing.use_promotion(basket_id=basket.id, code="ETE", actor=SYSTEM, at=NOON)

    with pytest.raises(refusal):
        repricing.use_promotion(basket_id=basket.id, code=code, actor=SYSTEM, at=NOON)

    assert Basket.objects.get(pk=basket.id).promotion == "ETE"
    assert amounts(basket) == {"Ada": 5000}


@pytest.mark.parametrize(("said", "kept"), [(None, 0), (0, 0), (2500, 2500), (1_000_000, 1_000_000)])
def test_a_voluntary_contribution_is_what_is_said(family, said, kept):
    basket, ada, _ = family
    option = an_option(price=5000, is_voluntary=True, offering=an_offering(pricing={"tax": "goods"}))

    [held] = operations.hold(basket_id=basket.id, claims=[a_gift(ada, option, said)], actor=SYSTEM, at=NOON)

    held.refresh_from_db()
    assert (held.unit_cents, held.amount_cents) == (kept, kept)


@pytest.mark.parametrize("said", [-1, 1_000_001])
def test_a_contribution_that_cannot_be_meant_is_refused(family, said):
    basket, ada, _ = family
    option = an_option(price=0, is_voluntary=True)

    with pytest.raises(errors.AmountRefused):
        operations.hold(basket_id=basket.id, claims=[a_gift(ada, option, said)], actor=SYSTEM, at=NOON)


def a_gift(child: Participant, option: Option, cents: int | None) -> Claim:
    return Claim(child.id, option.id, 1, "parent@example.org", unit_cents=cents)


def test_what_is_said_of_an_amount_is_not_heard_where_there_is_a_price(family):
    basket, ada, _ = family
    [held] = operations.hold(basket_id=basket.id, claims=[a_gift(ada, a_camp(10000), 1)], actor=SYSTEM, at=NOON)

    assert held.amount_cents == 10000


def test_the_reader_sees_their_own_price_beside_what_they_have(family):
    basket, ada, bo = family
    camp, other = a_camp(10000), a_camp(8000)

    def shown(guardian_id, *wanted):
        return [quote.amount_cents for quote in pricing.quotes_for(guardian_id, wanted, at=NOON)]

    assert shown(None, (None, camp, 1, None), (None, other, 1, None)) == [10000, 8000]
    a_hold(camp, basket=basket, child=ada)
    assert shown(basket.guardian_id, (bo, other, 1, None), (ada, other, 1, None), (ada, camp, 1, None)) == [
        7200,
        8000,
        10000,
    ]


def test_a_price_that_asks_nothing_reads_nothing(family, django_assert_num_queries):
    basket, ada, _ = family
    option = Option.objects.select_related("offering").get(pk=an_option().pk)

    with django_assert_num_queries(1):  # the code of the basket
        [quote] = pricing.quotes_for(basket.guardian_id, [(ada, option, 1, None)], at=NOON)

    assert quote.amount_cents == 550


@pytest.mark.parametrize("count", [1, 3])
def test_prices_are_read_in_a_number_of_queries_that_never_grows(family, count, django_assert_num_queries):
    basket, ada, bo = family
    for _ in range(count):
        a_hold(a_camp(1000), basket=basket, child=ada)
    camp = a_camp(10000, pricing={**SCHEME, **CODE, "tax": "programme"})
    options = list(Option.objects.select_related("offering").filter(pk=camp.pk)) * count

    with django_assert_num_queries(6):
        pricing.quotes_for(basket.guardian_id, [(bo, option, 1, None) for option in options], at=NOON)


def test_seasons_do_not_mix(family):
    basket, ada, bo = family
    summer, winter = (
        Season.objects.create(name=name, starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31))
        for name in ("Été", "Hiver")
    )
    a_hold(a_camp(10000, season=summer), basket=basket, child=ada)
    a_hold(a_camp(10000, season=winter), basket=basket, child=bo)

    assert amounts(basket) == {"Ada": 10000, "Bo": 10000}
    assert Registration.objects.filter(quote__family__season=str(summer.id)).count() == 1


def test_two_payees_are_priced_one_after_the_other_as_they_are_paid(family):
    """So that the first one is charged what its lines cost alone, should the second never be paid."""
    basket, ada, bo = family
    first, second = sorted((a_payee(), a_payee()), key=lambda payee: str(payee.id))
    a_hold(a_camp(10000, payee=first), basket=basket, child=ada)
    a_hold(a_camp(20000, payee=second), basket=basket, child=bo)

    assert amounts(basket) == {"Ada": 10000, "Bo": 19000}


def test_what_one_costs_follows_the_price_while_nothing_is_paid(family):
    basket, child, _other = family
    option = an_option(price=12000)
    held = a_hold(option, basket=basket, child=child)
    Option.objects.filter(pk=option.pk).update(price_cents=5000)

    repricing.reprice_basket(basket_id=basket.id, at=NOON)

    held.refresh_from_db()
    assert (held.unit_cents, held.amount_cents) == (5000, 5000)


def test_what_nobody_could_pay_is_refused(profile):
    option = an_option("Or", price=100_000_000, offering=an_offering(selection="quantities"), maximum_quantity=1000)

    with pytest.raises(errors.AmountRefused):
        a_hold(option, quantity=1000)

    assert not Registration.objects.exists()
