"""What the registry says to the apps above, which it does not know."""

from django.dispatch import Signal

# Sent by ``services.revoke_proxy`` in its transaction, with ``member``, ``agent``, ``topics`` and
# ``actor``: the member takes back its power, and wants the answers withdrawn that were given with it.
answers_withdrawn = Signal()
