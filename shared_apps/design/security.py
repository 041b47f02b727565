"""Tells browsers what a page of ours may load, where its forms may lead and who may frame it."""

from collections.abc import Callable, Iterable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from shared_apps.design import third_parties

# Sensors and payment handlers of the browser: no page of ours asks for any.
PERMISSIONS = ", ".join(
    f"{name}=()"
    for name in ("accelerometer", "camera", "geolocation", "gyroscope", "magnetometer", "microphone", "payment", "usb")
)


class ContentSecurityMiddleware:
    """Adds the headers to every answer. A header that a view has set itself is kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.policy = policy(settings.STRIPE_API_BASE)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.policy)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        return response


def policy(processor: str) -> str:
    """Everything from our own host; a form may also end on the hosted payment page of `processor`."""
    return "; ".join(_directives(processor))


def embedding_policy(processor: str, script: str) -> str:
    """Of the one page that shows the processor's inside it: its script, its frames, and what they ask of it."""
    its = third_parties.of_processor(processor, script)
    return "; ".join(
        (
            *_directives(processor),
            f"script-src 'self' {' '.join(its.scripts)}",
            f"frame-src {' '.join(its.frames)}",
            f"connect-src 'self' {' '.join(its.connections)}",
        )
    )


def onboarding_policy(processor: str) -> str:
    """Of a page whose form leads staff to the processor, to finish the account of who is paid."""
    return "; ".join(_directives(processor, third_parties.onboarding_page(processor)))


def moving_policy(processor: str, origins: Iterable[str]) -> str:
    """Of a page whose form ends on another name of the same organisation."""
    return "; ".join(_directives(processor, *origins))


def _directives(processor: str, *ends: str) -> tuple[str, ...]:
    return (
        "default-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        # Browsers hold the redirect that follows a form to this list too.
        " ".join(("form-action 'self'", *dict.fromkeys((third_parties.payment_page(processor), *ends)))),
    )
