"""Which names may have a certificate, who may ask, and until when the one that is shown is good."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.http import HttpResponse
from pytest_django import DjangoAssertNumQueries, Settings

from shared_apps.audit.actors import SYSTEM
from tenants.context import in_registry
from tenants.domains import certificates, checking, operations
from tenants.models import Domain, DomainState, Organisation, State, SuspendedFor
from tests.clients import HostClient
from tests.names import Zone

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
NAME = "activites.ville.example"


def asked(name: str, *, host: str = "proxy.internal", address: str = "10.0.0.7", **more: str) -> int:
    query, headers = f"domain={name}" + more.pop("query", ""), more
    response: HttpResponse = HostClient(host).get(
        f"/internal/certificates?{query}", REMOTE_ADDR=address, headers=headers
    )
    return response.status_code


def put(organisation: Organisation, state: DomainState) -> None:
    with in_registry():
        Domain.objects.create(tenant=organisation, domain=NAME, is_own=True, is_primary=False, state=state)


@pytest.mark.parametrize(
    ("state", "status"), [(DomainState.PENDING, 404), (DomainState.VERIFIED, 200), (DomainState.BROKEN, 404)]
)
def test_only_a_verified_name_may_have_one(state: DomainState, status: int, organisation_a: Organisation) -> None:
    put(organisation_a, state)

    assert asked(NAME) == status
    assert asked(NAME.upper()) == status


@pytest.mark.parametrize("name", ["a.localhost", "localhost"])
def test_the_platforms_own_addresses_may_have_one(name: str, organisation_a: Organisation) -> None:
    assert asked(name) == 200


@pytest.mark.parametrize(
    "name", ["", "nobody.example", "c.localhost", "a.localhost.", "127.0.0.1", "%00", "x" * 3000, "a%20b", "%F0%9F"]
)
def test_no_other_name_may(name: str, organisation_a: Organisation) -> None:
    assert asked(name) == 404


@pytest.mark.parametrize("state", list(State))
def test_only_while_its_organisation_is_answered_for(state: State, organisation_a: Organisation) -> None:
    put(organisation_a, DomainState.VERIFIED)
    reason = SuspendedFor.DECISION if state == State.SUSPENDED else ""
    with in_registry():
        Organisation.objects.filter(pk=organisation_a.pk).update(state=state, suspended_for=reason)

    expected = 200 if state in (State.READY, State.SUSPENDED) else 404
    assert (asked(NAME), asked("a.localhost")) == (expected, expected)


def test_that_it_was_asked_is_noted_once_an_hour(organisation_a: Organisation) -> None:
    put(organisation_a, DomainState.VERIFIED)
    noted = []
    with in_registry():
        for minutes in (0, 59, 60, 61):
            assert certificates.may_have_one(NAME, at=NOON + timedelta(minutes=minutes))
            asked_at = Domain.objects.get(domain=NAME).asked_at
            assert asked_at is not None
            noted.append((asked_at - NOON) // timedelta(minutes=1))
    assert noted == [0, 0, 60, 60]


def test_the_answer_costs_one_query(
    organisation_a: Organisation, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    asked("a.localhost")

    for name in ("a.localhost", "nobody.example"):
        with django_assert_num_queries(2) as queries:
            asked(name)
        # The first only says where the connection stands.
        assert ["tenants_domain" in query["sql"] for query in queries] == [False, True]


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "::1", "10.1.2.3", "192.168.0.9", "172.20.0.2", "::ffff:10.0.0.1", "fd00::1"]
)
def test_this_network_may_ask(address: str, organisation_a: Organisation) -> None:
    assert asked("a.localhost", address=address) == 200


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8", "", "unix", "10.0.0"])
def test_others_are_told_nothing(address: str, organisation_a: Organisation) -> None:
    assert asked("a.localhost", address=address) == 404


@pytest.mark.parametrize("header", ["x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "forwarded"])
def test_a_visitor_who_comes_through_the_proxy_is_not_of_this_network(
    header: str, organisation_a: Organisation
) -> None:
    assert asked("a.localhost", host="a.localhost", **{header: "8.8.8.8"}) == 404


def test_with_a_secret_only_who_knows_it_may_ask(organisation_a: Organisation, settings: Settings) -> None:
    settings.TLS_ASK_TOKEN = "a-secret"

    assert asked("a.localhost") == 404
    assert asked("a.localhost", query="&token=other") == 404
    assert asked("a.localhost", query="&token=") == 404
    assert asked("a.localhost", query="&token=é") == 404
    assert asked("a.localhost", query="&token=a-secret", address="8.8.8.8") == 200


def test_a_flood_of_questions_is_cut_short(organisation_a: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(certificates, "_MOST_QUESTIONS", 3)

    assert [asked("a.localhost") for _ in range(4)] == [200, 200, 200, 429]


# The certificate that is shown ----------------------------------------------------------------------------------------


def test_the_end_of_the_certificate_is_noted_and_told_in_time(
    zone: Zone, organisation_a: Organisation, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(days=10)
    domain = operations.add(name=NAME, limit=lambda used: None, actor=SYSTEM, at=NOON)
    zone.lead(NAME, "a", domain.proof)
    with _a_proxy(tmp_path, NAME, until=until) as port:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate.pem"))
        settings.PLATFORM_SCHEME, settings.PLATFORM_PORT = "https", str(port)
        with in_registry():
            checking.check_those_due(at=NOON + timedelta(minutes=1))

    assert Domain.objects.get(domain=NAME).certificate_until == until


def test_one_that_browsers_would_refuse_is_none(tmp_path: Path, settings: Settings) -> None:
    """Signed by nobody known, or another name's."""
    settings.PLATFORM_ADDRESSES = ["127.0.0.1"]
    with _a_proxy(tmp_path, NAME, until=datetime.now(UTC) + timedelta(days=10)) as port:
        settings.PLATFORM_PORT = str(port)
        assert certificates.end_of(NAME) is None


def test_a_proxy_that_is_away_is_given_up(settings: Settings) -> None:
    settings.PLATFORM_ADDRESSES, settings.PLATFORM_PORT = ["127.0.0.1"], "1"

    assert certificates.end_of(NAME) is None


@contextmanager
def _a_proxy(folder: Path, name: str, *, until: datetime) -> Iterator[int]:
    key, own = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(own)
        .issuer_name(own)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(until - timedelta(days=90))
        .not_valid_after(until)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, private)
    with ThreadingTCPServer(("127.0.0.1", 0), BaseRequestHandler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()
