"""The counter: a family is found, added or recognised by its code, and its own screens open to who serves it."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of, staff
from shared_apps.design.posting import posted
from tenant_apps.families import on_behalf
from tenant_apps.families.models import Guardian
from tenant_apps.families.operations import counter as operations
from tenant_apps.office.counter import finding, queue, standing
from tenant_apps.office.counter.finding import MOST_SHOWN
from tenant_apps.office.counter.forms import CodeForm, FamilyForm, SearchForm
from tenant_apps.office.pages import page
from tenant_apps.office.scope import FAMILIES_CHANGE, of_request
from tenant_apps.organisation.context import profile_of
from tenant_apps.organisation.screens import SCREENS
from tenant_apps.registrations import helping


@staff(*FAMILIES_CHANGE)
@require_safe
def counter(request: HttpRequest) -> HttpResponse:
    return _page(request, CodeForm())


@staff(*FAMILIES_CHANGE)
@require_POST
def begin(request: HttpRequest, guardian_id: UUID) -> HttpResponse:
    """« Inscrire pour cette famille »."""
    scope = of_request(request)
    found = get_object_or_404(standing.families(scope), pk=guardian_id)
    if standing.is_partly_unknown(found, scope):
        return page(request, "office/counter/elsewhere.html", {"guardian": found}, section="counter", status=403)
    return _begun(request, found)


@staff(*FAMILIES_CHANGE)
@require_POST
def begin_by_code(request: HttpRequest) -> HttpResponse:
    """The code that the family reads out opens its basket, once, for half an hour (O-21)."""
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    if on_behalf.is_begun(request):
        return _busy(request)
    code, helper_id = form.cleaned_data["code"], request.staff_member.user_id  # type: ignore[attr-defined]
    try:
        basket = helping.try_code(code=code, helper_id=helper_id, actor=actor_of(request), at=clock.now())
    except Refusal as refusal:
        form.add_error("code", str(refusal))
        return _page(request, form)
    if basket is None:
        form.add_error("code", _("Ce code ne peut pas servir. Il vaut quinze minutes et une seule fois."))
        return _page(request, form)
    return _begun(request, basket.guardian, basket_id=basket.id)


@staff(*FAMILIES_CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def new_family(request: HttpRequest) -> HttpResponse:
    """Somebody whom the organisation does not know yet: a name and a telephone, the rest comes with the form."""
    profile, scope = profile_of(request), of_request(request)
    known = dict(settings.LANGUAGES)
    languages = [(code, str(known[code])) for code in profile.languages if code in known]
    form = FamilyForm(posted(request), territory=profile.territory, languages=languages)
    alike = finding.NOBODY
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        is_new = said.pop("is_new")
        names = {name: said[name] for name in ("first_name", "last_name", "email", "phone")}
        alike = finding.NOBODY if is_new else finding.alike(scope, **names)
        if not alike:
            if on_behalf.is_begun(request):
                return _busy(request)
            added = operations.add_guardian(**said, actor=actor_of(request), at=clock.now())
            return _begun(request, added, onward=f"{reverse('child_add')}?next={reverse('catalogue')}")
    context = {"form": form, "alike": alike}
    return page(
        request, "office/counter/new_family.html", context, section="counter", status=422 if form.errors else 200
    )


@staff(*FAMILIES_CHANGE)
@require_safe
def screens(request: HttpRequest) -> HttpResponse:
    """What a family sees under the code that it reads out at the foot of its page."""
    return page(
        request, "office/counter/screens.html", {"screens": [each for _name, each in SCREENS]}, section="counter"
    )


def _begun(
    request: HttpRequest, guardian: Guardian, *, basket_id: UUID | None = None, onward: str = ""
) -> HttpResponse:
    if on_behalf.is_begun(request):
        return _busy(request)
    actor, at = actor_of(request), clock.now()
    operations.note_begun(guardian_id=guardian.id, by_code=basket_id is not None, actor=actor, at=at)
    on_behalf.begin(request, guardian.id, basket_id=basket_id, at=at)
    return redirect(onward or reverse("basket" if basket_id else "catalogue"))


def _busy(request: HttpRequest) -> HttpResponse:
    messages.error(request, _("Vous agissez déjà pour une famille\u202f: terminez d’abord."))
    return redirect("office:counter")


def _page(request: HttpRequest, code: CodeForm) -> HttpResponse:
    form = SearchForm(request.GET)
    wanted = form.cleaned_data["q"] if form.is_valid() else ""
    found = list(finding.search(of_request(request), wanted)[: MOST_SHOWN + 1]) if wanted else []
    context = {
        "form": form,
        "code": code,
        "found": found[:MOST_SHOWN],
        "wanted": wanted,
        "has_more": len(found) > MOST_SHOWN,
        "openings": queue.upcoming(),
    }
    return page(request, "office/counter/counter.html", context, section="counter", status=422 if code.errors else 200)
