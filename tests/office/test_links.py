"""Who is responsible for whom, as staff decide it: rights, weeks, who is kept away, who is added, who claims."""

from typing import Any

import pytest
from django.urls import reverse

from kernel import clock
from shared_apps.audit.actors import SYSTEM
from shared_apps.audit.models import Entry
from tenant_apps.families import queries
from tenant_apps.families.identity import Identity
from tenant_apps.families.models import Guardian, Guardianship, LinkRequest, LinkStatus, Participant
from tenant_apps.families.operations import claims
from tenant_apps.organisation.models import Role
from tests.clients import HostClient
from tests.factories.catalog import an_option
from tests.factories.families import a_child, a_guardian, a_guest
from tests.factories.organisation import a_user, an_establishment
from tests.factories.registrations import a_basket, a_hold
from tests.office.conftest import SignIn

RIGHTS = {"role": "parent", "may_enrol": "on", "may_see_health": "on", "may_pay": "on"}
NO_WEEKS = {"custody-TOTAL_FORMS": "2", "custody-INITIAL_FORMS": "0"}


def url(name: str, *args: object) -> str:
    return reverse(f"office:{name}", urlconf="config.urls.organisation", args=args)


@pytest.fixture
def owner(as_staff: SignIn) -> HostClient:
    return as_staff(Role.OWNER)


@pytest.fixture
def link() -> Guardianship:
    return a_child("Ada").guardianships.get()


def weeks(*periods: tuple[str, str, str]) -> dict[str, str]:
    said = {"custody-TOTAL_FORMS": str(len(periods)), "custody-INITIAL_FORMS": "0"}
    for number, (which, since, until) in enumerate(periods):
        said |= {
            f"custody-{number}-weeks": which,
            f"custody-{number}-since": since,
            f"custody-{number}-until": until,
        }
    return said


class TestRights:
    @pytest.mark.line("O-01")
    def test_staff_settle_the_rights_and_the_weeks_of_a_parent(self, owner: HostClient, link: Guardianship) -> None:
        said = {"role": "tutor", "may_enrol": "on", **weeks(("even", "2036-09-01", ""), ("all", "", "2036-08-31"))}

        answer = owner.post(url("link", link.pk), said)

        assert answer.url == url("participant", link.participant_id)
        link.refresh_from_db()
        assert (link.role, link.may_enrol, link.may_see_health, link.may_pay) == ("tutor", True, False, False)
        assert link.custody == [
            {"from": "2036-09-01", "until": None, "weeks": "even"},
            {"from": None, "until": "2036-08-31", "weeks": "all"},
        ]
        details = Entry.objects.get(action="link.changed").details
        assert details["columns"] == ["custody", "may_pay", "may_see_health", "role"]

    def test_the_next_weeks_are_shown_before_they_are_saved(self, owner: HostClient, link: Guardianship) -> None:
        page = owner.post(url("link", link.pk), {**RIGHTS, **weeks(("odd", "", "")), "preview": "1"})

        found = page.context["weeks"]
        assert len(found) == 12
        assert [list(week.names) for week in found] == [["Lapointe Marie"] if week.number % 2 else [] for week in found]
        assert "Personne\u202f: ouverte à tous" in page.content.decode()
        link.refresh_from_db()
        assert link.custody == []

    def test_weeks_that_two_hold_are_marked(self, owner: HostClient, link: Guardianship) -> None:
        Guardianship.objects.create(
            guardian=a_guardian(first_name="Paul"),
            participant=link.participant,
            custody=[{"from": None, "until": None, "weeks": "all"}],
        )

        page = owner.post(url("link", link.pk), {**RIGHTS, **weeks(("all", "", "")), "preview": "1"})

        assert {tuple(week.names) for week in page.context["weeks"]} == {("Lapointe Marie", "Lapointe Paul")}
        assert "Deux personnes" in page.content.decode()

    @pytest.mark.parametrize(
        ("period", "field"),
        [
            (("even", "2036-09-02", "2036-09-01"), "until"),
            (("", "2036-09-02", ""), "weeks"),
            (("every", "", ""), "weeks"),
            (("even", "demain", ""), "since"),
        ],
    )
    def test_wrong_weeks_are_told_at_the_field_and_kept(
        self, owner: HostClient, link: Guardianship, period: tuple[str, str, str], field: str
    ) -> None:
        page = owner.post(url("link", link.pk), {**RIGHTS, **weeks(period)})

        assert page.status_code == 422
        assert set(page.context["periods"].errors[0]) == {field}
        assert period[1] in page.content.decode()

    @pytest.mark.parametrize("said", [{}, {"custody-TOTAL_FORMS": "x"}, {**RIGHTS, "custody-TOTAL_FORMS": "99999"}])
    def test_a_broken_form_is_refused_without_an_error_of_ours(
        self, owner: HostClient, link: Guardianship, said: dict[str, str]
    ) -> None:
        assert owner.post(url("link", link.pk), said).status_code == 422


class TestBlocking:
    @pytest.mark.line("O-01")
    def test_the_page_says_what_the_adult_will_no_longer_see(self, owner: HostClient) -> None:
        guardian = a_guardian()
        child = a_child("Ada", of=guardian)
        a_hold(an_option(), child=child, basket=a_basket(guardian), at=clock.now())

        page = owner.get(url("link_block", child.guardianships.get().pk)).content.decode()

        assert "Lapointe Marie ne verra plus rien de Lapointe Ada" in page
        assert "1 inscription faite par cette personne reste valable" in page

    @pytest.mark.line("O-01")
    def test_a_blocked_adult_sees_nothing_of_the_child_and_is_not_told_why(
        self, owner: HostClient, client: HostClient
    ) -> None:
        user = a_user("pere@example.org")
        link = a_child("Zébulon", of=a_guardian(user=user)).guardianships.get()
        client.force_login(user)

        owner.post(url("link_block", link.pk), {"reason": "Jugement du 3 mai"})

        assert queries.participants_of(link.guardian_id) == []
        assert "Zébulon" not in client.get("/profil").content.decode()
        assert "Jugement du 3 mai" in owner.get(url("participant", link.participant_id)).content.decode()
        entry = Entry.objects.get(action="link.blocked")
        assert "Jugement" not in str(entry.details)

    def test_it_takes_a_reason(self, owner: HostClient, link: Guardianship) -> None:
        page = owner.post(url("link_block", link.pk), {"reason": "  "})

        assert page.status_code == 422
        link.refresh_from_db()
        assert link.is_blocked is False

    def test_access_is_given_back(self, owner: HostClient, link: Guardianship) -> None:
        owner.post(url("link_block", link.pk), {"reason": "Jugement"})
        owner.post(url("link_unblock", link.pk))

        link.refresh_from_db()
        assert (link.is_blocked, link.blocked_reason) == (False, "")
        assert owner.get(url("link_unblock", link.pk)).status_code == 405

    def test_an_auditor_neither_blocks_nor_unblocks(self, as_staff: SignIn, link: Guardianship) -> None:
        auditor = as_staff(Role.AUDITOR)

        assert auditor.post(url("link_block", link.pk), {"reason": "Non"}).status_code == 403
        assert auditor.post(url("link_unblock", link.pk)).status_code == 403


class TestAddingAnAdult:
    SAID = {"email": "paul@example.org", "last_name": "Roy", "first_name": "Paul", **RIGHTS}

    @pytest.mark.line("S3-09")
    def test_whoever_has_an_account_sees_the_child_at_once(self, owner: HostClient) -> None:
        child = a_child("Ada")
        paul = a_guardian(user=a_user("paul@example.org"))

        owner.post(url("guardian_add", child.pk), self.SAID)

        assert queries.participants_of(paul.pk) == [child]

    def test_somebody_new_waits_for_an_account_and_is_invited(self, owner: HostClient) -> None:
        child = a_child("Ada")

        owner.post(url("guardian_add", child.pk), {**self.SAID, "invite": "on"})

        paul = Guardian.objects.get(email="paul@example.org")
        assert (paul.user, paul.locked_fields, str(paul)) == (None, ["email"], "Roy Paul")
        assert Entry.objects.filter(action="guardian.invited", subject_id=paul.pk).count() == 1

    def test_a_guest_who_used_the_address_is_not_taken_for_the_person(self, owner: HostClient) -> None:
        guest = a_guest("paul@example.org")
        child = a_child("Ada")

        owner.post(url("guardian_add", child.pk), self.SAID)

        assert queries.participants_of(guest.pk) == []

    def test_nobody_is_added_twice_nor_past_a_block(self, owner: HostClient) -> None:
        child = a_child("Ada", of=a_guardian(user=a_user("paul@example.org")))
        child.guardianships.update(is_blocked=True)

        page = owner.post(url("guardian_add", child.pk), self.SAID)

        assert page.status_code == 422
        assert page.context["form"].errors["email"] == ["Cette personne est déjà rattachée à l’enfant."]
        assert child.guardianships.get().is_blocked is True


class TestClaims:
    @pytest.fixture
    def claim(self) -> LinkRequest:
        return a_claim("Ada")

    @pytest.mark.line("O-14")
    def test_what_was_said_stands_beside_what_is_known(self, owner: HostClient, claim: LinkRequest) -> None:
        page = owner.get(url("claim", claim.pk))

        rows = {row.key: (row.left, row.right, row.differs) for row in page.context["rows"]}
        assert rows["first_name"] == ("ada", "Ada", False)
        assert rows["student_number"] == ("9", "A-17", True)
        assert "Différent" in page.content.decode()

    def test_the_menu_and_the_first_page_count_those_that_wait(self, owner: HostClient, claim: LinkRequest) -> None:
        page = owner.get(url("home"))

        [entry] = [each for each in page.context["nav"] if each["label"] == "Familles"]
        assert entry["count"] == 1
        assert "1 demande de rattachement attend une réponse" in page.content.decode()

    @pytest.mark.line("O-14")
    def test_an_accepted_claim_links_with_the_rights_that_staff_give(
        self, owner: HostClient, claim: LinkRequest
    ) -> None:
        answer = owner.post(url("claim", claim.pk), {"role": "relative", "may_enrol": "on", "decision": "accept"})

        assert answer.url == url("claims")
        link = Guardianship.objects.get(guardian=claim.guardian, participant=claim.participant)
        assert (link.role, link.may_enrol, link.may_see_health) == ("relative", True, False)
        claim.refresh_from_db()
        assert claim.status == LinkStatus.ACCEPTED

    def test_a_refused_claim_links_nobody(self, owner: HostClient, claim: LinkRequest) -> None:
        owner.post(url("claim", claim.pk), {"decision": "refuse"})

        claim.refresh_from_db()
        assert claim.status == LinkStatus.REFUSED
        assert Guardianship.objects.filter(guardian=claim.guardian).count() == 0

    def test_a_claim_is_answered_once(self, owner: HostClient, claim: LinkRequest) -> None:
        owner.post(url("claim", claim.pk), {"decision": "refuse"})

        assert owner.post(url("claim", claim.pk), {**RIGHTS, "decision": "accept"}).status_code == 404
        assert owner.get(url("claims")).context["claims"].count() == 0

    def test_whoever_is_blocked_is_linked_only_after_the_block_is_lifted(
        self, owner: HostClient, claim: LinkRequest
    ) -> None:
        Guardianship.objects.create(guardian=claim.guardian, participant=claim.participant, is_blocked=True)

        page = owner.post(url("claim", claim.pk), {**RIGHTS, "decision": "accept"})

        assert page.status_code == 422
        assert "Levez d’abord le blocage." in page.content.decode()
        claim.refresh_from_db()
        assert claim.status == LinkStatus.PENDING

    def test_a_secretary_answers_for_her_own_school(self, as_staff: SignIn) -> None:
        ours, theirs = an_establishment(), an_establishment()
        own, other = a_claim("Ada", school=ours), a_claim("Bo", school=theirs)
        secretary = as_staff(Role.SECRETARY, ours)

        assert list(secretary.get(url("claims")).context["claims"]) == [own]
        assert secretary.get(url("claim", own.pk)).status_code == 200
        assert secretary.post(url("claim", other.pk), {**RIGHTS, "decision": "accept"}).status_code == 404

    def test_an_auditor_reads_the_queue_and_answers_nothing(self, as_staff: SignIn, claim: LinkRequest) -> None:
        auditor = as_staff(Role.AUDITOR)

        assert "Comparer et répondre" not in auditor.get(url("claims")).content.decode()
        assert auditor.post(url("claim", claim.pk), {"decision": "refuse"}).status_code == 403


def a_claim(first_name: str, *, school: Any = None) -> LinkRequest:
    child = a_child(first_name, establishment=school)
    Participant.objects.filter(pk=child.pk).update(student_number="A-17")
    return claims.claim(
        guardian_id=a_guardian(first_name="Paul").pk,
        participant_id=child.pk,
        role="parent",
        identity=Identity(last_name="Lapointe", first_name=first_name.lower(), student_number="9"),
        actor=SYSTEM,
        at=clock.now(),
    )
