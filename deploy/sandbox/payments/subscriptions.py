"""Subscriptions: one invoice for each period, paid with what the customer saved."""

from decimal import Decimal

from deploy.sandbox.errors import ApiError, Json, invalid
from deploy.sandbox.payments import catalog, invoice_bodies, invoicing, lateness, meters, periods, subscription_items
from deploy.sandbox.work import Work, job

LIVE = ("trialing", "active", "past_due", "unpaid")


def new(work: Work, params: Json) -> Json:
    """Begin a subscription, and its first period unless a trial comes first."""
    customer = work.get("customer", params["customer"], param="customer")
    items = [subscription_items.item(work, given, position) for position, given in enumerate(params.get("items") or ())]
    if not items:
        raise invalid("Missing required param: items.", param="items", code="parameter_missing")
    currency = items[0]["price"]["currency"]
    if customer["currency"] is None:
        work.save(customer | {"currency": currency})
    subscription = subscription_items.add(work, params, items, currency)
    work.emit("customer.subscription.created", subscription)
    if subscription["trial_end"]:
        work.later(subscription["trial_end"] - work.now, "renew_subscription", subscription["id"])
        return subscription
    return _begin(work, subscription, params.get("payment_behavior", "allow_incomplete"))


def update(work: Work, subscription: Json, params: Json) -> Json:
    """Change a subscription; new prices hold from the next invoice."""
    plain = ("cancel_at_period_end", "collection_method", "default_payment_method", "description", "days_until_due")
    changes: Json = {name: params[name] for name in plain if name in params}
    if "automatic_tax" in params:
        changes["automatic_tax"] = subscription["automatic_tax"] | {"enabled": params["automatic_tax"]["enabled"]}
    if "items" in params:
        changes["items"] = subscription["items"] | {"data": subscription_items.changed(work, subscription, params)}
    if "cancel_at_period_end" in params:
        ends = subscription["items"]["data"][0]["current_period_end"]
        wanted = params["cancel_at_period_end"]
        changes |= {"cancel_at": ends if wanted else None, "canceled_at": work.now if wanted else None}
    previous = {name: subscription[name] for name in changes}
    subscription = work.save(subscription | changes)
    work.emit("customer.subscription.updated", subscription, previous=previous)
    return subscription


def cancel(work: Work, subscription: Json, *, reason: str = "cancellation_requested") -> Json:
    """End a subscription now."""
    if subscription["status"] in ("canceled", "incomplete_expired"):
        raise invalid(f"This subscription is already {subscription['status']}.")
    details = subscription["cancellation_details"] | {"reason": reason}
    subscription = work.save(
        subscription
        | {
            "status": "canceled",
            "canceled_at": work.now,
            "ended_at": work.now,
            "cancellation_details": details,
        }
    )
    work.emit("customer.subscription.deleted", subscription)
    return subscription


@job("renew_subscription")
def renew(work: Work, subscription_id: str) -> None:
    """A period, or a trial, is over."""
    subscription = work.get("subscription", subscription_id)
    if subscription["status"] not in LIVE:
        return
    if subscription["cancel_at_period_end"]:
        cancel(work, subscription)
        return
    subscription, invoice = _next_invoice(work, subscription, "subscription_cycle")
    try:
        collect(work, invoice)
    except ApiError:
        # The refusal is written down; the subscription lives on while it is tried again.
        lateness.refused(work, invoice["id"])
    else:
        if subscription["status"] == "trialing":
            lateness.move(work, invoice["id"], "active", only_from=("trialing",))


def collect(work: Work, invoice: Json) -> Json:
    """Make a subscription's invoice final, and charge it unless it is sent."""
    invoice = invoicing.finalize(work, invoice)
    if invoice["collection_method"] == "send_invoice":
        lateness.sent(work, invoice)
    elif invoice["status"] == "open":
        invoice = invoicing.pay(work, invoice)
    return invoice


def _begin(work: Work, subscription: Json, behaviour: str) -> Json:
    subscription, invoice = _next_invoice(work, subscription, "subscription_create")
    if behaviour == "default_incomplete":
        invoice = invoicing.finalize(work, invoice)
        return work.save(subscription | {"status": "active" if invoice["status"] == "paid" else "incomplete"})
    try:
        collect(work, invoice)
    except ApiError as error:
        if behaviour == "error_if_incomplete":
            error.keeps_work = False
            raise
        return work.save(subscription | {"status": "incomplete"})
    return work.get("subscription", subscription["id"])


def _next_invoice(work: Work, subscription: Json, reason: str) -> tuple[Json, Json]:
    """Move to the next period and draw up its invoice, with what was used in the last one."""
    items = subscription["items"]["data"]
    before = (items[0]["current_period_start"], items[0]["current_period_end"])
    start = work.now if reason == "subscription_create" else before[1]
    end = periods.end_of(start, items[0]["price"]["recurring"], anchor=subscription["billing_cycle_anchor"])
    invoice = invoicing.draw_up(work, _terms(subscription), reason=reason, subscription=subscription)
    lines = [_line(work, subscription, item, before, (start, end)) for item in items]
    invoice = invoicing.with_lines(work, invoice, [line for line in lines if line])
    work.emit("invoice.created", invoice)
    moved = [item | {"current_period_start": start, "current_period_end": end} for item in items]
    subscription = work.save(
        subscription | {"items": subscription["items"] | {"data": moved}, "latest_invoice": invoice["id"]}
    )
    work.later(end - work.now, "renew_subscription", subscription["id"])
    return subscription, invoice


def _line(work: Work, subscription: Json, item: Json, before: tuple[int, int], ahead: tuple[int, int]) -> Json | None:
    price = item["price"]
    metered = price["recurring"]["usage_type"] == "metered"
    if metered and subscription["latest_invoice"] is None:
        return None  # nothing was used yet
    period = before if metered else ahead
    quantity = _used(work, subscription, price, before) if metered else Decimal(item["quantity"])
    product = work.get("product", price["product"])
    return invoice_bodies.line(
        work,
        amount=meters.priced(quantity, price, catalog.tiers_of(work, price)),
        currency=price["currency"],
        description=f"{quantity.normalize():f} × {product['name']}",
        period=period,
        quantity=int(quantity),
        price=price,
        parent={
            "invoice_item_details": None,
            "subscription_item_details": {
                "invoice_item": None,
                "proration": False,
                "proration_details": {"credited_items": None},
                "subscription": subscription["id"],
                "subscription_item": item["id"],
            },
            "type": "subscription_item_details",
        },
    )


def _used(work: Work, subscription: Json, price: Json, period: tuple[int, int]) -> Decimal:
    meter = work.get("billing.meter", price["recurring"]["meter"] or "")
    return meters.usage(work, meter, subscription["customer"], period)


def _terms(subscription: Json) -> Json:
    names = ("customer", "collection_method", "days_until_due", "currency", "default_payment_method", "automatic_tax")
    return {name: subscription[name] for name in names}
