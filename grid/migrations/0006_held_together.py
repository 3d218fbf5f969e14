"""What belongs together: a case and its stretch, a question and the part that asks it, and when a case was touched last."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models
from django.db.models.functions import Coalesce

TOLD = (
    *("verify", "report_verified", "file", "reject", "merge", "solve_on_the_spot", "dispatch", "hand_back", "split"),
    *("return", "take", "grant_delay", "suspend", "resume", "submit", "check", "confirm", "send_back", "close"),
    *("supervise", "climb", "rate", "reopen"),
)


def set_right(apps, schema_editor):
    """Of cases that were corrected the road was named by somebody; the stretch is what was left over."""
    Case = apps.get_model("grid", "Case")
    Case.objects.filter(segment__isnull=False).exclude(segment__road=models.F("road")).update(segment=None)


def touch(apps, schema_editor):
    """When something was done with a case last of which everybody hears."""
    Case, Step = apps.get_model("grid", "Case"), apps.get_model("grid", "Step")
    told = Step.objects.filter(case=models.OuterRef("pk"), deed__in=TOLD).order_by("-at").values("at")[:1]
    Case.objects.update(touched_at=Coalesce(models.Subquery(told), "reported_at"))


class Migration(migrations.Migration):
    dependencies = [
        ("grid", "0005_running_clock"),
    ]

    operations = [
        migrations.AddField(
            model_name="question",
            name="part",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="grid.case",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reply", "")), fields=("case",), name="grid_question_one_open"
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="touched_at",
            field=models.DateTimeField(db_index=True, default=django.utils.timezone.now, editable=False),
        ),
        migrations.RunPython(touch, migrations.RunPython.noop),
        migrations.RunPython(set_right, migrations.RunPython.noop),
    ]
