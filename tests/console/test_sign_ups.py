"""The operators' side of arrivals: the list of requests, the answers, the rules of the platform."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kernel import clock
from shared_apps.audit.actors import Actor
from shared_apps.audit.models import Entry
from shared_apps.outbox.models import Message
from tenant_apps.console import sign_ups
from tenant_apps.organisation.models import StaffMember
from tenants.context import in_operations, in_organisation, in_registry
from tenants.models import Arrivals, Organisation, SignUp, SignUpState, State
from tenants.operations import sign_up
from tenants.operations.provision import provision
from tests.clients import HostClient
from tests.console import arrivals
from tests.console.test_sign_up_code import proved

OPERATOR = Actor(kind="operator", label="op@example.org")


def a_waiting_request(number: int = 1, **columns: Any) -> SignUp:
    slug = f"val-{number}"
    asked = proved(name=f"Commune {number}", slug=slug, owner_email=f"ada{number}@val.example", **columns)
    return sign_ups.claim(sign_up_id=asked.pk, slug=slug, at=clock.now())


def page_of(asked: SignUp) -> str:
    return f"/console/demandes/{asked.pk}"


def last_mail() -> Message:
    return Message.objects.order_by("-created_at", "-id")[0]


def test_only_operators_read_them(visitor: HostClient) -> None:
    asked = a_waiting_request()

    for path in ("/console/demandes", page_of(asked), "/console/reglages"):
        assert visitor.get(path).url == f"/connexion?next={path}"
    assert visitor.post(f"{page_of(asked)}/accepter").status_code == 302
    assert sign_up.found(asked.pk).state == SignUpState.WAITING


def test_those_that_wait_come_first_and_the_unproved_not_at_all(operator: HostClient) -> None:
    refused, waiting, later = (a_waiting_request(number) for number in (1, 2, 3))
    sign_ups.refuse(sign_up_id=refused.pk, words="Non", actor=OPERATOR, at=clock.now())
    arrivals.ask(HostClient("localhost"))

    page = operator.get("/console/demandes")

    assert [asked.pk for asked in page.context["found"]] == [waiting.pk, later.pk, refused.pk]


@pytest.mark.parametrize(
    ("words", "found"),
    [("commune 2", [2]), ("VAL-3", [3]), ("ada1@", [1]), ("noël val-1", [1]), ("%", []), ("\x00", [1, 2, 3])],
)
def test_they_are_searched_by_name_address_and_owner(operator: HostClient, words: str, found: list[int]) -> None:
    asked = {number: a_waiting_request(number).pk for number in (1, 2, 3)}

    page = operator.get("/console/demandes", {"q": words})

    assert [each.pk for each in page.context["found"]] == [asked[number] for number in found]


def test_the_list_asks_as_much_for_three_as_for_one(operator: HostClient) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert operator.get("/console/demandes").status_code == 200
        return len([each for each in asked if each["sql"].startswith("SELECT") and "FROM" in each["sql"]])

    a_waiting_request(1)
    operator.get("/console/demandes")
    for_one = queries()
    a_waiting_request(2)
    a_waiting_request(3)

    assert queries() == for_one == 5


def test_an_accepted_request_becomes_an_organisation_that_only_its_owner_sees(operator: HostClient) -> None:
    asked = a_waiting_request()

    answer = operator.post(f"{page_of(asked)}/accepter")

    made = sign_up.found(asked.pk).organisation
    assert made is not None
    assert answer.url == "/console/organisations/val-1"
    assert (made.state, made.live_at) == (State.PROVISIONING, None)
    assert (last_mail().recipient, last_mail().subject) == ("ada1@val.example", "Votre demande est acceptée")
    assert [entry.action for entry in Entry.objects.filter(actor_kind="operator").order_by("id")] == [
        "sign_ups.approved",
        "organisations.created",
    ]


def test_a_refused_request_is_answered_in_the_operator_s_words(operator: HostClient, visitor: HostClient) -> None:
    asked = arrivals.ask(visitor)
    page = arrivals.confirm(visitor, asked).url

    operator.post(f"{page_of(asked)}/refuser", {"words": "Nous n’ouvrons pas <b>ici</b>."})

    assert "Nous n’ouvrons pas <b>ici</b>." in last_mail().text
    assert "<b>ici" not in last_mail().html
    assert "Nous n’ouvrons pas &lt;b&gt;ici&lt;/b&gt;." in visitor.get(page).content.decode()
    assert Entry.objects.get(action="sign_ups.refused").details["words"] == "Nous n’ouvrons pas <b>ici</b>."


def test_the_journal_names_the_request_and_leads_to_it(operator: HostClient) -> None:
    asked, other = a_waiting_request(1), a_waiting_request(2)
    for each in (asked, other):
        sign_ups.refuse(sign_up_id=each.pk, words="Hors du pays.", actor=OPERATOR, at=clock.now())

    page = operator.get("/console/journal?q=Commune+1")

    assert f'<a href="{page_of(asked)}">Commune 1</a>' in page.content.decode()
    assert [row.asked.pk for row in page.context["rows"]] == [asked.pk]


def test_a_refusal_says_why(operator: HostClient) -> None:
    asked = a_waiting_request()

    answer = operator.post(f"{page_of(asked)}/refuser", {"words": " "})

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["words"])
    assert sign_up.found(asked.pk).state == SignUpState.WAITING


def test_an_answer_given_twice_is_given_once(operator: HostClient) -> None:
    asked = a_waiting_request()
    operator.post(f"{page_of(asked)}/accepter")

    again = operator.post(f"{page_of(asked)}/accepter", follow=True)
    otherwise = operator.post(f"{page_of(asked)}/refuser", {"words": "Non"}, follow=True)

    for page in (again, otherwise):
        assert "Une réponse a déjà été donnée à cette demande." in page.content.decode()
    assert sign_up.found(asked.pk).state == SignUpState.APPROVED
    assert Entry.objects.filter(action__startswith="sign_ups.", actor_kind="operator").count() == 1


@pytest.fixture
def _committed(transactional_db: None) -> Iterator[None]:
    yield


@pytest.mark.usefixtures("_committed")
def test_of_two_operators_at_once_one_answers() -> None:
    with in_operations():
        asked = a_waiting_request()
    start, refused = threading.Barrier(2), []

    def answer(accepts: bool) -> None:
        try:
            with in_operations():
                start.wait(timeout=10)
                if accepts:
                    sign_ups.approve(sign_up_id=asked.pk, actor=OPERATOR, at=clock.now())
                else:
                    sign_ups.refuse(sign_up_id=asked.pk, words="Non", actor=OPERATOR, at=clock.now())
        except sign_up.AlreadyDecided:
            refused.append(accepts)
        finally:
            connection.close()

    threads = [threading.Thread(target=answer, args=[accepts]) for accepts in (True, False)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    with in_operations():
        answered = Message.objects.exclude(subject="Votre demande est envoyée").count()
    with in_registry():
        made = Organisation.objects.filter(slug="val-1").count()
    state = sign_up.found(asked.pk).state
    assert len(refused) == 1
    assert answered == 1
    assert made == (state == SignUpState.APPROVED)


@pytest.mark.parametrize("path", ["", "/accepter", "/refuser"])
def test_what_was_never_proved_is_nobody_s_business(operator: HostClient, path: str) -> None:
    asked = arrivals.ask(HostClient("localhost"))

    if not path:
        assert operator.get(page_of(asked)).status_code == 404
    else:
        assert operator.post(page_of(asked) + path, {"words": "Non"}).status_code == 404


def test_the_rule_of_arrivals_is_changed_once_and_traced(operator: HostClient) -> None:
    for _ in range(2):
        operator.post("/console/reglages", {"arrivals": "open", "contact_email": "bonjour@example.org"})

    assert sign_up.arrivals() == Arrivals.OPEN
    entry = Entry.objects.get(action="platform.arrivals_changed")
    assert entry.details["words"] == "Ouvertes, sans approbation, bonjour@example.org"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"arrivals": "nobody", "contact_email": "a@b.example"}, "arrivals"),
        ({"arrivals": "open", "contact_email": "nobody"}, "contact_email"),
    ],
)
def test_a_wrong_rule_is_told_at_its_field(operator: HostClient, said: dict[str, str], field: str) -> None:
    answer = operator.post("/console/reglages", said)

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert sign_up.arrivals() == Arrivals.APPROVAL


def test_an_operator_opens_one_for_somebody_who_is_invited(operator: HostClient) -> None:
    new = {"name": "Ville d’Ici", "slug": "ville-ici", "kind": "city_qc", "language": "fr"}
    owner = {"owner_email": "ada@ici.example", "owner_first_name": "Ada", "owner_last_name": "Noël"}

    operator.post("/console/nouvelle", new | owner)

    with in_registry():
        made = Organisation.objects.get(slug="ville-ici")
    assert made.live_at is not None
    with in_organisation(provision(organisation_id=made.pk)):
        assert [str(member.user.email) for member in StaffMember.objects.all()] == ["ada@ici.example"]


def test_without_an_owner_nobody_is_invited(operator: HostClient) -> None:
    operator.post("/console/nouvelle", {"name": "Ville", "slug": "ville", "kind": "city_qc", "language": "fr"})

    with in_registry():
        made = Organisation.objects.get(slug="ville")
    with in_organisation(provision(organisation_id=made.pk)):
        assert not StaffMember.objects.exists()
