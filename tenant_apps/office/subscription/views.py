"""« Abonnement »: what the organisation has of the platform, what it pays for it, and what it may change."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from billing import changing, limits, plans, pricing
from billing.gateway import own_cards, pages
from kernel import clock
from shared_apps.accounts.access import actor_of, recently, staff, still_works
from shared_apps.design.posting import posted
from tenant_apps.office.pages import page
from tenant_apps.office.scope import PRICES
from tenant_apps.office.subscription import doing, words
from tenant_apps.office.subscription.forms import DetailsForm
from tenant_apps.office.subscription.pages import HOME, done, own, said_by_the_processor
from tenants import links
from tenants.context import current


@staff(*PRICES)
@require_safe
def subscription(request: HttpRequest) -> HttpResponse:
    shown = own()
    context = {
        "shown": shown,
        "price": pricing.price(shown.plan, shown.subscription.currency, terms=shown.terms),
        "limits": words.limits(limits.used_of(shown.plan)),
        "largest": max([day.participants for day in shown.months], default=0),
    }
    return page(request, "office/subscription/home.html", context, section="settings")


@still_works
@staff(*PRICES)
@recently("money")
@require_http_methods(["GET", "HEAD", "POST"])
@said_by_the_processor
def details(request: HttpRequest) -> HttpResponse:
    form = DetailsForm(posted(request), billing=own().billing, country=current().country)
    if form.is_valid():
        doing.write_details(billing=form.billing(), actor=actor_of(request), at=clock.now())
        return done(request, _("Les coordonnées de facturation sont enregistrées."))
    status = 422 if form.errors else 200
    return page(request, "office/subscription/details.html", {"form": form}, section="settings", status=status)


@still_works
@staff(*PRICES)
@require_safe
def choices(request: HttpRequest) -> HttpResponse:
    shown = own()
    offers = [words.offer(plan, shown) for plan in plans.offered() if shown.subscription.currency in plan.prices]
    return page(request, "office/subscription/plans.html", {"offers": offers, "shown": shown}, section="settings")


@still_works
@staff(*PRICES)
@recently("money")
@require_http_methods(["GET", "HEAD", "POST"])
@said_by_the_processor
def choose(request: HttpRequest, code: str) -> HttpResponse:
    """What changes, from when, before anything does."""
    shown = own()
    plan = next((plan for plan in plans.offered() if plan.code == code), None)
    if plan is None or plan.code == shown.plan.code or shown.subscription.currency not in plan.prices:
        raise Http404
    limits.check_plan(plan)
    if request.method == "POST":
        doing.choose_plan(code=code, before=shown.plan.code, actor=actor_of(request), at=clock.now())
        said = _("Votre forfait est maintenant «\u202f%(plan)s\u202f».") % {"plan": plans.name_of(plan)}
        return done(request, said)
    context = {"offer": words.offer(plan, shown), "shown": shown}
    return page(request, "office/subscription/choose.html", context, section="settings")


@still_works
@staff(*PRICES)
@recently("money")
@require_POST
@said_by_the_processor
def card(request: HttpRequest) -> HttpResponse:
    back = links.absolute(reverse("office:subscription_card_given"))
    address = changing.page_for_card(
        organisation_id=current().pk, language=get_language() or "fr", back=f"{back}?page={pages.PAGE_ID}"
    )
    return redirect(address)


@still_works
@staff(*PRICES)
@require_safe
@said_by_the_processor
def card_given(request: HttpRequest) -> HttpResponse:
    """Back from the processor's page; one that nobody finished has given nothing."""
    given = own_cards.of_page(request.GET["page"]) if "page" in request.GET else own_cards.Given()
    if not doing.take_card(given=given, actor=actor_of(request), at=clock.now()):
        return redirect(HOME)
    return done(request, _("Les factures sont maintenant payées par carte."))


@still_works
@staff(*PRICES)
@recently("money")
@require_POST
@said_by_the_processor
def on_invoice(request: HttpRequest) -> HttpResponse:
    doing.pay_on_invoice(actor=actor_of(request), at=clock.now())
    return done(request, _("Les factures sont maintenant à payer par virement."))


@still_works
@staff(*PRICES)
@recently("money")
@require_http_methods(["GET", "HEAD", "POST"])
@said_by_the_processor
def end(request: HttpRequest) -> HttpResponse:
    shown = own()
    if request.method == "POST":
        doing.end(actor=actor_of(request), at=clock.now())
        return done(request, _("L’abonnement prend fin à la date indiquée."))
    return page(request, "office/subscription/end.html", {"shown": shown}, section="settings")


@still_works
@staff(*PRICES)
@recently("money")
@require_POST
@said_by_the_processor
def go_on(request: HttpRequest) -> HttpResponse:
    doing.go_on(actor=actor_of(request), at=clock.now())
    return done(request, _("L’abonnement continue."))
