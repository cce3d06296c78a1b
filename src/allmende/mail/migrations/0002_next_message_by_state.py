from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mail', '0001_initial'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='message',
            name='mail_message_waiting',
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(fields=['state', 'priority', 'next_try_at'], name='mail_message_next'),
        ),
    ]
