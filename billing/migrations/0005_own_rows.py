"""An organisation's role reads its own subscription, invoices and usage, and the plans that all may have."""

from django.db import migrations

OWN = "organisation_id = (SELECT id FROM public.tenants_organisation WHERE schema_name = current_user)"


class Migration(migrations.Migration):
    dependencies = [("billing", "0004_plans"), ("tenants", "0002_row_security")]

    operations = [
        migrations.RunSQL("GRANT SELECT ON public.billing_plan TO PUBLIC", "REVOKE SELECT ON public.billing_plan FROM PUBLIC"),
        *(
            migrations.RunSQL(statement, undo)
            for table in ("billing_subscription", "billing_invoice", "billing_usage")
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
        ),
    ]
