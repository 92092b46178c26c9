"""Who works at the made-up company."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["DOMAIN", "PEOPLE", "UNITS", "DemoPerson"]

DOMAIN: Final = "hoshino.example"

UNITS: Final = {
    "company": ("", "Hoshino Group", "ホシノグループ"),
    "office": ("company", "AI ethics office", "AI倫理室"),
    "cameras": ("company", "Cameras", "カメラ事業部"),
    "lenses": ("cameras", "Lenses", "レンズ部"),
    "music": ("company", "Music", "音楽事業部"),
    "finance": ("company", "Finance", "金融事業部"),
}
"""Each unit's parent and its name in both languages; parents first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPerson:
    """One account."""

    name: str
    reading: str = ""
    language: str = "en"
    unit: str
    roles: tuple[str, ...]
    """Held in the person's unit, or in the whole company where the role is of that kind."""


PEOPLE: Final = {
    "admin": DemoPerson(name="Robin Clarke", unit="office", roles=("admin",)),
    "head": DemoPerson(name="中村 恵子", reading="なかむら けいこ", language="ja", unit="office", roles=("head",)),
    "reviewer": DemoPerson(name="Amara Okafor", unit="office", roles=("reviewer",)),
    "reviewer2": DemoPerson(
        name="石井 拓也", reading="いしい たくや", language="ja", unit="office", roles=("reviewer", "publisher")
    ),
    "chair": DemoPerson(name="Eva Lindqvist", unit="company", roles=("chair",)),
    "member": DemoPerson(name="大西 紗季", reading="おおにし さき", language="ja", unit="company", roles=("member",)),
    "member2": DemoPerson(name="Lucia Ferrari", unit="music", roles=("member",)),
    "member3": DemoPerson(name="渡辺 誠", reading="わたなべ まこと", language="ja", unit="finance", roles=("member",)),
    "member4": DemoPerson(name="Kwame Mensah", unit="cameras", roles=("member",)),
    "auditor": DemoPerson(name="Daniel Moreau", unit="company", roles=("auditor",)),
    "cameras.owner": DemoPerson(name="佐藤 健", reading="さとう けん", language="ja", unit="cameras", roles=("owner",)),
    "cameras.delegate": DemoPerson(
        name="山田 由美", reading="やまだ ゆみ", language="ja", unit="cameras", roles=("delegate",)
    ),
    "cameras.engineer": DemoPerson(name="Jonas Weber", unit="lenses", roles=("engineer",)),
    "music.owner": DemoPerson(name="Priya Raman", unit="music", roles=("owner",)),
    "music.delegate": DemoPerson(name="Tomás Álvarez", unit="music", roles=("delegate",)),
    "music.reporter": DemoPerson(
        name="小林 翔太", reading="こばやし しょうた", language="ja", unit="music", roles=("reporter",)
    ),
    "finance.owner": DemoPerson(name="Helen Park", unit="finance", roles=("owner",)),
    "finance.delegate": DemoPerson(
        name="松本 一郎", reading="まつもと いちろう", language="ja", unit="finance", roles=("delegate",)
    ),
    "finance.engineer": DemoPerson(name="Mateo Rossi", unit="finance", roles=("engineer",)),
}
"""Accounts by the part of their address before `@`."""
