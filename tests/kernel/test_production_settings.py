"""Production starts with keys of its own for what is sealed, or not at all."""

import os
import subprocess
import sys

import pytest

from tests.architecture.source import ROOT

PRINT_THE_KEYS = "from config.settings import production as p; print(p.VAULT_KEYS, p.VAULT_HASH_KEY)"


def loaded(**variables: str) -> "subprocess.CompletedProcess[str]":
    """Production's settings, read by a process of their own, with these variables and no other of the vault's."""
    given = {name: value for name, value in os.environ.items() if not name.startswith("VAULT_")}
    given |= {"SECRET_KEY": "the one that signs", "DATABASE_URL": "postgresql://a@localhost/b"}
    given |= {"REDIS_URL": "redis://localhost/0", "EMAIL_URL": "smtp://localhost"}
    given |= {"STRIPE_SECRET_KEY": "sk_test_1", "STRIPE_WEBHOOK_SECRET": "whsec_1"}
    given |= {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'platform'}", **variables}
    command = [sys.executable, "-c", PRINT_THE_KEYS]
    return subprocess.run(command, env=given, capture_output=True, text=True, check=False)


def test_what_is_sealed_has_keys_of_its_own() -> None:
    done = loaded(VAULT_KEYS="new,old", VAULT_HASH_KEY="hash")

    assert (done.stdout, done.returncode) == ("['new', 'old'] hash\n", 0), done.stderr


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ({"VAULT_HASH_KEY": "hash"}, "VAULT_KEYS"),
        ({"VAULT_HASH_KEY": "hash", "VAULT_KEYS": " , "}, "VAULT_KEYS"),
        ({"VAULT_KEYS": "new"}, "VAULT_HASH_KEY"),
        ({"VAULT_KEYS": "new", "VAULT_HASH_KEY": ""}, "VAULT_HASH_KEY"),
    ],
)
def test_the_key_that_signs_does_not_stand_in(given: dict[str, str], missing: str) -> None:
    done = loaded(**given)

    assert done.returncode == 1
    assert f"ImproperlyConfigured: The environment variable {missing} is not set" in done.stderr
