"""Starts the payment sandbox: `python -m deploy.sandbox --port 12111 …`."""

import argparse
import logging
import signal
import sys
import threading
from pathlib import Path
from types import FrameType

from werkzeug.serving import BaseWSGIServer, ThreadedWSGIServer, WSGIRequestHandler

from deploy.sandbox import jobs
from deploy.sandbox.app import create_app
from deploy.sandbox.settings import Settings
from deploy.sandbox.store import Store
from deploy.sandbox.webhooks import Deliverer

_HOST = "127.0.0.1"


class _Server(ThreadedWSGIServer):
    request_queue_size = 1024


class _Handler(WSGIRequestHandler):
    def connection_dropped(self, error: BaseException, environ: object = None) -> None:
        """Close the connection: the server would keep it, and its caller, waiting."""
        self.close_connection = True

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing: the state endpoint tells more than a log of requests."""


def main(arguments: list[str]) -> None:
    """Serve until told to stop."""
    logging.basicConfig(level=logging.WARNING, format="sandbox: %(levelname)s %(message)s")
    settings = _settings(arguments)
    store = Store(settings.database)
    deliverer = Deliverer(store, settings)
    server = _Server(_HOST, settings.port, create_app(store, settings, deliverer), _Handler)
    deliverer.start()
    jobs.start(store, settings)
    _stop_on_signals(server)
    print(f"Payment sandbox ready at {settings.public_url}", flush=True)
    server.serve_forever()


def _settings(arguments: list[str]) -> Settings:
    parser = argparse.ArgumentParser(prog="python -m deploy.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--database", type=Path, required=True)
    parser.add_argument("--secret-key", required=True)
    parser.add_argument("--webhook-url", required=True)
    parser.add_argument("--webhook-secret", required=True)
    parser.add_argument("--public-url", required=True, help="where a browser finds the pages")
    given = parser.parse_args(arguments)
    return Settings(
        database=given.database,
        secret_key=given.secret_key,
        webhook_url=given.webhook_url,
        webhook_secret=given.webhook_secret,
        public_url=given.public_url.rstrip("/"),
        port=given.port,
    )


def _stop_on_signals(server: BaseWSGIServer) -> None:
    def stop(signum: int, frame: FrameType | None) -> None:
        # shutdown() waits for the loop that this very thread runs: it must be asked from another one.
        threading.Thread(target=server.shutdown).start()

    # Both explicitly: a process started in the background by a shell has SIGINT ignored.
    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)


if __name__ == "__main__":
    main(sys.argv[1:])
