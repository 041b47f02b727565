"""What the pages load from the organisation itself: its colours and its pictures."""

import mimetypes
from typing import Any

from django.core.exceptions import SuspiciousFileOperation
from django.core.files import File
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from kernel import clock
from shared_apps.accounts.access import member_of, public
from shared_apps.design.brand import brand_css as css_of
from tenant_apps.catalog import pictures
from tenant_apps.catalog import queries as catalogue
from tenant_apps.catalog.models import Offering
from tenant_apps.organisation.context import profile_of

_PICTURE_TYPES = {"image/jpeg", "image/png", "image/webp", "image/avif", "image/gif", "image/svg+xml"}
_YEAR = 365 * 24 * 3600
_DAY = 24 * 3600
_FIVE_MINUTES = 300


@public
@require_safe
def brand_css(request: HttpRequest) -> HttpResponse:
    """Kept for a year under an address that names the colours (`?v=`), a few minutes under any other."""
    profile = profile_of(request)
    answer = HttpResponse(css_of(profile.brand_colour, profile.accent_colour or None), content_type="text/css")
    if "v" in request.GET:
        patch_cache_control(answer, public=True, max_age=_YEAR, immutable=True)
    else:
        patch_cache_control(answer, public=True, max_age=_FIVE_MINUTES)
    return answer


@public
@require_safe
def picture(request: HttpRequest, path: str) -> FileResponse:
    """Only what an offering or the organisation's logo names is given out: the storage also keeps receipts."""
    media_type = mimetypes.guess_type(path)[0] or ""
    # PostgreSQL refuses the null character, even to compare with.
    if media_type not in _PICTURE_TYPES or "\x00" in path:
        raise Http404
    is_public = _is_public(request, path)
    if not is_public and not _is_of_a_draft(request, path):
        raise Http404
    answer = FileResponse(_opened(path), content_type=media_type)
    patch_cache_control(answer, **({"public": True} if is_public else {"private": True}), max_age=_DAY)
    return answer


def _opened(path: str) -> "File[Any]":
    """The large one where a picture was put there in one size."""
    for each in (path, pictures.large(path)):
        try:
            return default_storage.open(each)
        except (FileNotFoundError, SuspiciousFileOperation):
            continue
    raise Http404


def _is_public(request: HttpRequest, path: str) -> bool:
    if profile_of(request).logo == path:
        return True
    return catalogue.published(at=clock.now()).filter(picture=pictures.large(path)).exists()


def _is_of_a_draft(request: HttpRequest, path: str) -> bool:
    """Those who write the catalogue see what families do not see yet."""
    if not request.user.is_authenticated or member_of(request) is None:
        return False
    return Offering.objects.filter(picture=pictures.large(path)).exists()
