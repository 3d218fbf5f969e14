"""A case that staff opened again can still be opened by its reporter."""

from django.db import migrations, models


def count_apart(apps, schema_editor):
    """Until now both were counted as one."""
    steps = apps.get_model("grid", "Step").objects.filter(deed="reopen").exclude(by_role="reporter")
    reopened = apps.get_model("grid", "Case").objects.filter(reopenings=1, pk__in=steps.values("case"))
    reopened.update(reopenings=0, staff_reopenings=1)


class Migration(migrations.Migration):
    dependencies = [("grid", "0004_rules_have_names")]

    operations = [
        migrations.RemoveConstraint("case", "grid_case_delays"),
        migrations.AddField("case", "staff_reopenings", models.PositiveSmallIntegerField(default=0, editable=False)),
        migrations.RunPython(count_apart, migrations.RunPython.noop),
        migrations.AddConstraint(
            "case",
            models.CheckConstraint(
                name="grid_case_delays",
                condition=models.Q(delays__lte=2, reopenings__lte=1, staff_reopenings__lte=1),
            ),
        ),
    ]
