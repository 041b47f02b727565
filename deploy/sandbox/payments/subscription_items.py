"""What a subscription is made of: its items, and how it is written down."""

from deploy.sandbox.clock import DAY
from deploy.sandbox.errors import Json, invalid
from deploy.sandbox.ids import new_id
from deploy.sandbox.payments import catalog
from deploy.sandbox.work import Work


def item(work: Work, given: Json, position: int) -> Json:
    """Return an item of a subscription that does not exist yet."""
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


def changed(work: Work, subscription: Json, params: Json) -> list[Json]:
    """Return the items as an update wants them."""
    found = {old["id"]: old for old in subscription["items"]["data"]}
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
            item_ = item(work, given, position) | {"subscription": subscription["id"]}
            names = ("current_period_start", "current_period_end")
            found[item_["id"]] = item_ | {name: period[name] for name in names}
    return list(found.values())


def add(work: Work, params: Json, items: list[Json], currency: str) -> Json:
    """Keep a new subscription."""
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
            "automatic_tax": {
                "disabled_reason": None,
                "enabled": (params.get("automatic_tax") or {}).get("enabled", False),
                "liability": None,
            },
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
