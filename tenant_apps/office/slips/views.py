"""« Attestations fiscales »: readiness all year round, one slip, its document and the file for the tax office."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from kernel import clock
from shared_apps.accounts.access import actor_of, recently, staff
from shared_apps.audit import operations as audit
from shared_apps.audit.models import Entry
from shared_apps.audit.trails import told
from tenant_apps.office import exports
from tenant_apps.office.pages import page
from tenant_apps.office.scope import PRICES
from tenant_apps.office.slips import choosing
from tenant_apps.office.slips.choosing import Choice, SlipFilters
from tenant_apps.office.slips.wording import TRAIL
from tenant_apps.organisation import national_number
from tenant_apps.organisation.context import profile_of
from tenant_apps.slips import documents, files, issuers, readiness
from tenant_apps.slips.models import Slip, SlipKind
from tenant_apps.slips.operations import asking, making
from tenant_apps.slips.readiness import Item

_PER_PAGE = 50


@staff(*PRICES)
@require_safe
def slips(request: HttpRequest) -> HttpResponse:
    form = SlipFilters(request.GET, today=clock.today(profile_of(request).zone))
    choice = form.choice()
    if choice is None:
        return page(request, "office/slips/none.html", {}, section="finances")
    items = items_of(request, choice)
    asked = asking.asked(choice.kind, choice.year)
    found = Paginator(form.narrowed(items), _PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "choice": choice,
        "found": found,
        "figures": choosing.figures(items),
        "ready": sum(item.state == "ready" for item in items),
        "has_file": choice.has_file and any(item.slip for item in items),
        "unpublished": sum(item.state == "made" for item in items),
        "to_ask": len({item.guardian.pk for item in items if item.may_be_asked and item.guardian.email} - asked),
        "asked": asked,
        "lacks": issuers.of_payee(choice.payee).lacks(choice.kind),
        "at_once": making.AT_ONCE,
        "bars_number": choice.kind == SlipKind.FORM_281_86
        and not national_number.holds(profile_of(request), at=clock.now()),
    }
    return page(request, "office/slips/list.html", context, section="finances")


@staff(*PRICES)
@require_safe
def slip(request: HttpRequest, slip_id: UUID) -> HttpResponse:
    found = get_object_or_404(Slip.objects.select_related("payee", "guardian", "participant", "amends"), pk=slip_id)
    later = Slip.objects.filter(amends=found).first()
    items = readiness.of(
        found.payee,
        found.kind,
        found.year,
        on=clock.today(profile_of(request).zone),
        zone=profile_of(request).zone,
        guardians=[found.guardian_id],
    )
    item = next((each for each in items if each.slip == found), None)
    entries = Entry.objects.filter(subject="slip", subject_id=found.pk).order_by("-at", "-id")
    context = {
        "slip": found,
        "later": later,
        "item": item,
        "choice": Choice(found.payee, found.kind, found.year),
        "trail": told(entries, TRAIL),
    }
    return page(request, "office/slips/slip.html", context, section="finances")


@staff(*PRICES)
@recently("money")
@require_safe
def document(request: HttpRequest, slip_id: UUID) -> HttpResponse:
    """Whoever opens it has seen its numbers: the trail says so first."""
    found = get_object_or_404(Slip, pk=slip_id)
    files.note(slip=found, actor=actor_of(request), at=clock.now())
    return _pdf(found)


@staff(*PRICES)
@recently("money")
@require_safe
def preview(request: HttpRequest) -> HttpResponse:
    """A slip as it would be made today, without a number."""
    choice = chosen(request)
    items = items_of(request, choice)
    item = next((each for each in items if _key(each) == request.GET.get("item", "") and each.cents), None)
    if item is None:
        raise Http404
    at = clock.now()
    audit.record(
        action=files.READ, subject="guardian", subject_id=item.guardian.pk, actor=actor_of(request), at=at, details={}
    )
    return _pdf(making.draft(choice.payee, choice.year, item, at=at))


@staff(*PRICES)
@recently("money")
@require_safe
def file(request: HttpRequest) -> HttpResponse:
    """For Belcotax-on-web, or for software that Revenu Québec has certified. The trail says who took it."""
    choice, at = chosen(request), clock.now()
    found = files.to_send(choice.payee, choice.kind, choice.year)
    if not found or not choice.has_file:
        raise Http404
    files.taken(
        payee_id=choice.payee.pk,
        kind=choice.kind,
        year=choice.year,
        number=len(found),
        actor=actor_of(request),
        at=at,
    )
    if choice.kind == SlipKind.FORM_281_86:
        on = clock.local_date(at, profile_of(request).zone)
        content = files.xml(found, choice.payee, choice.year, on=on)
        return _download(HttpResponse(content, content_type="application/xml"), f"belcotax-28186-{choice.year}.xml")
    rows = list(files.rows(found))
    if request.GET.get("format") == "json":
        return _download(JsonResponse({"releves": rows}), f"releve-24-{choice.year}.json")
    return exports.table(f"releve-24-{choice.year}", list(rows[0]), ([each[name] for name in each] for each in rows))


def chosen(request: HttpRequest) -> Choice:
    """By the address, or by what was posted."""
    said = request.POST if request.method == "POST" else request.GET
    form = SlipFilters(said, today=clock.today(profile_of(request).zone))
    choice = form.choice()
    if choice is None or form.errors:
        raise Http404
    return choice


def items_of(request: HttpRequest, choice: Choice) -> list[Item]:
    zone = profile_of(request).zone
    return readiness.of(choice.payee, choice.kind, choice.year, on=clock.today(zone), zone=zone)


def _key(item: Item) -> str:
    return f"{item.guardian.pk}:{item.participant_id or ''}"


def _pdf(slip: Slip) -> HttpResponse:
    return _download(HttpResponse(documents.pdf(slip), content_type="application/pdf"), documents.file_name(slip))


def _download(response: HttpResponse, name: str) -> HttpResponse:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response
