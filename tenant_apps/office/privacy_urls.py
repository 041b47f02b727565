"""« Protection des données », in the workplace."""

from django.urls import path

from tenant_apps.office.views import national_number, privacy

urlpatterns = [
    path("protection", privacy.readings_page, name="privacy"),
    path("protection/registre", privacy.register, name="privacy_register"),
    path("protection/conservation", privacy.keeping, name="privacy_keeping"),
    path("protection/numero-national", national_number.rule, name="privacy_national_number"),
    path("protection/cles", privacy.encryption, name="privacy_keys"),
    path("protection/cles/changer", privacy.rotate, name="privacy_rotate"),
]
