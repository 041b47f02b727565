"""Which names may have a certificate, asked by the reverse proxy; and until when the one that is served is good."""

import hmac
import ipaddress
import socket
import ssl
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.db.models import Q
from django.http import HttpRequest, HttpResponse

from kernel import clock
from tenants.models import SERVED, Domain, DomainState

# A certificate that ends sooner is told to operators: it should have been renewed.
WARNED_WITHIN = timedelta(days=14)
_PATIENCE_SECONDS = 3.0
_NOTED_EVERY = timedelta(hours=1)
# In a minute. A proxy asks once for a certificate, and remembers it for months.
_MOST_QUESTIONS = 600
_FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PROTO", "HTTP_FORWARDED")


def ask(request: HttpRequest) -> HttpResponse:
    """GET ?domain=…: 200 for a name that may have a certificate; else 404, as for who may not ask."""
    if not _may_ask(request):
        return HttpResponse(status=404)
    if not _counted():
        return HttpResponse(status=429)
    return HttpResponse(status=200 if may_have_one(request.GET.get("domain", ""), at=clock.now()) else 404)


def may_have_one(name: str, *, at: datetime) -> bool:
    """Verified, of an organisation whose pages are answered. That it was asked is noted at most once an hour."""
    if not name or "\0" in name:
        return False
    served = Domain.objects.filter(domain=name.lower(), state=DomainState.VERIFIED, tenant__state__in=SERVED)
    found = served.values_list("pk", "asked_at").first()
    if found is None:
        return False
    key, asked_at = found
    if asked_at is None or at - asked_at >= _NOTED_EVERY:
        not_noted = Q(asked_at=None) | Q(asked_at__lte=at - _NOTED_EVERY)
        Domain.objects.filter(not_noted, pk=key).update(asked_at=at)
    return True


def end_of(name: str) -> datetime | None:
    """Of the certificate that our own proxy shows for the name; None where it shows none that is good."""
    context = ssl.create_default_context()
    # Not where the name leads by now: its owner may have it lead inside this network.
    [host, *_others] = [*settings.PLATFORM_ADDRESSES, settings.PLATFORM_DOMAIN]
    port = int(settings.PLATFORM_PORT or 443)
    try:
        with (
            socket.create_connection((host, port), timeout=_PATIENCE_SECONDS) as connection,
            context.wrap_socket(connection, server_hostname=name) as secured,
        ):
            shown = secured.getpeercert() or {}
    except (OSError, ValueError):
        return None
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(shown["notAfter"])), UTC)


def _may_ask(request: HttpRequest) -> bool:
    """By the secret, where there is one; else straight from this network, not through what serves the public."""
    if token := settings.TLS_ASK_TOKEN:
        return hmac.compare_digest(request.GET.get("token", "").encode(), token.encode())
    return not any(name in request.META for name in _FORWARDED) and _is_near(request.META.get("REMOTE_ADDR", ""))


def _is_near(said: str) -> bool:
    try:
        address = ipaddress.ip_address(said)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None) or address
    return bool(mapped.is_private or mapped.is_loopback)


def _counted() -> bool:
    key = f"certificates/{int(clock.now().timestamp()) // 60}"
    cache.add(key, 0, timeout=120)
    try:
        return cache.incr(key) <= _MOST_QUESTIONS
    except ValueError:
        # It was dropped between the two.
        return True
