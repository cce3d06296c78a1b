"""A program that asks the interface, with somebody's token or without."""

import json
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from allmende.accounts.models import Scope, User
from allmende.accounts.token_services import make_token


def token_of(user: User, *scopes: str) -> str:
    """A token with these scopes, all that she may give if none are named."""
    wanted = scopes or tuple(
        scope
        for scope in Scope
        if user.has_second_factor or scope in {Scope.READ, Scope.CONTRIBUTE, Scope.VOTE}
    )
    expires_at = timezone.now() + timedelta(days=30)
    return make_token(actor=user, name="Test", scopes=wanted, expires_at=expires_at)[1]


class Program:
    """Asks below ``/api/v1``; ``answer`` is the last one."""

    def __init__(self, user: User | None = None, *scopes: str) -> None:
        self.client = Client()
        self.headers = {"Authorization": f"Bearer {token_of(user, *scopes)}"} if user else {}

    def ask(self, method: str, path: str, data: Any = None, **headers: str) -> HttpResponse:
        """The answer to a request; ``data`` goes as JSON."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        body: dict[str, Any] = {}
        if data is not None:
            body = {"data": json.dumps(data, default=str), "content_type": "application/json"}
        elif method != "GET":
            body = {"content_type": "application/json"}
        url = path if path.startswith(("/api", "http")) else f"/api/v1{path}"
        self.answer = self.client.generic(method, url, **body, headers={**self.headers, **named})
        return self.answer

    def get(self, path: str, **headers: str) -> Any:
        """What is there; anything but 200 is a fault of the test."""
        answer = self.ask("GET", path, **headers)
        assert answer.status_code == 200, answer.content.decode()
        return answer.json()

    def post(self, path: str, data: Any = None, *, status: int = 200, **headers: str) -> Any:
        """What a change answers, with the status that is expected."""
        return self.send("POST", path, data, status=status, **headers)

    def send(
        self, method: str, path: str, data: Any = None, *, status: int = 200, **headers: str
    ) -> Any:
        """The same with any method."""
        answer = self.ask(method, path, data, **headers)
        assert answer.status_code == status, answer.content.decode()
        return answer.json() if answer.content else None
