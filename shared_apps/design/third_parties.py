"""The inventory of all that a page of ours may load from elsewhere: on the page that shows the processor's, only there.

docs/check-out.md gives the reason of each; a test asks a real browser that nothing else is loaded.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

_REAL_PROCESSOR = "https://api.stripe.com"
_REAL_PAYMENT_PAGE = "https://checkout.stripe.com"
_REAL_ONBOARDING = "https://connect.stripe.com"
_REAL_SCRIPTS = ("https://js.stripe.com", "https://*.js.stripe.com")
_REAL_BANK_CHECK = "https://hooks.stripe.com"


@dataclass(frozen=True, slots=True)
class Origins:
    scripts: tuple[str, ...]
    frames: tuple[str, ...]
    connections: tuple[str, ...]


def of_processor(processor: str, script: str) -> Origins:
    """Whence its page inside ours may load; a stand-in for the processor serves all from its own address."""
    if not _is_real(processor):
        here = payment_page(processor)
        return Origins((origin_of(script),), (here,), (here,))
    scripts = tuple(dict.fromkeys((origin_of(script), *_REAL_SCRIPTS)))
    return Origins(
        scripts,
        frames=(*_REAL_SCRIPTS, _REAL_BANK_CHECK, _REAL_PAYMENT_PAGE),
        connections=(_REAL_PROCESSOR, _REAL_PAYMENT_PAGE),
    )


def payment_page(processor: str) -> str:
    """The origin of the hosted payment page: a stand-in for the processor serves it from its own address."""
    return _REAL_PAYMENT_PAGE if _is_real(processor) else origin_of(processor)


def onboarding_page(processor: str) -> str:
    """The origin of the page on which who is paid tells the processor who it is."""
    return _REAL_ONBOARDING if _is_real(processor) else origin_of(processor)


def origin_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _is_real(processor: str) -> bool:
    return processor.rstrip("/") == _REAL_PROCESSOR
