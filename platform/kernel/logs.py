"""Structured logs: one line of JSON an event, with the organisation and the request it belongs to."""

import logging
import re
from collections.abc import Callable
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse

from kernel import ids

_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.format_exc_info,
]


def configure(options: dict[str, Any]) -> None:
    """Django's LOGGING_CONFIG: the standard library's records and our own take the same road."""
    handler = logging.StreamHandler()
    render = structlog.processors.JSONRenderer(ensure_ascii=False)
    secrets = _addresses(options.get("secret_below", []))
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                lambda *line: secrets.sub(r"\1…", str(render(*line))),
            ],
            foreign_pre_chain=_SHARED,
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(options.get("level", "INFO"))
    for chatty in options.get("quiet", []):
        logging.getLogger(chatty).setLevel("WARNING")
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def _addresses(folders: list[str]) -> re.Pattern[str]:
    """Who knows what stands below such a folder opens a page by it alone: a line of the log must not be enough."""
    named = "|".join(re.escape(folder) for folder in folders) or "(?!)"
    return re.compile(rf"((?:{named})/)[\w:.~-]{{20,}}")


class RequestLogMiddleware:
    """Gives each request an identifier, in its log lines and in its answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = str(ids.uuid7())
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        response = self.get_response(request)
        response.headers["X-Request-Id"] = request_id
        return response
