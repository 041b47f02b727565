"""Pages that are alike for whoever has not signed in: made once, and anew when anything that they show changes."""

import re
import zlib
from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.templatetags.static import static
from django.utils.translation import get_language

from kernel import clock
from tenant_apps.portal import freshness

View = Callable[..., HttpResponse]

_SECONDS = 90
_LONGEST_QUERY = 200
_TOKEN = re.compile(rb'(?<=name="csrfmiddlewaretoken" value=")[A-Za-z0-9]*')


def kept_for_everybody(*parameters: str) -> Callable[[View], View]:
    """Around a view that shows a visitor without a session nothing that another such visitor is not shown.

    What it shows may change with the data that `freshness` marks, with the language, the address, these parameters, and
    the minute: every moment of the catalogue is a whole one.
    """
    read = frozenset(parameters)

    def around(view: View) -> View:
        @wraps(view)
        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            said = _said(request, read)
            if said is None or not _is_anybody(request):
                return view(request, *args, **kwargs)
            key = _key(request, said)
            page = cache.get(key)
            if page is None:
                answer = view(request, *args, **kwargs)
                if answer.status_code == 200:
                    cache.set(key, zlib.compress(_TOKEN.sub(b"", answer.content), 1), _SECONDS)
                return answer
            # Each visitor's forms carry their own.
            return HttpResponse(_TOKEN.sub(get_token(request).encode(), zlib.decompress(page)))

        return answered

    return around


def _said(request: HttpRequest, read: frozenset[str]) -> dict[str, str] | None:
    """What the address says, the same in any order; None where it says more than the view reads, or a thing twice.

    An empty parameter, as a form sends it, is none.
    """
    if any(len(values) > 1 for _name, values in request.GET.lists()):
        return None
    said = {name: str(value) for name, value in sorted(request.GET.items()) if value}
    return said if said.keys() <= read else None


def _is_anybody(request: HttpRequest) -> bool:
    """Nobody whom a session or a message knows; and no address made up to fill the cache."""
    is_known = {settings.SESSION_COOKIE_NAME, "messages"} & request.COOKIES.keys()
    is_long = len(request.META.get("QUERY_STRING", "")) > _LONGEST_QUERY
    return not (is_known or is_long or settings.DEBUG)


def _key(request: HttpRequest, told: dict[str, str]) -> str:
    """The organisation is in every key of the cache (tenants.cache)."""
    minute = clock.now().replace(second=0, microsecond=0)
    said = [
        request.build_absolute_uri(request.path),
        urlencode(told),
        get_language() or "",
        minute.isoformat(),
        # A page names the style sheet of its own release, which the next one no longer serves.
        static("design/css/app.css"),
        freshness.mark(at=clock.now()),
    ]
    return f"page/{sha256('|'.join(said).encode()).hexdigest()}"
