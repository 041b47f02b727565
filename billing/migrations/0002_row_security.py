"""An organisation's role reads its own accounts at the processor and no others."""

from django.db import migrations

TABLE = "public.billing_connectedaccount"
OWN = "organisation_id = (SELECT id FROM public.tenants_organisation WHERE schema_name = current_user)"


class Migration(migrations.Migration):
    dependencies = [("billing", "0001_initial"), ("tenants", "0002_row_security")]

    operations = [
        migrations.RunSQL(f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY", f"ALTER TABLE {TABLE} DISABLE ROW LEVEL SECURITY"),
        migrations.RunSQL(
            f"CREATE POLICY own_rows ON {TABLE} FOR SELECT TO PUBLIC USING ({OWN})", f"DROP POLICY own_rows ON {TABLE}"
        ),
        migrations.RunSQL(f"GRANT SELECT ON {TABLE} TO PUBLIC", f"REVOKE SELECT ON {TABLE} FROM PUBLIC"),
    ]
