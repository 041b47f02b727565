"""An organisation's role reads its own rows of the registry and no others; the owner of the tables reads all."""

from django.db import migrations

OWN_ROWS = {
    "tenants_organisation": "schema_name = current_user",
    "tenants_domain": "tenant_id = (SELECT id FROM public.tenants_organisation WHERE schema_name = current_user)",
}


class Migration(migrations.Migration):
    dependencies = [("tenants", "0001_initial")]

    operations = [
        migrations.RunSQL(statement, undo)
        for table, own in OWN_ROWS.items()
        for statement, undo in (
            (
                f"ALTER TABLE public.{table} ENABLE ROW LEVEL SECURITY",
                f"ALTER TABLE public.{table} DISABLE ROW LEVEL SECURITY",
            ),
            (
                f"CREATE POLICY own_rows ON public.{table} FOR SELECT TO PUBLIC USING ({own})",
                f"DROP POLICY own_rows ON public.{table}",
            ),
            (f"GRANT SELECT ON public.{table} TO PUBLIC", f"REVOKE SELECT ON public.{table} FROM PUBLIC"),
        )
    ]
