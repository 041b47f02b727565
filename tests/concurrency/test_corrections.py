"""Two clerks correct the same receipt at the same instant."""

from shared_apps.audit.actors import SYSTEM
from tenant_apps.payments.errors import ReceiptCorrected
from tenant_apps.payments.models import Receipt
from tenant_apps.payments.operations import correcting
from tenant_apps.payments.operations.correcting import Words
from tenants.models import Organisation
from tests.concurrency.crowd import rush
from tests.documents.money import NOON, a_camp, a_school, came, ordered
from tests.factories.organisation import an_organisation_profile

CLERKS = 4


def test_one_of_them_replaces_it_and_no_number_is_lost(transactional_db: None, organisation_a: Organisation) -> None:
    an_organisation_profile()
    came(ordered(a_camp(a_school())), 12500)
    wrong = Receipt.objects.get()

    def correct(clerk: int) -> None:
        correcting.correct(
            receipt_id=wrong.pk, words=Words(payer=f"Payeur {clerk}"), reason="Nom", actor=SYSTEM, at=NOON
        )

    assert [type(each) for each in rush(organisation_a, range(CLERKS), correct)] == [ReceiptCorrected] * (CLERKS - 1)
    assert list(Receipt.objects.values_list("number", "corrects__number")) == [(1, None), (2, 1)]
