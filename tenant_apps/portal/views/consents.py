"""« Autorisations »: to answer, to read again, and to take back as easily as they were given."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kernel import clock
from kernel.errors import Refusal
from shared_apps.accounts.access import actor_of, signed_in
from shared_apps.accounts.addresses import address_of
from shared_apps.design.posting import posted
from tenant_apps.families import queries as families
from tenant_apps.families.models import Guardian, Participant
from tenant_apps.forms import consents as register
from tenant_apps.forms import proof, signing
from tenant_apps.forms import queries as forms
from tenant_apps.forms.consents import Standing
from tenant_apps.forms.models import Decision, Form, Purpose, Submission
from tenant_apps.organisation.context import profile_of
from tenant_apps.portal import consents as family_consents
from tenant_apps.portal.answers import SeeOther
from tenant_apps.portal.forms.consent import ConsentForm, WithdrawalForm
from tenant_apps.portal.views.members import child_or_404, guardian_of
from tenant_apps.registrations import consents as registered
from tenant_apps.registrations import withdrawing

# In the session: the name that was written last, offered again for the next authorization.
_SIGNED_AS = "signed_as"


@signed_in
@require_safe
def consents(request: HttpRequest) -> HttpResponse:
    guardian = guardian_of(request)
    children = family_consents.of_family(guardian, at=clock.now(), profile=profile_of(request))
    return render(request, "portal/consents.html", {"children": children})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def consent(request: HttpRequest, participant_id: UUID, form_key: str) -> HttpResponse:
    guardian = guardian_of(request)
    child, form = child_or_404(guardian, participant_id), _form_or_404(form_key)
    standing = _standing(request, form, child)
    if not form.asks_everyone and standing.word is None:
        raise Http404
    version = forms.current_version(form.id)
    may_answer = _may_answer(request, guardian, child, form)
    wording = register.wording(version)
    answer = ConsentForm(
        posted(request),
        wording=wording,
        signed_name=request.session.get(_SIGNED_AS, ""),
    )
    if request.method == "POST" and may_answer and answer.is_valid():
        try:
            return _sign(request, guardian, child, form, answer)
        except Refusal as refusal:
            answer.add_error("signed_name", str(refusal))
    context = {
        "child": child,
        "form_asked": form,
        "wording": wording,
        "form": answer,
        "standing": standing,
        "said": _told(standing, guardian),
        "may_answer": may_answer,
        "is_closed": register.is_closed(form, at=clock.now(), zone=profile_of(request).zone),
        "is_holder": child.id in register.signs_for(guardian.id),
        "offering": family_consents.offerings_of({form.id}).get(form.id),
    }
    return render(request, "portal/consent.html", context, status=422 if answer.errors else 200)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def consent_withdraw(request: HttpRequest, participant_id: UUID, form_key: str) -> HttpResponse:
    """The registrations that depend on it are named before anything happens (S3-27)."""
    guardian = guardian_of(request)
    child, form = child_or_404(guardian, participant_id), _form_or_404(form_key)
    standing = _standing(request, form, child)
    if not standing.allows or child.id not in register.signs_for(guardian.id):
        raise Http404
    answer = WithdrawalForm(posted(request), initial=_full_name(guardian))
    if request.method == "POST" and answer.is_valid():
        try:
            withdrawing.withdraw(
                form_id=form.id,
                participant_id=child.id,
                signer_id=guardian.id,
                signed_name=answer.cleaned_data["signed_name"],
                signed_from=address_of(request),
                actor=actor_of(request),
                at=clock.now(),
            )
        except Refusal as refusal:
            answer.add_error("signed_name", str(refusal))
        else:
            messages.success(request, _("L’autorisation est retirée. Le personnel en est informé."))
            return SeeOther(reverse("consents"))
    context = {
        "child": child,
        "form_asked": form,
        "form": answer,
        "depending": registered.depending_on(form.id, child.id),
    }
    return render(request, "portal/consent_withdraw.html", context, status=422 if answer.errors else 200)


@signed_in
@require_safe
def consent_signed(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """The words that were signed, in the version and the language of then."""
    guardian, submission = _signed_or_404(request, submission_id)
    context = {
        "submission": submission,
        "wording": register.wording_of(submission),
        "is_intact": register.is_intact(submission),
        "told_by": family_consents.told_by(submission, guardian),
        "is_assisted": family_consents.is_assisted(submission),
    }
    return render(request, "portal/consent_signed.html", context)


@signed_in
@require_safe
def consent_proof(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    guardian, submission = _signed_or_404(request, submission_id)
    told_by = family_consents.told_by(submission, guardian)
    content = proof.pdf(submission, profile_of(request), signer=told_by, language=get_language() or "fr")
    headers = {"Content-Disposition": 'inline; filename="autorisation.pdf"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _sign(
    request: HttpRequest, guardian: Guardian, child: Participant, form: Form, answer: ConsentForm
) -> HttpResponse:
    version = forms.current_version(form.id)
    signing.sign_consent(
        version_id=version.id,
        participant_id=child.id,
        signer_id=guardian.id,
        decision=answer.cleaned_data["decision"],
        signed_name=answer.cleaned_data["signed_name"],
        language=get_language() or "",
        signed_from=address_of(request),
        actor=actor_of(request),
        at=clock.now(),
    )
    if answer.is_refused:
        withdrawing.free_held(form.id, child.id, actor=actor_of(request), at=clock.now())
    if answer.cleaned_data["decision"] == Decision.YES and not _standing(request, form, child).allows:
        messages.info(
            request,
            _(
                "Votre réponse est enregistrée. L’autre parent a répondu non\u202f: ce refus tient tant que la même "
                "personne ne le change pas."
            ),
        )
    else:
        messages.success(request, _("Votre réponse est enregistrée."))
    request.session[_SIGNED_AS] = answer.cleaned_data["signed_name"]
    return SeeOther(_next_to_answer(request, guardian))


def _next_to_answer(request: HttpRequest, guardian: Guardian) -> str:
    """Two children with three authorizations each are answered in a row."""
    waiting = family_consents.to_answer(guardian, at=clock.now(), profile=profile_of(request))
    return next((each.address for each in waiting if not each.is_outing), reverse("consents"))


def _standing(request: HttpRequest, form: Form, child: Participant) -> Standing:
    zone = profile_of(request).zone
    return register.standings([form.id], [child.id], at=clock.now(), zone=zone).of(form.id, child.id)


def _told(standing: Standing, guardian: Guardian) -> list[dict[str, object]]:
    return [
        {
            "submission": each,
            "by": family_consents.told_by(each, guardian),
            "assisted": family_consents.is_assisted(each),
        }
        for each in reversed(standing.said)
    ]


def _may_answer(request: HttpRequest, guardian: Guardian, child: Participant, form: Form) -> bool:
    """Here only what everyone is asked: an outing's answer is given with its registration."""
    if not form.asks_everyone or child.id not in register.signs_for(guardian.id):
        return False
    return not register.is_closed(form, at=clock.now(), zone=profile_of(request).zone)


def _signed_or_404(request: HttpRequest, submission_id: UUID) -> tuple[Guardian, Submission]:
    guardian = guardian_of(request)
    mine = [child.id for child in families.participants_of(guardian.id)]
    return guardian, get_object_or_404(
        register.said_of(mine).defer(None).select_related("version__form", "signer", "participant"), id=submission_id
    )


def _form_or_404(form_key: str) -> Form:
    return get_object_or_404(Form, key=form_key, purpose=Purpose.CONSENT, versions__number=1)


def _full_name(guardian: Guardian) -> dict[str, str]:
    return {"signed_name": f"{guardian.first_name} {guardian.last_name}".strip()}
