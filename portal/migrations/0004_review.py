"""The one workflow, at the root of all pages: its only step is the approval by the page's organisation."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

NAME = "负责人审核"


def begin(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    ContentType = apps.get_model("contenttypes", "ContentType")
    ReviewTask = apps.get_model("communities", "ReviewTask")
    Workflow = apps.get_model("wagtailcore", "Workflow")
    root = apps.get_model("wagtailcore", "Page").objects.get(depth=1)
    task_type, _ = ContentType.objects.get_or_create(app_label="communities", model="reviewtask")
    task = ReviewTask.objects.create(name=NAME, content_type=task_type, active=True)
    workflow = Workflow.objects.create(name=NAME, active=True)
    apps.get_model("wagtailcore", "WorkflowTask").objects.create(workflow=workflow, task_id=task.pk, sort_order=0)
    apps.get_model("wagtailcore", "WorkflowPage").objects.create(workflow=workflow, page=root)


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0003_notices"),
        ("communities", "0004_belonging"),
    ]

    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
