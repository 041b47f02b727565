"""Activation letters: for whom, by whom, and a code that is nowhere but on paper."""

import io
import re
from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from pypdf import PdfReader

from kernel import clock
from shared_apps.audit.actors import SYSTEM
from shared_apps.audit.models import Entry
from tenant_apps.families import codes, queries
from tenant_apps.families.models import LinkKind, LinkRequest, LinkStatus, Participant
from tenant_apps.families.operations import letters
from tenant_apps.organisation.models import Role
from tests.clients import HostClient
from tests.factories.families import a_child, a_guardian, a_guest
from tests.factories.organisation import an_establishment
from tests.office.conftest import SignIn

BORN = date(2018, 5, 1)
_CODE = re.compile(r"[2-9A-HJKMNP-Z]{5}-[2-9A-HJKMNP-Z]{5}")


def url() -> str:
    return reverse("office:activation_letters", urlconf="config.urls.organisation")


def alone(first_name: str, *, school: Any = None) -> Participant:
    """A child of whom nobody with an account is responsible."""
    return a_child(first_name, of=a_guest(), birth_date=BORN, establishment=school)


def printed(client: HostClient, *children: Participant) -> PdfReader:
    answer = client.post(url(), {"participants": [str(child.pk) for child in children]})
    assert answer.headers["Content-Type"] == "application/pdf"
    assert "no-store" in answer.headers["Cache-Control"]
    return PdfReader(io.BytesIO(answer.content))


@pytest.fixture
def owner(as_staff: SignIn) -> HostClient:
    return as_staff(Role.OWNER)


def test_they_are_printed_by_the_direction_and_the_schools(as_staff: SignIn) -> None:
    opened = [role for role in Role if as_staff(role).get(url()).status_code == 200]

    assert opened == [Role.OWNER, Role.ADMINISTRATOR, Role.SECRETARY]


def test_children_without_a_parent_who_has_an_account_are_offered_one(owner: HostClient) -> None:
    alone("Ada")
    a_child("Bo", of=a_guardian(), birth_date=BORN)
    a_child("Chloé", of=a_guest())

    assert [str(each) for each in owner.get(url()).context["found"]] == ["Lapointe Ada"]


@pytest.mark.line("O-14")
def test_each_child_has_a_page_with_a_code_that_links_a_parent(owner: HostClient) -> None:
    ada, bo = alone("Ada", school=an_establishment("École A")), alone("Bo")

    pages = [page.extract_text() for page in printed(owner, ada, bo).pages]

    assert len(pages) == 2
    assert "Ada Lapointe" in pages[0]
    assert "École A" in pages[0]
    assert "Bo Lapointe" in pages[1]
    [code] = _CODE.findall(pages[0])
    parent = a_guardian()
    letters.use_letter(code=code, birth_date=BORN, guardian_id=parent.pk, actor=SYSTEM, at=clock.now())
    assert queries.participants_of(parent.pk) == [ada]


def test_the_code_is_kept_nowhere(owner: HostClient) -> None:
    ada = alone("Ada")

    [code] = _CODE.findall(printed(owner, ada).pages[0].extract_text())

    request = LinkRequest.objects.get(kind=LinkKind.LETTER)
    assert request.code_hash == codes.hashed(code)
    assert codes.cleaned(code) not in str(vars(request))
    assert codes.cleaned(code) not in str([vars(entry) for entry in Entry.objects.all()])
    assert Entry.objects.filter(action="letter.made", subject_id=ada.pk).count() == 1


def test_a_new_letter_kills_the_one_before(owner: HostClient) -> None:
    ada = alone("Ada")
    printed(owner, ada)
    printed(owner, ada)

    statuses = LinkRequest.objects.order_by("status").values_list("status", flat=True)
    assert list(statuses) == [LinkStatus.CANCELLED, LinkStatus.PENDING]


def test_the_document_is_tagged_and_has_a_language_and_a_title(owner: HostClient) -> None:
    document = printed(owner, alone("Ada"))

    assert document.trailer["/Root"]["/MarkInfo"]["/Marked"].value is True
    assert document.trailer["/Root"]["/Lang"].startswith("fr")
    assert document.metadata is not None
    assert document.metadata.title == "Lettres d’activation"


def test_a_secretary_prints_for_her_own_school_whatever_she_sends(as_staff: SignIn) -> None:
    ours, theirs = an_establishment(), an_establishment()
    ada, bo = alone("Ada", school=ours), alone("Bo", school=theirs)
    secretary = as_staff(Role.SECRETARY, ours)

    assert len(printed(secretary, ada, bo).pages) == 1
    assert LinkRequest.objects.filter(participant=bo).count() == 0


@pytest.mark.parametrize("said", [[], ["x"], ["01a20124-4f1a-7804-8f74-8ee4971da4fe"]])
def test_without_a_child_nothing_is_printed(owner: HostClient, said: list[str]) -> None:
    answer = owner.post(url(), {"participants": said})

    assert answer.url == url()
    assert "Choisissez au moins un enfant." in owner.get(url()).content.decode()
