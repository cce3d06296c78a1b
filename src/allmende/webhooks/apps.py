"""Telling programs of others what has happened."""

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "allmende.webhooks"
    label = "webhooks"
