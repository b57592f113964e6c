"""A title in balanced lines that end where a word ends (GB/T 9704-2012 7.3.1: 回行词意完整, 梯形或菱形)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from gridoffice.documents.lines import NO_END, NO_START, Measure

LONGEST = 18.5
"""Em: a title line of 二号 type longer than this crowds the margins."""

# Words of this trade, longest first when matched; a break inside one is a last resort.
_WORDS = (
    "网格化服务管理 网格化 网格员 网格长 微网格 网格 专职 兼职 考核 月度 季度 年度 半年 上半年 下半年 全年 结果 情况 通报 通知 "
    "报告 请示 批复 意见 决定 公告 通告 公示 纪要 方案 办法 细则 规定 制度 名单 名册 花名册 台账 一览表 统计表 "
    "汇总表 得分表 明细表 登记表 工作 服务 管理 治理 建设 党建 党组织 党支部 党员 社区 街道 办事处 委员会 村委会 "
    "居委会 居民 村民 领导小组 办公室 人民政府 全市 全区 全县 全镇 全街道 力量 配备 调整 划分 优化 培训 学习 持证 "
    "上岗 资格 证书 考试 成绩 排名 评优 评先 先进 表彰 奖励 处理 问题 整改 落实 进一步 加强 开展 做好 推进 组织 "
    "实施 印发 转发 关于 安全 生产 消防 隐患 排查 走访 巡查 事件 处置 办结 矛盾 纠纷 化解 信息 采集 数据 平台 "
    "人员 队伍 职责 第一 第二 第三 第四 一季度 二季度 三季度 四季度 有关 事项 若干 试行 征求 申报 推荐 选拔 聘任 "
    "解聘 值班 应急 防汛 抗旱 森林 防火 疫情 防控 环境 卫生 整治 文明 创建 满意度 测评 积分 兑换 综合 专项 重点 "
    "提质增效 实施意见 工作领导小组 基层 社会 城市 农村 城乡 统筹 协调 联席 会议 例会 督查 检查 反馈 总结 计划 要点 任务 "
    "清单 责任 单位 部门 "
    "完成率 处置率 办结率 结案率 按期 按时 上报 及时 准确 日常 得分 扣分 加分 总分 平均 人数 等次 等级 姓名 性别 民族 "
    "身份证 号码 联系 电话 手机号 出生 年月 日期 政治 面貌 文化 程度 学历 职务 岗位 用工 性质 所在 户数 人口 备注 任职 "
    "时间 编号 名称 类型 类别 状态 数量 比例 占比 合计 小计 优秀 良好 合格 不合格 逾期 未更新 "
    "返工率 评议 缺席 不实 最多 社区内 基础台账 入户 到岗 证件 街道办"
).split()


def balanced(measure: Measure, title: str, width: float, words: Iterable[str] = ()) -> list[str]:
    """The lines of a title. A line break in `title` is kept; `words` (names) are not broken either."""
    if "\n" in title:
        return [line.strip() for line in title.split("\n") if line.strip()]
    em = measure.em
    widest = min(width, LONGEST * em)
    if measure.width(title) <= widest:
        return [title]
    pieces = [piece.text for piece in measure.pieces(title, widest)]
    widths = [measure.width(piece) for piece in pieces]
    costs = break_costs(pieces, words)
    count = 2
    while True:
        best: tuple[float, list[int]] | None = None
        for edges in _divisions(widths, count, widest):
            lines = [sum(widths[a:b]) for a, b in pairwise(edges)]
            cost = sum(costs[cut] for cut in edges[1:-1]) + _shape_cost(lines, em)
            if best is None or cost < best[0]:
                best = cost, edges
        if best is not None:
            return ["".join(pieces[a:b]) for a, b in pairwise(best[1])]
        count += 1


def _divisions(widths: list[float], count: int, widest: float, start: int = 0) -> Iterator[list[int]]:
    """Every way to divide the pieces from `start` on into `count` lines that fit, as the lines' edges."""
    rest = sum(widths[start:])
    if count == 1:
        if 0 < rest <= widest:
            yield [start, len(widths)]
        return
    line = 0.0
    for cut in range(start + 1, len(widths)):
        line += widths[cut - 1]
        if line > widest:
            return
        if rest - line <= (count - 1) * widest:
            for edges in _divisions(widths, count - 1, widest, cut):
                yield [start, *edges]


def break_costs(pieces: list[str], words: Iterable[str] = ()) -> list[float]:
    """What a break before each piece costs: 0 beside a known word, much inside one."""
    text = "".join(pieces)
    inside: set[int] = set()
    beside: set[int] = set()
    ordered = sorted({word for word in (*words, *_WORDS) if len(word) > 1}, key=len, reverse=True)
    taken = [False] * len(text)
    for word in ordered:
        for match in re.finditer(re.escape(word), text):
            start, end = match.span()
            if not any(taken[start:end]):
                taken[start:end] = [True] * (end - start)
                inside.update(range(start + 1, end))
                beside.update((start, end))
    costs = [0.0]
    place = 0
    depth = 0
    for before, after in pairwise(pieces):
        place += len(before)
        depth += sum(before.count(mark) for mark in "《（") - sum(before.count(mark) for mark in "》）")
        if after[0] in NO_START or before[-1] in NO_END:
            costs.append(1000.0)
        elif place in inside:
            costs.append(60.0)
        elif after[0] == "的" or before[-1] in "第各全本":
            costs.append(40.0)
        elif after[0] == "（":
            costs.append(2.0)
        elif before[-1] in "和与及暨" or before == "关于":
            costs.append(15.0)
        elif before[-1] in "的、" or after[0] in "和与及暨" or place in beside:
            costs.append(0.0)
        else:
            costs.append(8.0)
        if depth > 0:
            costs[-1] += 6.0  # rather not inside a name or a bracket
    return costs


def _shape_cost(lines: list[float], em: float) -> float:
    """How far the lines are from a trapezium or a diamond."""
    mean = sum(lines) / len(lines)
    cost = sum(((line - mean) / em) ** 2 for line in lines) / len(lines)
    steps = [b - a for a, b in pairwise(lines)]
    if all(abs(step) < em / 2 for step in steps):
        cost += 2.0  # a rectangle
    if any(first < -em / 2 and second > em / 2 for first, second in pairwise(steps)):
        cost += 20.0  # an hourglass
    if lines[-1] < 3.5 * em:
        cost += 30.0
    return cost
