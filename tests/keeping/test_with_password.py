"""What holds of a local office holds of one with a password: the same tests on a file under SQLCipher."""

from __future__ import annotations

from pathlib import Path

import pytest

from gridoffice.office import Office
from tests.db.test_backup import (  # noqa: F401 - collected here once more
    test_a_backup_is_one_state_while_others_write,
    test_a_backup_replaces_the_one_of_the_same_name_whole,
    test_a_backup_that_cannot_be_written_leaves_nothing,
    test_a_broken_backup_is_refused_and_changes_nothing,
    test_a_locked_month_stays_locked_after_restoring,
    test_a_restored_office_works_on,
    test_others_who_have_the_office_open_see_what_was_restored,
)
from tests.db.test_store import (  # noqa: F401
    test_a_code_the_list_does_not_have_is_refused_by_the_database,
    test_a_newer_office_is_not_touched,
    test_a_read_sees_one_state_whatever_is_written_meanwhile,
    test_too_long_and_too_large_are_refused_alike,
    test_two_of_the_same_are_a_conflict_in_a_sentence,
    test_two_who_write_at_once_take_turns,
)
from tests.keeping.test_alone import (  # noqa: F401
    test_an_import_in_the_middle_keeps_a_restore_waiting,
    test_nobody_restores_or_moves_while_somebody_does,
)
from tests.keeping.test_bad_disks import (  # noqa: F401
    test_a_full_disk_takes_no_half_write,
    test_no_room_for_a_backup_or_a_write,
)
from tests.keeping.test_rolling import (  # noqa: F401
    test_a_backup_a_day_while_something_is_written,
    test_a_clock_set_back_is_said_and_nothing_is_lost,
    test_a_failed_backup_removes_none,
    test_what_restoring_would_lose,
)
from tests.offices import PASSWORD, Copies, Opening


@pytest.fixture
def backend() -> str:
    return "password"


@pytest.fixture
def office(
    small_copies: Copies, tmp_path: Path, office_at: Opening, monkeypatch: pytest.MonkeyPatch
) -> Office:
    """As the modules these tests come from have it, under a password."""
    monkeypatch.setenv("GRIDOFFICE_FILE_PASSWORD", PASSWORD)
    folder = tmp_path / "本办"
    folder.mkdir()
    return office_at(Copies(small_copies.file, "office").with_password(folder))
