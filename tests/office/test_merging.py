"""Records that look alike, laid side by side and made one by staff."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tenant_apps.families.models import Guardianship, Participant
from tenant_apps.organisation import operations as organisation
from tenant_apps.organisation.models import MemberState, Role, StaffMember
from tests.clients import HostClient
from tests.factories.catalog import an_option
from tests.factories.families import a_child, a_guardian, a_guest
from tests.factories.moments import NOON
from tests.factories.organisation import a_user, an_establishment
from tests.factories.registrations import a_basket, a_hold
from tests.office.conftest import SignIn

BORN = date(2018, 5, 1)


def url(name: str, **query: object) -> str:
    address = reverse(f"office:{name}", urlconf="config.urls.organisation")
    return f"{address}?{'&'.join(f'{key}={value}' for key, value in query.items())}" if query else address


def pair(kept: Any, gone: Any, what: str = "participants") -> str:
    return url(f"merge_{what}", kept=kept.pk, gone=gone.pk)


@pytest.fixture
def owner(as_staff: SignIn) -> HostClient:
    return as_staff(Role.OWNER)


class TestLookalikes:
    def groups(self, client: HostClient) -> list[list[str]]:
        return [[str(each) for each in group] for group in client.get(url("duplicates")).context["found"]]

    @pytest.mark.line("S4-14")
    def test_one_name_and_one_birth_date_are_shown_together_whatever_the_accents(self, owner: HostClient) -> None:
        a_child("Éloïse", birth_date=BORN)
        a_child("ELOISE", last_name="lapointe", birth_date=BORN)
        a_child("Éloïse", birth_date=date(2019, 1, 1))
        a_child("Bo", birth_date=BORN)

        assert self.groups(owner) == [["Lapointe Éloïse", "lapointe ELOISE"]]

    def test_a_birth_date_that_nobody_said_may_be_any(self, owner: HostClient) -> None:
        a_child("Ada", birth_date=BORN)
        a_child("Ada", of=a_guest())

        assert self.groups(owner) == [["Lapointe Ada", "Lapointe Ada"]]

    def test_two_national_numbers_are_two_people(self, owner: HostClient) -> None:
        for number in "12":
            child = a_child("Ada", birth_date=BORN)
            Participant.objects.filter(pk=child.pk).update(national_number_hash=number * 64)

        assert self.groups(owner) == []

    def test_parents_with_one_address_are_shown_together(self, owner: HostClient) -> None:
        a_guardian(user=a_user("marie@example.org"))
        a_guest("Marie@Example.org")
        a_guest("autre@example.org")

        [group] = owner.get(url("duplicates")).context["guardians"]
        assert sorted(each.email for each in group) == ["Marie@Example.org", "marie@example.org"]

    def test_a_parent_who_came_with_two_addresses_is_shown_once_for_all_the_children(self, owner: HostClient) -> None:
        first, second = a_guardian(last_name="Roy"), a_guardian(first_name="marie", last_name="ROY")
        a_guardian(last_name="Roy")
        for name in ("Ada", "Bo"):
            Guardianship.objects.create(guardian=second, participant=a_child(name, of=first))

        assert owner.get(url("duplicates")).context["guardians"] == [[first, second]]

    def test_the_page_costs_as_many_queries_for_three_as_for_one(self, owner: HostClient) -> None:
        def count() -> int:
            with CaptureQueriesContext(connection) as queries:
                owner.get(url("duplicates"))
            return len([query for query in queries if "set_config" not in query["sql"]])

        def a_pair(name: str) -> None:
            for _ in range(2):
                a_child(name, birth_date=BORN, of=a_guest(f"{name}@example.org"), establishment=an_establishment())

        a_pair("Ada")
        one = count()
        a_pair("Bo")
        a_pair("Chloe")

        assert count() == one


class TestParticipants:
    @pytest.mark.line("S4-11")
    def test_staff_choose_value_by_value_and_the_record_that_went_leads_to_the_other(self, owner: HostClient) -> None:
        kept, gone = a_child("Ada", birth_date=BORN), a_child("Adèle", birth_date=BORN)
        page = owner.get(pair(kept, gone)).content.decode()
        assert "Différent" in page

        link = gone.guardianships.get()
        answer = owner.post(pair(kept, gone), {"first_name": "gone", "links": [str(link.pk)]})

        record = reverse("office:participant", urlconf="config.urls.organisation", args=[kept.pk])
        assert answer.url == record
        kept.refresh_from_db()
        assert kept.first_name == "Adèle"
        assert kept.guardianships.count() == 2
        old = reverse("office:participant", urlconf="config.urls.organisation", args=[gone.pk])
        assert owner.get(old).url == record
        assert "Dossier fusionné avec un autre" in owner.get(record).content.decode()

    def test_a_value_that_only_the_other_record_has_is_proposed(self, owner: HostClient) -> None:
        kept, gone = a_child("Ada"), a_child("Ada", birth_date=BORN)

        page = owner.get(pair(kept, gone)).content.decode()

        assert 'value="gone" id="birth_date-gone" checked' in page

    def test_a_guest_s_box_is_left_empty_and_an_account_s_is_ticked(self, owner: HostClient) -> None:
        kept, gone = a_child("Ada"), a_child("Ada", of=a_guest())

        [(_link, is_safe)] = owner.get(pair(kept, gone)).context["links"]
        assert is_safe is False
        [(_link, is_safe)] = owner.get(pair(gone, kept)).context["links"]
        assert is_safe is True

    def test_two_places_in_one_option_are_refused_with_the_reason(self, owner: HostClient) -> None:
        option = an_option()
        kept, gone = a_child("Ada"), a_child("Ada")
        for child in (kept, gone):
            a_hold(option, child=child, basket=a_basket(child.guardianships.get().guardian))

        page = owner.post(pair(kept, gone), {})

        assert page.status_code == 409
        assert "Les deux dossiers gardent une place dans" in page.content.decode()

    @pytest.mark.parametrize("query", ["", "?kept=x&gone=y", "?kept=01a20124-4f1a-7804-8f74-8ee4971da4fe&gone="])
    def test_an_address_that_names_no_pair_is_not_found(self, owner: HostClient, query: str) -> None:
        assert owner.get(url("merge_participants") + query).status_code == 404
        assert owner.get(url("merge_guardians") + query).status_code == 404

    def test_a_record_is_no_pair_with_itself(self, owner: HostClient) -> None:
        child = a_child("Ada")

        assert owner.get(pair(child, child)).status_code == 404

    def test_a_secretary_merges_within_her_school_alone(self, as_staff: SignIn) -> None:
        ours, theirs = an_establishment(), an_establishment()
        kept, own = a_child("Ada", establishment=ours), a_child("Ada", establishment=ours)
        other = a_child("Ada", establishment=theirs)
        secretary = as_staff(Role.SECRETARY, ours)

        assert secretary.get(pair(kept, other)).status_code == 404
        assert secretary.post(pair(kept, other), {}).status_code == 404
        assert secretary.get(pair(kept, own)).status_code == 200

    def test_an_auditor_merges_nothing(self, as_staff: SignIn) -> None:
        kept, gone = a_child("Ada"), a_child("Ada")

        assert as_staff(Role.AUDITOR).post(pair(kept, gone), {}).status_code == 403


class TestGuardians:
    @pytest.mark.line("S4-11")
    def test_the_account_stays_and_the_chosen_values_too(self, owner: HostClient) -> None:
        kept = a_guest("marie@example.org")
        gone = a_guardian(user=a_user("marie@example.org"), first_name="Marie-Ève")

        owner.post(pair(kept, gone, "guardians"), {"first_name": "gone"})

        kept.refresh_from_db()
        assert kept.user is not None
        assert gone.first_name == kept.first_name

    def test_two_accounts_in_use_are_refused_with_what_to_do(self, owner: HostClient) -> None:
        kept, gone = (a_guardian(user=a_user(f"{each}@example.org", last_login=NOON)) for each in "ab")

        page = owner.post(pair(kept, gone, "guardians"), {})

        assert page.status_code == 409
        assert "Désactivez d’abord celui qui ne doit plus servir." in page.content.decode()

    def test_the_account_of_a_member_of_staff_is_never_closed_by_a_merge(self, owner: HostClient) -> None:
        colleague = a_user("colleague@example.org")
        organisation.put_staff_member(user_id=colleague.pk, role=Role.SECRETARY, establishments=[])
        kept, gone = a_guardian(user=colleague), a_guardian(user=a_user("b@example.org"))

        page = owner.post(pair(kept, gone, "guardians"), {})

        assert page.status_code == 409
        colleague.refresh_from_db()
        assert colleague.is_active is True
        StaffMember.objects.update(state=MemberState.WITHDRAWN)
        page = owner.post(pair(kept, gone, "guardians"), {})
        assert "celui d’un membre du personnel" not in page.content.decode()

    def test_a_secretary_does_not_merge_a_parent_of_another_school_s_child(self, as_staff: SignIn) -> None:
        ours, theirs = an_establishment(), an_establishment()
        kept, gone = a_guardian(), a_guardian()
        a_child("Ada", of=kept, establishment=ours)
        a_child("Bo", of=gone, establishment=ours)
        secretary = as_staff(Role.SECRETARY, ours)
        assert secretary.get(pair(kept, gone, "guardians")).status_code == 200

        a_child("Chloé", of=gone, establishment=theirs)

        assert secretary.get(pair(kept, gone, "guardians")).status_code == 404


class TestSearch:
    def address(self, what: str, record: Any) -> str:
        return reverse(f"office:search_{what}", urlconf="config.urls.organisation", args=[record.pk])

    def test_staff_find_the_other_record_that_nothing_else_tells_of(self, owner: HostClient) -> None:
        kept, gone = a_child("Ada", last_name="Roy"), a_child("Ada", last_name="Tremblay")

        page = owner.get(self.address("participant", kept), {"q": "ada trem"})

        assert list(page.context["found"]) == [gone]
        assert pair(kept, gone).replace("&", "&amp;") in page.content.decode()
        assert list(owner.get(self.address("participant", kept)).context["found"]) == []

    def test_a_parent_is_found_by_the_other_address(self, owner: HostClient) -> None:
        kept, gone = a_guardian(last_name="Roy"), a_guardian(user=a_user("marie.tremblay@example.org"))

        assert list(owner.get(self.address("guardian", kept), {"q": "tremblay@"}).context["found"]) == [gone]

    def test_nobody_of_another_school_is_found(self, as_staff: SignIn) -> None:
        ours, theirs = an_establishment(), an_establishment()
        kept, other = a_child("Ada", establishment=ours), a_child("Ada", establishment=theirs)
        secretary = as_staff(Role.SECRETARY, ours)

        assert list(secretary.get(self.address("participant", kept), {"q": "ada"}).context["found"]) == []
        assert secretary.get(self.address("participant", other)).status_code == 404
        assert as_staff(Role.AUDITOR).get(self.address("participant", kept)).status_code == 403
