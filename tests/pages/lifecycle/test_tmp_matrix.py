from __future__ import annotations
from collections import defaultdict
import pytest
from django.core.management import call_command
from tests.pages.conftest import drop_triggers, make_company
from tests.pages.matrix.answers import Answer, PEOPLE, NOBODY
from tests.pages.matrix.asking import ask_all
from tests.pages.matrix.leaks import forbidden
from tests.pages.matrix.rows_lifecycle import LIFECYCLE
from tests.pages.matrix.world import build
pytestmark = [pytest.mark.django_db, pytest.mark.timeout(1200)]
def test_all(django_db_setup, django_db_blocker, django_db_reset_sequences=None) -> None:
    world = build(make_company())
    hidden = {person: forbidden(world, person) for person in (*PEOPLE, NOBODY)}
    wrong=[]; texts=defaultdict(dict)
    for got in ask_all(world, LIFECYCLE):
        if got.answer != got.expected: wrong.append(got.line)
        if got.answer not in (Answer.PAGE, Answer.ELSEWHERE) and got.wrote: wrong.append(got.line+" WROTE "+str(got.wrote))
        if got.row.method=="GET" and got.wrote: wrong.append(got.line+" LOOKING WROTE "+str(got.wrote))
        if hidden[got.person].findall(got.text): wrong.append(got.line+" LEAK "+str(set(hidden[got.person].findall(got.text))))
        if got.answer==Answer.GONE: texts[got.row.name,got.person].setdefault(got.text,got.thing)
    wrong += [f"GONE differs {k} {sorted(v.values())}" for k,v in texts.items() if len(v)>1]
    open("/tmp/h3_matrix.txt","w").write("\n".join(wrong))
    assert not wrong, len(wrong)
