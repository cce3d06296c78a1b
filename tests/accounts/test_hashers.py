"""How passwords are stored, and that old ones keep working."""

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client
from pytest_django import Settings
from tests.factories import PASSWORD

from allmende.accounts.models import User

OURS = "allmende.accounts.hashers.PasswordHasher"


@pytest.mark.django_db
def test_an_older_password_signs_in_and_is_stored_anew(alice: User, settings: Settings) -> None:
    settings.PASSWORD_HASHERS = [OURS]
    alice.password = Argon2PasswordHasher().encode(PASSWORD, "salt of her own")
    alice.save()
    assert alice.password.startswith("argon2$argon2id$v=19$m=102400,t=2,p=8$")
    answer = Client().post("/konto/anmelden/", {"login": alice.email, "password": PASSWORD})
    alice.refresh_from_db()
    assert answer.status_code == 302
    assert alice.password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert alice.check_password(PASSWORD)
