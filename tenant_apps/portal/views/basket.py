"""The basket: what is kept, until when, and the ways to drop or to pay it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of, public
from shared_apps.accounts.limits import limited
from tenant_apps.catalog.pricing.promotions import offerings_with_codes
from tenant_apps.organisation.context import profile_of
from tenant_apps.organisation.rules import read
from tenant_apps.payments.operations.check_out import leave_check_out
from tenant_apps.portal import baskets, visitor
from tenant_apps.portal.answers import SeeOther
from tenant_apps.portal.forms.promotion import PromotionForm
from tenant_apps.registrations import operations as registrations
from tenant_apps.registrations import repricing


@public
@require_safe
def basket(request: HttpRequest) -> HttpResponse:
    return _page(request, baskets.content_of(visitor.basket_owner(request)))


@public
@limited("form")
@require_POST
def promotion(request: HttpRequest) -> HttpResponse:
    """A code changes the prices of the whole basket, or says at its field why it does not."""
    content = baskets.content_of(visitor.basket_owner(request))
    form = PromotionForm(request.POST)
    if content.basket is None or not content.lines:
        return SeeOther(reverse("basket"))
    if not form.is_valid():
        return _page(request, content, form)
    actor, at, code = actor_of(request), clock.now(), form.cleaned_data["code"]
    try:
        if content.is_being_paid:
            leave_check_out(basket_id=content.basket.id, actor=actor, at=at)
        repricing.use_promotion(basket_id=content.basket.id, code=code, actor=actor, at=at)
    except Refusal as refusal:
        form.add_error("code", str(refusal))
        return _page(request, baskets.content_of(visitor.basket_owner(request)), form)
    messages.success(request, _("Le code est appliqué.") if code else _("Le code est retiré."))
    return SeeOther(reverse("basket"))


def _page(request: HttpRequest, content: baskets.Content, form: PromotionForm | None = None) -> HttpResponse:
    typed = content.basket.promotion if content.basket else ""
    takes_codes = bool(typed) or (content.has_prices and offerings_with_codes(at=clock.now()).exists())
    context = {
        "content": content,
        "now": clock.now(),
        "pay_label": read(profile_of(request).rules).label("checkout", _("Passer la commande")),
        "promotion": (form or PromotionForm(initial={"code": typed})) if takes_codes or form else None,
    }
    return render(request, "portal/basket.html", context)


@public
@require_POST
def remove(request: HttpRequest, registration_id: UUID) -> HttpResponse:
    """Take one line out. A line of another family's basket does not exist."""
    content = baskets.content_of(visitor.basket_owner(request))
    line = next((line for line in content.lines if line.id == registration_id), None)
    if line is None:
        raise Http404
    if _release(request, content, [line.id]):
        messages.success(request, _("«\u202f%(name)s\u202f» a été retiré du panier.") % {"name": line.option})
    return SeeOther(reverse("basket"))


@public
@require_http_methods(["GET", "HEAD", "POST"])
def abandon(request: HttpRequest) -> HttpResponse:
    """Drop everything, once the visitor has said so on this page (S4-38)."""
    content = baskets.content_of(visitor.basket_owner(request))
    if not content.lines:
        return SeeOther(reverse("basket"))
    if request.method != "POST":
        return render(request, "portal/abandon.html", {"content": content})
    if _release(request, content, [line.id for line in content.lines]):
        messages.success(request, _("Votre panier est vide. Les places sont libérées."))
    return SeeOther(reverse("basket"))


def _release(request: HttpRequest, content: baskets.Content, registration_ids: list[UUID]) -> bool:
    """A payment under way is stopped first: what it would pay for must not change under it."""
    if content.basket is None:
        return False
    actor, at = actor_of(request), clock.now()
    try:
        if content.is_being_paid:
            leave_check_out(basket_id=content.basket.id, actor=actor, at=at)
        registrations.release(basket_id=content.basket.id, registration_ids=registration_ids, actor=actor, at=at)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return False
    return True
