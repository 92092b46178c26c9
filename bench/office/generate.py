"""A company with many use cases, for timing the site: seeded, bilingual, on whichever database DATABASE_URL names.

DJANGO_SETTINGS_MODULE=hakari.office.settings HAKARI_OFFICE_FOLDER=FOLDER HAKARI_OFFICE_MODE=demo \
    python bench/office/generate.py --cases 10000

The database must be migrated and empty.
"""

from __future__ import annotations

import argparse
import datetime
import random
import sys
import time
from collections.abc import Sequence

ACTS = (
    ("Ranking", "の順位付け"),
    ("Summarising", "の要約"),
    ("Translating", "の翻訳"),
    ("Detecting faults in", "の不具合検知"),
    ("Forecasting", "の需要予測"),
    ("Answering questions on", "に関する質問応答"),
    ("Sorting", "の自動分類"),
    ("Restoring", "の復元"),
    ("Recommending", "の推薦"),
    ("Screening", "の一次審査"),
    ("Generating drafts for", "の草案作成"),
    ("Moderating", "の投稿監視"),
    ("Captioning", "の字幕生成"),
    ("Matching", "の照合"),
    ("Pricing of", "の価格設定"),
    ("Searching", "の検索支援"),
)
THINGS = (
    ("job applications", "採用応募書類"),
    ("customer mail", "顧客からの問い合わせ"),
    ("night photographs", "夜景写真"),
    ("game chat", "ゲーム内チャット"),
    ("music catalogues", "楽曲カタログ"),
    ("contracts", "契約書"),
    ("repair orders", "修理依頼"),
    ("sensor images", "イメージセンサー画像"),
    ("film dialogue", "映画のセリフ"),
    ("loan applications", "ローン申込"),
    ("spare parts", "補修部品"),
    ("insurance claims", "保険金請求"),
    ("sports broadcasts", "スポーツ中継"),
    ("lens measurements", "レンズ測定値"),
    ("factory schedules", "工場の生産計画"),
    ("reviews in the shop", "ストアのレビュー"),
    ("voice recordings", "音声データ"),
    ("training courses", "研修講座"),
    ("travel expenses", "旅費精算"),
    ("source code", "ソースコード"),
)
PLACES = (
    ("in Europe", "欧州"),
    ("for support staff", "サポート部門"),
    ("for players", "プレイヤー向け"),
    ("on the device", "端末上"),
    ("at the plant in Kumamoto", "熊本工場"),
    ("for studio partners", "制作会社向け"),
    ("in the web shop", "オンラインストア"),
    ("for dealers", "販売店向け"),
    ("for human resources", "人事部"),
    ("in research", "研究開発"),
    ("for children's titles", "子ども向け作品"),
    ("for subscribers", "会員向け"),
)
PRODUCTS = ("Alder", "Birch", "Cedar", "Dahlia", "Elm", "Fir", "Ginkgo", "Hazel", "Iris", "Juniper", "Katsura", "Larch")
RARE = ("Quokka", "ヤンバルクイナ")
RARE_EVERY = 1_000
FAMILY = ("Sato", "Suzuki", "Weber", "Rossi", "Tanaka", "Novak", "Silva", "Ito", "Meyer", "Kato", "Dubois", "Mori")
GIVEN = ("Aoi", "Ren", "Mia", "Luca", "Yui", "Jan", "Ana", "Sota", "Eva", "Rin", "Paul", "Mei")
STATES = (
    ("draft", 5),
    ("notified", 15),
    ("triaged", 40),
    ("assessing", 10),
    ("in_review", 5),
    ("decided", 15),
    ("retired", 10),
)
LEVELS = (("low", 50), ("middle", 35), ("high", 14), ("stop", 1))
BATCH = 1_000


def words(draw: random.Random, number: int) -> tuple[str, str]:
    """Return title and purpose of one use case; every second one is Japanese."""
    act, thing, place = draw.choice(ACTS), draw.choice(THINGS), draw.choice(PLACES)
    product = f"{draw.choice(PRODUCTS)} {draw.randint(1, 99)}"
    rare = number % RARE_EVERY == 7
    if number % 2:
        title = f"{act[0]} {thing[0]} {place[0]} ({product})" + (f" {RARE[0]}" if rare else "")
        return title, (
            f"A model reads {thing[0]} and supports the people who decide. It is offered {place[0]} as part of "
            f"{product}; results are checked by a person before anything happens, and errors are reported to the team."
        )
    title = f"{place[1]}における{thing[1]}{act[1]}（{product}）" + (RARE[1] if rare else "")
    return title, (
        f"{thing[1]}をモデルで処理し、担当者の判断を支援する。{place[1]}で{product}の一部として提供し、"
        "結果は担当者が確認してから利用する。誤りは開発チームに報告する。"
    )


def people_and_units(draw: random.Random) -> list[object]:
    """Make 5 divisions with 4 units each, and 200 people; 5 of them hold roles of the office."""
    from hakari.office.people.models import Assignment, Person, Unit

    top = Unit.objects.create(name="Company", name_ja="会社")
    units: list[Unit] = []
    for division in range(5):
        above = Unit.objects.create(name=f"Division {division + 1}", name_ja=f"第{division + 1}事業本部", parent=top)
        units += [
            Unit.objects.create(
                name=f"Unit {division + 1}.{unit + 1}", name_ja=f"第{division + 1}-{unit + 1}部", parent=above
            )
            for unit in range(4)
        ]
    started = datetime.date(2020, 1, 1)
    people: list[Person] = []
    for number in range(200):
        name = f"{draw.choice(GIVEN)} {draw.choice(FAMILY)}"
        unit = units[number % len(units)]
        person = Person(
            email=f"person{number}@example.com", name=name, unit=unit, language=draw.choice(("en", "ja")), password="!"
        )
        person.save()
        Assignment.objects.create(person=person, role="owner", unit=unit, starts=started)
        people.append(person)
    for number, role in enumerate(("head", "reviewer", "auditor", "chair", "member")):
        person = Person.objects.create(email=f"{role}@example.com", name=f"Office {number}", unit=top, password="!")
        Assignment.objects.create(person=person, role=role, unit=None, starts=started)
    delegate = Person.objects.create(email="delegate@example.com", name="Delegate", unit=units[0], password="!")
    Assignment.objects.create(person=delegate, role="delegate", unit=units[0].parent, starts=started)
    return [*people]


def cases(draw: random.Random, first: int, many: int, people: Sequence[object]) -> list[object]:
    """Return use cases numbered from `first` on, not yet stored."""
    from django.utils import timezone

    from hakari.office.registry.models import UseCase

    found = []
    for number in range(first, first + many):
        title, purpose = words(draw, number)
        owner = draw.choice(people)
        state = draw.choices([name for name, _ in STATES], [weight for _, weight in STATES])[0]
        level = draw.choices([name for name, _ in LEVELS], [weight for _, weight in LEVELS])[0]
        level = "" if state in ("draft", "notified") else level
        at = timezone.now() - datetime.timedelta(minutes=30 * (200_000 - number))
        found.append(
            UseCase(
                number=f"UC-2026-{number:06d}",
                title=title,
                purpose=purpose,
                unit=owner.unit,  # type: ignore[attr-defined]
                owner=owner,
                reporter=draw.choice(people),
                state=state,
                lowest=level,
                highest=level,
                visibility=draw.choices(["unit", "group", "restricted"], [80, 17, 3])[0],
                code_name=f"Project {number}" if number % 200 == 3 else "",
                created_at=at,
                changed_at=at + datetime.timedelta(days=draw.randint(0, 40)),
                facts={"affects_people": True, "decides_about_people": number % 3 == 0},
            )
        )
    return found


def events(stored: Sequence[object]) -> None:
    """Add two events for each use case to the ledger, in the form in which the site appends them."""
    from django.db import transaction
    from django.utils import timezone

    from hakari.office.core.ledger.chain import body_of, follow
    from hakari.office.core.ledger.store import ledger_name, time_text
    from hakari.office.core.models import Event, Head

    ledger_name()
    with transaction.atomic():
        head = Head.objects.get(id=1)
        rows = []
        for case in stored:
            for kind in ("use_case.drafted", "use_case.described"):
                at, sequence = timezone.now(), head.sequence + 1
                by, about = case.reporter.key, ("use_case", case.key)  # type: ignore[attr-defined]
                body = body_of(kind, at=time_text(at), by=by, about=about, data={}, sequence=sequence)
                digest = follow(head.digest, body)
                rows.append(
                    Event(
                        sequence=sequence,
                        body=body,
                        previous=head.digest,
                        digest=digest,
                        kind=kind,
                        at=at,
                        by=by,
                        object_kind=about[0],
                        object_key=about[1],
                    )
                )
                head.sequence, head.digest = sequence, digest
        Event.objects.bulk_create(rows, batch_size=500)
        head.save()


def fill(many: int, *, seed: int = 20261122) -> None:
    """Fill an empty database; one progress line for every ten thousand."""
    from django.db import connection, transaction

    from hakari.office.registry.models import UseCase
    from hakari.office.registry.search import index_all

    draw, started = random.Random(seed), time.perf_counter()
    if UseCase.objects.exists():
        raise SystemExit("The database holds use cases already: give an empty one.")
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:  # a power cut would cost nothing but time
            cursor.execute("PRAGMA synchronous=OFF")
            cursor.execute("PRAGMA wal_autocheckpoint=100000")
            cursor.execute("PRAGMA cache_size=-400000")
    people = people_and_units(draw)
    for first in range(1, many + 1, BATCH):
        with transaction.atomic():
            made = cases(draw, first, min(BATCH, many + 1 - first), people)
            stored = UseCase.objects.bulk_create(made, batch_size=200)  # type: ignore[arg-type]
            index_all(stored)
            events(stored)
        done = first + len(made) - 1
        if done % 10_000 == 0 or done == many:
            print(f"{done:,} use cases after {time.perf_counter() - started:.0f} s", flush=True)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def main() -> int:
    """Fill the database of the environment."""
    import django

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=20261122)
    given = parser.parse_args()
    django.setup()
    fill(given.cases, seed=given.seed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
