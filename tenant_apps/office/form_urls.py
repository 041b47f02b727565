"""The addresses of the form editor in the workplace, part of those of `office`."""

from django.urls import path

from tenant_apps.office.views import changes, forms

urlpatterns = [
    path("formulaires", forms.forms, name="forms"),
    path("formulaires/<slug:form_key>", forms.form, name="form"),
    path("formulaires/<slug:form_key>/reglages", forms.form_settings, name="form_settings"),
    path("formulaires/<slug:form_key>/texte", forms.form_text, name="form_text"),
    path("formulaires/<slug:form_key>/apercu", forms.form_preview, name="form_preview"),
    path("formulaires/<slug:form_key>/publier", forms.form_publish, name="form_publish"),
    path("formulaires/<slug:form_key>/abandonner", forms.form_discard, name="form_discard"),
    path("formulaires/<slug:form_key>/versions/<int:number>", forms.form_version, name="form_version"),
    path("formulaires/<slug:form_key>/questions", forms.question_add, name="question_add"),
    path("formulaires/<slug:form_key>/questions/<slug:key>", forms.question, name="question"),
    path("formulaires/<slug:form_key>/questions/<slug:key>/deplacer", forms.question_move, name="question_move"),
    path("fiches-modifiees", changes.changes, name="changes"),
]
