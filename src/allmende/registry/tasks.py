"""What the worker does for the registry."""

from django_tasks import task


@task()
def set_letters(batch_id: int) -> None:
    """Set the pages of a batch of letters; see ``services.print_letters``."""
    from .services import print_letters

    print_letters(batch_id=batch_id)


@task()
def mail_list(list_id: int) -> None:
    """Mail the invitations of a list; see ``services.mail_some``."""
    from .services import mail_some

    while mail_some(list_id=list_id):
        pass
