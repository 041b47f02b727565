"""« Virements » in the workplace: a statement is shown before it is entered, and each transfer finds its order."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kernel import signing
from tenant_apps.accounting.models import LineStatus, StatementLine
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Account, Order
from tenant_apps.orders.models import Status as OrderStatus
from tenant_apps.organisation.models import Payee, Role
from tenant_apps.payments import communication, credit
from tenant_apps.payments.models import Payment
from tenants.context import in_organisation
from tests.accounting.bank import a_commune, a_week, imported, lines, sent_for
from tests.accounting.coda import Sent, a_file
from tests.clients import HostClient
from tests.factories.counter import paying
from tests.factories.orders import an_order
from tests.factories.organisation import a_payee
from tests.office.conftest import SignIn


def url(name: str, *args: object) -> str:
    return reverse(f"office:{name}", urlconf="config.urls.organisation", args=args)


@pytest.fixture
def payee(profile: object) -> Payee:
    return a_commune()


@pytest.fixture
def order(payee: Payee) -> Order:
    return an_order(a_week(payee))


@pytest.fixture
def clerk(as_staff: SignIn) -> HostClient:
    return as_staff(Role.FINANCE)


def read(clerk: HostClient, text: str | bytes, name: str = "extrait.cod", **said: object):
    data = text if isinstance(text, bytes) else text.encode("cp1252")
    return clerk.post(url("bank_import"), {"file": SimpleUploadedFile(name, data), **said})


def kept(answer) -> str:
    return re.search(r'name="file" value="([^"]+)"', answer.content.decode())[1]


def confirm(clerk: HostClient, answer, **said: object):
    return clerk.post(url("bank_confirm"), {"file": kept(answer), "action": "enter", **said}, follow=True)


def left(line: StatementLine) -> int:
    return -ledger.totals(line.payee_id)[Account.UNCLAIMED]


@pytest.mark.line("S4-45")
def test_a_coda_file_is_shown_then_entered(clerk, order):
    shown = read(clerk, a_file(sent_for(order), Sent(500, words="Bonjour"), Sent(-900, words="Loyer")))

    assert shown.status_code == 200
    assert f"Commande {order.reference}" in shown.content.decode()
    assert "Sortie d’argent, ignorée" in shown.content.decode()
    assert lines() == []

    entered = confirm(clerk, shown)
    assert [str(each) for each in entered.context["messages"]] == [
        "2 virements sont importés.",
        "1 a trouvé sa commande.",
    ]
    order.refresh_from_db()
    assert (order.status, ledger.balance_of_order(order.id)) == (OrderStatus.SETTLED, 0)
    again = read(clerk, a_file(sent_for(order), Sent(500, words="Bonjour"), Sent(-900, words="Loyer")))
    assert "Importer ces virements" not in again.content.decode()
    assert [str(each) for each in confirm(clerk, shown).context["messages"]] == [
        "Tout était déjà importé\u202f: rien n’est ajouté."
    ]


def test_the_columns_of_a_table_are_chosen_and_kept_for_the_next(clerk, payee, order):
    words = communication.formatted(order.communication)
    table = f"Jour;Somme;Détails;Qui\n03/07/2026;126,00;{words};Anne\n04/07/2026;5,00;Bonjour;Bo\n"

    asked = read(clerk, table, "extrait.csv")
    assert asked.status_code == 200
    assert "Importer ces virements" not in asked.content.decode()
    columns = {"booked_on": "0", "amount": "1", "communication": "2", "counterparty": "3", "reference": ""}
    wrong = confirm(clerk, asked, **{**columns, "amount": "2"})
    assert (wrong.status_code, lines()) == (422, [])
    assert f"«\u202f{words}\u202f» n’est ni une date ni un montant" in wrong.content.decode()
    lacking = confirm(clerk, asked, **{**columns, "amount": ""})
    assert (lacking.status_code, lines()) == (422, [])
    shown = confirm(clerk, asked, action="read", **columns)
    assert "Importer ces virements" in shown.content.decode()
    assert lines() == []

    confirm(clerk, shown, **columns)

    assert {(line.cents, line.status, line.counterparty) for line in lines()} == {
        (12600, LineStatus.MATCHED, "Anne"),
        (500, LineStatus.OPEN, "Bo"),
    }
    next_time = read(clerk, table.replace("5,00", "7,00"), "extrait.csv")
    assert "Importer ces virements" in next_time.content.decode()


def test_of_several_payees_a_table_says_nothing_so_the_form_does(clerk, payee):
    other = a_payee("Bibliothèque", code=91)

    shown = read(clerk, "Date;Montant;Communication\n2026-07-03;5,00;x\n", "x.csv", payee=str(other.pk))
    confirm(clerk, shown, booked_on="0", amount="1", communication="2")

    assert [line.payee for line in lines()] == [other]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "Ce fichier est vide."),
        (b"\x00\x01\x02", "n’est pas du texte"),
        (b"bonjour", "ne se lit pas comme un tableau"),
        (a_file(Sent(100), iban="BE71096123456769").encode(), "BE71096123456769"),
        (a_file(Sent(100)).replace("REF000001", "REF000001" + "x").encode("cp1252"), "Rien n’a été importé"),
        ("\n".join(a_file(Sent(100)).splitlines()[:-2]).encode(), "incomplet"),
        (b"x" * 1_000_001, "dépasse 1"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_words(clerk, payee, data, words):
    refused = read(clerk, data)

    assert refused.status_code == 422
    assert words in refused.content.decode().replace("\u202f", " ").replace("&#x27;", "'")
    assert lines() == []


def test_a_preview_that_was_altered_or_is_another_organisations_enters_nothing(clerk, order, organisation_b):
    shown = read(clerk, a_file(sent_for(order)))
    altered = kept(shown)[:-3] + "abc"
    said = signing.read(kept(shown), purpose="bank-statement")
    with in_organisation(organisation_b):
        foreign = signing.sign(said, purpose="bank-statement")

    for file in (altered, foreign, ""):
        answer = clerk.post(url("bank_confirm"), {"file": file, "action": "enter"}, follow=True)
        assert [str(each) for each in answer.context["messages"]] == [
            "L’aperçu est trop ancien. Choisissez le fichier de nouveau."
        ]
    assert lines() == []


def test_a_transfer_without_communication_is_given_by_a_clerk_and_its_rest_kept_as_credit(clerk, order):
    [line] = imported(Sent(15000, words="camp"))
    page = url("bank_line", line.pk) + f"?q={order.reference}"
    assert order.reference in clerk.get(page).content.decode()

    form = {"action": "assign", "left": "15000", "rest": "", f"amount_{order.id.hex}": "130,00"}
    refused = clerk.post(page, form)
    assert refused.status_code == 422
    assert f"La commande {order.reference} doit moins que cela" in refused.content.decode()
    assert 'value="130,00"' in refused.content.decode()

    clerk.post(page, {**form, "rest": "credit", f"amount_{order.id.hex}": "126,00"})

    line.refresh_from_db()
    assert (line.status, left(line)) == (LineStatus.MATCHED, 0)
    assert credit.balance(order.guardian_id, order.payee_id) == 2400
    again = clerk.post(page, {**form, "rest": "credit", f"amount_{order.id.hex}": "126,00"}, follow=True)
    assert Payment.objects.filter(means="transfer").count() == 1
    assert ["déjà été traité" in str(each) for each in again.context["messages"]] == [False, True]
    assert order.reference in clerk.get(url("bank_line", line.pk)).content.decode()


def test_a_transfer_is_set_aside_with_a_note_and_taken_up_again(clerk, payee):
    [line] = imported(Sent(5000, words="SUBSIDE"))
    page = url("bank_line", line.pk)

    assert clerk.post(page, {"action": "aside", "note": ""}).status_code == 422
    clerk.post(page, {"action": "aside", "note": "Subside de la province"})
    line.refresh_from_db()
    assert (line.status, left(line)) == (LineStatus.EXPLAINED, 0)
    assert "Subside de la province" in clerk.get(page).content.decode()
    clerk.post(page, {"action": "reopen"})

    line.refresh_from_db()
    assert (line.status, left(line)) == (LineStatus.OPEN, 5000)


def test_transfers_are_found_by_name_communication_or_amount(clerk, order):
    imported(Sent(500, words="Bonjour", name="MAES BO"), Sent(777, words="Autre", name="PETIT LÉA"))

    for wanted, other in (("maes", "PETIT"), ("bonjour", "PETIT"), ("7,77", "MAES")):
        listed = clerk.get(url("bank"), {"q": wanted}).content.decode()
        assert other not in listed
        assert "1 virement" in listed
    assert "Aucun ne répond" in clerk.get(url("bank"), {"q": "zzz"}).content.decode()
    assert clerk.get(url("bank"), {"status": "nonsense", "page": "x"}).status_code == 200


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.PROGRAMME_MANAGER, Role.GROUP_LEADER])
def test_transfers_are_for_who_counts_money(as_staff, payee, role):
    [line] = imported(Sent(500))
    client = as_staff(role)

    assert [
        client.get(url("bank")).status_code,
        client.get(url("bank_import")).status_code,
        client.post(url("bank_confirm")).status_code,
        client.get(url("bank_line", line.pk)).status_code,
    ] == [403] * 4


def test_an_auditor_sees_and_changes_nothing(as_staff, payee):
    [line] = imported(Sent(500))
    client = as_staff(Role.AUDITOR)

    assert client.get(url("bank_import")).status_code == 403
    assert "Mettre de côté" not in client.get(url("bank_line", line.pk)).content.decode()
    client.post(url("bank_line", line.pk), {"action": "aside", "note": "non"})
    line.refresh_from_db()
    assert line.status == LineStatus.OPEN


def test_a_line_of_the_processor_or_of_nobody_is_not_found(clerk, payee):
    [line] = imported(Sent(500))
    StatementLine.objects.filter(pk=line.pk).update(book="processor")

    assert clerk.get(url("bank_line", line.pk)).status_code == 404
    assert clerk.get(url("bank_line", payee.pk)).status_code == 404


def test_the_list_asks_as_much_for_three_as_for_one(clerk, payee):
    def queries() -> int:
        clerk.get(url("bank"))
        with CaptureQueriesContext(connection) as asked:
            assert clerk.get(url("bank")).status_code == 200
        return len(asked)

    imported(Sent(500))
    one = queries()
    imported(Sent(600), Sent(700), number=43)

    assert queries() == one


def test_a_transfer_is_taken_back_from_the_wrong_order_with_a_reason(clerk, order):
    [line] = imported(sent_for(order))
    payment = Payment.objects.get()
    page = url("bank_line", line.pk)
    assert "Ce virement n’était pas pour cette commande" in clerk.get(page).content.decode()

    refused = clerk.post(page, {"action": "undo", "payment": str(payment.pk), "reason": ""})
    assert refused.status_code == 422
    foreign = clerk.post(page, {"action": "undo", "payment": str(order.pk), "reason": "x"})
    assert foreign.status_code == 422
    clerk.post(page, {"action": "undo", "payment": str(payment.pk), "reason": "Autre famille"})

    line.refresh_from_db()
    assert (line.status, left(line), ledger.balance_of_order(order.id)) == (LineStatus.OPEN, 12600, 12600)
    told = clerk.get(url("order", order.reference)).content.decode()
    assert communication.formatted(order.communication) in told
    assert "Virement repris, il était pour une autre commande" in told


def test_the_preview_says_what_may_be_there_already_what_is_taken_for_known_and_what_is_too_little(clerk, order):
    paying(later="staff")
    other = an_order(order.lines.get().registration.option)
    confirm(clerk, read(clerk, a_file(sent_for(order))))
    head = "Date;Montant;Communication\n"
    twice = f"03/07/2026;126,00;{communication.formatted(order.communication)}\n"
    known = "04/07/2026;3,00;Bonjour\n"
    confirm(clerk, read(clerk, head + known, "x.csv"), booked_on="0", amount="1", communication="2")
    little = f"05/07/2026;10,00;{communication.formatted(other.communication)}\n"

    shown = read(clerk, head + twice + known + little, "x.csv").content.decode()

    assert "<dt>Dont peut-être déjà dans les livres</dt><dd>1</dd>" in shown
    assert "<dt>Pris pour déjà importés</dt><dd>1</dd>" in shown
    assert re.findall(r'data-label="Ce qui sera fait">\s*<span[^>]*>([^<]+)<', shown) == [
        "Déjà dans les livres\u202f?",
        f"À attribuer\u202f: la commande {other.reference} attend davantage",
        "Déjà importé",
    ]
