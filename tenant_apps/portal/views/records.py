"""A child's records: filled in, read again, renewed when nothing has changed (S4-15 to S4-20, O-12)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of, recently, signed_in
from shared_apps.accounts.addresses import address_of
from shared_apps.design.posting import posted
from tenant_apps.families import queries as families
from tenant_apps.families.models import Participant
from tenant_apps.forms import queries as forms
from tenant_apps.forms import records, uploads
from tenant_apps.forms.models import FormVersion
from tenant_apps.forms.signatures import Signature
from tenant_apps.organisation.context import profile_of
from tenant_apps.portal import acting, recording, to_do, visitor
from tenant_apps.portal.answers import SeeOther, local_path
from tenant_apps.portal.forms.record import RecordSheet
from tenant_apps.portal.forms.signature import SignatureForm


@signed_in
@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    """« À remplir »."""
    at = clock.now()
    children = to_do.of_family(visitor.signed_in_guardian(request, at=at), at=at, profile=profile_of(request))
    return render(request, "portal/to_do.html", {"children": children})


@signed_in
@recently("health")
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: HttpRequest, participant_id: UUID, form_key: str) -> HttpResponse:
    at = clock.now()
    guardian = visitor.signed_in_guardian(request, at=at)
    try:
        child = families.participant_of(guardian.id, participant_id)
        sheet = RecordSheet(forms.record_form(form_key), child, guardian, at=at, profile=profile_of(request))
    except (Participant.DoesNotExist, FormVersion.DoesNotExist):
        raise Http404 from None
    if not sheet.may_read or not acting.may_read_health(request):
        return render(request, "portal/record_hidden.html", _context(request, sheet))
    acting.note_reading(request, sheet.version, child)
    if sheet.can_renew and "modifier" not in request.GET:
        return _renewal(request, sheet)
    return _form(request, sheet)


def _renewal(request: HttpRequest, sheet: RecordSheet) -> HttpResponse:
    """The last answers, and one signature for all of them."""
    signature = _signature(request)
    if request.method == "POST" and signature.is_valid():
        records.renew(
            version_id=sheet.version.id,
            participant_id=sheet.child.id,
            signer_id=sheet.guardian.id,
            answers=sheet.known_answers(),
            signature=_signed(request, signature),
            actor=actor_of(request),
            at=sheet.at,
        )
        return _done(request, sheet)
    context = {**_context(request, sheet), "parts": sheet.parts(), "signature": signature}
    return render(request, "portal/record_summary.html", context)


def _form(request: HttpRequest, sheet: RecordSheet) -> HttpResponse:
    if request.method != "POST":
        context = {**_context(request, sheet), "form": sheet.form(), "signature": _signature(request)}
        return render(request, "portal/record.html", context)
    form = sheet.form(request.POST, request.FILES)
    signature = _signature(request)
    is_valid = all([form.is_valid(), signature.is_valid()])
    uploads.keep_files(form, guardian_id=sheet.guardian.id, at=sheet.at)
    if is_valid:
        identity, answers = sheet.split(form)
        try:
            recording.fill_in(
                guardian_id=sheet.guardian.id,
                participant_id=sheet.child.id,
                version_id=sheet.version.id,
                identity=identity,
                answers=answers,
                signature=_signed(request, signature),
                actor=actor_of(request),
                at=sheet.at,
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            for warning in form.warnings:
                messages.warning(request, warning)
            return _done(request, sheet)
    return render(request, "portal/record.html", {**_context(request, sheet), "form": form, "signature": signature})


def _done(request: HttpRequest, sheet: RecordSheet) -> HttpResponse:
    said = {"record": sheet.version.form.shown_title, "child": sheet.child.shown_name}
    messages.success(request, _("%(record)s de %(child)s\u202f: c’est enregistré.") % said)
    onward = to_do.onward(
        sheet.guardian, sheet.child, at=sheet.at, profile=profile_of(request), destination=_destination(request)
    )
    return SeeOther(onward or acting.onward(request, "account"))


def _signature(request: HttpRequest) -> SignatureForm:
    data = posted(request)
    return SignatureForm(data, is_by_staff=acting.is_by_staff(request))


def _signed(request: HttpRequest, signature: SignatureForm) -> Signature:
    return Signature(
        signature.cleaned_data["signed_name"],
        get_language() or "fr",
        address_of(request),
        recorded_by=acting.recorded_by(request),
    )


def _context(request: HttpRequest, sheet: RecordSheet) -> dict[str, Any]:
    return {
        "child": sheet.child,
        "asked": sheet.version.form,
        "standing": sheet.standing,
        "next": _destination(request),
    }


def _destination(request: HttpRequest) -> str:
    return local_path(request, request.GET.get("next", ""))
