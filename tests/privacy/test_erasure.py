"""An account that is erased leaves numbers and amounts, and nothing that says who it was."""

from datetime import date, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage

from shared_apps.accounts.models import User
from shared_apps.audit.actors import SYSTEM, Actor
from shared_apps.audit.models import Entry
from shared_apps.outbox import delivery
from shared_apps.outbox import operations as outbox
from shared_apps.outbox.models import Event
from tenant_apps.families.models import Guardian, Participant
from tenant_apps.forms.models import Sealed, Submission, Upload
from tenant_apps.orders.models import OrderLine
from tenant_apps.organisation.models import MemberState, StaffMember
from tenant_apps.payments.models import Receipt
from tenant_apps.privacy import erasure, obstacles
from tenant_apps.registrations import support
from tests.factories.catalog import an_offering, an_option
from tests.factories.moments import NOON
from tests.factories.orders import an_order
from tests.factories.organisation import a_staff_member
from tests.factories.registrations import a_basket, a_hold
from tests.privacy.traces import Family, a_family, a_paid_order, where

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=1)


def erase(family: Family) -> None:
    actor = Actor(kind="guardian", user_id=family.guardian.user_id, label=str(family.guardian))
    erasure.erase(guardian_id=family.guardian.id, actor=actor, at=LATER)


def test_the_family_has_left_its_mark_everywhere() -> None:
    """Else the tests below would show nothing."""
    a_paid_order(a_family("Zzyx"))

    assert where("Zzyx").keys() == {
        "account_emailaddress",
        "accounts_user",
        "audit_entry",
        "entitlements_entitlement",
        "families_guardian",
        "families_household",
        "families_linkrequest",
        "families_participant",
        "forms_submission",
        "forms_upload",
        "orders_orderline",
        "outbox_message",
        "registrations_registration",
        "usersessions_usersession",
    }


def test_nothing_says_who_it_was_but_the_lines_of_what_was_paid() -> None:
    family = a_family("Zzyx")
    order = a_paid_order(family)
    erase(family)

    assert where("Zzyx") == {"orders_orderline": 1}
    assert OrderLine.objects.get(order=order).participant_name == "LapointeZzyx AdèleZzyx"
    assert Receipt.objects.filter(payment__order=order).count() == 1


def test_what_was_sealed_is_gone_with_its_files() -> None:
    family = a_family("Zzyx")
    [path] = Upload.objects.values_list("path", flat=True)
    erase(family)

    assert (Sealed.objects.count(), Upload.objects.count()) == (0, 0)
    assert Participant.objects.get().sealed is Guardian.objects.get().sealed is None
    assert path


@pytest.mark.django_db(transaction=True)
def test_files_go_once_the_rest_is_gone() -> None:
    family = a_family("Zzyx")
    [path] = Upload.objects.values_list("path", flat=True)
    assert default_storage.exists(path)
    erase(family)

    assert not default_storage.exists(path)


def test_the_account_and_its_sessions_are_gone() -> None:
    family = a_family("Zzyx")
    Session.objects.create(session_key="sessionZzyx", session_data="", expire_date=LATER)
    erase(family)

    assert (User.objects.count(), Session.objects.count()) == (0, 0)


def test_that_something_was_decided_stays_and_by_whom_does_not() -> None:
    erase(a_family("Zzyx"))

    said = [(row.decision, row.signed_name, row.answers, row.signed_from) for row in Submission.objects.all()]
    assert sorted(said) == [("", "", {}, None), ("yes", "", {}, None)]


def test_what_was_told_of_them_and_heard_is_gone() -> None:
    family = a_family("Zzyx")
    outbox.tell(kind="guardian.email_corrected", payload={"was": family.email}, at=NOON)
    outbox.tell(kind="families.invited", payload={"guardian": str(family.guardian.id)}, at=NOON)
    outbox.tell(kind="another", payload={"guardian": "somebody else"}, at=NOON)
    Event.objects.update(handled_at=NOON)
    erase(family)

    assert sorted(Event.objects.values_list("kind", flat=True)) == ["another", erasure.ERASED]


def test_a_child_of_two_households_stays_with_the_other() -> None:
    other = a_family("Other")
    leaving = a_family("Zzyx", child=other.child)
    erase(leaving)

    # What was answered for the child is the child's.
    assert where("Zzyx") == {"forms_submission": 1, "forms_upload": 1}
    other.child.refresh_from_db()
    assert str(other.child) == "LapointeOther AdèleOther"
    assert other.child.sealed is not None
    assert where("Other").keys() >= {"families_guardian", "families_household", "outbox_message", "accounts_user"}


def test_a_child_is_not_kept_for_somebody_who_is_blocked() -> None:
    blocked = a_family("Blocked")
    leaving = a_family("Zzyx", child=blocked.child)
    blocked.guardian.guardianships.update(is_blocked=True)
    erase(leaving)

    assert Participant.objects.get(pk=leaving.child.pk).first_name == ""


def test_who_is_kept_away_from_a_child_erases_nothing_of_it_and_stays_kept_away() -> None:
    family = a_family("Zzyx")
    family.guardian.guardianships.update(
        is_blocked=True, blocked_reason="Jugement contre Marie", custody=[{"weeks": "all"}]
    )
    sealed = Participant.objects.get(pk=family.child.pk).sealed
    erase(family)

    kept = Participant.objects.get(pk=family.child.pk)
    assert (kept.first_name, kept.sealed, kept.removed_at) == (family.child.first_name, sealed, None)
    link = kept.guardianships.get()
    assert (link.is_blocked, link.blocked_reason, link.custody) == (True, "", [])


def test_a_pupil_of_the_school_s_own_files_keeps_what_they_say() -> None:
    family = a_family("Zzyx")
    Participant.objects.update(
        external_id="OR-1", last_name="Tremblay", first_name="Ada", locked_fields=["last_name", "home_group"]
    )
    family.child.refresh_from_db()
    family.child.answers = {"home_group": "3B", "teacher": "Zzyx"}
    family.child.save()
    erase(family)

    kept = Participant.objects.get()
    assert (kept.last_name, kept.first_name, kept.answers, kept.sealed) == (
        "Tremblay",
        "Ada",
        {"home_group": "3B"},
        None,
    )
    assert (kept.removed_at, kept.guardianships.count()) == (None, 0)
    assert where("Zzyx") == {}


def test_the_trail_says_what_happened_with_identifiers_alone() -> None:
    family = a_family("Zzyx")
    erase(family)

    entry = Entry.objects.get(action=erasure.ERASED)
    assert (entry.actor_kind, entry.actor_id, entry.actor_label) == ("guardian", None, "")
    assert entry.details == {
        "guardians": [str(family.guardian.id)],
        "participants": [str(family.child.id)],
        "users": [str(family.guardian.user_id)],
    }


def a_place_that_is_studied(family) -> None:  # type: ignore[no-untyped-def]
    support.ask(
        guardian_id=family.guardian.id,
        participant_id=family.child.id,
        option_ids=[an_option(offering=an_offering(support={"keep_days": 30})).id],
        words="Il faut quelqu’un avec elle.",
        actor=SYSTEM,
        at=LATER,
    )


@pytest.mark.parametrize(
    ("code", "make"),
    [
        ("held", lambda family: a_hold(an_option(), basket=a_basket(family.guardian), child=family.child)),
        ("studied", lambda family: a_place_that_is_studied(family)),
        ("coming", lambda family: a_paid_order(family, an_option("Camp", starts_on=date(2027, 7, 5)))),
        ("staff", lambda family: a_staff_member().__class__.objects.update(user=family.guardian.user_id)),
    ],
)
def test_nothing_is_erased_while_something_is_open(code: str, make: object) -> None:
    family = a_family("Zzyx")
    make(family)  # type: ignore[operator]

    assert [found.code for found in obstacles.of_guardian(family.guardian, at=LATER)] == [code]
    with pytest.raises(erasure.NotNow):
        erase(family)
    assert Guardian.objects.get(pk=family.guardian.pk).first_name == "MarieZzyx"


@pytest.mark.parametrize("state", [MemberState.WITHDRAWN, MemberState.INVITED])
def test_who_worked_here_once_or_was_only_asked_to_is_erased_as_any_other(state: MemberState) -> None:
    family = a_family("Zzyx")
    a_staff_member().__class__.objects.update(user=family.guardian.user_id, state=state)

    assert obstacles.of_guardian(family.guardian, at=LATER) == []
    erase(family)
    assert not StaffMember.objects.exists()


def test_nothing_is_erased_while_something_is_owed() -> None:
    order = an_order(an_option())

    assert [found.code for found in obstacles.of_guardian(order.guardian, at=LATER)] == ["owed", "held"]


def test_after_the_activity_nothing_stands_in_the_way() -> None:
    family = a_family("Zzyx")
    a_paid_order(family, an_option("Camp", starts_on=date(2026, 9, 16), ends_on=date(2026, 9, 17)))

    assert [found.code for found in obstacles.of_guardian(family.guardian, at=NOON)] == ["coming"]
    assert [found.code for found in obstacles.of_guardian(family.guardian, at=NOON + timedelta(days=2))] == []


def test_a_restored_copy_forgets_again_whoever_was_forgotten_since() -> None:
    family = a_family("Zzyx")
    before = Guardian.objects.filter(pk=family.guardian.pk).values().get()
    erase(family)
    delivery.handle_events(at=LATER)
    Guardian.objects.filter(pk=family.guardian.pk).update(
        first_name=before["first_name"], last_name=before["last_name"], email=before["email"]
    )
    Participant.objects.filter(pk=family.child.pk).update(first_name="AdaZzyx")
    assert where("Zzyx") != {}

    assert erasure.reapply(at=LATER) == 1

    assert where("Zzyx") == {}
    assert Entry.objects.filter(action=erasure.REAPPLIED).count() == 1
    assert erasure.reapply(at=LATER) == 0


def test_a_mailbox_that_another_parent_reads_too_is_left_alone() -> None:
    family = a_family("Zzyx")
    other = a_family("Other")
    Guardian.objects.filter(pk=other.guardian.pk).update(email=family.email)
    erase(family)

    assert where("Zzyx").keys() == {"families_guardian", "outbox_message"}
