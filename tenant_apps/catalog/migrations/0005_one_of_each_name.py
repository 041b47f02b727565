"""One season and one category of each name; those that there were twice are told apart by a number."""

from itertools import count

from django.db import migrations, models
from django.db.models.functions import Lower


def tell_apart(apps, schema_editor):
    for name in ("Season", "Category"):
        model = apps.get_model("catalog", name)
        used = set()
        for row in model.objects.order_by("pk"):
            tried = (f"{row.name[:94]} ({number})" for number in count(2))
            is_free = row.name.lower() not in used
            free = row.name if is_free else next(each for each in tried if not _is_there(model, each))
            used.add(free.lower())
            if free != row.name:
                model.objects.filter(pk=row.pk).update(name=free)


def _is_there(model, name):
    return model.objects.filter(name__iexact=name).exists()


class Migration(migrations.Migration):
    dependencies = [("catalog", "0004_search")]

    operations = [
        migrations.RunPython(tell_apart, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="season", constraint=models.UniqueConstraint(Lower("name"), name="season_name")
        ),
        migrations.AddConstraint(
            model_name="category", constraint=models.UniqueConstraint(Lower("name"), name="category_name")
        ),
    ]
