"""Which party organisation the words of a row mean, and what the clerk is asked when nobody knows."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from gridoffice.errors import Problem, Severity
from gridoffice.party import rules
from gridoffice.party.naming import Organisations, organisations
from gridoffice.questions import CREATE, SKIP, SKIP_WORDS, TO, Answers, Asked, Choice, target

SIGN = "org "
"""How the keys of these questions begin."""


@dataclass(frozen=True, slots=True)
class OrgFound:
    """What words came to: an organisation, one that is to be made, or a problem and its question."""

    org_id: int | None = None
    problems: tuple[Problem, ...] = ()
    asked: Asked | None = None
    make: bool = False
    skip: bool = False


def find_org(
    book: Organisations, answers: Answers, text: str, field: str, *, create_missing: bool
) -> OrgFound:
    """The organisation that a cell means; what was answered where nobody knows it."""
    answer = book.find(text)
    if not isinstance(answer, Problem):
        return OrgFound(answer)
    several = len(book.named(text))
    words = f"叫“{text}”的党组织有 {several} 个" if several else f"“{text}”在党组织台账里没有"
    asked = Asked(f"{SIGN}{text}", words, field, text, text)
    said = answers.to(asked)
    if said == SKIP:
        return OrgFound(asked=asked.answered(SKIP), skip=True)
    meant = target(said)
    if said is not None and meant is not None and meant.isdigit() and int(meant) in book.by_id:
        shown = f"“{book.display(int(meant))}”"
        return OrgFound(int(meant), tuple(answers.note(asked, shown)), asked.answered(said))
    if (said == CREATE or (said is None and create_missing)) and not several:
        note = Problem(f"党组织“{text}”还没有，一并新建。", Severity.NOTE, field=field, value=text)
        return OrgFound(None, (note,), asked.answered(CREATE), make=True)
    return OrgFound(None, (Problem(answer.message, field=field, value=text),), asked)


def org_choices(session: Session, asked: Asked) -> tuple[Choice, ...]:
    """The answers to that question, the likeliest first."""
    book = organisations(session)
    like = [Choice(f"{TO}{org_id}", book.display(org_id)) for org_id in book.like(asked.about)]
    if book.named(asked.about):
        return (*like, Choice(SKIP, SKIP_WORDS))
    kind = rules.kind_of(asked.about)
    make = Choice(CREATE, f"新建{kind.label if kind is not None else '党支部'}“{asked.about}”")
    return (*like, make, Choice(SKIP, SKIP_WORDS))
