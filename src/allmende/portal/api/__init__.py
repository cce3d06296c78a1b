"""The interface for programs (``/api/v1/…``): what every app needs to add its part to it.

An app names its router's module in ``Offer.api``; ``build`` collects them. What an operation may be asked
by whom stands at its head, as it does for pages:

>>> @router.get("/concerns/{slug}", response=ConcernOut)            # doctest: +SKIP
... @guarded("forum.view_concern", queries.get_concern)
... def concern(request, concern): ...

Whoever comes with a token is ``request.user``, with no more rights than the token's scopes allow
(``accounts.middleware``); everybody else is nobody, whatever cookies she has. All faults are answered as
``application/problem+json`` (RFC 9457), in German.
"""

from .guards import ApiRequest, guarded, operations
from .pages import Paging, page_of, since_until
from .problems import Problem, checked
from .schemas import Day, PageOf, Schema, Text, as_choice

__all__ = [
    "ApiRequest",
    "Day",
    "PageOf",
    "Paging",
    "Problem",
    "Schema",
    "Text",
    "as_choice",
    "checked",
    "guarded",
    "operations",
    "page_of",
    "since_until",
]
