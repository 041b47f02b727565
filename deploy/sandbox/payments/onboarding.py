"""A person finishes a connected account, or leaves something out."""

from collections.abc import Collection

from deploy.sandbox.errors import Json
from deploy.sandbox.payments import accounts
from deploy.sandbox.work import Work


def finish(work: Work, account_id: str, *, leave_due: bool) -> Json:
    """Write down what was given, and tell the platform. `work` is the platform's."""
    return ask(work, account_id, list(accounts.REQUIREMENTS[-1:]) if leave_due else [])


def ask(
    work: Work,
    account_id: str,
    pending: list[str],
    *,
    deadline: float | None = None,
    stops: Collection[str] = (accounts.PAYMENTS, accounts.PAYOUTS),
    asked_of: str = "user",
) -> Json:
    """Put these requirements in place of the present ones, and tell the platform."""
    account = work.get("v2.core.account", account_id)
    before = accounts.in_first_version(account)
    account = accounts.set_requirements(work, account, pending, deadline=deadline, stops=stops, asked_of=asked_of)
    after = accounts.in_first_version(account)
    previous = {name: before[name] for name in before if before[name] != after[name]}
    work.as_account(account_id).emit("account.updated", after, previous=previous)
    return account
