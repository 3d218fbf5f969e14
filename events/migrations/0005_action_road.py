import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("grid", "0003_standards"),
        ("events", "0004_parting_word"),
    ]

    operations = [
        migrations.AddField(
            model_name="action",
            name="road",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="actions",
                to="grid.road",
                verbose_name="road",
            ),
        ),
        migrations.AddField(
            model_name="action",
            name="longitude",
            field=models.FloatField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="action",
            name="latitude",
            field=models.FloatField(editable=False, null=True),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                name="events_action_position",
                condition=models.Q(longitude__isnull=True, latitude__isnull=True)
                | models.Q(road__isnull=False, longitude__isnull=False, latitude__isnull=False)
                & models.Q(longitude__range=(-180, 180), latitude__range=(-90, 90)),
            ),
        ),
    ]
