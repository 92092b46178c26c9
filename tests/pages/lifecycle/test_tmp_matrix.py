from __future__ import annotations
import pytest
from tests.pages.conftest import make_company
from tests.pages.matrix.answers import Answer, PEOPLE, NOBODY
from tests.pages.matrix.asking import ask_all
from tests.pages.matrix.leaks import forbidden
from tests.pages.matrix.rows_lifecycle import LIFECYCLE
from tests.pages.matrix.world import build
@pytest.mark.timeout(900)
def test_all(db) -> None:
    world = build(make_company())
    hidden = {person: forbidden(world, person) for person in (*PEOPLE, NOBODY)}
    wrong=[]
    for got in ask_all(world, LIFECYCLE):
        if got.answer != got.expected: wrong.append(got.line)
        if got.answer not in (Answer.PAGE, Answer.ELSEWHERE) and got.wrote: wrong.append(got.line+" WROTE "+str(got.wrote))
        if got.row.method=="GET" and got.wrote: wrong.append(got.line+" LOOKING WROTE "+str(got.wrote))
        if hidden[got.person].findall(got.text): wrong.append(got.line+" LEAK "+str(set(hidden[got.person].findall(got.text))))
    open("/tmp/h3_matrix.txt","w").write("\n".join(wrong)+"\nDONE")
    assert not wrong, len(wrong)
