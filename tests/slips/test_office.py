"""« Attestations fiscales » in the workplace: who opens it, what it shows, and the trail of who read what."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kernel import clock
from shared_apps.audit.models import Entry
from tenant_apps.catalog.models import Option
from tenant_apps.organisation.models import Role
from tenant_apps.payments.operations.refund import owe_refund
from tenant_apps.slips.models import Slip
from tests.clients import HostClient
from tests.factories.organisation import a_staff_member
from tests.portal.people import words
from tests.slips.world import SIN, a_camp, a_coming_week, a_family, a_paid_week, an_issuer, numbered

LIST = "/gestion/finances/attestations"


@pytest.fixture
def finance() -> HostClient:
    return signed_in(Role.FINANCE)


def signed_in(role: str) -> HostClient:
    client = HostClient("a.localhost")
    client.force_login(a_staff_member(role).user, second_factor=True)
    return client


def a_ready_family(kind: str = "rl24") -> dict[str, str]:
    """What the forms of the page are sent with."""
    payee = an_issuer(kind)
    guardian, child = a_family()
    numbered(guardian, child)
    a_paid_week(a_coming_week(a_camp(payee)), guardian, child, at=clock.now())
    return {"which": f"{payee.pk}:{kind}", "year": str(timezone.localtime(clock.now()).year)}


def test_it_is_for_finance_administration_and_the_owner() -> None:
    a_ready_family()

    opened = [role for role in Role if signed_in(role).get(LIST).status_code == 200]

    assert opened == [Role.OWNER, Role.ADMINISTRATOR, Role.FINANCE]


def test_where_nobody_issues_any_it_says_so(finance: HostClient) -> None:
    assert "Aucune attestation n’est produite" in words(finance.get(LIST))


@pytest.mark.line("O-15")
def test_what_is_missing_is_seen_all_year_round_and_asked_for(finance: HostClient) -> None:
    payee = an_issuer("rl24")
    guardian, child = a_family()
    a_paid_week(a_coming_week(a_camp(payee)), guardian, child, at=clock.now())

    page = words(finance.get(LIST))
    said = {"which": f"{payee.pk}:rl24", "year": str(clock.now().year)}
    finance.post(f"{LIST}/demander", said)

    assert "Le numéro du parent manque" in page
    assert "Demander à 1 famille ce qui manque" in page
    assert "ne remplace pas le relevé" in page
    assert "Demandé à la famille" in words(finance.get(LIST))


@pytest.mark.line("O-15")
def test_ready_ones_are_made_then_published_then_corrected(finance: HostClient) -> None:
    said = a_ready_family()
    assert "Faire 1 attestation" in words(finance.get(LIST))

    made = finance.post(f"{LIST}/faire", said, follow=True)
    assert "1 attestation est faite." in words(made)
    published = finance.post(f"{LIST}/publier", said, follow=True)
    assert "1 attestation est publiée." in words(published)

    slip = Slip.objects.get()
    payment = slip.guardian.orders.get().payments.get()
    owe_refund(payment=payment, cents=1000, reason="mended", at=clock.now())
    assert "Ce qui a été payé a changé depuis" in words(finance.get(f"{LIST}/{slip.pk}"))
    finance.post(f"{LIST}/{slip.pk}/modifier")
    amended = Slip.objects.get(amends=slip)
    assert (amended.total_cents, bool(amended.published_at)) == (9000, True)

    assert finance.post(f"{LIST}/{amended.pk}/annuler", {"reason": ""}).status_code == 422
    finance.post(f"{LIST}/{amended.pk}/annuler", {"reason": "Erreur"})
    assert Slip.objects.get(amends=amended).version == "cancelled"
    assert "Une autre la remplace" in words(finance.get(f"{LIST}/{slip.pk}"))


def test_numbers_are_on_no_page_and_every_reading_of_them_is_in_the_trail(finance: HostClient) -> None:
    said = a_ready_family()
    finance.post(f"{LIST}/faire", said)
    slip = Slip.objects.get()

    assert SIN not in finance.get(LIST).content.decode()
    assert SIN not in finance.get(f"{LIST}/{slip.pk}").content.decode()
    assert not Entry.objects.filter(action="slips.read").exists()

    assert finance.get(f"{LIST}/{slip.pk}.pdf").content.startswith(b"%PDF")
    assert [entry.subject_id for entry in Entry.objects.filter(action="slips.read")] == [slip.pk]
    csv = finance.get(f"{LIST}/fichier", said)
    assert SIN in csv.content.decode()
    assert finance.get(f"{LIST}/fichier", {**said, "format": "json"}).json()["releves"][0]["nas"] == SIN
    taken = Entry.objects.filter(action="slips.file_taken")
    assert [entry.details["slips"] for entry in taken] == [1, 1]


def test_a_preview_takes_no_number_and_is_in_the_trail(finance: HostClient) -> None:
    said = a_ready_family("childcare")
    page = finance.get(LIST).content.decode()
    address = page.partition("apercu.pdf?")[2].partition('"')[0].replace("&amp;", "&")

    assert finance.get(f"{LIST}/apercu.pdf?{address}").content.startswith(b"%PDF")
    assert Entry.objects.filter(action="slips.read", subject="guardian").count() == 1
    assert not Slip.objects.exists()
    finance.post(f"{LIST}/faire", said)
    assert Slip.objects.get().number == 1


@pytest.mark.parametrize(
    "address",
    [
        "fichier?which=x&year=2026",
        "fichier?which=&year=nul",
        "apercu.pdf?item=x",
        f"{'0' * 8}-0000-0000-0000-{'0' * 12}",
    ],
)
def test_what_is_not_there_is_not_found(finance: HostClient, address: str) -> None:
    assert finance.get(f"{LIST}/{address}").status_code == 404
    a_ready_family()
    assert finance.get(f"{LIST}/{address}").status_code == 404


def test_the_file_of_281_86_is_xml(finance: HostClient) -> None:
    payee = an_issuer("281.86")
    guardian, child = a_family()
    numbered(guardian, child)
    order = a_paid_week(a_coming_week(a_camp(payee)), guardian, child, at=clock.now())
    Option.objects.update(starts_on=date(2026, 1, 5), ends_on=date(2026, 1, 9))
    year = timezone.localtime(order.placed_at).year
    said = {"which": f"{payee.pk}:281.86", "year": str(year)}
    finance.post(f"{LIST}/faire", said)

    answer = finance.get(f"{LIST}/fichier", said)

    assert answer.headers["Content-Type"] == "application/xml"
    assert b"<v0010_bestandtype>BCTEST" in answer.content


def test_the_list_costs_the_same_for_one_family_and_for_three(finance: HostClient) -> None:
    payee = an_issuer("childcare")
    camp = a_camp(payee)

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert finance.get(LIST).status_code == 200
        return len(caught)

    a_paid_week(a_coming_week(camp), *a_family(), at=clock.now())
    queries()
    with_one = queries()
    for _ in range(2):
        a_paid_week(a_coming_week(camp), *a_family(), at=clock.now())

    assert queries() == with_one
