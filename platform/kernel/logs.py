"""Structured logs: one line of JSON an event, with the organisation, the request and the task it belongs to.

What somebody typed is in no line: addresses are told by the name of their route, errors by their kind and place.
"""

import logging
import re
import time
from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from kernel import ids, wordless

log = structlog.get_logger(__name__)

_NEVER = logging.CRITICAL + 1
_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def configure(options: dict[str, Any]) -> None:
    """Django's LOGGING_CONFIG: the standard library's records and our own take the same road.

    `quiet` loggers say only what is wrong, `silent` ones nothing: a line of ours says the same without the words.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(_formatter(options))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(options.get("level", "INFO"))
    for names, level in ((options.get("quiet", []), logging.WARNING), (options.get("silent", []), _NEVER)):
        for name in names:
            logging.getLogger(name).setLevel(level)
    structlog.configure(
        processors=[*_shared(options), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def _shared(options: dict[str, Any]) -> list[Any]:
    """A developer may want the words of an error, which no installation that serves people may write."""
    return [*_SHARED, structlog.processors.format_exc_info if options.get("error_words") else wordless.processor]


def _formatter(options: dict[str, Any]) -> logging.Formatter:
    render = structlog.processors.JSONRenderer(ensure_ascii=False)
    secrets = _addresses(options.get("secret_below", []))
    return structlog.stdlib.ProcessorFormatter(
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            lambda *line: secrets.sub(r"\1…", str(render(*line))),
        ],
        foreign_pre_chain=_shared(options),
    )


def _addresses(folders: list[str]) -> re.Pattern[str]:
    """Who knows what stands below such a folder opens a page by it alone: a line of the log must not be enough."""
    named = "|".join(re.escape(folder) for folder in folders) or "(?!)"
    return re.compile(rf"((?:{named})/)[\w:.~-]{{20,}}")


class RequestLogMiddleware:
    """Gives each request an identifier, in its log lines and in its answer, and a line of its own once it is answered.

    Questions about health and files of the house's own, which nobody asked for, have no line.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = str(ids.uuid7())
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        began = time.monotonic()
        response = self.get_response(request)
        response.headers["X-Request-Id"] = request_id
        if not request.path_info.startswith(settings.UNWATCHED):
            _tell(request, response.status_code, time.monotonic() - began)
        return response


def _tell(request: HttpRequest, status: int, seconds: float) -> None:
    """The route and not the address, where a name or a search may stand; none where no page has that address."""
    match = request.resolver_match
    log.info(
        "request",
        method=request.method,
        route=match.route if match else None,
        view=match.view_name if match else None,
        status=status,
        ms=round(seconds * 1000),
    )
