"""The first visitor of a new worker waits for no page to be read: they are, before the workers part."""

import json
import os
import subprocess
import sys

import pytest

from tests.bench.server import database_url

_ASK = """
import json, sys
import config.wsgi
from django.conf import settings
from django.urls import get_resolver
known = set(sys.modules)
for pages in settings.URLCONFS.values():
    get_resolver(pages).reverse_dict
print(json.dumps(sorted(set(sys.modules) - known)))
"""


@pytest.mark.django_db
def test_every_page_is_read_before_the_workers_part() -> None:
    told = {"PYTHONPATH": "platform", "DJANGO_SETTINGS_MODULE": "config.settings.test", "DATABASE_URL": database_url()}
    command = [sys.executable, "-c", _ASK]
    answer = subprocess.run(command, env={**os.environ, **told}, stdout=subprocess.PIPE, text=True, check=True)

    assert json.loads(answer.stdout.splitlines()[-1]) == []
