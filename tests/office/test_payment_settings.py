"""« Pratiques de paiement »: plans, practices, codes and payees, as they are kept, explained and refused."""

from typing import Any

import pytest
from django.urls import reverse

from shared_apps.audit.models import Entry
from tenant_apps.organisation import operations as organisation
from tenant_apps.organisation import payment_practices, rules
from tenant_apps.organisation.models import Payee, Profile, Role
from tenant_apps.organisation.paying import Paying
from tenant_apps.organisation.presets import files
from tests.clients import HostClient
from tests.factories.catalog import an_offering
from tests.factories.organisation import a_payee
from tests.office.conftest import SignIn
from tests.office.editor.pages import filled_in
from tests.portal.people import words

pytestmark = pytest.mark.django_db
ONE_PART = "Un paiement en plusieurs fois a au moins deux parts."
ORDER = "Rangez les parts de la plus proche à la plus lointaine."
BACKWARDS = {"percent_2": "30", "percent_3": "20", "months_2": "2", "months_3": "1"}
FAR = {"percent_2": "30", "percent_3": "20", "months_2": "", "on_2": "2028-03-01", "months_3": "1"}
PAST = "Cette date est passée\u202f: choisissez-en une qui est à venir."
COLUMN = "\u202f»\u202f: écrivez l’intitulé, «\u202f=\u202f», puis un des champs de la liste."
AMOUNTS = "Il manque les montants\u202f: «\u202fdebit\u202f» et «\u202fcredit\u202f», ou «\u202famount\u202f»."
IBAN = "BE71 0961 2345 6769"
HALVES: dict[str, Any] = {"label": "2 paiements mensuels", "label_en": "2 monthly payments", "minimum": "100,00"}
HALVES |= {"percent_1": "50", "percent_2": "50", "months_2": "1", "natures": ["camp"], "minimum_of": "part"}


def url(name: str, *args: object) -> str:
    return reverse(f"office:{name}", urlconf="config.urls.organisation", args=args)


@pytest.fixture
def officer(as_staff: SignIn) -> HostClient:
    return as_staff(Role.FINANCE)


def send(client: HostClient, address: str, **said: Any) -> Any:
    return client.post(address, filled_in(client, address) | said)


def paying() -> Paying:
    return rules.read(Profile.objects.get().rules).paying


def errors(answer: Any) -> dict[str, list[str]]:
    return {name: list(told) for name, told in answer.context["form"].errors.items()}


@pytest.mark.parametrize("role", list(Role))
def test_they_are_for_those_who_set_prices(as_staff: SignIn, role: str) -> None:
    client, payee = as_staff(role), a_payee()
    organisation.describe(rules={"paying": {"plans": [{"key": "deux", "label": "Deux", "shares": [{"percent": 100}]}]}})
    pages = [url(name) for name in ("payment_settings", "payment_practices", "plan_add", "ledger_codes")]
    pages += [url("journal_layout"), url("plan", "deux"), url("plan_drop", "deux")]
    pages += [url("payee", payee.pk), url("slip_issuer", payee.pk)]
    sets_them = role in (Role.OWNER, Role.ADMINISTRATOR, Role.FINANCE)

    assert [client.get(page).status_code for page in pages] == [200 if sets_them else 403] * 9
    assert [client.post(page).status_code == 403 for page in pages[1:]] == [not sets_them] * 8


@pytest.mark.line("S2-16", "S2-17", "S2-18")
def test_a_plan_of_two_halves_for_camps_is_kept_as_check_outs_read_it(officer: HostClient) -> None:
    assert send(officer, url("plan_add"), **HALVES).status_code == 302

    [plan] = paying().plans
    assert (plan.key, plan.label) == ("2-paiements-mensuels", {"fr": HALVES["label"], "en": HALVES["label_en"]})
    assert [(int(share.percent), share.months, share.on) for share in plan.shares] == [(50, 0, None), (50, 1, None)]
    assert (plan.natures, plan.minimum_cents, plan.minimum_of) == ({"camp"}, 10000, "part")
    page = words(officer.get(url("payment_settings")))
    assert "50 % à l’inscription et 50 % 1 mois après. Pour : Camp. À partir de 100,00 $." in page

    kept = Profile.objects.get().rules
    assert send(officer, url("plan", plan.key)).status_code == 302
    assert Profile.objects.get().rules == kept


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"percent_2": "40"}, {"percent_2": ["Les parts font 90\u00a0%\u202f: elles doivent faire 100\u00a0%."]}),
        ({"percent_1": "100", "percent_2": "", "months_2": ""}, {"percent_2": [ONE_PART]}),
        ({"months_2": ""}, {"months_2": ["Dites quand cette part est due."]}),
        ({"on_2": "2027-03-01"}, {"on_2": ["Dites un nombre de mois ou une date, pas les deux."]}),
        ({"months_3": "2"}, {"percent_3": ["Dites combien vaut cette part."]}),
        ({"label": "Later"}, {"label": ["Ce nom est réservé\u202f: choisissez-en un autre."]}),
        (BACKWARDS, {"months_3": [ORDER]}),
        ({"months_2": "", "on_2": "2026-03-01"}, {"on_2": [PAST]}),
        (FAR, {"months_3": [ORDER]}),
    ],
)
def test_parts_that_no_family_could_pay_are_told_at_the_field(
    officer: HostClient, said: dict[str, str], told: dict[str, list[str]]
) -> None:
    answer = send(officer, url("plan_add"), **(HALVES | said))

    assert (answer.status_code, errors(answer)) == (422, told)
    assert paying().plans == ()
    assert answer.context["form"]["minimum"].value() == "100,00"


def test_a_plan_for_no_nature_says_who_has_it_and_its_days_in_words(officer: HostClient) -> None:
    asked = HALVES | {"months_2": "", "on_2": "2028-03-01", "natures": []}
    assert send(officer, url("plan_add"), **asked).status_code == 302

    page = words(officer.get(url("payment_settings")))

    assert "50 % le 1er mars 2028. Seulement pour les activités qui le nomment." in page


def test_a_plan_whose_day_has_gone_by_since_may_still_be_called_otherwise(officer: HostClient) -> None:
    shares = [{"percent": 50}, {"percent": 50, "on": "2026-03-01"}]
    organisation.describe(rules={"paying": {"plans": [{"key": "deux", "label": {"fr": "Deux"}, "shares": shares}]}})

    assert send(officer, url("plan", "deux"), label="Deux fois").status_code == 302
    assert paying().plans[0].label == "Deux fois"


@pytest.mark.parametrize("typed", ["NaN", "1e999", "-5", "9" * 40, "٣", "12,345"])
def test_nonsense_for_a_part_or_an_amount_is_refused_and_stays_as_typed(officer: HostClient, typed: str) -> None:
    answer = send(officer, url("plan_add"), **(HALVES | {"percent_2": typed, "minimum": typed, "months_2": typed}))

    assert answer.status_code == 422 and {"percent_2", "minimum"} & {*errors(answer)}
    assert answer.context["form"]["percent_2"].value() == typed


def test_a_plan_that_an_offering_names_stays(officer: HostClient) -> None:
    send(officer, url("plan_add"), **HALVES)
    offering = an_offering("Camp", payment_terms={"plans": ["2-paiements-mensuels"]})
    address = url("plan_drop", "2-paiements-mensuels")
    seal = payment_practices.seal_of(Profile.objects.get())

    officer.post(address, {"seen": seal})
    assert len(paying().plans) == 1 and "Camp" in words(officer.get(address))

    type(offering).objects.update(payment_terms={})
    officer.post(address, {"seen": seal})
    assert paying().plans == ()


@pytest.mark.line("S3-22", "S3-23", "S4-45")
def test_practices_are_written_read_again_and_told_in_words(officer: HostClient) -> None:
    said = {"card_brands": ["visa", "visa_prepaid"], "methods": ["card"], "takes_transfers": "on", "later": "nobody"}
    said |= {"later_days": "20", "counter": [], "cash_step_cents": "5", "refunds_by": "credit", "warn_days": "10"}
    sent = filled_in(officer, url("payment_practices"))
    sent.pop("counter")
    answer = officer.post(url("payment_practices"), sent | said | {"retry_days": "2 ; 4, 6", "grace_days": "9"})

    assert answer.status_code == 302
    assert paying() == Paying(
        later="nobody",
        later_days=20,
        counter=(),
        takes_transfers=True,
        retry_days=(2, 4, 6),
        grace_days=9,
        warn_days=10,
        refunds_by="credit",
    )
    assert rules.read(Profile.objects.get().rules).card_brands == ("visa", "visa_prepaid")
    page = words(officer.get(url("payment_settings")))
    assert "Rien : tout est payé en ligne" in page and "Visa, Visa prépayée" in page
    assert "Aucun compte de paiement n’a d’IBAN" in page


def test_what_the_form_does_not_ask_stays_as_it_was(officer: HostClient) -> None:
    organisation.describe(rules={"paying": {"page": "hosted", "plans": []}, "checkout": "basket"})

    send(officer, url("payment_practices"), later_days="3")

    kept = Profile.objects.get().rules
    assert (kept["checkout"], kept["paying"]["page"], kept["paying"]["later_days"]) == ("basket", "hosted", 3)


@pytest.mark.parametrize(("page", "said"), [("embedded", "Dans une page de votre site"), ("hosted", "La page du pro")])
def test_where_families_pay_is_chosen(officer: HostClient, page: str, said: str) -> None:
    send(officer, url("payment_practices"), page=page)

    assert paying().page == page
    assert f"Page de paiement {said}" in words(officer.get(url("payment_settings")))


def test_another_page_of_payment_is_refused(officer: HostClient) -> None:
    assert errors(send(officer, url("payment_practices"), page="elsewhere")).keys() == {"page"}
    assert paying().page == "hosted"


@pytest.mark.parametrize("typed", ["0", "3 ; x", "61", "1 2 3 4 5 6", "٣"])
def test_days_that_nobody_could_wait_are_refused(officer: HostClient, typed: str) -> None:
    answer = send(officer, url("payment_practices"), retry_days=typed)

    assert answer.status_code == 422 and list(errors(answer)) == ["retry_days"]
    assert answer.context["form"]["retry_days"].value() == typed


@pytest.mark.parametrize("preset", files.keys())
def test_the_practices_of_every_preset_are_kept_as_they_are(officer: HostClient, preset: str) -> None:
    told = files.load(preset)["profile"]["rules"]
    organisation.describe(rules=told)
    before = rules.read(told)

    assert send(officer, url("payment_practices")).status_code == 302
    assert [send(officer, url("plan", plan.key)).status_code for plan in before.paying.plans] == [
        302 for _plan in before.paying.plans
    ]

    after = rules.read(Profile.objects.get().rules)
    assert (after.paying, after.card_brands) == (before.paying, before.card_brands)


def test_two_officers_do_not_write_over_each_other(officer: HostClient, as_staff: SignIn) -> None:
    first = filled_in(officer, url("payment_practices"))
    send(as_staff(Role.OWNER), url("payment_practices"), later_days="11")

    answer = officer.post(url("payment_practices"), first | {"later_days": "22"})

    assert answer.status_code == 422 and "Quelqu’un a changé ces réglages entre-temps." in words(answer)
    assert paying().later_days == 11
    assert answer.context["form"]["later_days"].value() == "22"


def test_each_change_is_kept_with_its_author(officer: HostClient) -> None:
    send(officer, url("ledger_codes"), code_revenue="4010", code_bank="1010")
    send(officer, url("ledger_codes"), code_revenue="4020")

    assert Profile.objects.get().rules["accounting"]["codes"] == {"revenue": "4020", "bank": "1010"}
    entries = Entry.objects.filter(action="organisation.paying").order_by("at")
    assert [entry.details["changes"]["accounting"] for entry in entries] == [
        [None, {"codes": {"revenue": "4010", "bank": "1010"}}],
        [{"codes": {"revenue": "4010", "bank": "1010"}}, {"codes": {"revenue": "4020", "bank": "1010"}}],
    ]
    page = words(officer.get(url("payment_settings")))
    assert "Banque 1010, Produits 4010" in page


def test_a_layout_is_read_as_it_was_typed(officer: HostClient) -> None:
    columns = "Date = date\nCompte GL = code\n\nMontant = amount\n= reference"
    said = {"columns": columns, "separator": "tab", "decimal": "point", "dates": "compact", "detail": "day"}
    assert send(officer, url("journal_layout"), **said, encoding="cp1252").status_code == 302

    layout = Profile.objects.get().rules["accounting"]["layout"]
    assert layout["columns"] == [
        {"name": "Date", "field": "date"},
        {"name": "Compte GL", "field": "code"},
        {"name": "Montant", "field": "amount"},
        {"name": "", "field": "reference"},
    ]
    assert (layout["separator"], layout["detail"], layout["encoding"]) == ("tab", "day", "cp1252")


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ("Date = date\nX = nothing", "«\u202fX = nothing" + COLUMN),
        ("Date", "«\u202fDate" + COLUMN),
        ("Date = date\nD = debit", AMOUNTS),
    ],
)
def test_a_layout_that_says_nothing_of_the_amounts_is_refused(officer: HostClient, columns: str, told: str) -> None:
    answer = send(officer, url("journal_layout"), columns=columns)

    assert (answer.status_code, errors(answer)) == (422, {"columns": [told]})


@pytest.mark.line("S4-45")
def test_a_payee_gets_a_bank_account_a_number_and_codes(officer: HostClient) -> None:
    payee = a_payee("Commune", accounting={"statement_columns": {"date": "Datum"}})
    said = {"legal_name": "Commune de Sprimont", "iban": IBAN, "bic": "gkcc be bb", "segment": "ATL"}

    assert send(officer, url("payee", payee.pk), **said, code_revenue="4010").status_code == 302

    payee.refresh_from_db()
    assert (payee.iban, payee.bic, payee.code) == ("BE71096123456769", "GKCCBEBB", 1)
    assert payee.accounting == {
        "statement_columns": {"date": "Datum"},
        "segment": "ATL",
        "codes": {"revenue": "4010"},
    }
    [entry] = Entry.objects.filter(action="organisation.payee")
    assert entry.details["changes"]["iban"] == ["", "BE71096123456769"]
    assert "BE71096123456769" in words(officer.get(url("payment_settings")))


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"iban": "BE71 0961 2345 6768"}, {"iban": ["Cet IBAN n’est pas valide\u202f: vérifiez ses chiffres."]}),
        ({"iban": IBAN, "bic": "ABC"}, {"bic": ["Ce BIC n’est pas valide\u202f: il a 8 ou 11 caractères."]}),
        ({"bic": "GKCCBEBB"}, {"iban": ["Un BIC va avec un IBAN."]}),
        ({"name": "École B"}, {"name": ["Un autre compte de paiement porte déjà ce nom."]}),
        ({"name": ""}, {"name": ["Ce champ est obligatoire."]}),
    ],
)
def test_what_is_wrong_of_a_payee_is_told_at_the_field(
    officer: HostClient, said: dict[str, str], told: dict[str, list[str]]
) -> None:
    payee = a_payee("École A")
    a_payee("École B")

    answer = send(officer, url("payee", payee.pk), legal_name="Nouveau nom", **({"name": "École A"} | said))

    assert (answer.status_code, errors(answer)) == (422, told)
    assert Payee.objects.get(pk=payee.pk).legal_name == "École A"
    assert answer.context["form"]["legal_name"].value() == "Nouveau nom"


def test_two_officers_do_not_write_over_each_others_payee(officer: HostClient) -> None:
    payee = a_payee("École A")
    first = filled_in(officer, url("payee", payee.pk))
    send(officer, url("payee", payee.pk), iban=IBAN)

    answer = officer.post(url("payee", payee.pk), first | {"segment": "A"})

    assert answer.status_code == 422 and Payee.objects.get(pk=payee.pk).iban == "BE71096123456769"


def test_who_issues_slips_is_said_of_each_payee(officer: HostClient) -> None:
    payee = a_payee("Ville", slips={"ceilings": {"2024": 1500}})

    said = {"kinds": ["childcare"], "signatory": "A. Roy, trésorière", "city": "Québec"}
    assert send(officer, url("slip_issuer", payee.pk), **said).status_code == 302

    payee.refresh_from_db()
    assert (payee.slips["kinds"], payee.slips["signatory"]) == (["childcare"], "A. Roy, trésorière")
    assert payee.slips["ceilings"] == {"2024": 1500}


def test_whoever_signed_in_long_ago_is_asked_again(officer: HostClient) -> None:
    payee = a_payee()
    session = officer.session
    session["confirmed_at"] = 0.0
    session.save()

    answer = officer.get(url("payee", payee.pk))

    assert answer.url == f"/compte/verification?next={url('payee', payee.pk)}"
