"""A worker knows every task that is sent to it: one that it does not know is thrown away without a word."""

import json
import os
import subprocess
import sys

from kernel.tasks import PERIODIC

_ASK = """
import json
from config.celery import app
app.loader.import_default_modules()
print(json.dumps(sorted(app.tasks)))
"""


def test_a_fresh_worker_knows_every_task_that_comes_round() -> None:
    env = {**os.environ, "PYTHONPATH": "platform", "DJANGO_SETTINGS_MODULE": "config.settings.test"}
    answer = subprocess.run([sys.executable, "-c", _ASK], env=env, capture_output=True, text=True, check=True)

    known = set(json.loads(answer.stdout.splitlines()[-1]))

    assert {periodic.task for _, periodic in PERIODIC} - known == set()
