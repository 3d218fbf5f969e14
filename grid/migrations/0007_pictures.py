"""A reporter adds words and pictures to the report: a note without a name."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("grid", "0006_held_together"),
    ]

    operations = [
        migrations.AlterField(
            model_name="note",
            name="words",
            field=models.TextField(blank=True, max_length=500, verbose_name="note"),
        ),
        migrations.AlterField(
            model_name="note",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
