"""From the summary to the processor's page and back. « Back » loses nothing and never pays twice."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of, public, recently
from shared_apps.accounts.limits import limited
from tenant_apps.orders.models import Order, Status
from tenant_apps.organisation.context import profile_of
from tenant_apps.organisation.rules import read
from tenant_apps.payments import queries as payment_queries
from tenant_apps.payments.models import Status as PaymentStatus
from tenant_apps.payments.operations.check_out import check_out, leave_check_out
from tenant_apps.payments.operations.settle import settle
from tenant_apps.portal import acting, baskets, cards, lapsed, paying, summaries, visitor
from tenant_apps.portal.answers import SeeOther, personal
from tenant_apps.portal.forms.terms import TermsForm
from tenant_apps.portal.views.confirmation import order_or_404
from tenant_apps.registrations import helping, holding, unfinished
from tenant_apps.registrations.errors import NotFilledIn


@public
@recently("money")
@limited("payment")
@require_http_methods(["GET", "HEAD", "POST"])
@personal
def checkout(request: HttpRequest) -> HttpResponse:
    """« Résumé des informations », then the way to the payment."""
    content = baskets.content_of(visitor.basket_owner(request))
    if not content.lines:
        return _nothing_left(request)
    if (line := unfinished.first_of(content.lines)) and not content.is_being_paid:
        messages.info(request, str(NotFilledIn()))
        return SeeOther(f"{reverse('register', args=[line.option.offering.slug])}?enfant={line.participant_id}")
    rules = read(profile_of(request).rules)
    is_by_staff = acting.is_by_staff(request)
    # Terms are accepted, and cards typed, by the family alone; of what is free there is nothing to accept for it.
    asks_terms = bool(rules.label("terms")) and not is_by_staff
    terms = TermsForm(request.POST if request.method == "POST" else None, asked=asks_terms)
    if is_by_staff and content.total_cents:
        return render(request, "portal/checkout_by_staff.html", _by_staff(content))
    if request.method == "POST" and (not terms.fields or terms.is_valid()):
        return _pay(request, content)
    context = {
        "content": content,
        "summaries": summaries.of(content.parts, profile_of(request)),
        "now": clock.now(),
        "settled": summaries.settled_orders(content.basket),
        "terms": terms,
        "terms_text": rules.label("terms"),
        "next_due": content.dues[0],
        "card_names": cards.names(rules.card_brands),
        "back_url": _back(content),
    }
    return render(request, "portal/checkout.html", context)


def _by_staff(content: baskets.Content) -> dict[str, Any]:
    offerings = [part.offering for part in content.parts]
    return {
        "content": content,
        "email": acting.address(content),
        "sent_at": helping.sent_at(content.lines[0].basket_id),
        "link_hours": min(holding.terms_of(offering).link_hours for offering in offerings),
    }


def _back(content: baskets.Content) -> str:
    """« Précédent »: the form it came from, filled in again; the basket where there are several."""
    if len(content.parts) > 1:
        return reverse("basket")
    part = content.parts[0]
    return reverse("register", args=[part.offering.slug]) + f"?enfant={part.participant.id}"


def _pay(request: HttpRequest, content: baskets.Content) -> HttpResponse:
    at = clock.now()
    try:
        orders = check_out(
            basket_id=content.lines[0].basket_id,
            expected_cents=_shown(request),
            actor=actor_of(request),
            language=get_language() or "fr",
            at=at,
        )
        return SeeOther(paying.next_address(orders, at=at))
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return SeeOther(reverse("checkout"))


def _shown(request: HttpRequest) -> int:
    """The total of the page that was sent: what the family agreed to pay."""
    said = request.POST.get("total", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 12 else -1


def _nothing_left(request: HttpRequest) -> HttpResponse:
    """« Back » after paying lands here: it says so, and never pays twice. What ran out since may be had again."""
    guardian = visitor.guardian(request)
    orders = payment_queries.orders_of(guardian.id).filter(status=Status.SETTLED) if guardian else None
    latest = orders.order_by("-settled_at").first() if orders is not None else None
    if _has_lost(request, latest):
        return SeeOther(reverse("basket"))
    return render(request, "portal/nothing_to_pay.html", {"order": latest})


def _has_lost(request: HttpRequest, paid: Order | None) -> bool:
    """Whether the last thing that happened to the basket is that its time ran out."""
    owner = visitor.basket_owner(request)
    ended = [each.line.ended_at for each in lapsed.of(owner, at=clock.now())] if owner else []
    since = paid.settled_at if paid else None
    return any(since is None or (each is not None and each > since) for each in ended)


@public
@require_safe
@personal
def payment_return(request: HttpRequest, token: str) -> HttpResponse:
    """Back from the processor's page: believe only what the processor itself answers."""
    order = order_or_404(token)
    payment = paying.payment_of_return(order, request.GET.get("page", ""))
    if payment is not None and payment.status != PaymentStatus.SUCCEEDED:
        try:
            payment = settle(payment_id=payment.id, at=clock.now())
        except Refusal:
            return render(request, "portal/waiting.html", {"order": order})
    # Once more, after its payment: the processor's event may have settled both since the order was read.
    order.refresh_from_db(fields=["status"])
    if order.status == Status.SETTLED:
        return _after_payment(order)
    if payment is not None and payment.status == PaymentStatus.PROCESSING:
        return render(request, "portal/waiting.html", {"order": order})
    told = _("Le paiement n’a pas abouti. Rien n’est perdu\u202f: vos places sont toujours gardées.")
    messages.warning(request, told)
    return SeeOther(reverse("checkout"))


def _after_payment(order: Order) -> HttpResponse:
    if paying.still_to_pay(order):
        return SeeOther(reverse("checkout"))
    return SeeOther(reverse("confirmation", args=[order.token]))


@public
@require_safe
@personal
def payment_cancelled(request: HttpRequest, token: str) -> HttpResponse:
    """The visitor left the processor's page. The way back closes it, so that nothing is paid behind their back."""
    order = order_or_404(token)
    if order.status == Status.OPEN:
        try:
            leave_check_out(basket_id=order.basket_id, actor=actor_of(request), at=clock.now())
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.info(request, _("Vous avez quitté le paiement. Rien n’est perdu et rien n’a été payé."))
    return SeeOther(reverse("checkout"))
