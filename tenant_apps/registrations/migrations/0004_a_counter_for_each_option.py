"""Options made without a number of places had no counter to take from: theirs are unlimited, as families read."""

from django.db import migrations

_COUNT = """
    INSERT INTO registrations_places (option_id, taken, set_aside, shared)
    SELECT id, 0, 0, '{}' FROM catalog_option ON CONFLICT (option_id) DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0007_money"), ("registrations", "0003_requests_and_shared_places")]

    operations = [migrations.RunSQL(_COUNT, migrations.RunSQL.noop)]
