"""What votes come to, counted again by hand: all ballots of up to five members, and properties of larger ones."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakari.office.committee.tallying import count_votes, quorum_of

ON_ITEM = ("approve", "approve_with_conditions", "defer", "reject", "abstain")
ON_STOP = ("uphold", "lift", "abstain")
SILENT = ""
"""Somebody who may vote and does not."""

ballots = st.lists(st.sampled_from([*ON_ITEM, SILENT]), min_size=1, max_size=25)


def said(ballot: tuple[str, ...] | list[str]) -> list[str]:
    return [choice for choice in ballot if choice != SILENT]


def by_hand(ballot: tuple[str, ...], *, on_stop: bool) -> str:
    """Return the outcome by walking the members one by one, with no counter and no division."""
    votes, needed = said(ballot), 2
    while 2 * needed <= len(ballot):
        needed += 1
    if len(votes) < needed:
        return ""

    def outweighs(names: set[str]) -> bool:
        scale = 0
        for choice in votes:
            if choice != "abstain":
                scale += 1 if choice in names else -1
        return scale > 0

    if on_stop:
        return "lift" if outweighs({"lift"}) else "uphold"
    if outweighs({"approve"}):
        return "approve"
    if outweighs({"approve", "approve_with_conditions"}):
        return "approve_with_conditions"
    return "reject" if outweighs({"reject"}) else "defer"


@pytest.mark.parametrize("members", range(1, 6))
@pytest.mark.parametrize(("choices", "on_stop"), [(ON_ITEM, False), (ON_STOP, True)], ids=["item", "stop"])
def test_every_ballot_of_up_to_five_comes_to_what_is_counted_by_hand(
    members: int, choices: tuple[str, ...], on_stop: bool
) -> None:
    for ballot in product((*choices, SILENT), repeat=members):
        found = count_votes(said(ballot), eligible=members, on_stop=on_stop)
        assert found.outcome == by_hand(ballot, on_stop=on_stop), ballot
        assert sum(found.votes.values()) == len(said(ballot))


@given(ballots)
def test_without_a_quorum_there_is_no_outcome_and_with_one_there_is(ballot: list[str]) -> None:
    found = count_votes(said(ballot), eligible=len(ballot))
    assert bool(found.outcome) == (len(said(ballot)) >= found.quorum)


@given(st.integers(min_value=0, max_value=1_000))
def test_two_quorums_of_one_committee_always_share_a_member(eligible: int) -> None:
    assert quorum_of(eligible) >= 2
    assert 2 * quorum_of(eligible) > eligible


@given(st.lists(st.sampled_from(ON_ITEM), max_size=25))
def test_who_may_vote_alone_decides_nothing(votes: list[str]) -> None:
    assert count_votes(votes[:1], eligible=1).outcome == ""


@given(ballots, st.randoms(use_true_random=False))
def test_the_order_of_the_votes_does_not_matter(ballot: list[str], chance: object) -> None:
    mixed = said(ballot)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    there = count_votes(said(ballot), eligible=len(ballot))
    assert there.outcome == count_votes(mixed, eligible=len(ballot)).outcome


APPROVING = ("approve", "approve_with_conditions")


@given(ballots)
def test_one_more_vote_to_reject_never_turns_a_refusal_into_an_approval(ballot: list[str]) -> None:
    eligible = len(ballot) + 1
    before = count_votes(said(ballot), eligible=eligible)
    after = count_votes([*said(ballot), "reject"], eligible=eligible)
    if before.outcome and before.outcome not in APPROVING:
        assert after.outcome not in APPROVING


@given(ballots)
def test_one_more_vote_to_approve_never_turns_an_approval_into_a_refusal(ballot: list[str]) -> None:
    eligible = len(ballot) + 1
    before = count_votes(said(ballot), eligible=eligible)
    after = count_votes([*said(ballot), "approve"], eligible=eligible)
    if before.outcome in APPROVING:
        assert after.outcome in APPROVING


@given(ballots, st.integers(min_value=0, max_value=20))
def test_abstentions_change_nothing_once_the_quorum_is_there(ballot: list[str], more: int) -> None:
    eligible = len(ballot) + more
    before = count_votes(said(ballot), eligible=eligible)
    after = count_votes([*said(ballot), *["abstain"] * more], eligible=eligible)
    if before.outcome:
        assert after.outcome == before.outcome


@given(ballots)
def test_a_changed_mind_towards_rejection_never_helps_an_approval(ballot: list[str]) -> None:
    before = count_votes(said(ballot), eligible=len(ballot))
    for place, choice in enumerate(ballot):
        if choice not in (SILENT, "reject"):
            other = [*ballot[:place], "reject", *ballot[place + 1 :]]
            after = count_votes(said(other), eligible=len(ballot))
            # A vote to defer, or an abstention, weighs against nothing less than one to reject does.
            assert not (after.outcome in APPROVING and before.outcome not in APPROVING)


@given(st.lists(st.sampled_from([*ON_STOP, SILENT]), min_size=1, max_size=25))
def test_a_stop_is_lifted_only_by_more_than_half_of_those_who_do_not_abstain(ballot: list[str]) -> None:
    found = count_votes(said(ballot), eligible=len(ballot), on_stop=True)
    if found.outcome == "lift":
        assert ballot.count("lift") > ballot.count("uphold")
    assert found.outcome in ("", "lift", "uphold")


@pytest.mark.parametrize(
    ("votes", "outcome"),
    [
        (["approve", "approve", "approve_with_conditions"], "approve"),
        (["approve", "approve_with_conditions", "approve_with_conditions"], "approve_with_conditions"),
        (["approve", "approve", "approve_with_conditions", "approve_with_conditions"], "approve_with_conditions"),
        (["approve", "approve_with_conditions", "reject", "reject"], "defer"),
        (["reject", "reject", "defer"], "reject"),
        (["abstain", "abstain", "reject"], "reject"),
        (["abstain", "abstain", "abstain"], "defer"),
    ],
)
def test_ballots_that_people_ask_about(votes: list[str], outcome: str) -> None:
    assert count_votes(votes, eligible=len(votes)).outcome == outcome
