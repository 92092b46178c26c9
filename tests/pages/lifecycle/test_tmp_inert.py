from __future__ import annotations
import datetime
from django.test import Client
from django.utils import timezone
from hakari.office.lifecycle.actions.answering import comment, answer_question
from hakari.office.lifecycle.actions.reviewing import *
from hakari.office.lifecycle.models import *
from tests.pages.crawling import _links
from tests.pages.test_inert_texts import _fill
from tests.pages.lifecycle.conftest import *
from tests.pages.lifecycle.trial import *
def test_tmp(company, assess) -> None:
    found = complete(assess(), company, DOUBTFUL)
    comment(found, ASKED, "told", "hm", by=company.engineer)
    accept_bound(found, GAPS, reason="x y", condition="x z", until=timezone.localdate(), by=company.head)
    r = send(found, company)
    advise(r, "hm", by=company.reviewer); propose(r, "approve", "hm", by=company.reviewer)
    ask_for_changes(r, "hm", [(ASKED,"how")], by=company.reviewer)
    answer_question(found, ASKED, "how", "By other means", seen=1, by=company.owner)
    send(found, company)
    _fill()
    bad=[]; n=0; hit=0
    for who in ("owner","reviewer","head","member"):
        c=Client(); c.force_login(company.people[who]); seen=set(); todo=["/assessments/?whose=all", "/", f"/assessments/{found.key}/", f"/assessments/{found.key}/?show=all", f"/assessments/{found.key}/accept/{GAPS}/", f"/use-cases/{UseCase.objects.get().number}/"]
        while todo:
            u=todo.pop()
            if u in seen or not (u.startswith("/assessments") or u in ("/",) or u.startswith("/use-cases/UC-2026")): continue
            seen.add(u)
            a=c.get(u); n+=1
            if a.status_code>=500: bad.append((u,a.status_code))
            if not a.headers.get("Content-Type","").startswith("text/html"): continue
            t=a.content.decode(); hit+= "alert(1)" in t
            if "<script>alert" in t or "<img src=x" in t or ">14<" in t: bad.append((who,u))
            todo+=_links(t)
    print(n,hit,bad)
    assert not bad
