from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0002_register_history'),
    ]

    operations = [
        migrations.AlterField(
            model_name='region',
            name='size_class',
            field=models.PositiveSmallIntegerField(blank=True, choices=[(1, 'Große Großstadt (ab 500.000)'), (2, 'Kleine Großstadt (100.000 bis 499.999)'), (3, 'Größere Mittelstadt (50.000 bis 99.999)'), (4, 'Kleinere Mittelstadt (20.000 bis 49.999)'), (5, 'Größere Kleinstadt (10.000 bis 19.999)'), (6, 'Kleinere Kleinstadt (5.000 bis 9.999)'), (7, 'Landgemeinde (unter 5.000)')], null=True, verbose_name='Größenklasse'),
        ),
    ]
