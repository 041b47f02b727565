"""« Places partagées »: what several options of an offering count together, as the seats of one bus."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel import clock
from kernel.errors import Refusal
from kernel.transactions import operation
from kernel.words import Words, in_language
from shared_apps.accounts.access import actor_of, staff
from shared_apps.audit.actors import Actor
from shared_apps.design.posting import posted
from tenant_apps.catalog.models import Offering, Option
from tenant_apps.office.editor import shell
from tenant_apps.office.editor.forms.practices import QuotaForm
from tenant_apps.office.scope import CHANGES
from tenant_apps.registrations import errors, quotas
from tenant_apps.registrations import operations as registrations
from tenant_apps.registrations.models import Places

_STEP = "choix"


@dataclass(frozen=True, slots=True)
class Shared:
    id: str
    words: Words
    capacity: int | None
    taken: int
    options: list[Option]

    @property
    def name(self) -> str:
        return in_language(self.words)


@staff(*CHANGES)
@require_safe
def edit_sharing(request: HttpRequest, slug: str) -> HttpResponse:
    offering = shell.found(request, slug)
    return shell.show(request, "sharing", offering, _STEP, {"quotas": list(_quotas(offering))})


@staff(*CHANGES)
@require_http_methods(["GET", "HEAD", "POST"])
def edit_quota(request: HttpRequest, slug: str, quota_id: UUID | None = None) -> HttpResponse:
    """A new one where none is named."""
    offering = shell.found(request, slug)
    known = _known(offering, quota_id) if quota_id else None
    chosen = [str(each.pk) for each in known.options] if known else []
    kept = {"capacity": known.capacity, "options": chosen} if known else {}
    form = QuotaForm.of(
        offering,
        posted(request),
        name=known.words if known else "",
        kept=kept,
        languages=shell.languages(request),
    )
    if request.method == "POST" and form.is_valid() and _saved(request, offering, form, known):
        messages.success(request, _("Les places partagées sont enregistrées."))
        return redirect("office:edit_sharing", slug=slug)
    return shell.show(
        request, "quota", offering, _STEP, {"form": form, "quota": known}, status=422 if form.errors else 200
    )


@staff(*CHANGES)
@require_POST
def remove_quota(request: HttpRequest, slug: str, quota_id: UUID) -> HttpResponse:
    offering = shell.found(request, slug)
    known = _known(offering, quota_id)
    try:
        _remove(offering=offering, known=known, actor=actor_of(request), at=clock.now())
        messages.success(request, _("«\u202f%(name)s\u202f» n’est plus partagé.") % {"name": known.name})
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("office:edit_sharing", slug=slug)


def _quotas(offering: Offering) -> Iterator[Shared]:
    options = list(offering.options.all())
    ids = [UUID(each["id"]) for each in offering.quotas]
    counts = {row.pk: row for row in Places.objects.filter(pk__in=[*ids, *(option.pk for option in options)])}
    for told in offering.quotas:
        key = UUID(told["id"])
        sharing = [each for each in options if each.pk in counts and key in counts[each.pk].shared]
        own = counts.get(key)
        yield Shared(told["id"], told["name"], own.capacity if own else None, own.taken if own else 0, sharing)


def _known(offering: Offering, quota_id: UUID) -> Shared:
    found = next((each for each in _quotas(offering) if each.id == str(quota_id)), None)
    if found is None:
        raise Http404
    return found


def _saved(request: HttpRequest, offering: Offering, form: QuotaForm, known: Shared | None) -> bool:
    said = form.cleaned_data
    try:
        _put(
            offering=offering,
            known=known,
            words=form.words(),
            capacity=said["capacity"],
            chosen=set(said["options"]),
            actor=actor_of(request),
            at=clock.now(),
        )
    except errors.CapacityBelowTaken as refusal:
        form.add_error("capacity", str(refusal))
    except Refusal as refusal:
        form.add_error(None, str(refusal))
    return form.is_valid()


@operation
def _put(
    *,
    offering: Offering,
    known: Shared | None,
    words: dict[str, str],
    capacity: int,
    chosen: Collection[str],
    actor: Actor,
    at: datetime,
) -> None:
    by: dict[str, Any] = {"actor": actor, "at": at}
    if known is None:
        quota_id = quotas.create(offering_id=offering.pk, name=words, capacity=capacity, **by)
    else:
        quota_id = UUID(known.id)
        quotas.rename(offering_id=offering.pk, quota_id=quota_id, name=words, **by)
        if known.capacity is None or capacity > known.capacity:
            registrations.set_capacity(option_id=quota_id, capacity=capacity, **by)
    _share(offering, quota_id, chosen, by)
    if known is not None and known.capacity is not None and capacity < known.capacity:
        # After those that leave it took their seats with them.
        registrations.set_capacity(option_id=quota_id, capacity=capacity, **by)


@operation
def _remove(*, offering: Offering, known: Shared, actor: Actor, at: datetime) -> None:
    by: dict[str, Any] = {"actor": actor, "at": at}
    _share(offering, UUID(known.id), (), by)
    quotas.remove(offering_id=offering.pk, quota_id=UUID(known.id), **by)


def _share(offering: Offering, quota_id: UUID, chosen: Collection[str], by: dict[str, Any]) -> None:
    options = offering.options.all()
    shared = dict(Places.objects.filter(pk__in=[each.pk for each in options]).values_list("pk", "shared"))
    # Those that leave it first: their seats may be what the others need.
    for option in sorted(options, key=lambda each: (str(each.pk) in chosen, each.pk)):
        now = set(shared.get(option.pk, ()))
        then = now | {quota_id} if str(option.pk) in chosen else now - {quota_id}
        if now != then:
            quotas.set_shared(option_id=option.pk, quota_ids=sorted(then), **by)
