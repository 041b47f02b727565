"""The addresses of money in the workplace, part of those of `office`, under « finances/ »."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
