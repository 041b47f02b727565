"""A few pages that tell which organisation they are in, by what the database says."""

from collections.abc import Iterator

from django.db import connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path

from shared_apps.accounts.models import User


def _where() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema() || ' ' || current_user")
        return str(cursor.fetchone()[0])


def where(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_where())


def who(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.user.get_username() or "nobody")


def fails(request: HttpRequest) -> HttpResponse:
    _where()
    raise RuntimeError("a defect in a view")


def streams(request: HttpRequest) -> StreamingHttpResponse:
    def parts() -> Iterator[str]:
        yield _where() + "\n"
        yield str(User.objects.count())

    return StreamingHttpResponse(parts())


urlpatterns = [
    path("", where),
    path("who", who),
    path("fails", fails),
    path("streams", streams),
    path("exit", where, name="account_logout"),
]
