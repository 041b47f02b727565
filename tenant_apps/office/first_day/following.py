"""From a step of the first day that is done to the next one, so that nobody has to find the list again."""

from django.contrib import messages
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _

from tenant_apps.office.first_day import steps
from tenant_apps.office.scope import of_request
from tenant_apps.organisation.models import Profile


def lead_on(request: HttpRequest) -> None:
    """Beside what says that it is done. Nothing once the list is done or put away, or to who does not see it."""
    if not of_request(request).sees_settings:
        return
    found = steps.of(Profile.objects.get(), request.organisation)  # type: ignore[attr-defined]
    if found is not None and found.following is not None:
        words = _('Étape suivante\u202f: <a href="{url}">{title}</a>')
        messages.info(request, format_html(words, url=found.following.url, title=found.following.title))
