"""« Finaliser mes inscriptions »: what each child is about to have, to be validated or let go (S4-37 to S4-39)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kernel import clock
from shared_apps.accounts.access import public
from tenant_apps.portal import baskets, letting_go, visitor
from tenant_apps.portal.answers import SeeOther


@public
@require_safe
def finalise(request: HttpRequest) -> HttpResponse:
    content = baskets.content_of(visitor.basket_owner(request))
    if not content.lines:
        return SeeOther(reverse("basket"))
    return render(request, "portal/finalise.html", {"content": content, "now": clock.now()})


@public
@require_http_methods(["GET", "HEAD", "POST"])
def abandon(request: HttpRequest) -> HttpResponse:
    """Drop everything, or all that one child has, once the visitor has said so on this page (S4-38)."""
    content = baskets.content_of(visitor.basket_owner(request))
    child = _child(content, request.GET.get("enfant", ""))
    lines = child.lines if child else content.lines
    back = "finalise" if child else "basket"
    if not content.lines:
        return SeeOther(reverse("basket"))
    if child is None and "enfant" in request.GET:
        return SeeOther(reverse("finalise"))
    if request.method != "POST":
        return render(request, "portal/abandon.html", {"lines": lines, "child": child, "back": reverse(back)})
    if letting_go.let_go(request, content, lines):
        messages.success(request, _told(child, emptied=len(lines) == len(content.lines)))
    return SeeOther(reverse(back))


def _child(content: baskets.Content, said: str) -> baskets.Child | None:
    return next((child for child in content.children if str(child.participant.id) == said), None)


def _told(child: baskets.Child | None, *, emptied: bool) -> str:
    if child is None or emptied:
        return _("Votre panier est vide. Les places sont libérées.")
    return _("Les places de %(child)s sont libérées.") % {"child": child.participant.first_name}
