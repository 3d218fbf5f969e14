"""The book over HTTP, for programs and for browsers that get no websocket."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from kit.contract import READ, answers, asked

from . import book, topics
from .frames import LARGEST_SEQ

MOST = 200
"""Updates in one answer."""


class UpdateSerializer(serializers.Serializer[dict[str, Any]]):
    """One line of the book."""

    seq = serializers.IntegerField(help_text="Its number in the topic, without gaps.")
    verb = serializers.CharField(help_text="What happened; skip verbs that you do not know.")
    at = serializers.DateTimeField()
    actor = serializers.JSONField(allow_null=True, help_text="Who speaks; null for what no person wrote.")
    payload = serializers.JSONField(help_text="Empty in an update that was taken back.")


class PassageSerializer(serializers.Serializer[dict[str, Any]]):
    """What comes after a number."""

    topic = serializers.CharField()
    updates = UpdateSerializer(many=True)
    last = serializers.IntegerField(help_text="The head of the book; ask again until you are there.")


class ReloadSerializer(serializers.Serializer[dict[str, Any]]):
    """Too much is missing: read the thing itself anew, then ask for what comes after."""

    reload = serializers.BooleanField()


class After(serializers.Serializer[dict[str, Any]]):
    """Where the reader stands."""

    after = serializers.IntegerField(
        default=0, min_value=0, max_value=LARGEST_SEQ, help_text="The number of the last update that you have."
    )


@extend_schema(
    parameters=[After],
    responses=answers(
        PolymorphicProxySerializer("UpdatesAnswer", [PassageSerializer, ReloadSerializer], None), 404, 422
    ),
)
@api_view(READ)
def updates(request: Request, topic: str) -> Response:
    """What was said in a topic after a number, 200 updates at most. ``action:42``, ``organisation:7``, ``town`` are public."""
    after = asked(After, request)["after"]
    if not topics.may_follow(request.user, topic):
        raise Http404
    passage = book.since(topic, after, MOST)
    if passage is None:
        return Response({"reload": True})
    return Response({"topic": topic, "updates": [line.told for line in passage.lines], "last": passage.last})
