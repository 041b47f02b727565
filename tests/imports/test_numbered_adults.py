"""Adults whom a file names by national number or by reference: found by these before anything else."""

from collections.abc import Iterator

import pytest

from shared_apps.audit.models import Entry
from shared_apps.vault import sealing
from tenant_apps.families.models import Guardian, Guardianship
from tenant_apps.imports.models import State
from tests.accounts.openid import a_provider_of_identities, an_app, go_and_come_back
from tests.accounts.test_sign_in import the_code
from tests.clients import HostClient
from tests.factories.families import a_guardian
from tests.factories.organisation import an_organisation_profile
from tests.imports.files import a_table, checked, codes, imported
from tests.imports.test_adults import a_verified_user

NUMBER = "85073003328"
OTHER = "93051822361"
HEADINGS = (
    "identifiant,nom,prénom,parent 1 nom,parent 1 prénom,parent 1 courriel,"
    "parent 1 référence,parent 1 numéro national,parent 2 nom,parent 2 numéro national"
)
EMMA = "c1,Lovelace,Emma,Lovelace,Ada,ada@commune.example,P7,85.07.30-033.28,,"
HUGO = EMMA.replace("c1", "c2").replace("Emma", "Hugo")


@pytest.fixture(autouse=True)
def commune(school: object) -> None:
    rules = {"national_number": {"asked": True, "reason": "Attestations fiscales (281.86)"}}
    an_organisation_profile(territory="BE", rules=rules)


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with a_provider_of_identities() as issuer:
        yield issuer


def numbers_of(guardian: Guardian) -> tuple[str, dict[str, str]]:
    opened = sealing.unseal(guardian.sealed, place="families.Guardian.sealed", row_id=guardian.id)
    return guardian.national_number_hash, opened


def hashed(number: str) -> str:
    return sealing.keyed_hash(number, purpose="national_number")


@pytest.mark.line("S4-08", "S4-10")
def test_a_parent_whom_the_commune_knows_by_number_signs_in_and_sees_the_children(
    client: HostClient, issuer: str
) -> None:
    imported(a_table(EMMA, HUGO, headings=HEADINGS))
    an_app(issuer)

    go_and_come_back(client, "ada")
    client.post("/connexion/enregistrement", {"email": "ada@elsewhere.example", "phone": "0470 12 34 56"})
    client.post("/compte/confirmer", {"code": the_code()})

    page = client.get("/mon-dossier").content.decode()
    assert ("Emma" in page, "Hugo" in page) == (True, True)
    ada = Guardian.objects.get()
    assert (ada.user is not None, ada.reference, ada.email) == (True, "P7", "ada@commune.example")


def test_a_number_is_hashed_and_sealed_and_told_nowhere() -> None:
    run = imported(a_table(EMMA, HUGO, headings=HEADINGS))

    assert numbers_of(Guardian.objects.get()) == (hashed(NUMBER), {"national_number": NUMBER})
    told = f"{run.counts}{run.preview}{run.errors}{run.doubts}{list(Entry.objects.values_list('details', flat=True))}"
    assert (NUMBER in told, "85.07.30" in told, hashed(NUMBER) in told) == (False, False, False)
    assert imported(a_table(EMMA, HUGO, headings=HEADINGS)).counts["unchanged"] == 2


def test_the_reference_finds_the_parent_and_the_number_is_added() -> None:
    imported(a_table(EMMA.replace("85.07.30-033.28", ""), headings=HEADINGS))

    imported(a_table(HUGO.replace("Ada,ada@", "Augusta,augusta@"), headings=HEADINGS))

    ada = Guardian.objects.get()
    assert (str(ada), ada.email, numbers_of(ada)[0]) == ("Lovelace Augusta", "augusta@commune.example", hashed(NUMBER))
    assert Guardianship.objects.filter(guardian=ada).count() == 2


def test_the_number_comes_before_the_reference() -> None:
    imported(a_table(EMMA, f"c3,Roy,Milo,Roy,Lise,,P8,{OTHER},,", headings=HEADINGS))

    imported(a_table(HUGO.replace("P7", "P8"), headings=HEADINGS))

    linked = Guardianship.objects.get(participant__first_name="Hugo").guardian
    assert (str(linked), linked.reference) == ("Lovelace Ada", "P7")


def test_the_account_of_the_address_sees_the_child_beside_the_parent_of_the_number() -> None:
    imported(a_table(EMMA, headings=HEADINGS))
    account = a_guardian(user=a_verified_user("ada@commune.example"), first_name="Ada", last_name="Lovelace")

    imported(a_table(HUGO, headings=HEADINGS))

    links = Guardianship.objects.filter(participant__first_name="Hugo").select_related("guardian")
    assert {(link.guardian.id == account.id, link.guardian.national_number_hash) for link in links} == {
        (True, ""),
        (False, hashed(NUMBER)),
    }


def test_an_account_of_another_number_is_another_person() -> None:
    account = a_guardian(user=a_verified_user("ada@commune.example"))
    Guardian.objects.filter(id=account.id).update(national_number_hash=hashed(OTHER))

    imported(a_table(EMMA, headings=HEADINGS))

    [link] = Guardianship.objects.select_related("guardian")
    assert (link.guardian.user, link.guardian.national_number_hash) == (None, hashed(NUMBER))
    account.refresh_from_db()
    assert account.national_number_hash == hashed(OTHER)


def test_who_is_blocked_is_known_by_the_number_under_any_name() -> None:
    imported(a_table(EMMA, headings=HEADINGS))
    Guardianship.objects.update(is_blocked=True)

    imported(a_table(f"c1,Lovelace,Emma,Byron,Augusta,new@example.org,,{NUMBER},,", headings=HEADINGS))

    assert list(Guardianship.objects.values_list("is_blocked", flat=True)) == [True]


def test_wrong_check_digits_are_refused_at_their_column() -> None:
    run = checked(a_table(EMMA.replace("033.28", "033.29"), headings=HEADINGS))

    assert codes(run) == [(2, "parent 1 numéro national", "bad_national_number")]
    assert "033" not in str(run.errors)


def test_the_column_is_refused_where_the_rule_is_off() -> None:
    an_organisation_profile(territory="BE", rules={})

    run = checked(a_table(EMMA, headings=HEADINGS))

    assert (run.state, codes(run)) == (State.FAILED, [(None, "", "column_not_allowed")])
    assert run.errors[0]["values"]["column"] == "parent 1 numéro national"


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (f"c2,Roy,Milo,Roy,Lise,,,{NUMBER},,", "parent 1 numéro national"),
        ("c2,Roy,Milo,Roy,Lise,,P7,,,", "parent 1 référence"),
        (f"c2,Roy,Milo,,,,,,Roy,{NUMBER}", "parent 2 numéro national"),
    ],
)
def test_two_adults_with_one_number_are_refused_at_the_second(row: str, column: str) -> None:
    run = checked(a_table(EMMA, row, headings=HEADINGS))

    assert codes(run) == [(3, column, "adult_taken")]
    assert run.errors[0]["values"] == {"other": 2}


def test_two_parents_of_one_row_with_one_number_are_refused() -> None:
    run = checked(a_table(f"c1,Roy,Milo,Roy,Lise,,,{NUMBER},Roy,{NUMBER}", headings=HEADINGS))

    assert codes(run) == [(2, "parent 2 numéro national", "adult_taken")]
