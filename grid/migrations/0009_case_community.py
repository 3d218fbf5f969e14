import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("grid", "0008_complaints"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="community",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="community_cases",
                to="grid.area",
            ),
        ),
    ]
