"""Whoever changes what is there says what he saw of it, or it stands here why that does not matter."""

from __future__ import annotations

import ast
import inspect
import textwrap
from typing import Any

from db.turns import Turn
from tests.guards.test_declarations import services

SEEN = "seen"
"""The parameter of a service that takes what was seen before it was changed."""

EXCEPTIONS = {
    # only new records, or a line of the journal and nothing else
    "new": {
        "accounts.keeping.add_account",
        "assessment.appeals.raise_appeal",
        "assessment.schemes.copy_scheme",
        "audit.taken_out",
        "demo.bulk.fill_portion",
        "demo.bulk.fill_values",
        "demo.portraits.add_portraits",
        "establish.found",
        "everything.read_everything",
        "exports.revealed",
        "grids.own_packs.copy_pack",
        "households.service.reveal_household",
        "leaving.left",
        "packages.partners.add_partner",
        "packages.receiving.note_received",
        "packages.sending.note_sent",
        "papers.drafts.copy_draft",
        "party.service.enter_member",
        "people.attachments.add_scan",
        "people.duplicates.tell_apart",
        "people.service.reveal",
        "qualifications.service.renew_certificate",
        "qualifications.service.renew_certificates",
        "safekeeping.noted",
        "serving.setup.found_shared",
        "training.completions.certify",
        "training.plans.schedule",
        "training.sheet.invite",
        "workers.reserve.appoint",
    },
    # one step of what has an order: it refuses what is not in the state it starts from
    "step": {
        "accounts.handing_over.hand_over",
        "accounts.keeping.disable_account",
        "accounts.keeping.enable_account",
        "accounts.keeping.reject_account",
        "accounts.passwords.unlock_account",
        "assessment.appeals.decide_appeal",
        "assessment.service.exclude",
        "assessment.service.readmit",
        "history.redo",
        "history.undo",
        "overview.badges.make_badge_key",
        "packages.keys.make_keys",
        "packages.partners.confirm_partner",
        "packages.standing.settle",
        "papers.drafts.send_out",
        "party.service.confirm_members",
        "training.service.move_training",
    },
    # something ends or is taken away, whatever stands in it; undo brings it back
    "end": {
        "assessment.departments.remove_department",
        "assessment.schemes.remove_scheme",
        "grids.own_packs.remove_pack",
        "households.service.end_households",
        "households.service.remove_households",
        "packages.partners.remove_partner",
        "papers.drafts.remove_drafts",
        "papers.register.remove_number",
        "papers.templates.remove_template",
        "party.reporting.end_reports",
        "party.reporting.remove_services",
        "party.service.dissolve_orgs",
        "party.service.end_links",
        "people.attachments.remove_photo",
        "people.attachments.remove_scan",
        "qualifications.service.remove_certificate",
        "registers.service.remove_issues",
        "registers.service.remove_resources",
        "training.plans.remove_plan",
        "training.service.remove_training",
        "training.sheet.remove_attendance",
        "training.sheet.take_off",
        "views.unshare_view",
        "workers.posts.remove_post",
        "workers.reserve.leave_reserve",
        "workers.service.end_posts",
    },
    # the same for all that are ticked, whatever they had: that is what is asked for
    "many": {
        "assessment.calibration.calibrate",
        "households.service.give_caller",
        "party.service.transfer_members",
        "registers.service.settle_issues",
        "training.sheet.all_here",
        "training.sheet.enter_attendance",
        "workers.moving.change_posts",
        "workers.moving.transfer_posts",
    },
    # it compares by itself: by a version, by the present password, by what fits what was found
    "itself": {
        "accounts.passwords.change_own_password",
        "grids.switching.switch_pack",
        "packages.given.take_rules",
        "packages.keys.change_password",
        "papers.drafts.save_draft",
        "people.merging.merge_people",
    },
    # of one account, or remembered so that it need not be asked again: the last word counts
    "last": {
        "accounts.keeping.bind_account",
        "accounts.passwords.reset_password",
        "filling.remember_form",
        "intake.remember_mappings",
        "overview.signs.save_sign_phones",
        "papers.templates.keep_template",
        "people.attachments.set_photo",
        "questions.remember_answers",
        "views.share_view",
    },
}
"""Services that do not take what was seen, by the reason. A turn of an import or a month needs none: nobody else works
on the same meanwhile, and what was planned is planned again when the journal has grown."""
ALONE = {Turn.IMPORT, Turn.MONTH}


def ours() -> dict[str, Any]:
    return {name.removeprefix("gridoffice."): one for name, one in services().items()}


def excepted() -> set[str]:
    return set().union(*EXCEPTIONS.values())


def test_every_service_that_changes_something_says_what_was_seen() -> None:
    lacking = {
        name
        for name, one in ours().items()
        if SEEN not in inspect.signature(one).parameters and one.declared.turn not in ALONE
    }
    assert lacking - excepted() == set(), "take `seen`, or say here why it does not matter"


def test_no_exception_is_made_for_what_is_not_there_or_says_it() -> None:
    known = ours()
    assert excepted() - known.keys() == set()
    assert {name for name in excepted() if SEEN in inspect.signature(known[name]).parameters} == set()
    assert {name for name in excepted() if known[name].declared.turn in ALONE} == set()
    listed = [name for some in EXCEPTIONS.values() for name in some]
    assert len(listed) == len(set(listed))


def test_what_was_seen_is_looked_at() -> None:
    """A parameter that nobody reads compares nothing."""
    for name, one in ours().items():
        if SEEN not in inspect.signature(one).parameters:
            continue
        body = ast.parse(textwrap.dedent(inspect.getsource(one))).body[0]
        read = [node for node in ast.walk(body) if isinstance(node, ast.Name) and node.id == SEEN]
        assert read, name
