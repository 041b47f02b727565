"""The processor's client, and its errors in our words."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import stripe
import structlog
from django.conf import settings

log = structlog.get_logger(__name__)


class ProcessorUnavailable(Exception):
    """The processor did not answer, or not as it should: try again later. Nothing is known of what it did."""


class ProcessorBusy(ProcessorUnavailable):
    """The same request is under way: its answer will be there in a moment."""


class ProcessorErred(ProcessorUnavailable):
    """It failed, and kept that answer for the request's key: only another key is answered otherwise."""


class ProcessorRefused(Exception):
    """The processor understood the request and will not do it. `code` is its own."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code = code


@cache
def client() -> stripe.StripeClient:
    return stripe.StripeClient(
        settings.STRIPE_SECRET_KEY,
        base_addresses={"api": settings.STRIPE_API_BASE},
        http_client=stripe.RequestsClient(timeout=settings.STRIPE_TIMEOUT_SECONDS),
        max_network_retries=2,
    )


@contextmanager
def speaking() -> Iterator[stripe.StripeClient]:
    """Around each call: raises ProcessorUnavailable or ProcessorRefused instead of the library's errors."""
    try:
        yield client()
    except stripe.StripeError as error:
        raise _in_our_words(error) from error


def _in_our_words(error: stripe.StripeError) -> Exception:
    if error.http_status == 409:
        return ProcessorBusy(str(error))
    if isinstance(error, stripe.APIConnectionError | stripe.APIError | stripe.RateLimitError):
        log.warning("processor.unavailable", error=error)
        is_kept = (error.headers or {}).get("Idempotent-Replayed") == "true"
        return ProcessorErred(str(error)) if is_kept else ProcessorUnavailable(str(error))
    log.warning("processor.refused", code=error.code, error=error)
    return ProcessorRefused(error.code or "", str(error))
