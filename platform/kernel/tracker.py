"""The error tracker: told of an error's kind and place, and of where it happened; never of its words or of any data.

What is sent is not what the library gathers, less what is forbidden: it is written anew from a short list.
"""

from typing import Any

import sentry_sdk
import structlog
from django.conf import settings

from kernel import wordless

_TAGS = ("organisation", "request_id", "task", "task_id")
_LONGEST = 200


def start() -> None:
    """Where settings.ERROR_TRACKER_DSN names one: that of this installation's own region."""
    if not settings.ERROR_TRACKER_DSN:
        return
    sentry_sdk.init(
        settings.ERROR_TRACKER_DSN,
        release=settings.RELEASE,
        environment=settings.ENVIRONMENT,
        server_name="",
        # Nothing is gathered behind our back: an error is reported by who caught it.
        default_integrations=False,
        auto_enabling_integrations=False,
        auto_session_tracking=False,
        send_client_reports=False,
        propagate_traces=False,
        send_default_pii=False,
        include_local_variables=False,
        include_source_context=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        before_breadcrumb=lambda *_: None,
        before_send=_allowed,
        before_send_transaction=lambda *_: None,
        enable_logs=False,
        enable_metrics=False,
    )


def report(error: BaseException, *, doing: str) -> None:
    """`doing` is the name of a view or of a task."""
    if settings.ERROR_TRACKER_DSN:
        with sentry_sdk.new_scope() as scope:
            scope.set_transaction_name(doing)
            scope.capture_exception(error)


def _allowed(event: Any, hint: dict[str, Any]) -> Any:
    raised = hint.get("exc_info")
    if not raised or raised[1] is None:
        return None
    context = structlog.contextvars.get_contextvars()
    return {
        **{name: event[name] for name in ("event_id", "timestamp", "transaction") if event.get(name)},
        "platform": "python",
        "level": "error",
        "release": settings.RELEASE,
        "environment": settings.ENVIRONMENT,
        "tags": {"region": settings.REGION}
        | {name: str(context[name])[:_LONGEST] for name in _TAGS if context.get(name)},
        # The cause first, as the tracker wants it.
        "exception": {"values": [_told(each) for each in reversed(list(wordless.causes(raised[1])))]},
    }


def _told(error: BaseException) -> dict[str, Any]:
    frames = [
        {"module": module, "function": function, "lineno": line, "filename": module}
        for module, function, line in wordless.frames(error.__traceback__)
    ]
    return {"type": type(error).__qualname__, "module": type(error).__module__, "stacktrace": {"frames": frames}}
