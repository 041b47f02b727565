"""« Attestations fiscales » of a family: what is missing from it, giving it under seal, and its own documents alone."""

from datetime import date

import pytest

from kernel import clock
from shared_apps.audit.actors import SYSTEM
from tenant_apps.families.followers import FOLLOWERS
from tenant_apps.families.models import Guardian, Guardianship, Participant
from tenant_apps.families.operations import tax_numbers
from tenant_apps.organisation.models import Payee, Profile
from tenant_apps.slips.models import Slip
from tenant_apps.slips.operations import making
from tests.clients import HostClient
from tests.factories.families import a_child
from tests.families.links import a_link
from tests.portal.people import Parent, a_parent, words
from tests.slips.world import (
    ADDRESS,
    CHILD_NUMBER,
    PARENT_NUMBER,
    SIN,
    a_camp,
    a_coming_week,
    a_family,
    a_paid_week,
    an_issuer,
    numbered,
)

PAGE = "/mon-dossier/attestations"


@pytest.fixture
def parent(client: HostClient) -> Parent:
    return a_parent(client)


def paid(parent: Parent, *kinds: str) -> tuple[Guardian, Participant]:
    child = a_child(of=parent.guardian, birth_date=date(2015, 1, 21), household=ADDRESS)
    a_paid_week(a_coming_week(a_camp(an_issuer(*kinds))), parent.guardian, child, at=clock.now())
    return parent.guardian, child


def published(kind: str) -> Slip:
    payee = Payee.objects.get(slips__kinds__contains=[kind])
    for operation in (making.make, making.publish):
        operation(payee_id=payee.pk, kind=kind, year=clock.now().year, actor=SYSTEM, at=clock.now())
    return Slip.objects.get(kind=kind)


def test_without_anything_paid_it_says_so(parent: Parent) -> None:
    assert "Aucune attestation" in words(parent.client.get(PAGE))


@pytest.mark.line("O-15")
def test_a_parent_gives_the_number_that_is_missing_and_it_is_sealed(parent: Parent) -> None:
    paid(parent, "rl24")
    assert "Le numéro du parent manque" in words(parent.client.get(PAGE))

    wrong = parent.client.post(PAGE, {"own_sin": "123 456 789", "electronic": "on"})
    assert wrong.status_code == 422
    assert "123 456 789" in wrong.content.decode()
    assert "Vérifiez ce numéro" in words(wrong)
    right = parent.client.post(PAGE, {"own_sin": "046 454 286", "electronic": "on"}, follow=True)

    assert "Rien ne manque" in words(right)
    assert SIN not in right.content.decode()
    assert "••••••286" in right.content.decode()
    guardian = Guardian.objects.get(pk=parent.guardian.pk)
    kept = tax_numbers.of_guardian(guardian)
    assert kept[tax_numbers.SOCIAL_INSURANCE] == SIN
    assert kept[tax_numbers.ELECTRONIC] == str(clock.today(Profile.objects.get().zone))
    assert SIN.encode() not in bytes(guardian.sealed or b"")


def test_consent_to_do_without_paper_is_taken_back_as_easily(parent: Parent) -> None:
    paid(parent, "rl24")
    parent.client.post(PAGE, {"own_sin": SIN, "electronic": "on"})

    parent.client.post(PAGE, {"own_sin": "••••••286"})

    kept = tax_numbers.of_guardian(Guardian.objects.get(pk=parent.guardian.pk))
    assert kept == {tax_numbers.SOCIAL_INSURANCE: SIN}


def test_a_national_number_is_asked_only_where_the_organisation_may(parent: Parent, profile: Profile) -> None:
    guardian, child = paid(parent, "281.86")
    assert "Votre numéro national" not in words(parent.client.get(PAGE))
    profile.rules = {**profile.rules, "national_number": {"asked": True, "reason": "Attestation 281.86"}}
    profile.save()

    said = {"own_national": "85.07.30-033.28", f"enfant_{child.pk}": "15.01.21-543.51"}
    page = parent.client.post(PAGE, said, follow=True)

    assert "manque" not in words(page).partition("À venir")[2].partition("Ce que nous")[0].replace("ne manque", "")
    child.refresh_from_db()
    assert tax_numbers.of_child(child)["national_number"] == CHILD_NUMBER
    assert tax_numbers.of_guardian(Guardian.objects.get(pk=guardian.pk))["national_number"] == PARENT_NUMBER
    # Another parent may have given it: it is not shown.
    assert CHILD_NUMBER[-3:] not in page.content.decode().partition("donner")[2].partition("csrf")[0]


def test_a_number_of_another_is_refused_and_nothing_is_kept(parent: Parent, profile: Profile) -> None:
    numbered(a_family()[0])
    guardian, _child = paid(parent, "281.86")
    profile.rules = {**profile.rules, "national_number": {"asked": True, "reason": "Attestation 281.86"}}
    profile.save()

    page = parent.client.post(PAGE, {"own_national": PARENT_NUMBER, "electronic": "on"})

    assert page.status_code == 422
    assert tax_numbers.of_guardian(Guardian.objects.get(pk=guardian.pk)) == {}


def test_a_document_is_there_once_it_is_published_and_for_who_paid_alone(parent: Parent) -> None:
    _guardian, child = paid(parent, "childcare")
    other = a_parent(HostClient("a.localhost"))
    a_link(other.guardian, child)
    slip = published("childcare")

    assert parent.client.get(f"{PAGE}/{slip.pk}.pdf").content.startswith(b"%PDF")
    assert other.client.get(f"{PAGE}/{slip.pk}.pdf").status_code == 404
    assert "Aucune attestation" in words(other.client.get(PAGE))
    assert HostClient("a.localhost").get(f"{PAGE}/{slip.pk}.pdf").status_code == 302

    Slip.objects.update(published_at=None)
    assert parent.client.get(f"{PAGE}/{slip.pk}.pdf").status_code == 404


def test_who_is_kept_away_from_the_child_since_has_nothing_that_names_it(parent: Parent) -> None:
    guardian, child = paid(parent, "childcare", "rl24")
    numbered(guardian)
    slips = [published("childcare"), published("rl24")]
    Guardianship.objects.filter(guardian=guardian, participant=child).update(is_blocked=True)

    assert [parent.client.get(f"{PAGE}/{slip.pk}.pdf").status_code for slip in slips] == [404, 404]
    assert str(child) not in words(parent.client.get(PAGE))


def test_two_merged_guardians_have_the_slips_of_both(parent: Parent) -> None:
    guardian, _child = paid(parent, "childcare")
    slip = published("childcare")
    kept = a_family()[0]

    dict(FOLLOWERS)["slips"].of_guardians(kept.pk, guardian.pk, clock.now())

    slip.refresh_from_db()
    assert slip.guardian == kept


def test_a_parent_s_own_number_or_another_birth_is_no_child_s(parent: Parent) -> None:
    profile = Profile.objects.get()
    profile.rules["national_number"] = {"asked": True, "reason": "Attestation 281.86"}
    profile.save()
    child = a_child(of=parent.guardian, birth_date=date(2018, 6, 20), household=ADDRESS)
    a_paid_week(a_coming_week(a_camp(an_issuer("281.86"))), parent.guardian, child, at=clock.now())
    field = f"enfant_{child.pk}"

    same = parent.client.post(PAGE, {"own_national": PARENT_NUMBER, field: PARENT_NUMBER})
    another = parent.client.post(PAGE, {"own_national": PARENT_NUMBER, field: CHILD_NUMBER})

    for answer in (same, another):
        assert answer.status_code == 422
        assert "Ce numéro n’est pas celui de" in words(answer)
    assert tax_numbers.of_child(child) == {}


def test_where_the_number_may_not_be_asked_nothing_is_asked_of_the_family(parent: Parent) -> None:
    paid(parent, "281.86")

    shown = words(parent.client.get(PAGE))

    assert "Le numéro national n’est pas encore demandé" in shown
    assert "Le numéro du parent manque" not in shown
