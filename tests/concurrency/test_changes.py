"""Two who change the same thing, or what is priced together, at the same instant."""

from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from uuid import UUID

import pytest

from shared_apps.audit.actors import SYSTEM
from tenant_apps.changes.models import ChangeRequest, Kind, Status
from tenant_apps.changes.operations import deciding, doing
from tenant_apps.changes.queries import with_all
from tenant_apps.orders import ledger
from tenant_apps.organisation import queries as organisation
from tenant_apps.payments.models import Refund
from tenant_apps.registrations.errors import NotConfirmed
from tenant_apps.registrations.models import Places, Registration
from tenants.models import Organisation
from tests.concurrency.crowd import rush
from tests.factories.catalog import an_offering, an_option
from tests.factories.changes import a_paid, ask, practice
from tests.factories.families import a_child, a_guardian
from tests.factories.moments import NOON
from tests.factories.organisation import an_organisation_profile

pytestmark = pytest.mark.usefixtures("transactional_db")


@pytest.fixture(autouse=True)
def profile(transactional_db: None, organisation_a: Organisation) -> None:
    an_organisation_profile()
    practice(withdrawal={"allowed": True})


@pytest.fixture
def siblings() -> list[Registration]:
    """Two camps at 100 $, the second child's at half price: giving up the first gives back 50 $, then the rest."""
    profile = organisation.profile()
    profile.rules["prices"] = {"families": [{"key": "fratrie", "label": "Fratrie", "discounts": ["0", "50"]}]}
    profile.save()
    guardian = a_guardian()
    option = an_option(price=10000, places=5, offering=an_offering(pricing={"family": "fratrie"}))
    return [a_paid(option, child=a_child(name, of=guardian), guardian=guardian) for name in ("Ada", "Bo")]


def given_back() -> int:
    return sum(Refund.objects.values_list("amount_cents", flat=True))


def give_up(registration_id: UUID) -> None:
    deciding.make(kind=Kind.WITHDRAWAL, registration_id=registration_id, actor=SYSTEM, at=NOON)


def test_clicks_in_two_tabs_give_back_once(organisation_a: Organisation) -> None:
    guardian = a_guardian()
    paid = a_paid(an_option(price=10000, places=1), child=a_child(of=guardian), guardian=guardian)

    raised = rush(organisation_a, [paid] * 4, lambda each: _ask(each))

    assert [type(error) for error in raised] == [NotConfirmed] * 3
    assert (given_back(), Places.objects.get().taken) == (10000, 0)
    assert ChangeRequest.objects.filter(status=Status.ACCEPTED).count() == 1
    assert set(ledger.totals().values()) == {10000, -10000, 0}


def test_siblings_given_up_at_once_give_back_all_that_was_paid(
    organisation_a: Organisation, siblings: list[Registration]
) -> None:
    assert rush(organisation_a, [each.id for each in siblings], give_up) == []
    assert given_back() == 15000


def test_without_the_lock_each_would_count_on_the_other_s_staying(
    organisation_a: Organisation, siblings: list[Registration], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The race is real: whoever only reads what the family has sees too late that it is being given up."""
    met = Barrier(2)

    def only_read(registration_id: UUID, *_others: UUID | None) -> Registration:
        return with_all(Registration.objects.filter(pk=registration_id)).get()

    priced = doing.pricing.reversal_of

    def meet(*args: object, **named: object) -> object:
        back = priced(*args, **named)  # type: ignore[arg-type]
        with suppress(BrokenBarrierError):
            met.wait(timeout=10)
            met.abort()
        return back

    monkeypatch.setattr(doing, "locked", only_read)
    monkeypatch.setattr(doing.pricing, "reversal_of", meet)

    assert rush(organisation_a, [each.id for each in siblings], give_up) == []
    assert given_back() == 10000


def _ask(registration: Registration) -> None:
    ask(registration, Kind.WITHDRAWAL, (0, 10000, 0))
