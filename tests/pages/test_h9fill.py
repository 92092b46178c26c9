from __future__ import annotations
import time, pytest
from django.test import Client
from tests.pages.conftest import make_company
pytestmark=[pytest.mark.timeout(900)]
def test_x(db, settings, tmp_path):
    from dataclasses import replace
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, folder=tmp_path, key=tmp_path / "keys" / "office.pem")
    from tests.browser.office.standings import fill, names_of_pages
    t=time.time(); f=fill(make_company()); print("FILL", time.time()-t, len(f.pages))
    t=time.time(); bad={}; clients={}
    for name,(p,path) in f.pages.items():
        c=clients.get(p.pk)
        if c is None:
            c=clients[p.pk]=Client(raise_request_exception=False); c.force_login(p)
        a=c.get(path)
        if a.status_code!=200: bad[name]=(p.name, a.status_code,path, a.headers.get("Location"))
    print("GET", time.time()-t); 
    for k,v in bad.items(): print("BAD",k,v)
    kinds={k.split(" ")[0] for k in f.pages}
    print("NOT", sorted(set(names_of_pages(("keys","lifecycle","committee","oversight")))-kinds))
    assert 0
