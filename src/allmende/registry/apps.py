"""Regions by official key, and who may speak for them."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "allmende.registry"
    label = "registry"
