"""How a clerk calls a grid, and which grid a name means: there and back for every grid there is."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gridoffice.demo import Size, make
from gridoffice.demo.data import DemoOffice, paths
from gridoffice.demo.ledgers import place_text
from gridoffice.errors import Problem
from gridoffice.grids import naming
from gridoffice.grids.listing import office_pack
from gridoffice.grids.naming import Gazetteer, Place, gazetteer, names_of, short
from gridoffice.grids.pack_text import load
from gridoffice.office import Office
from tests.offices import grid_id

PACK = load("chengdu-3+1")


def book_of(made: DemoOffice) -> Gazetteer:
    numbers = {grid.code: number for number, grid in enumerate(made.grids, 1)}
    kinds = {kind.label: kind.key for kind in PACK.kinds}

    def kind_of(word: str) -> str:
        found = PACK.kind_called(word)
        return found.key if found is not None else kinds[word]

    return Gazetteer(
        PACK,
        (
            Place(
                numbers[g.code], g.code, g.name, kind_of(g.kind), numbers[g.parent] if g.parent else None, ""
            )
            for g in made.grids
        ),
    )


@pytest.fixture(scope="module")
def street() -> DemoOffice:
    return make(Size.STREET, date(2026, 9, 15))


@pytest.fixture(scope="module")
def county() -> DemoOffice:
    return make(Size.COUNTY, date(2026, 9, 15))


@pytest.mark.parametrize("size", ["street", "county"])
def test_what_a_list_shows_is_found_again(size: str, request: pytest.FixtureRequest) -> None:
    book = book_of(request.getfixturevalue(size))
    lost = {
        book.display(place): place.code
        for place in book.places.values()
        if book.find(book.display(place)) != place.id
    }
    assert lost == {}
    shown = [book.display(place) for place in book.places.values()]
    assert len(set(shown)) == len(shown)


def test_a_community_said_twice_is_the_same_community(street: DemoOffice) -> None:
    """A column 社区 beside the grid as our own lists show it."""
    book = book_of(street)
    lost = {}
    for code, path in paths(street.grids).items():
        shown = book.display(book.places[book.by_code(code) or 0])
        for text in ("/".join([*path[:2], shown]), path[1] + shown if len(path) > 1 else shown):
            found = book.find(text)
            if len(path) > 2 and found != book.by_code(code):
                lost[text] = found
    assert lost == {}
    assert isinstance(book.find("柳荫社区/梧桐·第一网格"), Problem)


@pytest.mark.parametrize("size", ["street", "county"])
def test_what_an_offices_roster_writes_is_found(size: str, request: pytest.FixtureRequest) -> None:
    made = request.getfixturevalue(size)
    book = book_of(made)
    for code, path in paths(made.grids).items():
        for text in (code, place_text(path), "/".join(path), " > ".join(path), "".join(path[-3:])):
            found = book.find(text)
            assert not isinstance(found, Problem), (text, found.message)
            if text != "".join(path[-3:]):
                assert book.places[found].code == code, text


def places(*rows: tuple[int, str, str, int | None]) -> Gazetteer:
    codes = {"street": "5{:08d}", "community": "5{:011d}", "general": "5{:014d}", "micro": "5{:016d}"}
    return Gazetteer(
        PACK, (Place(i, codes[kind].format(i), name, kind, above, "") for i, name, kind, above in rows)
    )


SMALL = (
    (1, "青禾街道", "street", None),
    (2, "梧桐社区", "community", 1),
    (3, "第一网格", "general", 2),
    (4, "微网格01", "micro", 3),
    (5, "柳荫社区", "community", 1),
    (6, "第一网格", "general", 5),
    (7, "新桥村", "community", 1),
    (8, "梧桐园网格", "general", 7),
)


@pytest.mark.parametrize("few", [0, naming.FEW])
def test_what_was_understood_before_changes_no_answer(
    county: DemoOffice, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(naming, "FEW", few)
    one, other = book_of(county), book_of(county)
    monkeypatch.setattr(other, "_beside", lambda _text: None)
    monkeypatch.setattr(naming.Gazetteer, "_nearest", lambda _book, text: f"像{text}。")
    chance = Random(few)
    places = [chance.choice(list(one.places.values())) for _ in range(200)]
    texts = []
    for place in places:
        *above, name = [up.name for up in reversed(one.above(place))]
        stranger = chance.choice(places)
        for tail in (
            name,
            short(name),
            stranger.name,
            stranger.code,
            place.code,
            f"{above[-1:]}{name}",
            f"{name} ",
        ):
            head = "/".join(above[chance.randrange(len(above) + 1) :])
            texts += [f"{head}/{tail}", f"{head}·{tail}", f"{head}{tail}", f"{head}/{short(name)}"]
    chance.shuffle(texts)
    found = [one.find(text) for text in texts]
    assert found == [other.find(text) for text in texts]
    assert len({text for text in found if isinstance(text, int)}) > 100


def test_a_longer_name_and_a_code_stand_before_what_was_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(naming, "FEW", 0)
    named = [
        ("锦县", None),
        ("青街", 1),
        ("一格", 2),
        ("二格", 2),
        ("三格", 2),
        ("青", 1),
        ("街一格", 6),
        ("别处", 1),
    ]
    codes = {8: "锦县/青街/三格"}
    kind = PACK.kinds[0].key
    book = Gazetteer(
        PACK,
        (
            Place(number, codes.get(number, str(number)), name, kind, parent, "")
            for number, (name, parent) in enumerate(named, 1)
        ),
    )
    assert [book.find(f"锦县/青街/{tail}") for tail in ("二格", "一格", "三格")] == [4, 7, 8]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("梧桐社区", 2),
        ("梧桐", 2),
        ("青禾街道梧桐社区", 2),
        ("青禾 梧桐", 2),
        ("梧桐·第一网格", 3),
        ("梧桐社区第一网格", 3),
        ("梧桐社区 / 第一网格", 3),
        ("青禾街道－梧桐社区－第一网格", 3),
        ("青禾/第一网格/柳荫", None),
        ("柳荫第一网格", 6),
        ("微网格01", 4),
        ("梧桐第一网格微网格01", 4),
        ("梧桐社区微网格01", 4),
        ("新桥", 7),
        ("新桥村", 7),
        ("梧桐园网格", 8),
        ("第一网格", None),
        ("第三网格", None),
        ("柳荫社区微网格01", None),
        ("", None),
    ],
)
def test_which_grid_a_name_means(text: str, number: int | None) -> None:
    found = places(*SMALL).find(text)
    if number is None:
        assert isinstance(found, Problem)
    else:
        assert found == number


def test_an_ambiguous_name_lists_who_it_may_be() -> None:
    found = places(*SMALL).find("第一网格")
    assert isinstance(found, Problem)
    assert "有 2 个" in found.message
    assert "梧桐·第一网格" in found.message
    assert "柳荫·第一网格" in found.message
    assert found.value == "第一网格"


def test_a_misspelt_name_is_given_the_nearest() -> None:
    found = places(*SMALL).find("梧桐社区第一网恪")
    assert isinstance(found, Problem)
    assert "最接近：梧桐·第一网格" in found.message


def test_the_ending_of_a_place_may_be_left_out_but_never_all_of_it() -> None:
    assert [short(name) for name in ("梧桐社区", "新桥村", "青禾街道", "白马镇", "村", "社区", "乡村")] == [
        "梧桐",
        "新桥",
        "青禾",
        "白马",
        "村",
        "社区",
        "乡村",
    ]


def test_a_ring_of_places_does_not_hang_the_search() -> None:
    book = places((1, "甲社区", "community", None), (2, "乙社区", "community", None))
    book.hang(1, 2)
    book.hang(2, 1)
    assert isinstance(book.find("甲社区乙社区丙"), Problem)
    assert book.find("乙社区甲社区") == 1


def test_lists_call_a_grid_as_the_gazetteer_does(street_office: Office) -> None:
    book = street_office.read(lambda session: gazetteer(session, office_pack(session)))
    names = street_office.read(lambda session: names_of(session, office_pack(session), book.places))
    assert {number: shown for number, (shown, _) in names.items()} == {
        number: book.display(place) for number, place in book.places.items()
    }


def test_a_unit_is_the_community(small_office: Office) -> None:
    micro = grid_id(small_office, "51992100100100101")
    names = small_office.read(lambda session: names_of(session, office_pack(session), [micro]))
    assert names[micro] == ("梧桐·第一网格·微网格01", "梧桐社区")


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 7),
            st.sampled_from(["甲", "乙社区", "乙", "甲/乙社区", "锦泽市"]),
            st.sampled_from([None, date(2025, 1, 1)]),
        ),
        max_size=8,
    ),
    st.randoms(),
)
def test_paths_written_out_name_the_one_grid_that_stands_there(
    drawn: list[tuple[int, str, date | None]], random: Random
) -> None:
    """Looked up many at once: against the definition, in trees with twins, closed grids and odd names."""
    kind = PACK.kinds[-1].key
    places = [Place(1, "c1", "锦泽市", next(iter(PACK.root)), None, "")]
    for number, (above, name, last) in enumerate(drawn, 2):
        places.append(Place(number, f"c{number}", name, kind, min(above, number - 2) + 1, "", last))
    shuffled = places[:]
    random.shuffle(shuffled)
    book = Gazetteer(PACK, shuffled)
    below = {p.id: [up.name for up in reversed(book.above(p)[:-1])] for p in places}
    said = {"/".join(names[cut:]) for names in below.values() for cut in range(len(names))}
    texts: list[str | None] = [None, *sorted(said | {f"锦泽市/{text}" for text in said})]
    for text, found in zip(texts, book.written_out(texts), strict=True):
        if found is None:
            continue
        meant = [
            p.id
            for p in places
            if p.last is None and text in ("/".join(below[p.id]), "/".join(["锦泽市", *below[p.id]]))
        ]
        assert meant == [found]
    if "锦泽市" not in {names[0] for names in below.values() if len(names) == 1}:
        for place in places:
            same = [
                p for p in places if p.last is None and "/".join(below[p.id]) == "/".join(below[place.id])
            ]
            if len(below[place.id]) > 1 and same == [place]:
                parts: list[list[str | None]] = [[name] for name in below[place.id]]
                assert book.written_out(*parts) == [place.id]
