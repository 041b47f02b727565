"""Subscriptions: one invoice for each period, paid with what the customer saved."""

from decimal import Decimal

from deploy.sandbox.clock import DAY
from deploy.sandbox.errors import ApiError, Json, invalid
from deploy.sandbox.ids import new_id
from deploy.sandbox.payments import catalog, intents, invoicing, meters, periods
from deploy.sandbox.work import Work, job

_RETRIES = 3
_RETRY_DAYS = 3
LIVE = ("trialing", "active", "past_due", "unpaid")


def new(work: Work, params: Json) -> Json:
    """Begin a subscription, and its first period unless a trial comes first."""
    customer = work.get("customer", params["customer"], param="customer")
    items = [_item(work, given, position) for position, given in enumerate(params.get("items") or ())]
    if not items:
        raise invalid("Missing required param: items.", param="items", code="parameter_missing")
    currency = items[0]["price"]["currency"]
    if customer["currency"] is None:
        work.save(customer | {"currency": currency})
    subscription = _add(work, params, items, currency)
    work.emit("customer.subscription.created", subscription)
    if subscription["trial_end"]:
        work.later(subscription["trial_end"] - work.now, "renew_subscription", subscription["id"])
        return subscription
    return _begin(work, subscription, params.get("payment_behavior", "allow_incomplete"))


def update(work: Work, subscription: Json, params: Json) -> Json:
    """Change a subscription; new prices hold from the next invoice."""
    plain = ("cancel_at_period_end", "default_payment_method", "description", "days_until_due")
    changes: Json = {name: params[name] for name in plain if name in params}
    if "items" in params:
        changes["items"] = subscription["items"] | {"data": _changed_items(work, subscription, params)}
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
        _move(work, subscription_id, "past_due")
        work.later(_RETRY_DAYS * DAY, "retry_invoice", invoice["id"])
    else:
        _move(work, subscription_id, "active")


@job("retry_invoice")
def retry(work: Work, invoice_id: str) -> None:
    """Try again to charge what was refused days ago."""
    invoice = work.get("invoice", invoice_id)
    subscription_id = invoicing.subscription_of(invoice)
    if invoice["status"] != "open" or subscription_id is None:
        return
    try:
        invoicing.pay(work, invoice)
    except ApiError:
        if invoice["attempt_count"] < _RETRIES:
            work.later(_RETRY_DAYS * DAY, "retry_invoice", invoice_id)
        else:
            cancel(work, work.get("subscription", subscription_id), reason="payment_failed")


def collect(work: Work, invoice: Json) -> Json:
    """Make a subscription's invoice final, and charge it unless it is sent."""
    invoice = invoicing.finalize(work, invoice)
    if invoice["status"] == "open" and invoice["collection_method"] == "charge_automatically":
        invoice = invoicing.pay(work, invoice)
    return invoice


def follow(work: Work, intent: Json) -> None:
    """Revive a subscription whose invoice is paid after all."""
    invoice_id = work.hidden(intent["id"]).get("invoice")
    if invoice_id is None or intent["status"] != "succeeded":
        return
    subscription_id = invoicing.subscription_of(work.get("invoice", invoice_id))
    if subscription_id and work.get("subscription", subscription_id)["status"] in ("incomplete", "past_due"):
        _move(work, subscription_id, "active")


intents.LISTENERS.append(follow)


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
    return invoicing.line(
        work,
        amount=meters.priced(quantity, price),
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
    names = ("customer", "collection_method", "days_until_due", "currency", "default_payment_method")
    return {name: subscription[name] for name in names}


def _move(work: Work, subscription_id: str, status: str) -> None:
    subscription = work.get("subscription", subscription_id)
    previous = {"status": subscription["status"]}
    subscription = work.save(subscription | {"status": status})
    work.emit("customer.subscription.updated", subscription, previous=previous)


def _item(work: Work, given: Json, position: int) -> Json:
    price = catalog.price_of_line(work, given, position)
    if price["type"] != "recurring":
        message = f"The price specified is not recurring: {price['id']}"
        raise invalid(message, param=f"items[{position}][price]")
    return {
        "id": new_id("si", 14),
        "object": "subscription_item",
        "billing_thresholds": None,
        "created": work.now,
        "current_period_end": work.now,
        "current_period_start": work.now,
        "discounts": [],
        "metadata": given.get("metadata") or {},
        "plan": catalog.plan_of(price),
        "price": price,
        "quantity": given.get("quantity", 1),
        "subscription": None,
        "tax_rates": [],
    }


def _changed_items(work: Work, subscription: Json, params: Json) -> list[Json]:
    found = {item["id"]: item for item in subscription["items"]["data"]}
    period = next(iter(found.values()))
    for position, given in enumerate(params["items"]):
        old = found.get(given.get("id", ""))
        if given.get("deleted") and old:
            del found[old["id"]]
        elif old:
            price = work.get("price", given["price"]) if "price" in given else old["price"]
            plan = catalog.plan_of(price)
            quantity = given.get("quantity", old["quantity"])
            found[old["id"]] = old | {"price": price, "plan": plan, "quantity": quantity}
        else:
            item = _item(work, given, position) | {"subscription": subscription["id"]}
            names = ("current_period_start", "current_period_end")
            found[item["id"]] = item | {name: period[name] for name in names}
    return list(found.values())


def _add(work: Work, params: Json, items: list[Json], currency: str) -> Json:
    identifier = new_id("sub")
    trial_end = params.get("trial_end")
    if "trial_period_days" in params:
        trial_end = work.now + params["trial_period_days"] * DAY
    for item in items:
        item["subscription"] = identifier
        if trial_end:
            item["current_period_end"] = trial_end
    return work.add(
        {
            "id": identifier,
            "object": "subscription",
            "application": None,
            "application_fee_percent": None,
            "automatic_tax": {"disabled_reason": None, "enabled": False, "liability": None},
            "billing_cycle_anchor": trial_end or work.now,
            "billing_cycle_anchor_config": None,
            "billing_mode": {"flexible": None, "type": "classic"},
            "billing_schedules": [],
            "billing_thresholds": None,
            "cancel_at": None,
            "cancel_at_period_end": params.get("cancel_at_period_end", False),
            "canceled_at": None,
            "cancellation_details": {"comment": None, "feedback": None, "reason": None},
            "collection_method": params.get("collection_method", "charge_automatically"),
            "created": work.now,
            "currency": currency,
            "customer": params["customer"],
            "customer_account": None,
            "days_until_due": params.get("days_until_due"),
            "default_payment_method": params.get("default_payment_method"),
            "default_source": None,
            "default_tax_rates": [],
            "description": params.get("description"),
            "discounts": [],
            "ended_at": None,
            "invoice_settings": {
                "account_tax_ids": None,
                "custom_fields": None,
                "description": None,
                "footer": None,
                "issuer": {"type": "self"},
            },
            "items": {
                "object": "list",
                "data": items,
                "has_more": False,
                "url": f"/v1/subscription_items?subscription={identifier}",
            },
            "latest_invoice": None,
            "livemode": False,
            "managed_payments": None,
            "metadata": params.get("metadata") or {},
            "next_pending_invoice_item_invoice": None,
            "on_behalf_of": None,
            "pause_collection": None,
            "payment_settings": {
                "payment_method_options": None,
                "payment_method_types": None,
                "save_default_payment_method": "off",
            },
            "pending_invoice_item_interval": None,
            "pending_setup_intent": None,
            "pending_update": None,
            "schedule": None,
            "start_date": work.now,
            "status": "trialing" if trial_end else "active",
            "test_clock": None,
            "transfer_data": None,
            "trial_end": trial_end,
            "trial_settings": {"end_behavior": {"missing_payment_method": "create_invoice"}},
            "trial_start": work.now if trial_end else None,
        }
    )
