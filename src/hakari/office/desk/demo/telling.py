"""What the office of the demonstration has told: two bulletins, somebody heard, and what the company promised."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from django.utils import timezone

from hakari.office.information.actions.commitments import InitiativeFacts, PromiseFacts, add_initiative, add_promise
from hakari.office.information.actions.notices import Draft, mark_read, publish
from hakari.office.information.audience import Audience, Condition
from hakari.office.information.models import Heard, Kind, Urgency
from hakari.office.information.requirements import find_carriers
from hakari.office.information.words import Words
from hakari.office.people.models import Person

__all__ = ["tell_company"]


def tell_company(people: Mapping[str, Person]) -> None:
    """Publish and record, each only once."""
    today = timezone.localdate()
    head, reviewer = people["head"], people["reviewer"]
    bulletin = publish(
        Draft(
            kind=Kind.BULLETIN,
            title=Words(
                en="Chat services: say that it is a machine",
                ja="対話サービスでは機械であることを明示してください",
            ),
            text=Words(
                en="Whoever writes with a machine has to know it. Check the first line of your service in every "
                "language, and answer in your use case what people see.",
                ja="相手が機械であることを、利用者が分かるようにする必要があります。各言語の最初の表示を確認し、"
                "利用案件に表示内容を記入してください。",
            ),
            audience=Audience(conditions=(Condition("generates_content", True),)),
            urgency=Urgency.SOON,
        ),
        key="demobulletin",
        by=head,
    )
    mark_read(bulletin, by=people["music.owner"])
    publish(
        Draft(
            kind=Kind.DIALOGUE,
            title=Words(en="What debt advisers told us", ja="債務相談員から聞いたこと"),
            text=Words(
                en="People who call about debts hear whether somebody listens. A summary that leaves out what they "
                "asked for sends them round again.",
                ja="債務について電話をかける人は、話を聞いてもらえているかどうかに敏感です。"
                "要望が抜けた要約は、同じ説明を繰り返させます。",
            ),
            audience=Audience(conditions=(Condition("personal_data", True),)),
            heard=Heard.CIVIL_SOCIETY,
            heard_on=today - datetime.timedelta(days=20),
            changed=Words(
                en="Summaries now begin with what the caller asked for.",
                ja="要約は、相手の要望から書き始めることにしました。",
            ),
        ),
        key="demodialogue",
        by=reviewer,
    )
    initiative = add_initiative(
        InitiativeFacts(
            name=Words(en="Pledge for music made with machines", ja="機械による音楽制作に関する宣言"),
            body="Federation of made-up music companies",
            since=today - datetime.timedelta(days=200),
        ),
        key="demoinitiative",
        by=head,
    )
    carriers = tuple(item.code for item in find_carriers("transparency")[:1])
    add_promise(
        initiative,
        PromiseFacts(
            text=Words(
                en="We say of every published recording which voices a machine made.",
                ja="公開する録音では、機械で作った歌声を明示します。",
            ),
            due=today + datetime.timedelta(days=90),
            carriers=carriers,
        ),
        key="demopromise",
        by=head,
    )
