"""A registration that a family gives up, moves or hands over: what it may do, at what price, and what became of it."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of, recently, signed_in
from tenant_apps.changes import queries, quotes, telling, wording
from tenant_apps.changes.models import ChangeRequest, Kind, Status
from tenant_apps.changes.operations import asking
from tenant_apps.changes.policy import Policy, policy_of
from tenant_apps.families.models import Guardian
from tenant_apps.forms import uploads
from tenant_apps.forms.models import Upload
from tenant_apps.portal import changing, visitor
from tenant_apps.portal.answers import SeeOther
from tenant_apps.portal.forms.changes import ChangeForm, ChoiceForm, WithdrawalForm, quoted
from tenant_apps.registrations.models import Registration
from tenant_apps.registrations.states import PENDING

_METHODS = ["GET", "HEAD", "POST"]


@signed_in
@require_safe
def changes(request: HttpRequest, registration_id: UUID) -> HttpResponse:
    """All that may be done of one registration, and why the rest may not."""
    at = clock.now()
    guardian = visitor.signed_in_guardian(request, at=at)
    registration = _own(guardian, registration_id)
    asked = queries.of_guardian(guardian.id).filter(registration=registration)
    context = {
        "registration": registration,
        "possible": changing.possible(registration, guardian.id, at=at),
        "asked": [(each, wording.title(each)) for each in asked],
        "in_basket": registration.replaced_by.filter(status__in=PENDING).exists(),
    }
    return render(request, "portal/changes.html", context)


@signed_in
@require_http_methods(_METHODS)
def withdraw(request: HttpRequest, registration_id: UUID) -> HttpResponse:
    at = clock.now()
    guardian, registration, policy = _of(request, registration_id, Kind.WITHDRAWAL)
    quote = quotes.of_withdrawal(registration, policy, at=at)
    form = WithdrawalForm(*_sent(request), guardian=guardian, policy=policy)
    form.fields["quoted"].initial = quoted(quote)

    def ask() -> ChangeRequest:
        return _ask(request, Kind.WITHDRAWAL, guardian, registration, form, form.expected)

    # The amounts of a form that is shown again are those of now.
    context = {"form": form, "quote": quote, "quoted": quoted(quote), "methods": changing.methods(registration)}
    return _page(request, Kind.WITHDRAWAL, registration, policy, ask, context)


@signed_in
@require_http_methods(_METHODS)
def swap(request: HttpRequest, registration_id: UUID) -> HttpResponse:
    guardian, registration, policy = _of(request, registration_id, Kind.SWAP)
    found = changing.swaps(registration, policy, at=clock.now())
    form = ChoiceForm(*_sent(request), guardian=guardian, policy=policy, choices=_open(found))

    def ask() -> ChangeRequest:
        return _ask(request, Kind.SWAP, guardian, registration, form, form.expected, option_id=form.chosen_id)

    context = {"form": form, "closed": [each for each in found if not each.is_open]}
    return _page(request, Kind.SWAP, registration, policy, ask, context)


@signed_in
@require_http_methods(_METHODS)
def transfer(request: HttpRequest, registration_id: UUID) -> HttpResponse:
    guardian, registration, policy = _of(request, registration_id, Kind.TRANSFER)
    found = changing.transfers(registration, policy, guardian.id, at=clock.now())
    form = ChoiceForm(*_sent(request), guardian=guardian, policy=policy, choices=_open(found))

    form.choose(request.GET.get("enfant", ""))

    def ask() -> ChangeRequest:
        return _ask(request, Kind.TRANSFER, guardian, registration, form, form.expected, participant_id=form.chosen_id)

    context = {"form": form, "closed": [each for each in found if not each.is_open]}
    return _page(request, Kind.TRANSFER, registration, policy, ask, context)


@signed_in
@recently("health")
@require_safe
def change(request: HttpRequest, change_id: UUID) -> HttpResponse:
    """With the words and the files: for who asked, and nobody else, even of the same home."""
    found = _asked(visitor.signed_in_guardian(request, at=clock.now()), change_id)
    line = queries.stands_for(found)
    context = {
        "change": found,
        "title": wording.title(found),
        "line": line,
        "is_to_pay": queries.is_to_pay(line),
        "said": telling.said(ChangeRequest.objects.get(pk=found.pk)),
        "files": Upload.objects.filter(pk__in=found.uploads, given_by=found.guardian),
    }
    return render(request, "portal/change.html", context)


@signed_in
@require_POST
def cancel(request: HttpRequest, change_id: UUID) -> HttpResponse:
    at = clock.now()
    guardian = visitor.signed_in_guardian(request, at=at)
    found = _asked(guardian, change_id)
    try:
        asking.cancel(change_id=found.id, guardian_id=guardian.id, actor=actor_of(request), at=at)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Votre demande est retirée\u202f: l’inscription reste comme elle est."))
    return SeeOther(reverse("bookings"))


def _page(
    request: HttpRequest,
    kind: Kind,
    registration: Registration,
    policy: Policy,
    ask: Callable[[], ChangeRequest],
    context: dict[str, Any],
) -> HttpResponse:
    """What was typed and sent stays when something is missing or refused."""
    form: ChangeForm = context["form"]
    if request.method == "POST":
        is_valid = form.is_valid()
        uploads.keep_files(
            form, guardian_id=registration.basket.guardian_id, at=clock.now(), is_health=policy.asks_proof
        )
        done = _done(form, ask) if is_valid else None
        if done is not None:
            return _answer(request, done)
    title = changing.TITLES[kind]
    said = {"registration": registration, "policy": policy, "kind": kind, "title": title, "now": clock.now()}
    return render(request, f"portal/change_{kind}.html", {**said, **context}, status=422 if form.errors else 200)


def _done(form: ChangeForm, ask: Callable[[], ChangeRequest]) -> ChangeRequest | None:
    try:
        return ask()
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return None


def _answer(request: HttpRequest, done: ChangeRequest) -> HttpResponse:
    if done.status == Status.ASKED:
        messages.success(request, _("Votre demande est envoyée. Nous vous écrirons dès qu’elle sera étudiée."))
    elif queries.is_to_pay(queries.stands_for(done)):
        messages.success(
            request, _("Votre nouveau choix est dans votre panier. L’ancien reste à vous tant que ce n’est pas payé.")
        )
        return SeeOther(reverse("basket"))
    elif done.kind == Kind.WITHDRAWAL:
        messages.success(request, _("La désinscription est faite. Un courriel vous le confirme."))
    else:
        messages.success(request, _("Le changement est fait. Un courriel vous le confirme."))
    return SeeOther(reverse("bookings"))


def _ask(
    request: HttpRequest,
    kind: Kind,
    guardian: Guardian,
    registration: Registration,
    form: ChangeForm,
    expected: tuple[int, int, int],
    **target: UUID,
) -> ChangeRequest:
    return asking.ask(
        guardian_id=guardian.id,
        kind=kind,
        registration_id=registration.id,
        expected=expected,
        words=form.said,
        upload_ids=form.upload_ids,
        actor=actor_of(request),
        at=clock.now(),
        **target,
    )


def _of(request: HttpRequest, registration_id: UUID, kind: Kind) -> tuple[Guardian, Registration, Policy]:
    """What the policy leaves to staff has no page: the one before it says so."""
    at = clock.now()
    guardian = visitor.signed_in_guardian(request, at=at)
    registration = _own(guardian, registration_id)
    policy = policy_of(registration.option.offering, kind)
    if request.method != "POST" and changing.refusal_of(registration, policy, guardian.id, at=at):
        raise Http404
    return guardian, registration, policy


def _open(found: Sequence[changing.Choice]) -> list[tuple[str, quotes.Quote, str]]:
    return [
        (each.key, each.quote, f"{each.label}\u202f: {wording.sums(each.quote)}")
        for each in found
        if each.is_open and each.quote
    ]


def _own(guardian: Guardian, registration_id: UUID) -> Registration:
    found = queries.registration_of(guardian.id, registration_id)
    if found is None:
        raise Http404
    return found


def _asked(guardian: Guardian, change_id: UUID) -> ChangeRequest:
    found = queries.of_guardian(guardian.id).filter(pk=change_id).first()
    if found is None:
        raise Http404
    return found


def _sent(request: HttpRequest) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)
