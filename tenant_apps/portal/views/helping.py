"""Helped by telephone: the family asks for a code and ends the help; staff end it, and send what is left to pay."""

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
from tenant_apps.notifications import guest_links
from tenant_apps.portal import acting, baskets, helped, visitor
from tenant_apps.portal.answers import SeeOther, personal
from tenant_apps.registrations import helping as help_of
from tenant_apps.registrations.models import Basket


@public
@limited("form")
@require_http_methods(["GET", "HEAD", "POST"])
@personal
def helping(request: HttpRequest) -> HttpResponse:
    """« Être aidé par téléphone »: the code stays on its page until it is used or too old, however often it is read."""
    guardian, at = visitor.basket_owner(request) or visitor.guardian(request), clock.now()
    if guardian is None and request.user.is_authenticated:
        guardian = visitor.signed_in_guardian(request, at=at)
    if request.method == "POST":
        if guardian is not None and not helped.helped_by(request):
            helped.remember(
                request, guardian, code=help_of.ask(guardian_id=guardian.id, actor=actor_of(request), at=at)
            )
        return SeeOther(reverse("helping"))
    code = helped.code_of(request)
    context = {"code": f"{code[:3]} {code[3:]}".strip(), "can_ask": guardian is not None}
    return render(request, "portal/helping.html", context)


@public
@require_POST
def helping_stop(request: HttpRequest) -> HttpResponse:
    """Of one's own basket, at once."""
    for basket_id in helped.own_baskets(request):
        help_of.stop(basket_id=basket_id, actor=actor_of(request), at=clock.now())
    messages.success(request, _("L’aide est terminée. Votre panier reste tel qu’il est."))
    return SeeOther(reverse("basket"))


@public
@require_POST
def acting_end(request: HttpRequest) -> HttpResponse:
    """« Terminer », of the banner."""
    if (shown := acting.acting_of(request)) is None:
        return SeeOther(reverse("home"))
    acting.stop(request)
    messages.success(request, _("Vous n’agissez plus pour %(name)s.") % {"name": shown.name})
    return SeeOther(reverse("office:counter"))


@public
@require_POST
def send_pay_link(request: HttpRequest) -> HttpResponse:
    """Staff never type a family's card: the family pays, from the mail, until the deadline that it says."""
    content = baskets.content_of(visitor.basket_owner(request))
    if not acting.is_by_staff(request) or content.basket is None or not content.lines:
        raise Http404
    if not (address := acting.address(content)):
        messages.error(request, _("Cette famille n’a pas de courriel\u202f: ajoutez-le à son dossier."))
        return SeeOther(reverse("checkout"))
    try:
        help_of.send_pay_link(basket_id=content.basket.id, address=address, actor=actor_of(request), at=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return SeeOther(reverse("basket"))
    messages.success(request, _("Le lien pour payer est envoyé à %(email)s.") % {"email": address})
    return SeeOther(reverse("checkout"))


@public
@require_safe
@personal
def basket_link(request: HttpRequest, signed: str) -> HttpResponse:
    """From the mail, for a family without an account: its basket, and nothing else of it."""
    if (basket_id := guest_links.basket_of(signed)) is None:
        raise Http404
    basket = Basket.objects.filter(id=basket_id, closed_at=None).select_related("guardian").first()
    if basket is not None and basket.guardian.user_id is None:
        visitor.open_linked(request, basket.guardian)
    return SeeOther(reverse("basket"))
