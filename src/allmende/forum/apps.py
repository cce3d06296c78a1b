"""Concerns, statements, votes and the opinion map."""

from django.apps import AppConfig


class ForumConfig(AppConfig):
    name = "allmende.forum"
    label = "forum"
