"""The processor's door: verify, store once, answer. What it means is looked at later."""

import structlog
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from billing.gateway import events
from billing.models import ProcessorEvent
from billing.webhooks.tasks import handle_events
from kernel import clock
from kernel.tasks import nudge
from shared_apps.accounts.access import public
from tenants.context import in_registry

log = structlog.get_logger(__name__)

LARGEST_BODY = 256 * 1024


@csrf_exempt
@require_POST
@public
def receive(request: HttpRequest) -> HttpResponse:
    """200 once the event is kept, 400 for one that the processor did not sign. Served on the platform's host."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_BODY:
        return HttpResponse("The body is too large.", status=413, content_type="text/plain")
    try:
        event = events.verified(request.body, request.headers.get("Stripe-Signature", ""))
    except events.Forged as forgery:
        log.warning("billing.event_forged", reason=str(forgery))
        return HttpResponse("The signature does not fit.", status=400, content_type="text/plain")
    if not event.is_of_our_mode:
        # Taken, or it would be sent for days; it is about no money of ours.
        log.warning("billing.event_of_other_mode", processor_event=event.id)
        return HttpResponse("Not of this mode.", content_type="text/plain")
    at = clock.now()
    with in_registry():
        row = ProcessorEvent(
            processor_id=event.id,
            kind=event.kind,
            account=event.account,
            payload=event.payload,
            received_at=at,
            due_at=at,
        )
        ProcessorEvent.objects.bulk_create([row], ignore_conflicts=True)
        nudge(handle_events)
    return HttpResponse("Kept.", content_type="text/plain")
