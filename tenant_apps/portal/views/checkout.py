"""From the summary to the way to pay, in the sections of S2-12. « Back » loses nothing and never pays twice."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of, public, recently
from shared_apps.accounts.limits import limited
from shared_apps.design.posting import posted
from tenant_apps.orders import ledger
from tenant_apps.orders.models import Order, Status
from tenant_apps.organisation import cards
from tenant_apps.organisation.context import profile_of
from tenant_apps.organisation.rules import Rules, read
from tenant_apps.payments import queries as payment_queries
from tenant_apps.payments.operations.check_out import check_out
from tenant_apps.portal import accepting, acting, baskets, bills, lapsed, paying, summaries, visitor
from tenant_apps.portal.answers import SeeOther, personal
from tenant_apps.portal.forms.terms import TRANSFER, TermsForm, initial, said
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
    if acting.is_by_staff(request) and content.total_cents:
        return render(request, "portal/checkout_by_staff.html", _by_staff(request, content))
    return _terms(request, content, at=clock.now())


def _terms(request: HttpRequest, content: baskets.Content, *, at: datetime) -> HttpResponse:
    profile = profile_of(request)
    rules = read(profile.rules)
    conditions = accepting.conditions_of(content, rules.label("terms"))
    sent = posted(request)
    chosen = said(sent, words=conditions.words) if sent is not None else bills.terms_of(bills.standing_of(content))
    bill = bills.Bill(content, profile, chosen, at=at)
    # Terms are accepted, and cards typed, by the family alone; of what is free there is nothing to accept for it.
    asked = not acting.is_by_staff(request) and (bool(conditions.text) or len(bill.choices) > 1)
    is_sent = sent is not None and "update" not in sent
    form = TermsForm(sent if is_sent else None, bill=bill, asked=asked, initial=initial(chosen, sent))
    is_accepted = is_sent and form.is_valid()
    # What is agreed is what the page showed: who chose other terms meanwhile is shown first what they come to.
    if is_accepted and sent is not None and sent.get("agreed", "") == bill.chosen.fingerprint:
        return _pay(request, content, bill, by_transfer=form.cleaned_data.get("means") == TRANSFER)
    context = {
        **_shown(content, rules, bill, form),
        "summaries": summaries.of(content.parts, profile),
        "now": at,
        "conditions": conditions,
        "has_changed": is_accepted,
    }
    return render(request, "portal/checkout.html", context)


def _shown(content: baskets.Content, rules: Rules, bill: bills.Bill, form: TermsForm) -> dict[str, Any]:
    paid = summaries.settled_orders(content.basket)
    return {
        "content": content,
        "bill": bill,
        "terms": form,
        "choices": list(zip(form["plan"], bill.choices, strict=True)) if "plan" in form.fields else [],
        "has_sections": bool(form.fields),
        "settled": paid,
        "step": {"number": len(paid) + 1, "of": len(paid) + len(content.dues)},
        "is_separate": rules.paying.is_separate,
        "is_together": _is_together(content, bill),
        "paused": payment_queries.paused(payee for payee, cents in bill.chosen.firsts if cents),
        "card_names": cards.names(rules.card_brands),
        "back_url": _back(content),
    }


def _is_together(content: baskets.Content, bill: bills.Bill) -> bool:
    paid_now = [payee for payee, _cents in bill.chosen.firsts]
    return not bill.terms.by_transfer and paying.is_together(paid_now, basket_id=content.lines[0].basket_id)


def _by_staff(request: HttpRequest, content: baskets.Content) -> dict[str, Any]:
    offerings = [part.offering for part in content.parts]
    paying_rules = read(profile_of(request).rules).paying
    return {
        "pays_at_counter": bool(paying_rules.counter) or paying_rules.later != "nobody",
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


def _pay(request: HttpRequest, content: baskets.Content, bill: bills.Bill, *, by_transfer: bool) -> HttpResponse:
    at = clock.now()
    try:
        orders = check_out(
            basket_id=content.lines[0].basket_id,
            expected_cents=_total(request),
            expected_terms=bill.chosen.fingerprint,
            actor=actor_of(request),
            language=get_language() or "fr",
            at=at,
            terms=replace(bill.terms, by_transfer=by_transfer),
        )
        way = paying.transfer_address if by_transfer else paying.next_address
        return SeeOther(way(orders, at=at))
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return SeeOther(reverse("checkout"))


def _total(request: HttpRequest) -> int:
    """The total of the page that was sent: what the family agreed to."""
    said = request.POST.get("total", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 12 else -1


def _nothing_left(request: HttpRequest) -> HttpResponse:
    """« Back » after paying lands here: it says so, and never pays twice. What ran out since may be had again."""
    guardian = visitor.guardian(request)
    orders = payment_queries.orders_of(guardian.id).filter(status=Status.SETTLED) if guardian else None
    latest = orders.order_by("-settled_at").first() if orders is not None else None
    if _has_lost(request, latest):
        return SeeOther(reverse("basket"))
    owed = max(ledger.balance_of_order(latest.id), 0) if latest else 0
    return render(request, "portal/nothing_to_pay.html", {"order": latest, "owed_cents": owed})


def _has_lost(request: HttpRequest, paid: Order | None) -> bool:
    """Whether the last thing that happened to the basket is that its time ran out."""
    owner = visitor.basket_owner(request)
    ended = [each.line.ended_at for each in lapsed.of(owner, at=clock.now())] if owner else []
    since = paid.settled_at if paid else None
    return any(since is None or (each is not None and each > since) for each in ended)
