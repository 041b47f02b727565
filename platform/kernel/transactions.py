"""Transactions: what must happen after the commit, and how to try again when the database asks for it."""

import functools
import random
import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.db import OperationalError, transaction
from django_tenants.utils import tenant_context
from psycopg import errors

from kernel.database import connection

P = ParamSpec("P")
R = TypeVar("R")

_ATTEMPTS = 5
_RETRIED = (errors.SerializationFailure, errors.DeadlockDetected, errors.LockNotAvailable)


def after_commit(callback: Callable[[], object]) -> None:
    """Call it once the transaction is committed, in the organisation of now: the one that commits may be in another."""
    tenant = connection.tenant

    def run() -> None:
        with tenant_context(tenant):
            callback()

    transaction.on_commit(run)


def operation(function: Callable[P, R]) -> Callable[P, R]:
    """One transaction around an operation, begun again when the database refuses it for a conflict with another.

    Inside a transaction already open it joins it, and the outermost operation is the one that is tried again.
    """

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if connection.in_atomic_block:
            with transaction.atomic():
                return function(*args, **kwargs)
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                with transaction.atomic():
                    return function(*args, **kwargs)
            except OperationalError as error:
                if attempt == _ATTEMPTS or not isinstance(error.__cause__, _RETRIED):
                    raise
                # Two rivals that met once must not meet again at the same instant.
                time.sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311
        raise AssertionError("unreachable")

    return run
