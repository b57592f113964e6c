"""Packs, schemes and tables of the office above: what changes is shown, both sides' changes meet, undo takes it back."""

from __future__ import annotations

import pickle

import pytest

from gridoffice.assessment.schemes import copy_scheme, scheme_called, scheme_keys
from gridoffice.errors import RuleBroken
from gridoffice.grids.own_packs import copy_pack, pack_called, save_pack, text_of
from gridoffice.grids.switching import switch_pack
from gridoffice.history import last_undoable, undo
from gridoffice.office import Office
from gridoffice.own_tables import save_own_table
from gridoffice.packages.given import GivenClash, Rules, look_rules, other_model, rules_of, take_rules
from gridoffice.packages.receiving import Arrived, receive
from gridoffice.planned import Outcome
from gridoffice.qualifications.service import SKILLS
from gridoffice.settings import PACKS, setting
from tests.packages.conftest import PASSWORD, Two

KEY, NAME = "qinghe", "青禾模式"
PACK = f"packs {KEY}"


def given(two: Two) -> Arrived:
    return receive(two.community, two.down(rules=True, whole=True), PASSWORD)


def write_pack(office: Office, old: str, new: str) -> None:
    text = office.read(text_of, KEY)
    assert old in text
    office.write(save_pack, text.replace(old, new, 1))


def of_pack(two: Two, rules: Rules) -> tuple[Outcome, str, tuple[str, ...]]:
    seen = {one.id: one for one in two.community.read(look_rules, rules)}[PACK]
    return seen.outcome, seen.words, seen.lines


@pytest.fixture
def both(two: Two) -> Two:
    """The street has a pack of its own, and the community took it over."""
    two.street.write(copy_pack, "chengdu-3+1", KEY, NAME)
    arrived = given(two)
    assert of_pack(two, arrived.said.rules) == (Outcome.NEW, "这里还没有", ())
    assert two.community.write(take_rules, arrived.said.rules, "青禾街道办事处").result == 1
    return two


def test_an_own_pack_goes_down_and_undo_takes_it_back(both: Two) -> None:
    assert both.community.read(text_of, KEY) == both.street.read(text_of, KEY)
    assert both.community.read(pack_called, KEY).name == NAME
    taken = both.community.read(last_undoable)
    arrived = given(both)
    assert of_pack(both, arrived.said.rules)[:2] == (Outcome.UNCHANGED, "和这里一样")
    assert taken is not None and taken.title == "采用“青禾街道办事处”的治理模式“青禾模式”"
    both.community.write(undo, taken.id)
    assert both.community.read(lambda session: setting(session, PACKS, {})) == {}
    assert of_pack(both, arrived.said.rules)[0] is Outcome.NEW


def test_what_changes_is_shown_and_what_was_changed_here_elsewhere_stays(both: Two) -> None:
    write_pack(both.street, 'name = "青禾模式"', 'name = "青禾新模式"')
    write_pack(both.community, 'label = "微网格"', 'label = "小微网格"')
    arrived = given(both)
    outcome, words, lines = of_pack(both, arrived.said.rules)
    assert (outcome, words) == (Outcome.UPDATED, "改 1 处")
    assert lines == ('name = "青禾模式" → name = "青禾新模式"',)
    done = both.community.write(take_rules, arrived.said.rules, "青禾街道办事处")
    text = both.community.read(text_of, KEY)
    assert "青禾新模式" in text and "小微网格" in text
    again = given(both)
    assert of_pack(both, again.said.rules)[1] == "这里改过，上级没有新的变化"
    both.community.write(undo, done.action)
    text = both.community.read(text_of, KEY)
    assert "青禾新模式" not in text and "小微网格" in text


def test_where_both_changed_the_same_somebody_chooses(both: Two) -> None:
    write_pack(both.street, 'name = "青禾模式"', 'name = "街道起的"')
    write_pack(both.community, 'name = "青禾模式"', 'name = "社区起的"')
    rules = given(both).said.rules
    assert of_pack(both, rules) == (
        Outcome.CONFLICT,
        "有 1 处两边都改了，采用时逐处选",
        ('本办 name = "社区起的"，上级 name = "街道起的"',),
    )
    with pytest.raises(GivenClash, match="治理模式“街道起的”有 1 处上级和本办都改了。还没有采用") as met:
        both.community.write(take_rules, rules, "青禾街道办事处")
    assert both.community.read(pack_called, KEY).name == "社区起的"
    clash = pickle.loads(pickle.dumps(met.value))
    assert (clash.rule, clash.owners[0]) == (PACK, "上级的")
    chosen = {PACK: (clash.settled([0]), clash.now)}
    write_pack(both.community, 'name = "社区起的"', 'name = "社区又改了"')
    with pytest.raises(GivenClash):
        both.community.write(take_rules, rules, "青禾街道办事处", (), chosen)
    both.community.write(undo)
    both.community.write(take_rules, rules, "青禾街道办事处", (PACK,), chosen)
    assert both.community.read(pack_called, KEY).name == "街道起的"


def test_a_scheme_of_the_same_key_that_was_never_taken_over(two: Two) -> None:
    source = scheme_keys()[0]
    two.street.write(copy_scheme, source, "月评", "街道的月评")
    two.community.write(copy_scheme, source, "月评", "社区的月评")
    rules = given(two).said.rules
    (seen,) = two.community.read(look_rules, rules)
    assert seen.outcome is Outcome.CONFLICT
    with pytest.raises(GivenClash) as met:
        two.community.write(take_rules, rules, "青禾街道办事处")
    chosen = {seen.id: (met.value.settled([1] * len(met.value.places)), met.value.now)}
    two.community.write(take_rules, rules, "青禾街道办事处", (), chosen)
    assert two.community.read(scheme_called, "月评").name == "社区的月评", "one's own may stay"


def test_tables_and_another_pack_to_work_by(two: Two) -> None:
    shipped = SKILLS.shipped()
    two.street.write(save_own_table, SKILLS, shipped + "\n# 青禾街道\n")
    two.street.write(copy_pack, "chengdu-3+1", KEY, NAME)
    two.street.write(switch_pack, KEY)
    rules = given(two).said.rules
    assert rules == two.street.read(rules_of) and len(rules) == 2
    assert two.community.read(other_model, rules) == (
        "上级按“青禾模式”运行，本办按“成都微网实格 3+1”。要换，到“治理模式”里换。"
    )
    two.community.write(take_rules, rules, "青禾街道办事处")
    two.community.write(switch_pack, KEY)
    assert two.community.read(other_model, rules) == ""
    assert two.community.read(SKILLS.text).endswith("# 青禾街道\n")


def test_a_text_that_this_program_does_not_understand(two: Two) -> None:
    rules = Rules(packs={"x": 'key = "x"\nname = "怪"\n'}, schemes={"y": "]["})
    seen = two.community.read(look_rules, rules)
    assert [one.outcome for one in seen] == [Outcome.ERROR] * 2
    assert seen[0].words.startswith("本机读不懂：")
    with pytest.raises(RuleBroken):
        two.community.write(take_rules, rules, "青禾街道办事处")
