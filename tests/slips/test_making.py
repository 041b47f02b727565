"""Slips are made once each, numbered without gaps, and corrected with a trace."""

import io

import pytest
from pypdf import PdfReader

from kernel.clock import local_date
from shared_apps.audit.actors import SYSTEM
from shared_apps.audit.models import Entry
from shared_apps.outbox import delivery
from shared_apps.outbox.models import Message
from tenant_apps.families.models import Guardian
from tenant_apps.organisation.models import Payee, Profile
from tenant_apps.payments.operations.refund import owe_refund
from tenant_apps.slips import documents, files, readiness
from tenant_apps.slips.errors import AlreadyCorrected, NothingChanged
from tenant_apps.slips.models import Slip
from tenant_apps.slips.operations import asking, correcting, making
from tests.factories.organisation import a_payee
from tests.slips.world import (
    DECEMBER,
    MARCH,
    SIN,
    a_camp,
    a_family,
    a_paid_week,
    a_week,
    an_issuer,
    an_unpaid_order,
    numbered,
    pay,
)


def items(payee: Payee, kind: str, profile: Profile) -> list[readiness.Item]:
    return readiness.of(payee, kind, 2026, on=local_date(DECEMBER, profile.zone), zone=profile.zone)


def make(payee: Payee, kind: str) -> list[Slip]:
    making.make(payee_id=payee.pk, kind=kind, year=2026, actor=SYSTEM, at=DECEMBER)
    return list(Slip.objects.order_by("number"))


def text_of(slip: Slip) -> str:
    pages = PdfReader(io.BytesIO(documents.pdf(slip))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_what_is_ready_is_made_once_and_numbered_without_gaps(profile: Profile) -> None:
    payee = an_issuer("childcare")
    camp = a_camp(payee)
    for _ in range(3):
        a_paid_week(a_week(camp), *a_family())

    first, again = make(payee, "childcare"), make(payee, "childcare")

    assert [slip.number for slip in first] == [1, 2, 3]
    assert again == first
    assert [item.state for item in items(payee, "childcare", profile)] == ["made"] * 3


def test_what_is_missing_is_said_and_nothing_is_made(profile: Profile) -> None:
    payee = an_issuer("rl24")
    guardian, child = a_family()
    a_paid_week(a_week(a_camp(payee)), guardian, child)

    [lacking] = items(payee, "rl24", profile)
    assert (lacking.state, lacking.missing) == ("lacking", ("payer_number",))
    assert make(payee, "rl24") == []

    numbered(guardian)
    assert [item.state for item in items(payee, "rl24", profile)] == ["ready"]


def test_an_issuer_without_an_address_makes_nothing(profile: Profile) -> None:
    payee = a_payee(slips={"kinds": ["childcare"], "signatory": "A. Dubois"})
    a_paid_week(a_week(a_camp(payee)), *a_family())

    assert [item.missing for item in items(payee, "childcare", profile)] == [("issuer",)]
    assert make(payee, "childcare") == []


def test_who_receives_no_slips_has_none(profile: Profile) -> None:
    payee = an_issuer("childcare")
    guardian, child = a_family()
    a_paid_week(a_week(a_camp(payee)), guardian, child)
    Guardian.objects.update(receives_slips=False)

    assert [item.missing for item in items(payee, "childcare", profile)] == [("not_wanted",)]


def test_the_statement_of_rl_24_is_marked_and_its_boxes_add_up() -> None:
    payee = an_issuer("rl24")
    guardian, child = a_family()
    numbered(guardian)
    a_paid_week(a_week(a_camp(payee, ineligible_cents=1500)), guardian, child)

    [slip] = make(payee, "rl24")
    [row] = files.rows([slip])

    assert "ne remplace pas le relevé 24" in text_of(slip)
    assert (row["case_b"], row["case_c"], row["case_d"], row["case_e"]) == (5, 10000, 1500, 8500)
    assert (row["code"], row["nas"], row["numero"], row["code_postal"]) == ("R", SIN, 1, "4140")


def test_numbers_are_sealed_and_nowhere_else() -> None:
    payee = an_issuer("rl24")
    guardian, child = a_family()
    numbered(guardian)
    a_paid_week(a_week(a_camp(payee)), guardian, child)

    [slip] = make(payee, "rl24")
    slip.refresh_from_db()

    assert SIN not in str(slip.facts)
    assert SIN.encode() not in bytes(slip.sealed or b"")
    assert files.numbers_of(slip)["number"] == SIN


def test_the_federal_receipt_says_what_it_must() -> None:
    payee = an_issuer("childcare")
    guardian, child = a_family()
    a_paid_week(a_week(a_camp(payee, overnight=True)), guardian, child)

    [slip] = make(payee, "childcare")
    words = text_of(slip)

    for said in (str(guardian), "Ada", "100,00", "6 juillet 2026", "10 juillet 2026", "Anne Dubois", "Sprimont"):
        assert said in words
    assert "Semaines avec hébergement 1" in words


def test_a_late_refund_makes_it_amended_and_the_first_stays(profile: Profile) -> None:
    payee = an_issuer("childcare")
    order = a_paid_week(a_week(a_camp(payee)), *a_family())
    [first] = make(payee, "childcare")
    with pytest.raises(NothingChanged):
        correcting.amend(slip_id=first.pk, actor=SYSTEM, at=DECEMBER)
    owe_refund(payment=order.payments.get(), cents=2500, reason="mended", at=DECEMBER)

    [item] = items(payee, "childcare", profile)
    assert item.state == "changed"
    amended = correcting.amend(slip_id=first.pk, actor=SYSTEM, at=DECEMBER)

    assert (amended.number, amended.version, amended.amends, amended.total_cents) == (2, "amended", first, 7500)
    first.refresh_from_db()
    assert (first.version, first.total_cents) == ("original", 10000)
    assert "Remplace l’attestation nº 000001" in text_of(amended)
    with pytest.raises(AlreadyCorrected):
        correcting.amend(slip_id=first.pk, actor=SYSTEM, at=DECEMBER)


def test_a_cancelled_one_may_be_made_again(profile: Profile) -> None:
    payee = an_issuer("childcare")
    a_paid_week(a_week(a_camp(payee)), *a_family())
    [first] = make(payee, "childcare")

    cancelled = correcting.cancel(slip_id=first.pk, reason="Erreur de nom", actor=SYSTEM, at=DECEMBER)
    with pytest.raises(AlreadyCorrected):
        correcting.cancel(slip_id=first.pk, reason="Encore", actor=SYSTEM, at=DECEMBER)

    assert (cancelled.number, cancelled.version, cancelled.facts["amends"]) == (2, "cancelled", 1)
    assert [(slip.number, slip.version) for slip in make(payee, "childcare")] == [
        (1, "original"),
        (2, "cancelled"),
        (3, "amended"),
    ]


def test_a_slip_whose_money_went_back_is_to_be_cancelled(profile: Profile) -> None:
    payee = an_issuer("childcare")
    order = a_paid_week(a_week(a_camp(payee)), *a_family())
    make(payee, "childcare")
    owe_refund(payment=order.payments.get(), cents=10000, reason="all", at=DECEMBER)

    assert [item.state for item in items(payee, "childcare", profile)] == ["gone"]


def test_a_published_one_is_told_once_and_without_a_number(profile: Profile) -> None:
    payee = an_issuer("rl24")
    guardian, child = a_family()
    numbered(guardian)
    a_paid_week(a_week(a_camp(payee)), guardian, child)
    make(payee, "rl24")

    for _ in range(2):
        making.publish(payee_id=payee.pk, kind="rl24", year=2026, actor=SYSTEM, at=DECEMBER)
        delivery.handle_events(at=DECEMBER)

    [letter] = Message.objects.filter(subject="Vos attestations fiscales sont prêtes")
    assert letter.recipient == guardian.email
    assert SIN not in letter.text + letter.html
    assert [item.state for item in items(payee, "rl24", profile)] == ["published"]


def test_a_family_is_asked_once_for_what_it_can_give() -> None:
    payee = an_issuer("rl24")
    guardian, child = a_family()
    a_paid_week(a_week(a_camp(payee)), guardian, child)

    done = [asking.ask(payee_id=payee.pk, kind="rl24", year=2026, actor=SYSTEM, at=DECEMBER) for _ in range(2)]
    delivery.handle_events(at=DECEMBER)

    assert done == [1, 0]
    assert Message.objects.filter(subject__startswith="Vos attestations fiscales 2026").count() == 1


def test_care_is_attested_in_belgium_once_it_ended_and_all_is_paid(profile: Profile) -> None:
    payee = an_issuer("281.86")
    guardian, child = a_family()
    numbered(guardian, child)
    order = an_unpaid_order([a_week(a_camp(payee))], guardian, child)
    order.first_cents = 6000
    order.save()
    pay(order, 6000, MARCH)

    def missing(at: object = DECEMBER) -> tuple[str, ...]:
        [item] = readiness.of(payee, "281.86", 2026, on=local_date(at, profile.zone), zone=profile.zone)  # type: ignore[arg-type]
        return item.missing

    assert missing() == ("unpaid",)
    pay(order, 4000, MARCH)
    assert missing(MARCH) == ("not_ended",)
    assert missing() == ()


def test_every_making_is_in_the_trail() -> None:
    payee = an_issuer("childcare")
    a_paid_week(a_week(a_camp(payee)), *a_family())

    [slip] = make(payee, "childcare")

    entry = Entry.objects.get(action="slips.made")
    assert (entry.subject_id, entry.details) == (slip.pk, {"kind": "childcare", "year": 2026, "number": 1})
