"""The adults of a file become the guardians of its children: known ones are found, and a block holds."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress

from kernel import clock
from shared_apps.accounts.models import User
from shared_apps.audit.actors import Actor
from tenant_apps.families import queries
from tenant_apps.families.models import Guardian, Guardianship, Participant
from tenant_apps.families.operations import claiming, guardians
from tests.factories.families import a_child, a_guardian, a_guest
from tests.factories.organisation import a_user
from tests.imports.files import MILO, SARAH, a_table, an_archive, checked, imported

HEADINGS = "identifiant,nom,prénom,parent 1 nom,parent 1 prénom,parent 1 courriel,parent 1 téléphone,parent 1 lien"


def a_verified_user(email: str, **columns: Any) -> User:
    user = a_user(email, **columns)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def guardians_of(first_name: str) -> list[str]:
    links = Guardianship.objects.filter(participant__first_name=first_name, is_blocked=False)
    return sorted(str(link.guardian) for link in links.select_related("guardian"))


def children_of(user: User) -> list[str]:
    guardian = queries.guardian_of(user)
    return [child.first_name for child in queries.participants_of(guardian.id)] if guardian else []


def claimed_by(user: User) -> int:
    return len(claiming.claim(user=user, actor=Actor(kind="guardian", user_id=user.id), at=clock.now()))


def test_adults_are_made_once_for_brothers_and_sisters() -> None:
    run = imported(a_table(SARAH, SARAH.replace("s1", "s3").replace("Sarah", "Léo"), MILO))

    assert (run.counts["guardians"], run.counts["links"]) == (2, 3)
    assert Guardian.objects.count() == 2
    assert guardians_of("Sarah") == guardians_of("Léo") == ["Lapointe Marie"]


def test_the_role_and_the_telephone_are_kept() -> None:
    imported(a_table("s1,Roy,Milo,Roy,Lise,LISE@example.org,+1 514 555-0123,Tutrice", headings=HEADINGS))

    link = Guardianship.objects.select_related("guardian").get()
    assert (link.role, link.guardian.phone, link.guardian.email) == ("tutor", "+1 514 555-0123", "lise@example.org")


@pytest.mark.line("S3-01", "S3-42")
def test_whoever_has_the_verified_address_sees_the_children_at_once() -> None:
    marie = a_verified_user("marie@example.org", first_name="Marie", last_name="Lapointe")

    imported(a_table(SARAH))

    assert children_of(marie) == ["Sarah"]
    assert Guardian.objects.count() == 1


def test_an_address_that_nobody_verified_opens_nothing() -> None:
    user = a_user("marie@example.org")
    EmailAddress.objects.create(user=user, email=user.email, verified=False, primary=True)
    a_guardian(user=user)

    imported(a_table(SARAH))

    assert children_of(user) == []
    assert claimed_by(user) == 0
    assert Guardian.objects.get(user=None).email == "marie@example.org"


def test_an_account_opened_later_becomes_the_guardian() -> None:
    imported(a_table(SARAH, MILO))
    marie = a_verified_user("marie@example.org")

    assert claimed_by(marie) == 1
    assert claimed_by(marie) == 0

    assert children_of(marie) == ["Sarah"]
    assert Guardian.objects.count() == 2


def test_an_account_with_a_file_of_its_own_receives_the_children() -> None:
    imported(a_table(SARAH))
    marie = a_verified_user("marie@example.org")
    own = guardians.ensure_guardian(user=marie, at=clock.now())
    a_child("Zoé", of=own)

    assert claimed_by(marie) == 2

    assert sorted(children_of(marie)) == ["Sarah", "Zoé"]
    assert imported(a_table(SARAH)).counts["unchanged"] == 1


def test_a_guest_of_that_address_is_never_taken_for_the_parent() -> None:
    guest = a_guest("marie@example.org")

    imported(a_table(SARAH))

    assert Guardianship.objects.get().guardian_id != guest.id
    assert not claiming.awaiting_account("marie@example.org").filter(id=guest.id).exists()


def test_two_parents_who_share_an_address_are_two_people_and_one_account() -> None:
    rows = ("s1,Roy,Milo,Roy,Lise,famille@example.org,,", "s2,Roy,Ada,Roy,Jean,famille@example.org,,")
    imported(a_table(*rows, headings=HEADINGS))
    jean = a_verified_user("famille@example.org", first_name="Jean", last_name="Roy")

    assert claimed_by(jean) == 2

    assert sorted(children_of(jean)) == ["Ada", "Milo"]
    assert str(queries.guardian_of(jean)) == "Roy Jean"


def test_a_parents_new_address_and_telephone_follow_the_file() -> None:
    imported(a_table("s1,Roy,Milo,Roy,Lise,old@example.org,,", headings=HEADINGS))

    run = imported(a_table("s1,Roy,Milo,Roy,Lise,new@example.org,514 555-0123,", headings=HEADINGS))

    lise = Guardian.objects.get()
    assert (lise.email, lise.phone, run.counts["unchanged"]) == ("new@example.org", "514 555-0123", 1)


def test_an_account_says_its_own_name() -> None:
    a_guardian(user=a_verified_user("marie@example.org", first_name="Marie-Ève", last_name="Lapointe"))

    imported(a_table(SARAH))

    assert guardians_of("Sarah") == ["Lapointe Marie-Ève"]


def test_nobody_loses_a_child_because_a_file_does_not_name_them() -> None:
    imported(a_table(SARAH))
    aunt = a_guardian(first_name="Tante", last_name="Roy")
    Guardianship.objects.create(guardian=aunt, participant=Participant.objects.get())

    imported(a_table(SARAH))

    assert guardians_of("Sarah") == ["Lapointe Marie", "Roy Tante"]


@pytest.mark.parametrize(
    "row",
    [
        SARAH,
        SARAH.replace("Lapointe,Marie,", "Lapointe-Roy,Maria,"),
        SARAH.replace("marie@example.org", "marie.new@example.org"),
    ],
    ids=["as before", "under another name", "at another address"],
)
@pytest.mark.parametrize("has_account", [True, False])
def test_who_is_blocked_stays_blocked(row: str, has_account: bool) -> None:
    imported(a_table(SARAH))
    if has_account:
        claimed_by(a_verified_user("marie@example.org"))
    Guardianship.objects.update(is_blocked=True)

    imported(a_table(row))
    user = a_verified_user("marie.new@example.org")
    claimed_by(user)

    assert guardians_of("Sarah") == []
    assert children_of(user) == []


def test_an_account_opened_by_who_is_blocked_sees_nothing() -> None:
    imported(a_table(SARAH))
    Guardianship.objects.update(is_blocked=True)
    marie = a_verified_user("marie@example.org")
    guardians.ensure_guardian(user=marie, at=clock.now())

    assert claimed_by(marie) == 0
    assert children_of(marie) == []


def test_an_adult_of_the_system_is_known_by_their_identifier() -> None:
    def archive(name: str, email: str) -> bytes:
        return an_archive(
            orgs=[{"sourcedId": "o1", "name": "École A", "type": "school"}],
            users=[
                {"sourcedId": "c1", "givenName": "Sarah", "familyName": "Lapointe", "agentSourcedIds": "p1"},
                {"sourcedId": "p1", "givenName": name, "familyName": "Lapointe", "email": email},
            ],
            roles=[
                {"userSourcedId": "c1", "role": "student", "orgSourcedId": "o1"},
                {"userSourcedId": "p1", "role": "guardian", "orgSourcedId": "o1"},
            ],
        )

    imported(archive("Marie", "a@example.org"), layout="oneroster")
    imported(archive("Maria", "b@example.org"), layout="oneroster")

    guardian = Guardian.objects.get()
    assert (str(guardian), guardian.email, guardian.reference) == ("Lapointe Maria", "b@example.org", "p1")
    assert Guardianship.objects.get().role == "tutor"


def test_an_adult_without_a_name_refuses_the_row() -> None:
    run = checked(a_table("s1,Roy,Milo,,,lise@example.org,,", headings=HEADINGS))

    assert [fault["code"] for fault in run.errors] == ["nameless_adult"]
