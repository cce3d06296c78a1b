import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def say_which_name_real_facilities(
    apps: StateApps, schema_editor: BaseDatabaseSchemaEditor
) -> None:
    """Scripts say it already; who takes part by now stays."""
    exercises = apps.get_model("crisis", "Exercise").objects
    exercises.filter(script__from_register=True).update(from_register=True)


class Migration(migrations.Migration):

    dependencies = [
        ('crisis', '0002_threshold_of_zero'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='exercise',
            name='from_register',
            field=models.BooleanField(default=False, help_text='Whether its network names real facilities; its script says so'),
        ),
        migrations.CreateModel(
            name='JoinRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('leitung', 'Übungsleitung'), ('spiel', 'spielt mit'), ('beobachtung', 'beobachtet'), ('zuschauen', 'schaut zu')], max_length=20, verbose_name='Aufgabe')),
                ('role', models.CharField(blank=True, max_length=60, verbose_name='Rolle')),
                ('asked_at', models.DateTimeField(auto_now_add=True)),
                ('declined_at', models.DateTimeField(blank=True, null=True, verbose_name='Abgelehnt')),
                ('exercise', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='join_requests', to='crisis.exercise')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('asked_at', 'pk'),
                'constraints': [models.UniqueConstraint(fields=('exercise', 'user'), name='one_request_per_person')],
            },
        ),
        migrations.RunPython(say_which_name_real_facilities, migrations.RunPython.noop),
    ]
