"""`python -m deploy.embedded.citizens PORT`: a simulated provider of identities, for development and demonstrations.

Whoever comes chooses who they are. It listens on this machine alone and knows no secret.
"""

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flask import Flask, request
from jinja2 import ChoiceLoader, DictLoader
from oidc_provider_mock import User, app
from werkzeug.serving import make_server

from deploy.embedded.ports import LOOPBACK

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_CITIZENS: list[dict[str, Any]] = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
_PAGE = Path(__file__).with_suffix(".html").read_text(encoding="utf-8")


def provider() -> Flask:
    users = [User(sub=each["sub"], claims={k: v for k, v in each.items() if k != "client"}) for each in _CITIZENS]
    made: Flask = app(user_claims=users)
    own = DictLoader({"authorization_form.html": _PAGE})
    made.jinja_loader = ChoiceLoader([own, *filter(None, [made.jinja_loader])])
    made.context_processor(_context)
    return made


def served(made: Flask) -> "WSGIApplication":
    """Without Werkzeug's debugger, which the library puts around it: nobody needs it here."""
    made.debug = False
    inner: WSGIApplication = getattr(made.wsgi_app, "app", made.wsgi_app)
    return inner


def _context() -> dict[str, Any]:
    denied = urlencode({"error": "access_denied", "state": request.args.get("state", "")})
    return {"citizens": _CITIZENS, "denied": denied}


if __name__ == "__main__":
    # It speaks no TLS, to this machine alone.
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
    make_server(LOOPBACK, int(sys.argv[1]), served(provider()), threaded=True).serve_forever()
