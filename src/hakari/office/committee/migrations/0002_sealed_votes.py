"""Votes are sealed until their ballot closes; rows from before stay as they are, since no row of votes ever changes."""

from __future__ import annotations

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("committee", "0001_initial"),
        ("core", "0003_mail_guard"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="OpenedVote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "choice",
                    models.CharField(
                        choices=[
                            ("approve", "Approve"),
                            ("approve_with_conditions", "Conditions"),
                            ("defer", "Defer"),
                            ("reject", "Reject"),
                            ("abstain", "Abstain"),
                            ("uphold", "Uphold"),
                            ("lift", "Lift"),
                        ],
                        max_length=24,
                    ),
                ),
                ("salt", models.CharField(editable=False, max_length=32)),
                ("dissent", models.BooleanField(default=False)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="vote",
            name="committee_vote_choice",
        ),
        migrations.AlterField(
            model_name="ballot",
            name="ending",
            field=models.CharField(
                blank=True,
                choices=[
                    ("decided", "Decided"),
                    ("no_quorum", "No Quorum"),
                    ("called", "Called"),
                    ("withdrawn", "Withdrawn"),
                    ("void", "Void"),
                ],
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="vote",
            name="choice",
            field=models.CharField(
                blank=True,
                choices=[
                    ("approve", "Approve"),
                    ("approve_with_conditions", "Conditions"),
                    ("defer", "Defer"),
                    ("reject", "Reject"),
                    ("abstain", "Abstain"),
                    ("uphold", "Uphold"),
                    ("lift", "Lift"),
                ],
                max_length=24,
            ),
        ),
        migrations.AlterField(
            model_name="vote",
            name="salt",
            field=models.CharField(blank=True, editable=False, max_length=32),
        ),
        migrations.AddConstraint(
            model_name="vote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "choice__in",
                        ["approve", "approve_with_conditions", "defer", "reject", "abstain", "uphold", "lift"],
                    ),
                    models.Q(("choice", ""), ("dissent", False), ("reason__isnull", False), ("salt", "")),
                    _connector="OR",
                ),
                name="committee_vote_sealed_whole",
            ),
        ),
        migrations.AddField(
            model_name="openedvote",
            name="reason",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.freetext"
            ),
        ),
        migrations.AddField(
            model_name="openedvote",
            name="vote",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="opened", to="committee.vote"
            ),
        ),
        migrations.AddConstraint(
            model_name="openedvote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "choice__in",
                        ["approve", "approve_with_conditions", "defer", "reject", "abstain", "uphold", "lift"],
                    )
                ),
                name="committee_opened_vote_choice",
            ),
        ),
    ]
