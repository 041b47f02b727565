"""« Protection des données »: who read about health, what is held and why, what was let go, and the keys."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kernel import clock
from kernel.tasks import nudge
from shared_apps.accounts.access import actor_of, recently, staff
from shared_apps.audit.models import Entry
from shared_apps.vault import rotation
from shared_apps.vault.models import DataKey
from tenant_apps.office import readings
from tenant_apps.office.pages import page
from tenant_apps.office.scope import PRIVACY
from tenant_apps.organisation.context import profile_of
from tenant_apps.organisation.models import Role
from tenant_apps.organisation.rules import read
from tenant_apps.privacy import keys, notice, retention, tasks
from tenant_apps.privacy.readings import all_readings

_PER_PAGE = 50
_LAST_PURGES = 12


@staff(*PRIVACY)
@require_safe
def readings_page(request: HttpRequest) -> HttpResponse:
    form = readings.ReadingFilters(request.GET or None)
    narrowing = form.narrowing(profile_of(request).zone) if form.is_bound else None
    entries = all_readings().filter(narrowing) if narrowing else all_readings()
    found = Paginator(entries, _PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "found": found, "rows": readings.with_names(found.object_list), "tab": "readings"}
    return page(request, "office/privacy.html", {**context, "is_narrowed": bool(narrowing)}, section="privacy")


@staff(*PRIVACY)
@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """The register of what is held: by the tables, and by the questions that the organisation's forms ask."""
    context = {"purposes": notice.for_staff(), "questions": notice.questions(), "tab": "register"}
    return page(request, "office/privacy_register.html", context, section="privacy")


@staff(*PRIVACY)
@require_safe
def keeping(request: HttpRequest) -> HttpResponse:
    purges = Entry.objects.filter(action=retention.PURGED).order_by("-at", "-id")[:_LAST_PURGES]
    context = {
        "terms": notice.terms(read(profile_of(request).rules).keeping),
        "due": retention.labelled(retention.due(clock.now())),
        "purges": [(entry.at, retention.labelled(entry.details)) for entry in purges],
        "tab": "keeping",
    }
    return page(request, "office/privacy_keeping.html", context, section="privacy")


@staff(*PRIVACY)
@require_safe
def encryption(request: HttpRequest) -> HttpResponse:
    found = list(DataKey.objects.order_by("-number"))
    is_owner = request.staff_member.role == Role.OWNER  # type: ignore[attr-defined]
    is_behind = len(found) > 1 and rotation.is_behind()
    context = {"keys": found, "is_owner": is_owner, "is_behind": is_behind, "tab": "keys"}
    return page(request, "office/privacy_keys.html", context, section="privacy")


@staff(Role.OWNER)
@recently("security")
@require_POST
def rotate(request: HttpRequest) -> HttpResponse:
    keys.rotate(actor=actor_of(request), at=clock.now())
    nudge(tasks.reseal)
    messages.success(request, _("Une nouvelle clé sert dès maintenant. Ce qui est déjà chiffré est repris peu à peu."))
    return HttpResponseRedirect(reverse("office:privacy_keys"), status=303)
