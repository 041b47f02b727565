"""One of twenty organisations, of 50,000 rows, is wrecked and brought back while the nineteen others are read."""

import json
import logging
import subprocess
import time

from deploy.embedded.process import REPOSITORY
from tenants.context import in_organisation
from tests.factories.organisation import an_organisation_profile
from tests.restoring.cluster import archived, checksum, command, told, visited
from tests.restoring.conftest import an_organisation, counted, now, wreck

OTHERS = [f"o{number}" for number in range(19)]
ROWS = 50_000
MOST_SECONDS = 15 * 60
_FILLED = f"""
    INSERT INTO audit_entry (id, at, actor_kind, actor_label, action, subject, details)
    SELECT gen_random_uuid(), now(), 'staff', 'Odile', 'orders.settled', 'order',
           jsonb_build_object('number', number, 'words', repeat('x', 200))
      FROM generate_series(1, {ROWS}) number
"""


def measure_restore(running_services, django_db_blocker, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    # A line for each page would hide what is measured.
    logging.disable(logging.INFO)
    with django_db_blocker.unblock(), archived("a", *OTHERS) as folder:
        for slug in ("a", *OTHERS):
            with in_organisation(an_organisation(slug)):
                an_organisation_profile()
        wreck("a", _FILLED)
        moment = now()
        wreck("a", "TRUNCATE audit_entry")
        before = {slug: checksum(slug) for slug in OTHERS}
        began = time.perf_counter()
        with visited(*OTHERS[:4]) as answers:
            done = subprocess.run(
                command(moment, "--json"),
                env=told(folder, {}),
                cwd=REPOSITORY,
                capture_output=True,
                text=True,
                check=False,
            )
        seconds = time.perf_counter() - began
        assert done.returncode == 0, done.stderr[-2000:]
        assert counted("a", "audit_entry")[0] >= ROWS
        assert set(answers) == {200}
        assert {slug: checksum(slug) for slug in OTHERS} == before
    logging.disable(logging.NOTSET)
    assert seconds < MOST_SECONDS
    within = json.loads(done.stdout)["seconds"]
    print(f"\n{ROWS} rows brought back in {seconds:.1f} s, of which the organisation was closed {within} s")
    print(f"  {len(answers)} pages of others meanwhile, all answered; their rows unchanged")
