"""A new site begins with the rules that the files hold."""

from django.db import migrations

from grid.rules import loading


def begin(apps, schema_editor):
    loading.load(apps.get_model, day=loading.BEGIN)


class Migration(migrations.Migration):
    dependencies = [("grid", "0002_steps_stay")]

    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
