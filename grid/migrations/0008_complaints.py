"""Complaints about people who work here are kept from them."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

from grid.rules import loading


def mark(apps, schema_editor):
    """Kinds of the files that were loaded before there was the mark."""
    codes = [row["code"] for row in loading.rows("categories") if row["is_about_staff"]]
    apps.get_model("grid", "Category").objects.filter(code__in=codes, from_file=True).update(is_about_staff=True)


class Migration(migrations.Migration):
    dependencies = [("communities", "0007_handle_case"), ("grid", "0007_pictures")]

    operations = [
        migrations.AddField(
            model_name="case",
            name="against",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="complaints",
                to="communities.organisation",
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="is_complaint",
            field=models.BooleanField(default=False, verbose_name="a complaint about staff"),
        ),
        migrations.AddField(
            model_name="category",
            name="is_about_staff",
            field=models.BooleanField(default=False, verbose_name="about people who work here: kept inside"),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                name="grid_case_complaint",
                condition=Q(is_complaint=False, against__isnull=True) | Q(is_complaint=True, is_public=False),
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                name="grid_case_not_to_whom_it_is_about",
                condition=Q(against__isnull=True) | Q(unit__isnull=True) | ~Q(unit=F("against")),
            ),
        ),
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]
