"""Events: `/v1/events`, what happened to an account."""

from deploy.sandbox import lists
from deploy.sandbox.errors import Json
from deploy.sandbox.registry import answers
from deploy.sandbox.work import Work

_KIND = "event"
_URL = "/v1/events"


@answers("GET", _URL + "/{id}")
def retrieve(work: Work, params: Json, identifier: str) -> Json:
    """Show an event."""
    return work.get(_KIND, identifier)


@answers("GET", _URL)
def list_(work: Work, params: Json) -> Json:
    """List events; `type` may end in `.*`, `types` names several."""
    wanted = list(params.get("types") or ())
    if "type" in params:
        wanted.append(params["type"])
    return lists.page(work, _KIND, params, url=_URL, likes={"type": wanted} if wanted else {})
