"""A form that was sent when its author had to be asked again who they are: kept, encrypted, until they are known."""

import json
import secrets as random

from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.http import urlencode

from shared_apps.accounts import secrets

_KEY = "held_form"
_PARAMETER = "reprise"
_PURPOSE = "held-form"


def hold(request: HttpRequest) -> str:
    """Keep what was sent, files apart, and answer the address that sends it again, once."""
    mark = random.token_urlsafe(12)
    said = json.dumps({"mark": mark, "path": request.path, "post": request.POST.urlencode()})
    # A session's row is readable by whoever reads the database: health answers are not to be.
    request.session[_KEY] = secrets.encrypt(said, purpose=_PURPOSE)
    joint = "&" if request.GET else "?"
    return f"{request.get_full_path()}{joint}{urlencode({_PARAMETER: mark})}"


def released(request: HttpRequest) -> HttpRequest:
    """The request, made into the one that was held if it asks for that."""
    mark = request.GET.get(_PARAMETER)
    kept = request.session.get(_KEY) if mark and request.method == "GET" else None
    if kept is None:
        return request
    said = json.loads(secrets.decrypt(kept, purpose=_PURPOSE))
    if said["path"] != request.path or not random.compare_digest(said["mark"].encode(), str(mark).encode()):
        return request
    del request.session[_KEY]
    request.method = request.META["REQUEST_METHOD"] = "POST"
    request.POST = QueryDict(said["post"])
    request._files = MultiValueDict()  # type: ignore[attr-defined]
    return request
