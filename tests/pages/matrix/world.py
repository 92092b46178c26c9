"""A company with one object of every kind on each side of every fence, made through the actions themselves."""

from __future__ import annotations

import datetime
import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from allauth.usersessions.models import UserSession
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import EmailMessage
from django.db import transaction
from django.test import Client
from django.utils import timezone

from hakari.office.core.models import FreeText
from hakari.office.information.actions.commitments import InitiativeFacts, PromiseFacts, add_initiative, add_promise
from hakari.office.information.actions.notices import Draft, publish
from hakari.office.information.audience import Audience
from hakari.office.information.words import Words
from hakari.office.intake.actions.notifying import start, submit
from hakari.office.intake.models import AskLink, Draw, Notification, Sample, TriageRecord
from hakari.office.keys.actions import ask_for_key, confirm_key
from hakari.office.lifecycle.actions.opening import name_responsible, open_assessment, state_facts
from hakari.office.lifecycle.models import Attachment, File, StageAssessment
from hakari.office.lifecycle.staleness import mark_stale
from hakari.office.people.actions.tokens import create_token
from hakari.office.people.models import Person, Unit, new_key
from hakari.office.people.tokens import token_text
from hakari.office.registry import actions
from hakari.office.registry.actions.imports import keep_import
from hakari.office.registry.models import ComponentVersion, ImportFile, SystemVersion, UseCase
from hakari.office.registry.search import index
from tests.pages.conftest import Company
from tests.pages.intake.conftest import HIGH, LOW, MIDDLE, write_all
from tests.pages.lifecycle.conftest import complete, make_case, send
from tests.pages.lifecycle.trial import PROVEN, REFERENCE, install_pack
from tests.pages.matrix.answers import NOBODY, PEOPLE
from tests.pages.matrix.calendars import add_calendars
from tests.pages.matrix.docketed import add_docket
from tests.pages.matrix.ruled import add_rulings

__all__ = ["CODE_NAME", "REGISTER", "WORDS", "Browser", "World", "build", "upload"]

WORDS: Final = {
    "own": "Zebrafinch",
    "other": "Quetzalbird",
    "group": "Wallcreeper",
    "restricted": "Nightheron",
    "draft": "Oystercatcher",
    "coded": "Kingfisher",
}
"""For each use case the word that stands in its title and everything else that is written about it."""
CODE_NAME: Final = "Marblestone"
REGISTER: Final = b"Title,Unit\nSorting of letters,Cameras\n"
"""A register that somebody brings in."""
_SEED: Final = "0123456789abcdefghij"


class Browser(Client):
    """A client that keeps no copies of what templates were given, which would take a fifth of the time."""

    def request(self, **request: Any) -> Any:
        """Ask, and keep the cookies."""
        response = self.handler(self._base_environ(**request))  # type: ignore[attr-defined]  # of Django itself
        self.cookies.update(response.cookies)
        return response


@dataclass
class World:
    """Everything that there is to ask for."""

    company: Company
    cases: dict[str, UseCase] = field(default_factory=dict)
    notifications: dict[str, Notification] = field(default_factory=dict)
    assessments: dict[str, StageAssessment] = field(default_factory=dict)
    ids: dict[str, dict[str, tuple[Any, ...]]] = field(default_factory=dict)
    """Kind → object → what stands in its address."""
    browsers: dict[str, Client] = field(default_factory=dict)
    programs: dict[str, Client] = field(default_factory=dict)
    narrow: Client = field(default_factory=Client)
    """A program of the auditor whose token is for the ledger only."""
    sessions: dict[str, int] = field(default_factory=dict)
    """Person → a session of theirs on another device."""
    component: ComponentVersion | None = None
    mails: list[EmailMessage] = field(default_factory=list)
    """What was sent while all this was made."""

    def person(self, name: str) -> Person:
        """Return somebody by name."""
        return self.company.people[name]


def build(company: Company) -> World:
    """Return the world around a company that is empty so far."""
    company.add("guest", "reporter", company.music)
    world = World(company=company)
    with transaction.atomic():
        for name, (answers, by, unit) in _cases(company).items():
            _tell(world, name, answers, by, unit)
        _components(world)
        _links(world)
        _samples(world)
        _notices(world)
        _commitments(world)
        _accounts(world)
        _keys(world)
        _assessments(world)
        add_rulings(world)
        add_docket(world)
        add_calendars(world)
        _imports(world)
    _sign_in(world)
    world.mails = list(getattr(mail, "outbox", []))
    return world


def _cases(company: Company) -> Mapping[str, tuple[Mapping[str, Any], Person, Unit]]:
    return {
        "own": (MIDDLE, company.reporter, company.cameras),
        "other": (HIGH, company.stranger, company.music),
        "group": (LOW, company.stranger, company.music),
        "restricted": (LOW, company.reporter, company.cameras),
        "draft": (LOW, company.reporter, company.cameras),
        "coded": (MIDDLE, company.stranger, company.music),
    }


def _tell(world: World, name: str, answers: Mapping[str, Any], by: Person, unit: Unit) -> None:
    word, company = WORDS[name], world.company
    found = start(unit, title=f"{word} sorting of letters", purpose=f"It helps {word}.", once=new_key(), by=by)
    case = found.use_case
    if name in ("own", "restricted"):
        actions.hand_over(case, company.owner, by=by)
    if name == "restricted":
        actions.change_visibility(case, "restricted", [company.guest], by=company.owner)
    if name in ("group", "coded"):
        actions.change_visibility(case, "group", [], by=by)
    if name == "coded":
        actions.change_code_name(case, CODE_NAME, timezone.localdate() + datetime.timedelta(days=1), by=by)
    found = write_all(found, answers, by)
    if name != "draft":
        found = submit(found, seen=found.version, by=by, reply=f"About {word}")
    case = UseCase.objects.select_related("unit", "owner", "reporter").get(pk=case.pk)
    SystemVersion.objects.create(use_case=case, label=f"{word} 1", scope_digest="0" * 64, added_by=by)
    world.cases[name], world.notifications[name] = case, Notification.objects.get(use_case=case)
    world.ids.setdefault("case", {"made-up": ("UC-2026-9999",)})[name] = (case.number,)


def _components(world: World) -> None:
    by = world.company.reviewer
    supplier = actions.add_supplier("Acme", by=by)
    component = actions.add_component(supplier, "Reader", by=by)
    version = actions.answer_component(
        actions.add_component_version(component, "1", by=by), {"does": ["things"]}, by=by
    )
    world.component = actions.add_component_version(component, "2", by=by)
    world.component = actions.answer_component(world.component, {"does": ["things"]}, by=by)
    for case in world.cases.values():
        actions.take_over(case, version, by=case.owner)
        index(case)
    rows = {"supplier": supplier.key, "component": component.key, "version": version.key}
    for kind, key in rows.items():
        world.ids[kind] = {kind: (key,), "made-up": ("0" * 32,)}
    cases = {name: ids[0] for name, ids in world.ids["case"].items()}
    world.ids["use"] = {name: (number, version.key) for name, number in cases.items()}
    world.ids["use"]["other's"] = (cases["own"], "0" * 32)


def _links(world: World) -> None:
    found = {}
    now = timezone.now()
    for name, notification in world.notifications.items():
        answered = name != "draft"
        found[name] = AskLink.objects.create(
            notification=notification,
            token_digest=hashlib.sha256(f"token-{name}".encode()).hexdigest(),
            questions=["does"],
            email="supplier@example.com",
            # The note of the link that is open is for whoever holds it: it tells of the case what its writer chose.
            note=FreeText.keep(f"Is {WORDS[name]} yours?" if answered else "Is it yours?"),
            asked_by=notification.use_case.reporter,
            expires_at=now + datetime.timedelta(days=1),
            answered_at=now if answered else None,
            answered_by=FreeText.keep(f"{WORDS[name]} maker") if answered else None,
            answers={"does": notification.answers["does"]} if answered else {},
        )
    cases = {name: ids[0] for name, ids in world.ids["case"].items()}
    world.ids["link"] = {name: (cases[name], link.key) for name, link in found.items()}
    world.ids["link"] |= {"made-up": (cases["made-up"], "0" * 32), "no link": (cases["own"], "0" * 32)}
    world.ids["link"]["other's"] = (cases["own"], found["other"].key)
    world.ids["token"] = {"open": ("token-draft",), "closed": ("token-own",), "made-up": ("token-none",)}


def _samples(world: World) -> None:
    draw = Draw.objects.create(number=1, until=timezone.now(), seed="0", frame={"at_once": [2, 2]}, by="system")
    world.ids["sample"] = {"made-up": ("0" * 32,)}
    for name in ("group", "restricted"):
        notification = world.notifications[name]
        record: Any = TriageRecord.objects.filter(notification=notification).first()
        sample = Sample.objects.create(
            drawn=draw, notification=notification, record=record, lane="at_once", level="low", settled_by="system"
        )
        world.ids["sample"][name] = (sample.key,)


def _notices(world: World) -> None:
    company = world.company
    wanted: dict[str, tuple[str, str, Unit]] = {
        "own": ("bulletin", "middle", company.cameras),
        "restricted": ("bulletin", "low", company.cameras),
        "other": ("dialogue", "high", company.music),
        "coded": ("bulletin", "middle", company.music),
    }
    world.ids["notice"] = {"made-up": ("BU-2026-9999",)}
    for name, (kind, level, unit) in wanted.items():
        audience = Audience(units=(unit.key,), levels=(level,))
        heard: dict[str, Any] = {"heard": "academia", "heard_on": timezone.localdate()} if kind == "dialogue" else {}
        draft = Draft(kind=kind, title=Words(en="Beware"), text=Words(en="A risk."), audience=audience, **heard)
        notice = publish(draft, key=uuid.uuid4().hex, by=company.reviewer)
        world.ids["notice"][name] = (notice.number,)


def _commitments(world: World) -> None:
    by = world.company.reviewer
    first, second = (
        add_initiative(InitiativeFacts(name=Words(en=name)), key=uuid.uuid4().hex, by=by) for name in ("Pact", "Forum")
    )
    promise = add_promise(first, PromiseFacts(text=Words(en="We tell.")), key=uuid.uuid4().hex, by=by)
    world.ids["initiative"] = {"initiative": (first.number,), "made-up": ("IN-2026-9999",)}
    world.ids["promise"] = {
        "promise": (first.number, promise.key),
        "other's": (second.number, promise.key),
        "made-up": (first.number, "0" * 32),
    }


def _accounts(world: World) -> None:
    company = world.company
    for name in PEOPLE:
        person = company.people[name]
        scopes = ["use_cases", "ledger"] if name == "auditor" else ["use_cases"]
        token = create_token(person, "program", scopes, 30, seed=_SEED, by=person)
        world.ids.setdefault("api token", {"made-up": ("hkr_00000000",)})[name] = (token.prefix,)
        world.programs[name] = _client({"authorization": f"Bearer {token_text(person, _SEED)}"})
        held = person.assignments.first()
        if held is not None:
            world.ids.setdefault("held", {})[name] = (person.key, held.pk)
    world.programs[NOBODY] = _client({})
    only = create_token(company.auditor, "ledger", ["ledger"], 30, seed=_SEED[::-1], by=company.auditor)
    assert only.scopes == ["ledger"]
    world.narrow = _client({"authorization": f"Bearer {token_text(company.auditor, _SEED[::-1])}"})
    ids = {name: (company.people[name].key,) for name in ("engineer", "admin")}
    world.ids["person"] = {**ids, "made-up": ("0" * 32,)}
    engineer, owner = world.ids["held"]["engineer"], world.ids["held"]["owner"]
    crossed = {"other's": (engineer[0], owner[1]), "made-up": (engineer[0], 999_999)}
    world.ids["held"] = {"engineer": engineer, **crossed}
    world.ids["provider"] = {"company": ("company",), "made-up": ("none",)}
    world.ids["reset"] = {"made-up": ("1", "none")}
    world.ids["unit"] = {"unit": (company.lenses.key,), "made-up": ("0" * 32,)}


def _keys(world: World) -> None:
    company = world.company
    # Public halves of test vectors 2 and 3 of RFC 8032, section 7.1, and of its SHA(abc) vector.
    publics = {
        "waiting key": "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "key of the head": "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "key": "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
    }
    whose = {"key of the head": company.head}
    made = {
        name: ask_for_key(public, kind="person", by=whose.get(name, company.engineer))
        for name, public in publics.items()
    }
    confirm_key(made["key"], by=company.reviewer)
    world.ids["key"] = {name: (row.key,) for name, row in made.items()} | {"made-up": ("0" * 32,)}


def _assessments(world: World) -> None:
    """Make another use case for each standing; its title holds the word of the one that the same people see."""
    install_pack()
    company = world.company
    wanted = {"open": "own", "in review": "own", "stale": "own", "hidden": "restricted", "veiled": "coded"}
    made_up = "0" * 32
    for number, (name, like) in enumerate(wanted.items(), 1):
        found = _assessed(world, like, f"UC-2020-{number:04d}")
        if name in ("in review", "stale"):
            send(complete(found, company), company)
        if name == "stale":
            UseCase.objects.filter(pk=found.use_case_id).update(state="decided")
            mark_stale(StageAssessment.objects.select_related("use_case").get(pk=found.pk), [], by=company.head)
        world.assessments[name] = StageAssessment.objects.get(pk=found.pk)
    keys = {name: (found.key,) for name, found in world.assessments.items()}
    world.ids["assessment"] = {**keys, "made-up": (made_up,)}
    rounds = {name: (*keys[name], 1) for name in ("in review", "stale")}
    world.ids["round"] = {**rounds, "no round": (*keys["open"], 1), "made-up": (made_up, 1)}
    files = {name: _attachment(found, WORDS[wanted[name]]).key for name, found in world.assessments.items()}
    world.ids["attachment"] = {**{name: (key,) for name, key in files.items()}, "made-up": (made_up,)}


def _assessed(world: World, like: str, number: str) -> StageAssessment:
    company, model = world.company, world.cases[like]
    names = ("purpose", "unit", "reporter", "owner", "visibility", "code_name", "embargo_until")
    values = {name: getattr(model, name) for name in names}
    case = make_case(company, **{**values, "number": number, "title": f"{WORDS[like]} sorting of forms"})
    index(case)
    found = open_assessment(case, "develop", [REFERENCE], by=model.owner)
    if like == "own":
        name_responsible(case, "engineer", company.engineer, by=model.owner)
    if like == "restricted":
        case.people.add(company.guest)
    return state_facts(found, {"people": True}, seen=found.version, by=model.owner)


def _attachment(found: StageAssessment, word: str) -> Attachment:
    return Attachment.objects.create(
        assessment=found,
        requirement=PROVEN,
        question="document",
        digest=File.keep(word.encode(), "text/plain"),
        name=FreeText.keep(f"{word}.txt"),
        media_type="text/plain",
        size=len(word),
        by="system",
    )


def _imports(world: World) -> None:
    kept = keep_import(REGISTER, "register.csv", by=world.company.head)
    theirs = ImportFile.objects.create(
        digest="1" * 64, name="r.csv", kind="csv", content=REGISTER, uploaded_by=world.company.auditor
    )
    world.ids["import"] = {"own": (kept.digest,), "other's": (theirs.digest,), "made-up": ("2" * 64,)}


def _sign_in(world: World) -> None:
    world.browsers[NOBODY] = _client({})
    for name in PEOPLE:
        world.browsers[name] = _client({})
        world.browsers[name].force_login(world.person(name))
        elsewhere = _client({})
        elsewhere.force_login(world.person(name))
        given = {"session_key": elsewhere.session.session_key, "ip": "192.0.2.1", "user_agent": ""}
        session = UserSession.objects.create(user=world.person(name), **given)
        world.sessions[name] = session.pk


def _client(headers: Mapping[str, str]) -> Client:
    return Browser(headers=dict(headers))


def upload() -> SimpleUploadedFile:
    """Return a register as a browser sends it."""
    return SimpleUploadedFile("register.csv", REGISTER, content_type="text/csv")
