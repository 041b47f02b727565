"""The code that proves the owner's address, and the address that two want at the same instant."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from kernel import clock
from shared_apps.audit.models import Entry
from shared_apps.outbox.models import Message
from tenant_apps.console import sign_ups
from tenants import slugs
from tenants.context import in_operations, in_registry
from tenants.models import Arrivals, Organisation, SignUp, SignUpState
from tenants.operations import sign_up
from tenants.operations.create import create
from tests.clients import HostClient
from tests.console import arrivals


def a_wish(**columns: Any) -> sign_up.Wish:
    return sign_up.Wish(
        **{
            "name": "Commune de Val-Clair",
            "slug": "val-clair",
            "preset": "commune_be",
            "language": "fr",
            "languages": ["fr"],
            "owner_first_name": "Ada",
            "owner_last_name": "Noël",
            "owner_email": "ada@val-clair.example",
            **columns,
        }
    )


def proved(**columns: Any) -> SignUp:
    """A request whose owner has said the code, and that has no address yet."""
    asked, code = sign_up.ask(wish=a_wish(**columns), at=clock.now())
    sign_up.prove(sign_up_id=asked.pk, code=code, at=clock.now())
    return asked


def again(asked: SignUp) -> SignUp:
    return sign_up.found(asked.pk)


def another_than(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def test_a_wrong_code_is_told_and_the_right_one_still_opens(visitor: HostClient) -> None:
    asked = arrivals.ask(visitor)

    wrong = visitor.post("/ouvrir/code", {"code": another_than(arrivals.code_of(asked))})

    assert (wrong.status_code, list(wrong.context["form"].errors)) == (422, ["code"])
    assert arrivals.confirm(visitor, asked).url.startswith("/ouvrir/demande/")


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "\x00", "x" * 50])
def test_what_is_no_code_costs_no_try(visitor: HostClient, typed: str) -> None:
    asked = arrivals.ask(visitor)

    assert visitor.post("/ouvrir/code", {"code": typed}).status_code == 422
    assert again(asked).code_attempts == 0


def test_a_code_may_be_copied_with_its_spaces(visitor: HostClient) -> None:
    asked = arrivals.ask(visitor)
    code = arrivals.code_of(asked)

    assert visitor.post("/ouvrir/code", {"code": f" {code[:3]} {code[3:]} "}).status_code == 302


@pytest.mark.usefixtures("operations")
def test_a_code_is_not_found_by_trying() -> None:
    asked, code = sign_up.ask(wish=a_wish(), at=clock.now())
    for _ in range(sign_up.MOST_ATTEMPTS):
        with pytest.raises(sign_up.WrongCode):
            sign_up.prove(sign_up_id=asked.pk, code=another_than(code), at=clock.now())

    with pytest.raises(sign_up.TooManyAttempts):
        sign_up.prove(sign_up_id=asked.pk, code=code, at=clock.now())
    with pytest.raises(sign_up.TooManyAttempts):
        sign_up.renew_code(sign_up_id=asked.pk, at=clock.now())


@pytest.mark.usefixtures("operations")
def test_another_code_does_not_give_more_tries() -> None:
    asked, code = sign_up.ask(wish=a_wish(), at=clock.now())
    for _ in range(sign_up.MOST_ATTEMPTS - 1):
        with pytest.raises(sign_up.WrongCode):
            sign_up.prove(sign_up_id=asked.pk, code=another_than(code), at=clock.now())

    other = sign_up.renew_code(sign_up_id=asked.pk, at=clock.now())
    with pytest.raises(sign_up.WrongCode):
        sign_up.prove(sign_up_id=asked.pk, code=another_than(other), at=clock.now())

    with pytest.raises(sign_up.TooManyAttempts):
        sign_up.prove(sign_up_id=asked.pk, code=other, at=clock.now())


@pytest.mark.usefixtures("operations")
def test_a_code_lasts_a_quarter_of_an_hour_to_the_second() -> None:
    at = clock.now()
    asked, code = sign_up.ask(wish=a_wish(), at=at)

    with pytest.raises(sign_up.CodeExpired):
        sign_up.prove(sign_up_id=asked.pk, code=code, at=at + timedelta(minutes=15))
    sign_up.prove(sign_up_id=asked.pk, code=code, at=at + timedelta(minutes=14, seconds=59))

    assert again(asked).confirmed_at is not None


@pytest.mark.usefixtures("operations")
def test_only_the_last_code_is_good_and_none_is_kept_as_it_is() -> None:
    asked, first = sign_up.ask(wish=a_wish(), at=clock.now())
    second = first
    while second == first:
        second = sign_up.renew_code(sign_up_id=asked.pk, at=clock.now())

    assert second not in again(asked).code_hash
    with pytest.raises(sign_up.WrongCode):
        sign_up.prove(sign_up_id=asked.pk, code=first, at=clock.now())
    sign_up.prove(sign_up_id=asked.pk, code=second, at=clock.now())


def test_a_new_code_is_sent_when_it_is_asked_for_and_not_without_end(visitor: HostClient) -> None:
    asked = arrivals.ask(visitor)

    answers = [visitor.post("/ouvrir/code/encore", follow=True).content.decode() for _ in range(5)]

    assert ["Un nouveau code est parti" in answer for answer in answers] == [True, True, True, True, False]
    assert "Plusieurs codes sont déjà partis à cette adresse." in answers[-1]
    assert Message.objects.filter(unique_key__startswith=f"sign-up:{asked.pk}:code").count() == 5


def test_another_browser_cannot_say_the_code(visitor: HostClient) -> None:
    asked = arrivals.ask(visitor)
    elsewhere = HostClient("localhost")

    assert elsewhere.post("/ouvrir/code", {"code": arrivals.code_of(asked)}).url == "/ouvrir/verification"
    assert elsewhere.post("/ouvrir/code/encore").url == "/ouvrir/verification"
    assert again(asked).confirmed_at is None


def test_the_same_is_answered_whatever_the_address_is(visitor: HostClient) -> None:
    known = arrivals.arrived(visitor)

    other = HostClient("localhost")
    asked = arrivals.ask(other, slug="ailleurs", email=known.owner_email)
    page = other.get("/ouvrir/code").content.decode()
    stranger = HostClient("localhost")
    arrivals.ask(stranger, slug="ici", email="eve@val-clair.example")

    assert again(asked).state == SignUpState.UNCONFIRMED
    same = stranger.get("/ouvrir/code").content.decode().replace("eve@", "ada@")
    assert _without_marks(page) == _without_marks(same)


def test_a_code_said_twice_is_said_once(visitor: HostClient) -> None:
    asked = arrivals.ask(visitor)
    code = arrivals.code_of(asked)

    first, second = (visitor.post("/ouvrir/code", {"code": code}) for _ in range(2))

    assert (first.status_code, second.status_code) == (302, 302)
    assert visitor.get("/ouvrir/code").url.startswith("/ouvrir/demande/")
    assert Entry.objects.filter(action="sign_ups.confirmed").count() == 1


def test_an_unproved_request_keeps_nobody_from_its_address(visitor: HostClient) -> None:
    arrivals.ask(visitor)

    second = arrivals.arrived(HostClient("localhost"), email="eve@val-clair.example")

    assert (second.slug, second.state) == ("val-clair", SignUpState.WAITING)


def test_who_comes_second_chooses_another_address_and_says_nothing_else_again(visitor: HostClient) -> None:
    late = arrivals.ask(visitor)
    arrivals.arrived(HostClient("localhost"), email="eve@val-clair.example")

    page = arrivals.confirm(visitor, late).url
    told = visitor.get(page)
    assert "Choisissez une autre adresse" in told.content.decode()
    assert told.context["form"].errors == {"slug": ["Cette adresse est déjà prise."]}
    assert visitor.post(page, {"slug": "val-clair"}).status_code == 422

    visitor.post(page, {"slug": "val-clair-2"})

    kept = again(late)
    assert (kept.slug, kept.state, kept.name) == ("val-clair-2", SignUpState.WAITING, "Commune de Val-Clair")


@pytest.mark.usefixtures("operations")
def test_a_waiting_request_keeps_its_address_two_weeks_to_the_second() -> None:
    first, at = proved(), clock.now()
    sign_ups.claim(sign_up_id=first.pk, slug="val-clair", at=at)
    second = proved(slug="autre", owner_email="eve@val-clair.example")

    with pytest.raises(slugs.SlugTaken):
        sign_ups.claim(sign_up_id=second.pk, slug="val-clair", at=at + timedelta(days=14, seconds=-1))
    sign_ups.claim(sign_up_id=second.pk, slug="val-clair", at=at + timedelta(days=14))

    assert (again(first).state, again(second).state) == (SignUpState.UNCONFIRMED, SignUpState.WAITING)
    sign_ups.claim(sign_up_id=first.pk, slug="val-clair-2", at=at + timedelta(days=15))
    assert again(first).state == SignUpState.WAITING


@pytest.mark.usefixtures("operations")
def test_an_operator_does_not_give_away_an_address_that_waits() -> None:
    sign_ups.claim(sign_up_id=proved().pk, slug="val-clair", at=clock.now())

    with pytest.raises(slugs.SlugTaken):
        create(name="Une autre", slug="val-clair")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("rule", [Arrivals.APPROVAL, Arrivals.OPEN])
def test_of_two_who_confirm_the_same_address_at_once_one_has_it(rule: Arrivals) -> None:
    arrivals.rule(rule)
    with in_operations():
        rivals = [proved(owner_email=f"{name}@val-clair.example") for name in ("ada", "eve")]

    refused = _at_once([_claiming(rival) for rival in rivals])

    with in_registry():
        states = sorted(SignUp.objects.values_list("state", flat=True))
        made = Organisation.objects.filter(slug="val-clair").count()
    assert refused == [slugs.SlugTaken]
    won = SignUpState.WAITING if rule == Arrivals.APPROVAL else SignUpState.APPROVED
    assert states == sorted([won, SignUpState.UNCONFIRMED])
    assert made == (rule == Arrivals.OPEN)


@pytest.mark.django_db(transaction=True)
def test_a_request_claimed_twice_at_once_is_one_request_and_one_organisation() -> None:
    arrivals.rule(Arrivals.OPEN)
    with in_operations():
        asked = proved()

    refused = _at_once([_claiming(asked), _claiming(asked)])

    with in_operations():
        assert refused == []
        assert Entry.objects.filter(action="sign_ups.confirmed").count() == 1
    with in_registry():
        assert Organisation.objects.filter(slug="val-clair").count() == 1


@pytest.mark.django_db(transaction=True)
def test_six_requests_of_one_person_claimed_at_once_are_three() -> None:
    arrivals.rule(Arrivals.APPROVAL)
    with in_operations():
        mine = [proved(owner_email="ada@val-clair.example", slug=f"val-clair-{one}") for one in range(6)]

    refused = _at_once([_claiming(asked) for asked in mine])

    assert refused == [sign_up.TooManyRequests] * 3
    with in_registry():
        assert SignUp.objects.filter(state=SignUpState.WAITING).count() == sign_up.MOST_FOR_ONE_PERSON == 3


def _claiming(asked: SignUp) -> Callable[[], object]:
    return lambda: sign_ups.claim(sign_up_id=asked.pk, slug=asked.slug, at=clock.now())


def _at_once(claims: list[Callable[[], object]]) -> list[type[Exception]]:
    """What each was refused, when they all begin together."""
    start, refused = threading.Barrier(len(claims)), []

    def claim(one: Callable[[], object]) -> None:
        try:
            with in_operations():
                start.wait(timeout=10)
                one()
        except Exception as error:
            refused.append(type(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=claim, args=[one]) for one in claims]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return refused


def _without_marks(page: str) -> list[str]:
    """The page's words, without what is drawn for each page anew."""
    return [line for line in page.splitlines() if "csrfmiddlewaretoken" not in line]
