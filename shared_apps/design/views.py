"""Answers that any host gives, whatever it serves."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was open too long, or did not come from our own page: what to do, and nothing about why."""
    return render(request, "errors/csrf.html", status=403)
