"""An organisation's role reads what was granted, exported and announced of itself; all else is the platform's alone."""

from django.db import migrations

OWN = "organisation_id = (SELECT id FROM public.tenants_organisation WHERE schema_name = current_user)"


class Migration(migrations.Migration):
    dependencies = [("tenants", "0003_control_plane")]

    operations = [
        migrations.RunSQL(statement, undo)
        for table in ("tenants_export", "tenants_departure", "tenants_supportgrant")
        for statement, undo in (
            (
                f"ALTER TABLE public.{table} ENABLE ROW LEVEL SECURITY",
                f"ALTER TABLE public.{table} DISABLE ROW LEVEL SECURITY",
            ),
            (
                f"CREATE POLICY own_rows ON public.{table} FOR SELECT TO PUBLIC USING ({OWN})",
                f"DROP POLICY own_rows ON public.{table}",
            ),
            (f"GRANT SELECT ON public.{table} TO PUBLIC", f"REVOKE SELECT ON public.{table} FROM PUBLIC"),
        )
    ]
