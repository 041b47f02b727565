"""The addresses of the staff, part of those of `office`."""

from django.urls import path

from tenant_apps.office.staff import views, welcome

urlpatterns = [
    path("personnel", views.people, name="people"),
    path("personnel/inviter", views.invite, name="staff_invite"),
    path("personnel/<uuid:member_id>", views.member, name="staff_member"),
    path("personnel/<uuid:member_id>/relancer", views.invite_again, name="staff_invite_again"),
    path("personnel/<uuid:member_id>/annuler", views.cancel, name="staff_cancel"),
    path("personnel/<uuid:member_id>/retirer", views.withdraw, name="staff_withdraw"),
    path("personnel/<uuid:member_id>/rendre", views.give_back, name="staff_give_back"),
    path("bienvenue/<str:token>", welcome.welcome, name="welcome"),
]
