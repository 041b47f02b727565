"""« Ouvrir l’espace de mon organisation »: one question page after the other, then everything read again and sent."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import public
from shared_apps.accounts.limits import limited, refuse_too_many_codes
from tenant_apps.console import answers, kinds, offers, platform_rules, sign_ups, telling
from tenant_apps.console.answers import Answers, Page
from tenant_apps.console.sign_up_forms import AddressForm, ConditionsForm
from tenant_apps.console.views import site
from tenants import slugs
from tenants.models import Arrivals
from tenants.operations.sign_up import Wish, arrivals

SECTION = "console:sign_up_organisation"


@public
@limited("sign_up")
def question(request: HttpRequest, name: str) -> HttpResponse:
    """« Modifier » comes back here, and what was said is still there."""
    if arrivals() == Arrivals.CLOSED:
        return closed(request)
    said, pages = Answers(request.session), answers.pages()
    page = next((each for each in pages if each.name == name), None)
    if page is None or (page != pages[0] and not said.name):
        return redirect(SECTION)
    form = page.form(request.POST or None, initial=_initial(request, said, page))
    if request.method == "POST" and form.is_valid():
        said.keep(page, form.cleaned_data)
        return redirect(_following(said))
    number = pages.index(page)
    context: dict[str, Any] = {
        "form": form,
        "page": page,
        "number": number + 1,
        "total": len(pages),
        "back": reverse(f"console:sign_up_{pages[number - 1].name}") if number else "",
        "domain": settings.PLATFORM_DOMAIN,
    }
    if name == "address":
        context["proposals"] = slugs.proposed(said.name, at=clock.now())
    if name == "plan":
        context["offers"] = offers.offered(said.currency)
    status = 422 if form.errors else 200
    return site.page(request, f"console/sign_up_{page.name}.html", context, section=SECTION, status=status)


@require_safe
@public
def free(request: HttpRequest) -> HttpResponse:
    """One line for the page on which an address is being typed."""
    form = AddressForm(request.GET)
    host = telling.host_of(form.cleaned_data["slug"]) if form.is_valid() else ""
    return render(request, "console/sign_up_free.html", {"form": form, "host": host})


@public
@limited("sign_up")
def check(request: HttpRequest) -> HttpResponse:
    """The code is sent from here."""
    if arrivals() == Arrivals.CLOSED:
        return closed(request)
    said = Answers(request.session)
    if said.missing():
        return redirect(_following(said))
    wish, form = said.wish(), ConditionsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            refuse_too_many_codes(request, wish.owner_email)
            asked = sign_ups.ask(wish=wish, at=clock.now())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            answers.remember(request, asked.pk)
            return redirect("console:sign_up_code")
    context = {"form": form, "wish": wish, "host": telling.host_of(wish.slug), **_in_words(wish, said)}
    status = 422 if form.errors else 200
    return site.page(request, "console/sign_up_check.html", context, section=SECTION, status=status)


def closed(request: HttpRequest) -> HttpResponse:
    context = {"contact": platform_rules.contact()}
    return site.page(request, "console/sign_up_closed.html", context, section=SECTION)


def _following(said: Answers) -> str:
    missing = said.missing()
    return f"console:sign_up_{missing.name}" if missing else "console:sign_up_check"


def _initial(request: HttpRequest, said: Answers, page: Page) -> dict[str, Any]:
    initial = said.of(page)
    if page.name == "address":
        wished = request.GET.get("adresse", "")[: slugs.LONGEST]
        initial["slug"] = wished or initial.get("slug") or next(iter(slugs.proposed(said.name, at=clock.now())), "")
    return initial


def _in_words(wish: Wish, said: Answers) -> dict[str, Any]:
    names = dict(settings.LANGUAGES)
    return {
        "kind": kinds.NAMES.get(wish.preset, wish.preset),
        "spoken": [names[language] for language in wish.languages],
        "offer": next((each for each in offers.offered(said.currency) if each.code == wish.plan), None),
    }
