"""The families: whom the organisation knows, found by name, by address or by number."""

from collections.abc import Iterator

from django.core.paginator import Paginator
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from kernel import clock
from shared_apps.accounts.access import actor_of, staff
from shared_apps.audit import operations as audit
from tenant_apps.families.models import Guardian, Guardianship, Participant
from tenant_apps.forms import phone
from tenant_apps.office import acquaintance, exports
from tenant_apps.office.family_filters import GuardianFilters, ParticipantFilters, narrowed, narrowed_guardians
from tenant_apps.office.pages import page
from tenant_apps.office.scope import FAMILIES, Scope, of_request
from tenant_apps.organisation.context import profile_of

_PER_PAGE = 50


@staff(*FAMILIES)
def families(request: HttpRequest) -> HttpResponse:
    scope = of_request(request)
    form = ParticipantFilters(request.GET, scope=scope)
    found = Paginator(_found(scope, form), _PER_PAGE).get_page(request.GET.get("page"))
    return page(
        request,
        "office/families.html",
        {"form": form, "found": found, "is_narrowed": any(form.cleaned_data.values())},
        section="families",
    )


@staff(*FAMILIES)
def families_csv(request: HttpRequest) -> HttpResponse:
    scope, territory = of_request(request), profile_of(request).territory
    found = list(_found(scope, ParticipantFilters(request.GET, scope=scope)))
    audit.record(
        action="families.exported",
        subject="organisation",
        subject_id=None,
        actor=actor_of(request),
        at=clock.now(),
        details={"participants": len(found)},
    )
    return exports.table("familles", _head(), (_row(participant, territory) for participant in found))


@staff(*FAMILIES)
def guardians(request: HttpRequest) -> HttpResponse:
    scope = of_request(request)
    form = GuardianFilters(request.GET)
    known = narrowed_guardians(acquaintance.guardians(scope), form).select_related("user")
    children = acquaintance.links(scope).select_related("participant").order_by("participant__first_name")
    listed = known.prefetch_related(Prefetch("guardianships", queryset=children))
    found = Paginator(listed.order_by("search_text", "id"), _PER_PAGE).get_page(request.GET.get("page"))
    return page(
        request,
        "office/families_guardians.html",
        {"form": form, "found": found, "is_narrowed": any(form.cleaned_data.values())},
        section="families",
    )


def _found(scope: Scope, form: ParticipantFilters) -> QuerySet[Participant]:
    links = Guardianship.objects.select_related("guardian").order_by("created_at", "id")
    return (
        narrowed(acquaintance.participants(scope), form)
        .select_related("establishment", "level")
        .prefetch_related(Prefetch("guardianships", queryset=links))
        .order_by("search_text", "id")
    )


def _head() -> list[str]:
    head = [_("Nom"), _("Prénom"), _("Prénom usuel"), _("Date de naissance"), _("Numéro"), _("Établissement")]
    head += [_("Niveau"), _("Catégorie de tarif")]
    for number in (1, 2):
        head += [f"{label} {number}" for label in (_("Parent"), _("Courriel"), _("Téléphone"))]
    return head


def _row(participant: Participant, territory: str) -> list[object]:
    row: list[object] = [participant.last_name, participant.first_name, participant.used_name]
    row += [participant.birth_date.isoformat() if participant.birth_date else "", participant.student_number]
    row += [participant.establishment or "", participant.level or "", participant.get_price_category_display()]
    # Whoever is kept away is no contact.
    known = [link.guardian for link in participant.guardianships.all() if not link.is_blocked][:2]
    contacts = [cell for guardian in known for cell in _contact(guardian, territory)]
    return row + contacts + [""] * (6 - len(contacts))


def _contact(guardian: Guardian, territory: str) -> Iterator[object]:
    yield from (guardian, guardian.email, phone.shown(guardian.phone, territory))
