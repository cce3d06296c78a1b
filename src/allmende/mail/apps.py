"""Mail: what people are told, when, and that it really leaves."""

from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "allmende.mail"
    label = "mail"
