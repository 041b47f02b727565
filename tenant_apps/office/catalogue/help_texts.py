"""« Textes d’aide »: what families read of the organisation and of each establishment, and its guide (S3-17)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from kernel import clock
from shared_apps.accounts.access import actor_of, staff
from shared_apps.design.posting import posted
from tenant_apps.office.pages import page
from tenant_apps.office.scope import HELP_TEXTS, SETTINGS, of_request
from tenant_apps.organisation import help_texts, queries
from tenant_apps.organisation.context import profile_of


class WelcomeForm(forms.Form):
    welcome = forms.CharField(
        label=gettext_lazy("Mot d’accueil"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Une ou deux phrases, en tête de la page d’accueil des familles."),
    )
    help_text = forms.CharField(
        label=gettext_lazy("Aide"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("Au bas de la page d’accueil\u202f: qui appeler, quand, et pour quoi."),
    )
    contact_email = forms.EmailField(label=gettext_lazy("Courriel pour les familles"), required=False)
    contact_phone = forms.CharField(label=gettext_lazy("Téléphone pour les familles"), required=False, max_length=40)
    guide_url = forms.URLField(
        label=gettext_lazy("Adresse du guide des parents"), required=False, max_length=300, assume_scheme="https"
    )
    questions_url = forms.URLField(
        label=gettext_lazy("Adresse de la page de questions et réponses"),
        required=False,
        max_length=300,
        assume_scheme="https",
    )


class EstablishmentForm(forms.Form):
    help_text = forms.CharField(
        label=gettext_lazy("Aide"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("Montrée sur la page de cet établissement."),
    )
    email = forms.EmailField(label=gettext_lazy("Courriel"), required=False)
    phone = forms.CharField(label=gettext_lazy("Téléphone"), required=False, max_length=40)
    address = forms.CharField(
        label=gettext_lazy("Adresse"), required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 3})
    )


@staff(*HELP_TEXTS)
def texts(request: HttpRequest) -> HttpResponse:
    scope, establishments = of_request(request), queries.establishments()
    if scope.establishments is not None:
        establishments = establishments.filter(pk__in=scope.establishments)
    return page(request, "office/catalogue/help_texts.html", {"establishments": establishments}, section="help_texts")


@staff(*SETTINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def for_everybody(request: HttpRequest) -> HttpResponse:
    profile = profile_of(request)
    now = {name: getattr(profile, name) for name in help_texts.TEXTS}
    now |= {name: profile.rules.get(name, "") for name in help_texts.LINKS}
    form = WelcomeForm(posted(request), initial=now)
    if request.method == "POST" and form.is_valid():
        help_texts.put_for_everybody(said=form.cleaned_data, actor=actor_of(request), at=clock.now())
        return _saved(request)
    return _form(request, form, profile.name)


@staff(*HELP_TEXTS)
@require_http_methods(["GET", "HEAD", "POST"])
def for_establishment(request: HttpRequest, code: str) -> HttpResponse:
    scope, establishments = of_request(request), queries.establishments()
    if scope.establishments is not None:
        establishments = establishments.filter(pk__in=scope.establishments)
    found = get_object_or_404(establishments, code=code)
    now = {name: getattr(found, name) for name in help_texts.OF_ESTABLISHMENT}
    form = EstablishmentForm(posted(request), initial=now)
    if request.method == "POST" and form.is_valid():
        help_texts.put_for_establishment(
            establishment_id=found.pk, said=form.cleaned_data, actor=actor_of(request), at=clock.now()
        )
        return _saved(request)
    return _form(request, form, found.name)


def _saved(request: HttpRequest) -> HttpResponse:
    messages.success(request, _("Les textes sont enregistrés\u202f: les familles les voient déjà."))
    return redirect("office:help_texts")


def _form(request: HttpRequest, form: forms.Form, title: str) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "title": title}
    status = 422 if form.errors else 200
    return page(request, "office/catalogue/help_text.html", context, section="help_texts", status=status)
