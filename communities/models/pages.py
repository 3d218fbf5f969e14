"""Pages of organisations: the directory, the face of each, and the task by which their words are approved."""

from typing import Any, ClassVar, Protocol

from django import forms
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.forms import TaskStateCommentForm
from wagtail.models import Page, Task, TaskState

from communities.models.people import User

INTRO_LENGTH, INTRO_EN_LENGTH = 400, 800

REVIEW_WORD_LENGTH = 400
"""Of what is said when a page is approved or returned."""


class KnownByItsTitle:
    """A live page goes by its published title until the new one is published, in Wagtail's lists and choosers too.

    Wagtail shows the title of the newest revision wherever it names a page, to whoever may link to it: the words that an
    organisation has not published yet would stand in the chooser of every other one. A draft goes by its newest title.
    """

    live: bool
    title: str
    draft_title: str

    def save(self, *args: Any, **kwargs: Any) -> Any:
        if self.live:
            written = kwargs.get("update_fields")
            if written is None:
                self.draft_title = self.title
            else:
                kwargs["update_fields"] = [name for name in written if name != "draft_title"]
        return super().save(*args, **kwargs)  # type: ignore[misc]


class OrganisationIndexPage(KnownByItsTitle, Page):
    """The directory of organisations; every organisation's section lies below it."""

    max_count = 1
    template = "communities/organisation_index_page.html"

    class Meta:
        verbose_name = _("directory of organisations")


class OrganisationPage(KnownByItsTitle, Page):
    """The root of an organisation's own section and its face. Which one it is, ``Organisation.section`` says."""

    intro = models.TextField(_("who we are"), max_length=INTRO_LENGTH, blank=True)
    intro_en = models.TextField(_("who we are, in English"), max_length=INTRO_EN_LENGTH, blank=True)

    parent_page_types = ["communities.OrganisationIndexPage"]
    # Made by founding an organisation, never by the add button: a section without an organisation belongs to nobody.
    is_creatable = False
    template = "communities/organisation_page.html"

    content_panels = [
        *Page.content_panels,
        FieldPanel(
            "intro",
            help_text=_("Two or three sentences: who you are, what you do together with others, where to find you."),
        ),
        FieldPanel("intro_en", help_text=_("Without it English readers see the Chinese text.")),
    ]

    class Meta:
        verbose_name = _("page of an organisation")


class Reviewing(Protocol):
    """Who approves what, and what that does. :mod:`communities.reviewing` is it, and ``apps.ready()`` says so.

    Wagtail asks the model itself, and a model stands below all permits and deeds. Asking them anyway would be an import in a
    circle, or one inside a method; a task in a module above them would be a model that nobody finds among the models. So it
    is put in from above, as sections, panels and topics are, and this is all that is asked of it.
    """

    def may_approve(self, person: User, page: Page) -> bool: ...

    def states_to_approve(self, person: User) -> models.QuerySet[TaskState]: ...

    def approve(self, *, state: TaskState, by: User, word: str = "") -> TaskState: ...

    def send_back(self, *, state: TaskState, by: User, word: str) -> TaskState: ...


class ApprovalForm(TaskStateCommentForm):
    """What may be said in the editor when something is approved."""

    comment = forms.CharField(
        label=_("Comment"), required=False, max_length=REVIEW_WORD_LENGTH, widget=forms.Textarea({"rows": 2})
    )


class ReturnForm(TaskStateCommentForm):
    """What is asked in the editor when something is returned: why."""

    comment = forms.CharField(
        label=_("What should be changed?"), max_length=REVIEW_WORD_LENGTH, widget=forms.Textarea({"rows": 3})
    )


class ReviewTask(Task):
    """The one step of the one workflow: whoever may approve pages of the page's organisation approves this one.

    There are no rows for organisations. While it is in review nobody else changes the page, its author included: what was
    read is what is published, and the editor saves by itself every moment. Whoever handed it in may withdraw it and go on.
    """

    reviewing: ClassVar[Reviewing]

    class Meta:
        verbose_name = _("approval by the organisation")

    def user_can_access_editor(self, obj: Page, user: User) -> bool:
        return self.reviewing.may_approve(user, obj)

    def locked_for_user(self, obj: Page, user: User) -> bool:
        return not self.reviewing.may_approve(user, obj)

    def get_actions(self, obj: Page, user: User) -> list[tuple[str, str, bool]]:
        if not self.reviewing.may_approve(user, obj):
            return []
        return [("reject", gettext("Return it"), True), ("approve", gettext("Approve"), False)]

    def get_form_for_action(self, action: str) -> type[forms.Form]:
        return ReturnForm if action == "reject" else ApprovalForm

    def on_action(self, task_state: TaskState, user: User, action_name: str, **kwargs: Any) -> None:
        """Wagtail's buttons do the deeds. It does not ask whether the state belongs to the page it asked about; they do."""
        if action_name == "approve":
            self.reviewing.approve(state=task_state, by=user, word=kwargs.get("comment", ""))
        elif action_name == "reject":
            self.reviewing.send_back(state=task_state, by=user, word=kwargs.get("comment", ""))

    def get_task_states_user_can_moderate(self, user: User, **kwargs: Any) -> models.QuerySet[TaskState]:
        return self.reviewing.states_to_approve(user).filter(task=self)

    @classmethod
    def get_description(cls) -> str:
        return gettext("Whoever may publish for the organisation of the page approves it.")
