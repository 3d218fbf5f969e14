"""A case keeps the clock that runs and who was told that it is overdue; what staff opened again is counted apart.

And what was published may be taken down: the words of steps, the report, all of it.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

WITH_A_UNIT = ["dispatched", "handling", "feedback", "checking", "rework", "suspended"]


def count_apart(apps, schema_editor):
    """Until now both were counted as one."""
    steps = apps.get_model("grid", "Step").objects.filter(deed="reopen").exclude(by_role="reporter")
    reopened = apps.get_model("grid", "Case").objects.filter(reopenings=1, pk__in=steps.values("case"))
    reopened.update(reopenings=0, staff_reopenings=1)


def keep_clocks(apps, schema_editor):
    """As far as what was kept tells it: the clock ran since the case was sent out, for as many limits as were granted."""
    cases = apps.get_model("grid", "Case").objects.filter(state__in=WITH_A_UNIT)
    cases.update(
        clock_since=Coalesce("dispatched_at", "reported_at"),
        clock_limits=F("delays") + 1,
        due_at=Coalesce("due_at", "dispatched_at", "reported_at"),
    )
    climbs = apps.get_model("grid", "Step").objects.filter(deed="climb", case__in=cases.filter(climbed__gt=0))
    for step in climbs.select_related("case").order_by("case", "number"):
        step.case.climbed_at = step.at
        step.case.save(update_fields=["climbed_at"])
        if step.to_person_id is not None:
            step.case.told_late.add(step.to_person_id)


class Migration(migrations.Migration):
    dependencies = [("grid", "0004_rules_have_names"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.RemoveConstraint("case", "grid_case_delays"),
        migrations.AddField("case", "staff_reopenings", models.PositiveSmallIntegerField(default=0, editable=False)),
        migrations.AddField("case", "clock_since", models.DateTimeField(editable=False, null=True)),
        migrations.AddField("case", "clock_limits", models.PositiveSmallIntegerField(default=0, editable=False)),
        migrations.AddField("case", "climbed_at", models.DateTimeField(editable=False, null=True)),
        migrations.AddField(
            "case",
            "told_late",
            models.ManyToManyField(editable=False, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField("case", "taken_down_at", models.DateTimeField(editable=False, null=True)),
        migrations.AddField("case", "withheld", models.JSONField(default=list, editable=False)),
        migrations.AddField("case", "is_answer_withheld", models.BooleanField(default=False, editable=False)),
        migrations.CreateModel(
            name="FormerWords",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("description", models.CharField(blank=True, max_length=500)),
                ("address", models.CharField(blank=True, max_length=120)),
                (
                    "step",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="former", to="grid.step"
                    ),
                ),
            ],
            options={"ordering": ["id"]},
        ),
        migrations.RunPython(count_apart, migrations.RunPython.noop),
        migrations.RunPython(keep_clocks, migrations.RunPython.noop),
        migrations.AddConstraint(
            "case",
            models.CheckConstraint(
                name="grid_case_delays",
                condition=Q(delays__lte=2, reopenings__lte=1, staff_reopenings__lte=1),
            ),
        ),
        migrations.AddConstraint(
            "case",
            models.CheckConstraint(
                name="grid_case_taken_down", condition=Q(taken_down_at__isnull=True) | Q(is_public=False)
            ),
        ),
        migrations.AddConstraint(
            "case",
            models.CheckConstraint(
                name="grid_case_clock",
                condition=~Q(state__in=WITH_A_UNIT)
                | Q(due_at__isnull=False, clock_since__isnull=False, clock_limits__gte=1),
            ),
        ),
    ]
