"""The basket: what is kept, until when, and the ways to drop or to pay it."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of, public
from shared_apps.accounts.limits import limited
from shared_apps.design import formats
from tenant_apps.catalog.pricing.promotions import offerings_with_codes
from tenant_apps.organisation.context import profile_of
from tenant_apps.organisation.rules import read
from tenant_apps.payments.operations.check_out import leave_check_out
from tenant_apps.portal import baskets, lapsed, letting_go, paying, visitor
from tenant_apps.portal.answers import SeeOther, local_path
from tenant_apps.portal.forms.promotion import PromotionForm
from tenant_apps.registrations import renewing, repricing


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


@public
@limited("form")
@require_POST
def renew(request: HttpRequest) -> HttpResponse:
    """« Garder mes places plus longtemps ». The page says which deadline it showed: two clicks count once."""
    content = baskets.content_of(visitor.basket_owner(request))
    if content.basket is None or not content.lines:
        return SeeOther(reverse("basket"))
    seen_until, at = _moment(request.POST.get("deadline", "")), clock.now()
    try:
        until = renewing.renew(basket_id=content.basket.id, seen_until=seen_until, actor=actor_of(request), at=at)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        locale = formats.locale_for(get_language() or "fr", profile_of(request).territory)
        moment = formats.datetime_words(until.astimezone(profile_of(request).zone), locale)
        messages.success(request, _("Vos places sont gardées jusqu’au %(moment)s.") % {"moment": moment})
    return SeeOther(local_path(request, request.POST.get("next", "")) or reverse("basket"))


@public
@limited("form")
@require_POST
def take_again(request: HttpRequest) -> HttpResponse:
    """What lapsed and is still free comes back as it was filled in."""
    guardian, actor, at = visitor.basket_owner(request), actor_of(request), clock.now()
    if guardian is None:
        return SeeOther(reverse("basket"))
    try:
        had = lapsed.take_again(guardian=guardian, actor=actor, at=at)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return SeeOther(reverse("basket"))
    if had.held:
        messages.success(request, _("Vos places sont de nouveau gardées."))
    if had.full:
        messages.warning(request, _("Une partie de ces places vient d’être prise par d’autres familles."))
    return SeeOther(reverse("basket"))


@public
@limited("form")
@require_POST
def wait_for_lapsed(request: HttpRequest) -> HttpResponse:
    guardian = visitor.basket_owner(request)
    if guardian is None:
        return SeeOther(reverse("basket"))
    try:
        asked = lapsed.wait_for(guardian=guardian, actor=actor_of(request), at=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return SeeOther(reverse("basket"))
    if asked:
        messages.success(request, _("Vous êtes sur la liste d’attente. Voici votre rang."))
    return SeeOther(reverse("waiting_lists" if asked else "basket"))


def _page(request: HttpRequest, content: baskets.Content, form: PromotionForm | None = None) -> HttpResponse:
    owner, at = visitor.basket_owner(request), clock.now()
    lost = lapsed.of(owner, at=at) if owner else []
    typed = content.basket.promotion if content.basket else ""
    takes_codes = bool(typed) or (content.has_prices and offerings_with_codes(at=at).exists())
    context = {
        "content": content,
        "now": at,
        "is_together": _is_together(content),
        "lost": lost,
        "can_take_again": any(each.is_free for each in lost),
        "can_wait": any(each.has_list and not each.is_free for each in lost),
        "pay_label": read(profile_of(request).rules).label("checkout", _("Passer la commande")),
        "promotion": (form or PromotionForm(initial={"code": typed})) if takes_codes or form else None,
    }
    return render(request, "portal/basket.html", context)


def _is_together(content: baskets.Content) -> bool:
    """Whether what it comes to is paid by one consent, where it is paid by card (O-02)."""
    if not content.lines or len(content.dues) < 2:
        return False
    asked = [due.payee for due in content.dues if due.cents]
    return paying.is_together(asked, basket_id=content.lines[0].basket_id)


@public
@require_POST
def remove(request: HttpRequest, registration_id: UUID) -> HttpResponse:
    """Take one line out. A line of another family's basket does not exist."""
    content = baskets.content_of(visitor.basket_owner(request))
    line = next((line for line in content.lines if line.id == registration_id), None)
    if line is None:
        raise Http404
    if letting_go.offered([line]):
        # What a refusal does to the rank is said first.
        return SeeOther(reverse("waiting_refuse", args=[line.request_id]))
    if letting_go.let_go(request, content, [line]):
        messages.success(request, _("«\u202f%(name)s\u202f» a été retiré du panier.") % {"name": line.option})
    return SeeOther(reverse("basket"))


def _moment(said: str) -> datetime | None:
    try:
        moment = parse_datetime(said)
    except ValueError:
        # In the right shape, and no moment: the 30th of February.
        return None
    return moment if moment and is_aware(moment) else None
