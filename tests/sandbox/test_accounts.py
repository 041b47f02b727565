"""Connected accounts: made, finished by a person, told about."""

import stripe
from stripe import RequestOptions

from tests.sandbox.harness import Sandbox, text_of

INCLUDE = {"include": ["configuration.merchant", "requirements"]}


def a_link(sandbox: Sandbox, account: str) -> str:
    onboarding = {"refresh_url": "http://school.test/again", "return_url": "http://school.test/done"}
    return sandbox.client.v2.core.account_links.create(
        {"account": account, "use_case": {"type": "account_onboarding", "account_onboarding": onboarding}}
    ).url


def state(sandbox: Sandbox, account: str) -> tuple[str, list[str]]:
    found = sandbox.client.v2.core.accounts.retrieve(account, INCLUDE)
    due = [entry.description for entry in found.requirements.entries]
    return found.configuration.merchant.capabilities.card_payments.status, due


def test_a_new_account_has_everything_to_tell(sandbox: Sandbox) -> None:
    status, due = state(sandbox, sandbox.an_account(onboarded=False))

    assert (status, len(due)) == ("restricted", 4)


def test_what_is_not_asked_for_is_not_shown(sandbox: Sandbox, account: str) -> None:
    found = sandbox.client.v2.core.accounts.retrieve(account)

    assert (found.configuration, found.requirements, found.identity, found.defaults) == (None,) * 4


def test_a_person_finishes_the_account(sandbox: Sandbox) -> None:
    account = sandbox.an_account(onboarded=False)
    link = a_link(sandbox, account)
    assert "Compte de paiement – École Saint-Jean" in text_of(sandbox.page(link))
    assert "Payment account – École Saint-Jean" in text_of(sandbox.page(link, language="en"))

    reply = sandbox.page(link, {"answer": "finish"})
    sandbox.flush()

    assert reply.location == "http://school.test/done"
    assert state(sandbox, account) == ("active", [])
    event = next(event for event in sandbox.receiver.events if event.get("account") == account)
    assert event["type"] == "account.updated"
    assert event["data"]["object"]["charges_enabled"] is True
    assert event["data"]["previous_attributes"]["charges_enabled"] is False


def test_a_person_leaves_something_out(sandbox: Sandbox) -> None:
    account = sandbox.an_account(onboarded=False)

    sandbox.page(a_link(sandbox, account), {"answer": "leave_due"})

    assert state(sandbox, account) == ("restricted", ["configuration.merchant.bank_account"])


def test_a_link_works_once_and_for_ten_minutes(sandbox: Sandbox) -> None:
    account = sandbox.an_account(onboarded=False)
    used, late = a_link(sandbox, account), a_link(sandbox, account)
    sandbox.page(used, {"answer": "leave_due"})
    sandbox.advance(seconds=601)

    assert sandbox.page(used).location == "http://school.test/again"
    assert sandbox.page(late, {"answer": "finish"}).location == "http://school.test/again"
    assert state(sandbox, account)[0] == "restricted"


def test_an_account_is_changed_in_part(sandbox: Sandbox, account: str) -> None:
    merchant = {"capabilities": {"acss_debit_payments": {"requested": True}}}
    sandbox.client.v2.core.accounts.update(
        account, {"display_name": "École du Lac", "configuration": {"merchant": merchant}, "metadata": {"a": "b"}}
    )

    found = sandbox.client.v2.core.accounts.retrieve(account, INCLUDE)
    capabilities = found.configuration.merchant.capabilities
    assert (found.display_name, found.contact_email) == ("École du Lac", "tresorerie@example.ca")
    assert (capabilities.card_payments.status, capabilities.acss_debit_payments.status) == ("active", "active")
    assert found.metadata.to_dict() == {"a": "b"}


def test_a_closed_account_takes_no_more_payments(sandbox: Sandbox, account: str, school: RequestOptions) -> None:
    sandbox.client.v2.core.accounts.close(account, {"applied_configurations": ["merchant"]})

    try:
        sandbox.client.v1.payment_intents.create({"amount": 1000, "currency": "cad"}, school)
    except stripe.InvalidRequestError as refused:
        assert "cannot currently make charges" in str(refused)
    else:
        raise AssertionError("a closed account was charged on")


def test_the_platform_lists_its_accounts_page_by_page(sandbox: Sandbox) -> None:
    made = {sandbox.an_account() for _ in range(3)}

    pages = sandbox.client.v2.core.accounts.list({"limit": 2})

    assert len(pages.data) == 2
    assert made <= {account.id for account in pages.auto_paging_iter()}
