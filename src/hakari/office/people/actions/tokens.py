"""Tokens are made and taken back."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone

from hakari.errors import InputError
from hakari.messages import say
from hakari.office.core.actions import Done, action
from hakari.office.people.access import require, require_oneself
from hakari.office.people.models import Person, Token
from hakari.office.people.permissions import Permission
from hakari.office.people.tokens import LONGEST, NEEDS, Scope, digest_of, token_text

__all__ = ["create_token", "revoke_token"]


@action("token.created")
def create_token(person: Person, name: str, scopes: Sequence[str], days: int, *, seed: str, by: Person) -> Done[Token]:
    """Make a token for oneself; its text is `token_text(person, seed)` and is not kept."""
    require_oneself(by, person)
    if not 1 <= days <= LONGEST:
        raise InputError(say("office.people.token.days", days=days, most=LONGEST))
    chosen = sorted({Scope(scope) for scope in scopes})
    for scope in chosen:
        needed = NEEDS[scope]
        if needed is not None:
            require(by, needed)
    text = token_text(person, seed)
    token = Token(
        person=person,
        name=name,
        prefix=text[:12],
        digest=digest_of(text),
        scopes=[str(scope) for scope in chosen],
        expires_at=timezone.now() + datetime.timedelta(days=days),
    )
    try:
        with transaction.atomic():
            token.save()
    except IntegrityError as error:
        raise InputError(say("office.people.token.name_taken", name=name)) from error
    return Done(token, about=("token", token.prefix), data={"days": days, "scopes": token.scopes})


@action("token.revoked")
def revoke_token(token: Token, *, by: Person) -> Done[Token]:
    """End a token at once: one's own, or that of others as administrator."""
    if by.pk != token.person_id:
        require(by, Permission.MANAGE_PEOPLE)
    Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now())
    token.refresh_from_db()
    return Done(token, about=("token", token.prefix))
