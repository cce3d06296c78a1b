"""People and things for tests. Alice and Bob belong together; Charlie is a stranger."""

import factory

from allmende.accounts.models import User

PASSWORD = "ein langes Wort für Tests"


class UserFactory(factory.django.DjangoModelFactory[User]):
    """A person whose address is confirmed and whose password is ``PASSWORD``."""

    class Meta:
        model = User
        django_get_or_create = ("email",)
        skip_postgeneration_save = True

    name = "Alice Ahrens"
    email = factory.LazyAttribute(lambda user: f"{user.name.split()[0].lower()}@example.org")

    @factory.post_generation
    def password(self, create: bool, extracted: str | None, **_: object) -> None:
        from allauth.account.models import EmailAddress

        self.set_password(extracted or PASSWORD)
        self.save()
        EmailAddress.objects.get_or_create(
            user=self, email=self.email, defaults={"verified": True, "primary": True}
        )
