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
from tenant_apps.organisation.context import profile_of
from tenant_apps.organisation.rules import read
from tenant_apps.payments.operations.check_out import leave_check_out
from tenant_apps.portal import baskets, visitor
from tenant_apps.portal.answers import SeeOther
from tenant_apps.registrations import operations as registrations


@public
@require_safe
def basket(request: HttpRequest) -> HttpResponse:
    content = baskets.content_of(visitor.basket_owner(request))
    pay_label = read(profile_of(request).rules).label("checkout", _("Passer la commande"))
    return render(request, "portal/basket.html", {"content": content, "now": clock.now(), "pay_label": pay_label})


@public
@require_POST
def remove(request: HttpRequest, registration_id: UUID) -> HttpResponse:
    """Take one line out. A line of another family's basket does not exist."""
    content = baskets.content_of(visitor.basket_owner(request))
    line = next((line for line in content.lines if line.id == registration_id), None)
    if line is None:
        raise Http404
    if _release(request, content, [line.id]):
        messages.success(request, _("«\u202f%(name)s\u202f» a été retiré du panier.") % {"name": line.option.name})
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
