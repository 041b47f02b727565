"""Two records of one person become one, and all that hung on either hangs on it."""

from contextlib import suppress
from datetime import date
from threading import Barrier, BrokenBarrierError
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps

from kernel import clock
from shared_apps.accounts.models import User
from shared_apps.audit.actors import SYSTEM
from shared_apps.audit.models import Entry
from tenant_apps.families import queries
from tenant_apps.families.identity import Answers
from tenant_apps.families.models import Guardian, Guardianship, LinkKind, LinkRequest, LinkStatus, Participant
from tenant_apps.families.operations import merge, merge_guardians, pairs, rights
from tenant_apps.forms import operations as forms
from tenant_apps.registrations import following
from tenant_apps.registrations.models import Basket, Registration
from tenants.models import Organisation
from tests.concurrency.crowd import rush
from tests.factories.catalog import an_option
from tests.factories.families import a_child, a_guardian, a_guest
from tests.factories.forms import a_form
from tests.factories.moments import NOON
from tests.factories.organisation import a_user, an_establishment, an_organisation_profile
from tests.factories.registrations import a_basket, a_hold
from tests.office.money import a_paid_order, an_order_of

pytestmark = pytest.mark.usefixtures("organisation_a")


@pytest.fixture(autouse=True)
def profile(organisation_a: Organisation) -> None:
    an_organisation_profile()


def merged(kept: Participant, gone: Participant, *, columns: tuple[str, ...] = (), links: Any = None) -> Participant:
    wanted = links if links is not None else gone.guardianships.values_list("id", flat=True)
    merge.merge_participants(
        kept_id=kept.id, gone_id=gone.id, from_gone=columns, links=list(wanted), actor=SYSTEM, at=NOON
    )
    kept.refresh_from_db()
    gone.refresh_from_db()
    return kept


def merged_guardians(kept: Guardian, gone: Guardian, *, columns: tuple[str, ...] = ()) -> Guardian:
    merge_guardians.merge_guardians(kept_id=kept.id, gone_id=gone.id, from_gone=columns, actor=SYSTEM, at=NOON)
    kept.refresh_from_db()
    gone.refresh_from_db()
    return kept


def guardians_of(child: Participant) -> set[UUID]:
    return set(child.guardianships.values_list("guardian_id", flat=True))


@pytest.mark.line("S4-11")
def test_the_chosen_values_stay_and_nothing_that_was_said_is_lost() -> None:
    school = an_establishment()
    kept = a_child("Ada", birth_date=date(2018, 5, 1), answers={"teacher": "Mme Roy"}, sealed={"allergies": True})
    gone = a_child("Adèle", establishment=school, answers={"teacher": "?", "bus": "12"}, sealed={"epipen": True})
    Participant.objects.filter(id=gone.id).update(student_number="42")

    merged(kept, gone, columns=("first_name", "establishment_id", "student_number"))

    assert (kept.first_name, kept.birth_date, kept.establishment, kept.student_number) == (
        "Adèle",
        date(2018, 5, 1),
        school,
        "42",
    )
    assert kept.answers == {"teacher": "Mme Roy", "bus": "12"}
    assert queries.sealed_answers(kept) == {"allergies": True, "epipen": True}
    assert (gone.merged_into, gone.removed_at, gone.sealed) == (kept, NOON, None)
    assert "adele" in kept.search_text
    assert Entry.objects.filter(action="participant.merged", subject_id=kept.id).get().details["merged"] == str(gone.id)


def test_both_families_stay_responsible_and_the_record_that_went_is_seen_by_nobody() -> None:
    kept, gone = a_child("Ada"), a_child("Ada")
    both = guardians_of(kept) | guardians_of(gone)
    parent = gone.guardianships.get().guardian

    merged(kept, gone)

    assert guardians_of(kept) == both
    assert queries.participants_of(parent.id) == [kept]


def test_a_link_that_staff_do_not_keep_goes() -> None:
    kept, gone = a_child("Ada"), a_child("Ada", of=a_guest())
    own = guardians_of(kept)

    merged(kept, gone, links=[])

    assert guardians_of(kept) == own


def test_who_is_blocked_in_either_record_stays_blocked() -> None:
    father = a_guardian(first_name="Paul")
    kept, gone = a_child("Ada", of=father), a_child("Ada", of=a_guardian())
    link = Guardianship.objects.create(guardian=father, participant=gone)
    rights.block(link_id=link.id, reason="Jugement", actor=SYSTEM, at=NOON)

    merged(kept, gone, links=[])

    united = kept.guardianships.get(guardian=father)
    assert (united.is_blocked, united.blocked_reason) == (True, "Jugement")
    assert queries.participants_of(father.id) == []


def test_a_blocked_adult_cannot_be_left_out_and_come_back_later() -> None:
    kept, gone = a_child("Ada"), a_child("Ada")
    link = gone.guardianships.get()
    rights.block(link_id=link.id, reason="Jugement", actor=SYSTEM, at=NOON)

    merged(kept, gone, links=[])

    assert kept.guardianships.get(guardian=link.guardian_id).is_blocked is True


def test_registrations_follow_and_submissions_are_read_through_the_merge() -> None:
    kept, gone = a_child("Ada"), a_child("Ada")
    order = a_paid_order(an_option(), child=gone, basket=a_basket(gone.guardianships.get().guardian))
    submission = forms.submit(
        version_id=a_form({"key": "bus"}).id,
        participant_id=gone.id,
        signer_id=None,
        answers=Answers(own={"bus": "12"}),
        actor=SYSTEM,
        at=NOON,
    )

    merged(kept, gone)

    assert order.lines.get().registration.participant == kept
    submission.refresh_from_db()
    assert submission.participant == gone
    assert queries.everyone_in(kept.id) == [kept.id, gone.id]


def test_three_records_merged_one_after_the_other_are_all_found_in_the_last() -> None:
    first, second, third = a_child("Ada"), a_child("Ada"), a_child("Ada")

    merged(second, first)
    merged(third, second)

    assert set(queries.everyone_in(third.id)) == {first.id, second.id, third.id}


def test_two_places_in_one_option_are_refused_with_its_name_and_nothing_changes() -> None:
    option = an_option()
    kept, gone = a_child("Ada"), a_child("Ada")
    for child in (kept, gone):
        a_hold(option, child=child, basket=a_basket(child.guardianships.get().guardian))

    with pytest.raises(following.BothRegistered) as refusal:
        merged(kept, gone)

    assert str(refusal.value) == f"Les deux dossiers gardent une place dans\u202f: {option.offering.title}. " + (
        "Libérez-en une d’abord."
    )
    gone.refresh_from_db()
    assert gone.merged_into is None
    assert gone.guardianships.count() == 1


def test_the_key_of_an_import_goes_to_the_record_that_has_none() -> None:
    kept, gone = a_child("Ada"), a_child("Ada")
    Participant.objects.filter(id=gone.id).update(external_id="s-1", locked_fields=["first_name"])

    merged(kept, gone, columns=("first_name",))

    assert (kept.external_id, gone.external_id, kept.locked_fields) == ("s-1", "", ["first_name"])


def test_two_national_numbers_are_two_people() -> None:
    kept, gone = a_child("Ada"), a_child("Ada")
    for number, child in enumerate((kept, gone)):
        Participant.objects.filter(id=child.id).update(national_number_hash=f"{number}" * 64)

    with pytest.raises(pairs.DifferentNumbers):
        merged(kept, gone)


def test_nothing_merges_with_itself_or_twice() -> None:
    kept, gone = a_child("Ada"), a_child("Ada")
    with pytest.raises(pairs.SameRecord):
        merged(kept, kept)
    merged(kept, gone)

    with pytest.raises(pairs.AlreadyMerged):
        merged(kept, gone)
    with pytest.raises(pairs.AlreadyMerged):
        merged(gone, a_child("Ada"))


def test_a_claim_made_for_both_records_is_one_claim() -> None:
    kept, gone = a_child("Ada"), a_child("Ada")
    claimant = a_guardian()
    for child in (kept, gone):
        LinkRequest.objects.create(kind=LinkKind.CLAIM, participant=child, guardian=claimant)

    merged(kept, gone)

    statuses = kept.link_requests.order_by("status").values_list("status", flat=True)
    assert list(statuses) == [LinkStatus.CANCELLED, LinkStatus.PENDING]


@pytest.mark.line("S4-11")
def test_the_account_stays_tied_to_the_guardian_that_is_kept() -> None:
    account = a_user("marie@example.org")
    kept, gone = a_guest("marie@example.org"), a_guardian(user=account)
    child = a_child("Ada", of=gone)
    order = a_paid_order(an_option(), child=child, basket=a_basket(gone))

    merged_guardians(kept, gone, columns=("phone",))

    account.refresh_from_db()
    assert queries.guardian_of(account) == kept
    assert queries.participants_of(kept.id) == [child]
    order.refresh_from_db()
    assert (order.guardian, order.basket.guardian) == (kept, kept)
    assert (gone.merged_into, gone.user) == (kept, None)


def test_an_account_that_was_never_used_is_closed_and_the_other_is_kept() -> None:
    used, unused = a_user("a@example.org", last_login=NOON), a_user("b@example.org")
    kept, gone = a_guardian(user=unused), a_guardian(user=used)

    merged_guardians(kept, gone)

    assert kept.user == used
    assert User.objects.get(id=unused.id).is_active is False


def test_two_accounts_in_use_are_refused() -> None:
    kept, gone = (a_guardian(user=a_user(f"{each}@example.org", last_login=NOON)) for each in "ab")

    with pytest.raises(merge_guardians.TwoAccounts):
        merged_guardians(kept, gone)


def test_two_open_baskets_become_one() -> None:
    kept, gone = a_guardian(), a_guardian()
    for guardian in (kept, gone):
        a_hold(an_option(), child=a_child(of=guardian), basket=a_basket(guardian))

    merged_guardians(kept, gone)

    basket = Basket.objects.get(guardian=kept, closed_at=None)
    assert Registration.objects.filter(basket=basket).count() == 2
    assert Basket.objects.filter(guardian=gone).count() == 0


def test_a_payment_under_way_is_waited_for() -> None:
    kept, gone = a_guardian(), a_guardian()
    an_order_of(an_option(), child=a_child(of=gone), basket=a_basket(gone))

    with pytest.raises(following.PaymentUnderWay):
        merged_guardians(kept, gone)


def test_what_a_household_of_several_answered_stays_with_it() -> None:
    kept, gone = a_guardian(), a_guardian()
    assert gone.household is not None
    gone.household.answers = {"street": "Rue du Parc"}
    gone.household.save()
    Guardian.objects.filter(id=a_guardian().id).update(household=gone.household)

    merged_guardians(kept, gone)

    assert kept.household is not None
    assert kept.household.answers == {}


FOLLOWED = {
    "families.Guardianship.guardian": "joined",
    "families.Guardianship.participant": "joined",
    "families.LinkRequest.guardian": "moved",
    "families.LinkRequest.invited_by": "moved",
    "families.LinkRequest.participant": "moved",
    "families.Guardian.merged_into": "shortened",
    "families.Participant.merged_into": "shortened",
    "registrations.Basket.guardian": "moved",
    "registrations.Registration.participant": "moved",
    "registrations.PlaceRequest.guardian": "moved",
    "openings.Ticket.guardian": "joined",
    "orders.Order.guardian": "moved",
    "orders.Transfer.guardian": "read through the merge",
    "slips.Slip.guardian": "moved",
    "slips.Slip.participant": "moved",
    "entitlements.Entitlement.guardian": "moved",
    "entitlements.Entitlement.participant": "moved",
    "changes.ChangeRequest.guardian": "moved",
    "changes.ChangeRequest.participant": "moved",
    "forms.Submission.participant": "read through the merge",
    "forms.Submission.signer": "read through the merge",
    "forms.Upload.participant": "moved",
    "forms.Upload.given_by": "moved",
}


def test_every_table_that_names_a_person_has_its_say_in_a_merge() -> None:
    naming = {
        f"{model._meta.app_label}.{model.__name__}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.many_to_one and field.related_model in (Guardian, Participant)
    }

    assert naming == FOLLOWED.keys()


@pytest.mark.usefixtures("transactional_db")
class TestTwoAtOnce:
    @pytest.fixture(autouse=True)
    def profile(self, transactional_db: None, organisation_a: Organisation) -> None:
        an_organisation_profile()

    def test_two_who_merge_the_same_pair_both_ways_leave_one_record(self, organisation_a: Organisation) -> None:
        one, other = a_child("Ada"), a_child("Ada")

        def act(pair: tuple[Participant, Participant]) -> None:
            kept, gone = pair
            merge.merge_participants(
                kept_id=kept.id, gone_id=gone.id, from_gone=(), links=[], actor=SYSTEM, at=clock.now()
            )

        raised = rush(organisation_a, [(one, other), (other, one)] * 2, act)

        assert [type(error) for error in raised] == [pairs.AlreadyMerged] * 3
        assert Participant.objects.filter(merged_into=None).count() == 1
        assert Participant.objects.exclude(merged_into=None).count() == 1

    def test_without_the_lock_both_would_be_told_that_theirs_was_kept(
        self, organisation_a: Organisation, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The race is real: whoever only looks whether a record is merged already sees too late that it is."""
        one, other = a_child("Ada"), a_child("Ada")
        met = Barrier(2)

        def only_look(_people: object, kept_id: UUID, gone_id: UUID) -> tuple[Participant, Participant]:
            found = Participant.objects.in_bulk([kept_id, gone_id])
            with suppress(BrokenBarrierError):  # who was undone by the other tries again alone
                met.wait(timeout=10)
                met.abort()
            return found[kept_id], found[gone_id]

        monkeypatch.setattr(pairs, "locked", only_look)

        def act(pair: tuple[Participant, Participant]) -> None:
            kept, gone = pair
            merge.merge_participants(
                kept_id=kept.id, gone_id=gone.id, from_gone=(), links=[], actor=SYSTEM, at=clock.now()
            )

        assert rush(organisation_a, [(one, other), (other, one)], act) == []
        kept = Entry.objects.filter(action="participant.merged").values_list("subject_id", flat=True)
        assert set(kept) == {one.id, other.id}
