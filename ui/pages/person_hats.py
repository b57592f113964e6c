"""What somebody wears besides a post: certificates, the party, trainings, scores; and what was changed."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from db.enums import Presence, Right
from gridoffice.accounts.rules import may
from gridoffice.assessment.rules import in_words
from gridoffice.overview import questions
from gridoffice.overview.everybody import YEARS
from gridoffice.overview.person_changes import LOOKED_AT, Changes, changes_of_person
from gridoffice.overview.person_record import CertificateHat, PersonRecord
from gridoffice.people.attachments import Owner
from gridoffice.qualifications.rules import Validity
from gridoffice.workers.rules import span
from ui.pages.certificates import SIGNS
from ui.theme import look
from ui.widgets.badges import Badge, note
from ui.widgets.charts import Bar, BarChart
from ui.widgets.parts import Box, Button, Child, button, column, label, row, rule
from ui.widgets.scans import Scans

if TYPE_CHECKING:
    from ui.main_window import MainWindow

PRESENCES = {
    Presence.PRESENT: "ok",
    Presence.MADE_UP: "ok",
    Presence.LATE: "warn",
    Presence.LEAVE: "mute",
    Presence.ABSENT: "err",
}


def may_enter(desk: MainWindow) -> bool:
    """May whoever is at work change people, today?"""
    return may(desk.office.who.role, Right.EDIT_PEOPLE) and not desk.past


def leading(desk: MainWindow, page: str, words: str, icon: str = "", **where: Any) -> Button | None:
    """A link to another page; None in a program without it."""
    if page not in {one.key for one in desk.page_types}:
        return None
    return button(words, icon, "link", on_click=lambda: desk.go(page, **where))


def _hat(title: str, below: str, *after: Child | None) -> Box:
    head = row((label(title, "name", wrap=True), 1), *(one for one in after if one is not None), gap=8)
    return column(head, label(below, "hint", wrap=True), gap=0) if below else head


def _number(value: Decimal) -> str:
    """Without zeros behind the point."""
    return f"{value.normalize():f}"


def _head(title: str, *after: Child | None) -> Box:
    return row(label(title, "strong"), None, *(one for one in after if one is not None))


# 证书


def standing(one: CertificateHat) -> Badge:
    """How a certificate stands, as a badge: with its last day where that is near."""
    if one.expires is None or one.validity is Validity.VALID:
        return Badge("ok", one.validity.label)
    if one.validity is Validity.EXPIRED:
        return Badge("err", one.validity.label)
    return Badge(SIGNS[one.validity], f"{one.expires.month}月{one.expires.day}日到期")


def put_certificates(made: Box, desk: MainWindow, said: PersonRecord) -> None:
    """Every certificate with its scans; below the present ones those that were renewed since."""
    held = [one for one in said.certificates if one.current]
    add = (
        leading(desk, "certificates", "添加", "plus", new={"person_id": (said.id, said.name)})
        if may_enter(desk)
        else None
    )
    made.put(_head(f"证书 {len(held)} 本", add))
    upward = said.next_level
    if upward is not None:
        when = f"{upward.day} 起" if upward.day is not None else upward.lacks
        made.put(note("info", "，".join(part for part in (f"可申报{upward.level.label}", when) if part)))
    for one in held:
        made.put(
            _hat(
                "·".join(part for part in (one.certificate, one.level) if part),
                _paper(one),
                standing(one),
                leading(desk, "certificates", "打开", show=one.id),
            )
        )
        made.put(Scans(desk, Owner(certificate=one.id)))
        made.put(rule())
    if not held:
        made.put(label("没有登记证书。", "hint"))
    past = [one for one in said.certificates if not one.current]
    if past:
        made.put(label("续证以前的", "strong"))
    for one in past:
        made.put(_hat("·".join(part for part in (one.certificate, one.level) if part), _paper(one)))


def _paper(one: CertificateHat) -> str:
    issued = f"{one.issued} 发证" if one.issued is not None else ""
    until = f"有效至 {one.expires}" if one.expires is not None else "长期有效"
    return "　".join(part for part in (one.number, one.issuer, issued, until) if part)


# 党员


def put_party(made: Box, desk: MainWindow, said: PersonRecord) -> None:
    """The branch, what is answered for, what is led."""
    made.put(_head("党员", None))
    for one in said.memberships:
        joined = f"{one.joined} 入党" if one.joined is not None else ""
        confirmed = f"{one.confirmed} 转正" if one.confirmed is not None else ""
        left = f"{one.to_day} 转出" if one.to_day is not None else ""
        below = "　".join(part for part in (one.flow.label, joined, confirmed, left) if part)
        past = one.to_day is not None and one.to_day < desk.day
        made.put(
            _hat(
                one.org or "没写党支部",
                below,
                Badge("mute" if past else "ok", one.kind.label),
                None if past else leading(desk, "party-members", "打开", show=one.id),
            )
        )
    if not said.memberships:
        made.put(label("党员名册里没有这个人。", "hint"))
    if said.leads:
        made.put(rule())
        made.put(label("任书记", "strong"))
        for org in said.leads:
            made.put(_hat(org.name, "", leading(desk, "party-orgs", "打开", show=org.id)))
    made.put(rule())
    made.put(label("入格", "strong"))
    for link in said.links:
        below = "　".join(part for part in (link.duty or "", span(link.from_day, link.to_day)) if part)
        past = link.to_day is not None and link.to_day < desk.day
        made.put(
            _hat(
                link.grid,
                below,
                Badge("mute" if past else "ok", link.kind),
                None if past else leading(desk, "party-links", "打开", show=link.id),
            )
        )
    if not said.links:
        made.put(label("没有入格。", "hint"))


# 培训


def put_trainings(made: Box, desk: MainWindow, said: PersonRecord) -> None:
    """The hours of two years, and every training."""
    made.put(_head(f"近 {YEARS} 年 {_number(said.trained)} 学时", None))
    for one in said.trainings:
        score = f"{_number(one.score)} 分" if one.score is not None else ""
        below = "　".join(part for part in (one.day.isoformat(), f"{_number(one.hours)} 学时", score) if part)
        made.put(
            _hat(
                one.name,
                below,
                Badge(PRESENCES[one.presence], one.presence.label),
                leading(desk, "attendance", "打开", show=one.id),
            )
        )
    if not said.trainings:
        made.put(label("还没有参加过培训。", "hint"))


# 考核


def put_scores(made: Box, desk: MainWindow, person_id: int) -> None:
    """The last six months as a chart, and the months of two years one by one."""
    put_score_chart(made, desk, person_id)
    holder = column(gap=4)
    made.put(holder)

    def arrived(scores: list[tuple[str, Any, str | None]]) -> None:
        for period, total, grade in reversed(scores):
            words = f"{total:.2f}" if total is not None else "待补"
            month = button(
                in_words(period),
                kind="link",
                on_click=lambda period=period: desk.go("assessment", month=period),
            )
            holder.put(row(month, None, label(words, "strong"), label(grade or "未定等次", "fact"), gap=12))

    desk.read(made, questions.scores, person_id, 24, then=arrived, topic="months")


def put_score_chart(made: Box, desk: MainWindow, person_id: int) -> None:
    """The last six months, each with its total."""
    said = label("", "fact")
    made.put(row(label("近 6 个月考核", "strong"), None, said))
    chart = BarChart("近 6 个月考核")
    chart.setFixedHeight(look.px(160))
    made.put(chart)

    def arrived(scores: list[tuple[str, Any, str | None]]) -> None:
        known = [(period, total, grade) for period, total, grade in scores if total is not None]
        if not known:
            chart.hide()
            said.setText("还没有考核分")
            return
        latest = known[-1]
        said.setText(f"{int(latest[0][5:])}月 {latest[1]:.2f}·{latest[2] or '未定等次'}")
        chart.show_bars(
            [
                Bar(f"{int(period[5:])}月", total, words=f"{total:.1f}", current=period == latest[0])
                for period, total, _ in known
            ]
        )

    desk.read(made, questions.scores, person_id, then=arrived, topic="scores")


# 变动


def put_changes(made: Box, desk: MainWindow, person_id: int) -> None:
    """What was done to this person, whichever hat it concerned, latest first."""
    made.put(label("这个人的变动", "strong"))
    holder = column(gap=8)
    made.put(holder)

    further = row()
    made.put(further)

    def look(before: int | None) -> None:
        further.clear()
        desk.read(
            made,
            changes_of_person,
            person_id,
            before,
            then=arrived,
            topic="changes",
            heavy=before is not None,
        )

    def arrived(found: Changes) -> None:
        for line in found.lines:
            words = f"{line.title}（已撤销）" if line.undone else line.title
            holder.put(
                column(
                    label(words, wrap=True),
                    label(f"{line.at.astimezone():%Y-%m-%d %H:%M}　{line.who}", "hint"),
                    gap=0,
                )
            )
        if found.before is not None:
            onward = found.before
            words = "再往前找" if found.lines else f"最近 {LOOKED_AT} 次变动里没有，再往前找"
            further.put(button(words, "history", "link", on_click=lambda: look(onward)))
            further.put(None)
        elif not found.lines and not holder.box.count():
            holder.put(label("还没有变动。", "hint"))

    look(None)
