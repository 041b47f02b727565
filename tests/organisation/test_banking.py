"""The bank account of a payee, and the number that begins its communications."""

import pytest

from tenant_apps.organisation import banking
from tenant_apps.organisation.banking import BadIban, NoCodeLeft
from tenant_apps.organisation.models import Payee
from tests.factories.organisation import a_payee

pytestmark = pytest.mark.usefixtures("organisation_a")

IBAN = "BE68 5390 0754 7034"


def test_the_first_account_gives_a_number_of_its_own_that_stays():
    a_payee(code=1)
    payee = a_payee()

    kept = banking.set_bank(payee_id=payee.id, iban=IBAN, bic="gkcc bebb")
    assert (kept.iban, kept.bic, kept.code) == ("BE68539007547034", "GKCCBEBB", 2)
    assert banking.set_bank(payee_id=payee.id, iban="").code == 2
    other = banking.set_bank(payee_id=a_payee().id, iban=IBAN, bank_account="Compte à vue")
    assert (other.code, other.bank_account) == (3, "Compte à vue")


@pytest.mark.parametrize("iban", ["BE68539007547035", "BE68", "bonjour", "XX00"])
def test_an_account_whose_check_is_wrong_is_refused(iban):
    payee = a_payee()

    with pytest.raises(BadIban):
        banking.set_bank(payee_id=payee.id, iban=iban)
    assert Payee.objects.get(pk=payee.pk).iban == ""


def test_there_are_999_numbers():
    Payee.objects.bulk_create(Payee(name=str(code), legal_name="x", code=code) for code in range(1, 1000))
    payee = a_payee()

    with pytest.raises(NoCodeLeft):
        banking.set_bank(payee_id=payee.id, iban=IBAN)
