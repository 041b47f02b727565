"""Meters: `/v1/billing/meters`, and what they are told."""

from deploy.sandbox import lists
from deploy.sandbox.clock import DAY
from deploy.sandbox.errors import Json, invalid
from deploy.sandbox.ids import new_id
from deploy.sandbox.payments import meters
from deploy.sandbox.registry import answers
from deploy.sandbox.work import Work

_KIND = "billing.meter"
_URL = "/v1/billing/meters"
_OLDEST = 35 * DAY


@answers("POST", _URL)
def create(work: Work, params: Json) -> Json:
    """Make a meter."""
    if work.where(_KIND, event_name=params["event_name"], status="active"):
        message = f"An active meter already exists for the event name {params['event_name']}."
        raise invalid(message, param="event_name")
    mapping = {"event_payload_key": "stripe_customer_id", "type": "by_id"}
    meter = work.add(
        {
            "id": new_id("mtr_test"),
            "object": _KIND,
            "created": work.now,
            "customer_mapping": params.get("customer_mapping") or mapping,
            "default_aggregation": params["default_aggregation"],
            "display_name": params["display_name"],
            "event_name": params["event_name"],
            "event_time_window": params.get("event_time_window"),
            "livemode": False,
            "status": "active",
            "status_transitions": {"deactivated_at": None},
            "updated": work.now,
            "value_settings": params.get("value_settings") or {"event_payload_key": "value"},
        }
    )
    work.emit("billing.meter.created", meter)
    return meter


@answers("GET", _URL + "/{id}")
def retrieve(work: Work, params: Json, identifier: str) -> Json:
    """Show a meter."""
    return work.get(_KIND, identifier)


@answers("GET", _URL)
def list_(work: Work, params: Json) -> Json:
    """List meters."""
    return lists.page(work, _KIND, params, url=_URL, filters={"status": "status"})


@answers("POST", "/v1/billing/meter_events")
def create_event(work: Work, params: Json) -> Json:
    """Tell a meter what a customer used; the same identifier counts once."""
    found = work.where(_KIND, event_name=params["event_name"], status="active")
    if not found:
        message = f"No active meter found for event name {params['event_name']}."
        raise invalid(message, param="event_name")
    customer = params["payload"].get(found[0]["customer_mapping"]["event_payload_key"], "")
    work.get("customer", customer, param="payload")
    moment = params.get("timestamp", work.now)
    if not work.now - _OLDEST <= moment <= work.now + 300:
        message = "The timestamp must be within the past 35 days, or up to 5 minutes in the future."
        raise invalid(message, param="timestamp")
    identifier = params.get("identifier") or new_id("meter_event")
    if work.where("billing.meter_event", identifier=identifier):
        message = f"An event already exists with identifier {identifier}."
        raise invalid(message, param="identifier", code="duplicate_meter_event")
    shown = {
        "object": "billing.meter_event",
        "created": work.now,
        "event_name": params["event_name"],
        "identifier": identifier,
        "livemode": False,
        "payload": params["payload"],
        "timestamp": moment,
    }
    work.add(shown | {"id": new_id("mev")})
    return shown


@answers("GET", _URL + "/{id}/event_summaries")
def summaries(work: Work, params: Json, identifier: str) -> Json:
    """Sum up what a customer used."""
    meter = work.get(_KIND, identifier)
    period = (params["start_time"], params["end_time"])
    value = meters.usage(work, meter, params["customer"], period)
    summary = {
        "id": new_id("mtrusg"),
        "object": "billing.meter_event_summary",
        "aggregated_value": float(value),
        "end_time": period[1],
        "livemode": False,
        "meter": identifier,
        "start_time": period[0],
    }
    return lists.of([summary], f"{_URL}/{identifier}/event_summaries")
