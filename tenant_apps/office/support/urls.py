"""The addresses of support, part of those of `office`."""

from django.urls import path

from tenant_apps.office.support import views

urlpatterns = [
    path("reglages/soutien", views.grants, name="support"),
    path("reglages/soutien/donner", views.give, name="support_give"),
    path("reglages/soutien/<uuid:grant_id>", views.grant, name="support_grant"),
    path("reglages/soutien/<uuid:grant_id>/terminer", views.end, name="support_end"),
    path("soutien/entrer/<str:passport>", views.enter, name="support_enter"),
    path("soutien/quitter", views.leave, name="support_leave"),
    path("soutien/fin", views.over, name="support_over"),
]
