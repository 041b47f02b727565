"""Answers a request, and those of the brothers and sisters that came with it, in one go."""

from collections.abc import Sequence

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of
from tenant_apps.entitlements.models import Entitlement, Kind, Status
from tenant_apps.entitlements.operations import deciding
from tenant_apps.office.entitlements.forms import DecisionForm
from tenant_apps.registrations import support


def siblings_of(found: Entitlement, known: QuerySet[Entitlement]) -> list[Entitlement]:
    """The same request, sent at the same moment for other children, that still waits. Support is for one child."""
    if found.kind == Kind.SUPPORT or found.participant_id is None:
        return []
    same = known.filter(
        kind=found.kind,
        key=found.key,
        guardian_id=found.guardian_id,
        asked_at=found.asked_at,
        offering=found.offering,
        status=Status.ASKED,
    )
    return list(same.exclude(pk=found.pk).exclude(participant=None).select_related("participant").order_by("id"))


def decided(request: HttpRequest, found: Entitlement, siblings: Sequence[Entitlement], form: DecisionForm) -> str:
    """What was done, in words; nothing where the form says why it was not."""
    is_refusal = request.POST.get("decision") == "refuse"
    is_valid = form.is_valid()
    if is_refusal:
        # What is granted matters only to who accepts.
        _forget_errors(form)
    elif not is_valid:
        return ""
    together = [found, *(siblings if form.cleaned_data.get("together") else [])]
    try:
        if is_refusal:
            _refuse(request, together, form.cleaned_data.get("answer", ""))
            return _("La demande est refusée\u202f: la famille en est avertie par courriel.")
        _accept(request, together, form)
    except Refusal as refusal:
        form.add_error("answer" if refusal.code == "reason_missing" else None, str(refusal))
        return ""
    return _("La demande est acceptée\u202f: la famille en est avertie par courriel.")


def _accept(request: HttpRequest, together: Sequence[Entitlement], form: DecisionForm) -> None:
    actor, at, granted = actor_of(request), clock.now(), form.granted()
    if together[0].kind == Kind.SUPPORT:
        support.accept(entitlement_id=together[0].id, granted=granted, actor=actor, at=at)
    else:
        deciding.accept(entitlement_ids=[each.id for each in together], granted=granted, actor=actor, at=at)


def _refuse(request: HttpRequest, together: Sequence[Entitlement], answer: str) -> None:
    actor, at = actor_of(request), clock.now()
    if together[0].kind == Kind.SUPPORT:
        support.refuse(entitlement_id=together[0].id, answer=answer, actor=actor, at=at)
    else:
        deciding.refuse(entitlement_ids=[each.id for each in together], answer=answer, actor=actor, at=at)


def _forget_errors(form: DecisionForm) -> None:
    for name in ("key", "ratio", "from_on", "until_on"):
        form.errors.pop(name, None)
