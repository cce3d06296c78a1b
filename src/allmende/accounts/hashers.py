"""How passwords are stored."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class PasswordHasher(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes and one lane: what OWASP names as the least.

    Django's own choice takes 100 MiB and eight lanes. With four threads a process, eight people who
    sign in at once would need 0.8 GB, and whoever floods the page with guesses could take that, too
    (docs/decisions/0021-argon2-in-19-mib.md). Passwords stored with other parameters are stored anew when
    their owners sign in.
    """

    memory_cost = 19 * 1024  # KiB
    time_cost = 2
    parallelism = 1
