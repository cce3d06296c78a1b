"""The models and what the database is told about them."""

import pytest
from django.apps import apps
from django.core.management import call_command

OURS = [config.name for config in apps.get_app_configs() if config.name.startswith("allmende.")]
MODELS = [model for model in apps.get_models() if model._meta.app_config.name in OURS]


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_foreign_keys_point_down(model: type) -> None:
    storey = {name: number for number, name in enumerate(OURS)}
    mine = storey[model._meta.app_config.name]
    targets = [
        field.related_model._meta.app_config.name
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and field.related_model
    ]
    # Who did it: these keys point up, by the setting AUTH_USER_MODEL.
    allowed = (
        {"allmende.accounts"} if model._meta.app_label in {"audit", "mail", "portal"} else set()
    )
    assert [t for t in targets if storey.get(t, -1) > mine and t not in allowed] == []
