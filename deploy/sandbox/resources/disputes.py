"""Disputes: `/v1/disputes`."""

from deploy.sandbox import lists
from deploy.sandbox.errors import Json
from deploy.sandbox.payments import customers, disputes
from deploy.sandbox.registry import answers
from deploy.sandbox.work import Work

_KIND = "dispute"
_URL = "/v1/disputes"
# What the real test mode looks for in the evidence to decide.
_WINS, _LOSES = "winning_evidence", "losing_evidence"


@answers("GET", _URL + "/{id}")
def retrieve(work: Work, params: Json, identifier: str) -> Json:
    """Show a dispute."""
    return work.get(_KIND, identifier)


@answers("POST", _URL + "/{id}")
def update(work: Work, params: Json, identifier: str) -> Json:
    """Give evidence; submitting it decides the dispute by what its text says."""
    dispute = work.get(_KIND, identifier)
    evidence = dispute["evidence"] | (params.get("evidence") or {})
    details = dispute["evidence_details"] | {"has_evidence": any(evidence.values())}
    submitted = bool(params.get("submit"))
    if submitted:
        details["submission_count"] += 1
    dispute = work.save(
        dispute
        | {
            "evidence": evidence,
            "evidence_details": details,
            "metadata": customers.merged_metadata(dispute, params),
            "status": "under_review" if submitted else dispute["status"],
        }
    )
    work.emit("charge.dispute.updated", dispute)
    text = evidence["uncategorized_text"]
    if submitted and text in (_WINS, _LOSES):
        return disputes.close(work, dispute, won=text == _WINS)
    return dispute


@answers("POST", _URL + "/{id}/close")
def close(work: Work, params: Json, identifier: str) -> Json:
    """Give the dispute up: it is lost."""
    return disputes.close(work, work.get(_KIND, identifier), won=False)


@answers("GET", _URL)
def list_(work: Work, params: Json) -> Json:
    """List disputes."""
    filters = {"charge": "charge", "payment_intent": "payment_intent"}
    return lists.page(work, _KIND, params, url=_URL, filters=filters)
