"""Critical facilities, what they depend on, and who may know of them."""

from django.apps import AppConfig


class CrisisConfig(AppConfig):
    name = "allmende.crisis"
    label = "crisis"
