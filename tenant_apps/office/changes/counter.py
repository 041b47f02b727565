"""A registration that staff withdraw, cancel, move or hand over themselves, at the counter or by telephone."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of, staff
from shared_apps.design.posting import posted
from tenant_apps.changes import checking, money, queries
from tenant_apps.changes.models import ChangeRequest, Kind
from tenant_apps.changes.operations import deciding
from tenant_apps.changes.policy import policy_of
from tenant_apps.families import queries as families
from tenant_apps.families.models import Participant
from tenant_apps.office import acquaintance
from tenant_apps.office.changes.forms import CANCEL, SWAP, TRANSFER, WITHDRAW, CounterForm
from tenant_apps.office.pages import page
from tenant_apps.office.scope import FAMILIES_CHANGE, of_request
from tenant_apps.organisation.context import profile_of
from tenant_apps.registrations import pricing
from tenant_apps.registrations.models import Registration, Status

_KINDS = {WITHDRAW: Kind.WITHDRAWAL, SWAP: Kind.SWAP, TRANSFER: Kind.TRANSFER}


@staff(*FAMILIES_CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def counter(request: HttpRequest, registration_id: UUID) -> HttpResponse:
    scope = of_request(request)
    registration = get_object_or_404(queries.with_all(scope.registrations()), pk=registration_id)
    is_confirmed = registration.status == Status.CONFIRMED
    paid = _paid(registration) if is_confirmed else 0
    form = CounterForm(
        posted(request),
        options=checking.swappable(registration) if is_confirmed else [],
        participants=_siblings(request, registration),
        fees=_fees(request, registration, paid),
        sets_fee=scope.sets_prices,
    )
    if request.method == "POST" and form.is_valid() and (said := _done(request, registration, form)):
        messages.success(request, said)
        return redirect("office:registration_change", registration_id=registration.id)
    context = {
        "registration": registration,
        "is_confirmed": is_confirmed,
        "paid": paid,
        "refundable": money.refundable_cents(registration),
        "fee": form.fees[WITHDRAW],
        "form": form,
        "asked": queries.with_names(ChangeRequest.objects.filter(registration=registration)).order_by("-asked_at"),
    }
    status = 422 if form.errors else 200
    return page(request, "office/changes/counter.html", context, section="registrations", status=status)


def _done(request: HttpRequest, registration: Registration, form: CounterForm) -> str:
    actor, at, action = actor_of(request), clock.now(), form.cleaned_data["action"]
    answer = form.cleaned_data.get("answer", "")
    try:
        if action == CANCEL:
            deciding.cancel_registration(registration_id=registration.id, answer=answer, actor=actor, at=at)
            return _("L’inscription est annulée et remboursée\u202f: la famille en est avertie par courriel.")
        change = deciding.make(
            kind=_KINDS[action],
            registration_id=registration.id,
            option_id=form.chosen("option") if action == SWAP else None,
            participant_id=form.chosen("participant") if action == TRANSFER else None,
            fee_cents=form.fee_cents,
            answer=answer,
            actor=actor,
            at=at,
        )
    except Refusal as refusal:
        named = {"reason_missing": "answer", "too_much": "fee"}.get(refusal.code)
        form.add_error(named if named in form.fields else None, str(refusal))
        return ""
    if queries.is_to_pay(queries.stands_for(change)):
        return _(
            "Le nouveau choix attend dans le panier de la famille\u202f: l’ancien reste en vigueur jusqu’au paiement."
        )
    return _("C’est fait\u202f: la famille en est avertie par courriel.")


def _paid(registration: Registration) -> int:
    return money.most_kept(registration, -pricing.reversal_of(registration, at=clock.now()).amount_cents)


def _fees(request: HttpRequest, registration: Registration, paid: int) -> dict[str, int]:
    """What the policy would ask of the family today."""
    profile = profile_of(request)
    today, offering = clock.today(profile.zone), registration.option.offering
    return {
        action: policy_of(offering, kind, profile.rules).fee_cents(paid, registration.option, on=today)
        for action, kind in _KINDS.items()
    }


def _siblings(request: HttpRequest, registration: Registration) -> list[Participant]:
    """Those whom the member knows: another school's pupil is not named here."""
    family = [each.pk for each in families.participants_of(registration.basket.guardian_id)]
    known = acquaintance.participants(of_request(request)).filter(pk__in=family)
    return list(known.exclude(pk=registration.participant_id).order_by("first_name", "id"))
