"""Refusals, in the shape and with the words a caller of Stripe gets."""

from typing import Any

Json = dict[str, Any]

_DOCS = "https://docs.stripe.com/error-codes/"


class ApiError(Exception):
    """A refusal that becomes an HTTP answer.

    `keeps_work`: what was written before stays written (a declined charge is a fact).
    `saved`: the answer is kept for its idempotency key.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        details: Json | None = None,
        keeps_work: bool = False,
        saved: bool = True,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.kind = kind
        self.code = code
        self.param = param
        self.details = details or {}
        self.keeps_work = keeps_work
        self.saved = saved

    def body(self) -> Json:
        """Return the error object as Stripe writes it."""
        error: Json = {"type": self.kind, "message": self.message, **self.details}
        if self.code:
            error |= {"code": self.code, "doc_url": _DOCS + self.code.replace("_", "-")}
        if self.param:
            error["param"] = self.param
        return {"error": error}


def invalid(message: str, *, param: str | None = None, code: str | None = None) -> ApiError:
    """A request that was understood and is refused."""
    return ApiError(400, message, param=param, code=code)


def malformed(message: str, *, param: str | None = None, code: str | None = None) -> ApiError:
    """A request refused before anything began: no idempotent result is kept for it."""
    return ApiError(400, message, param=param, code=code, saved=False)


def missing(kind: str, identifier: str, *, param: str = "id") -> ApiError:
    """Nothing of that name, for this account."""
    noun = kind.removeprefix("v2.core.").replace(".", "_")
    message = f"No such {noun}: '{identifier}'"
    return ApiError(404, message, code="resource_missing", param=param)


def unauthorised(message: str) -> ApiError:
    """No key, or another key than ours."""
    return ApiError(401, message, saved=False)


def account_invalid(account: str) -> ApiError:
    """An account this platform does not have."""
    message = (
        f"The provided key does not have access to account '{account}' (or that account does not "
        "exist). Application access may have been revoked."
    )
    return ApiError(403, message, code="account_invalid", saved=False)


def unexpected_state(noun: str, body: Json, action: str) -> ApiError:
    """An intent asked to do what its status forbids."""
    kind = body["object"]
    message = f"You cannot {action} this {noun} because it has a status of {body['status']}."
    return ApiError(400, message, code=f"{kind}_unexpected_state", details={kind: body})


def failure(message: str = "An unknown error occurred. (This one was asked for.)") -> ApiError:
    """The processor's own failure."""
    return ApiError(500, message, kind="api_error")
