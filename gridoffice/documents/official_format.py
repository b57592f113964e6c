"""GB/T 9704-2012 党政机关公文格式: every number of the format, once, with its clause.

Lengths are millimetres, type sizes are points. The standard gives no line pitch in points: by its own
definition (clause 3) a line is the height of a character plus 7/8 of it, and 28 characters fill 156 mm,
so a cell is 156 / 28 mm and the pitch 15/8 of it; 21 pitches and one cell are 224.95 mm of the 225.
"""

from __future__ import annotations

from dataclasses import dataclass

from gridoffice.documents.fonts import POINT

PAGE_WIDTH, PAGE_HEIGHT = 210.0, 297.0  # 5.1: A4
HEAD_MARGIN = 37.0  # 5.2.1 天头
BINDING_MARGIN = 28.0  # 5.2.1 订口
AREA_WIDTH, AREA_HEIGHT = 156.0, 225.0  # 5.2.1 版心
AREA_RIGHT = BINDING_MARGIN + AREA_WIDTH
OUTER_MARGIN = PAGE_WIDTH - AREA_RIGHT  # 切口
AREA_BOTTOM = HEAD_MARGIN + AREA_HEIGHT

LINES, CHARACTERS = 22, 28  # 5.2.3: 每面 22 行, 每行 28 个字, 撑满版心
CELL = AREA_WIDTH / CHARACTERS  # 15.793 pt
STRICT_PITCH = CELL * 15 / 8  # 3 "行": 29.61 pt
COMPACT_PITCH = AREA_HEIGHT / LINES  # 28.99 pt, as most offices set it in a word processor

SIZE_1 = 26.0  # 一号
SIZE_2 = 22.0  # 二号: 标题 (7.3.1)
SIZE_3 = 16.0  # 三号: 正文 (5.2.2)
SIZE_4 = 14.0  # 四号: 页码 (7.5), 版记 (7.4)
SIZE_4_SMALL = 12.0  # 小四
SIZE_5 = 10.5  # 五号
SIZE_5_SMALL = 9.0  # 小五

MARK_TOP = 35.0  # 7.2.4: 发文机关标志上边缘至版心上边缘
COPY_NUMBER_ROW, SECRECY_ROW = 0, 1  # 7.2.1, 7.2.2: 版心左上角第一行, 第二行
MARK_TOP_LETTER = 30.0  # 10.1: 信函的标志上边缘至上页边
MARK_TO_DOUBLE_LINE = 4.0  # 10.1: 标志下 4 mm 处
DOUBLE_LINE_LENGTH = 170.0  # 10.1: 红色双线居中, 长 170 mm
DOUBLE_LINE_FOOT = 20.0  # 10.1: 下面的双线距下页边
DOUBLE_THICK, DOUBLE_GAP, DOUBLE_THIN = 1.0, 0.6, 0.35  # 10.1 says only 上粗下细, 上细下粗
LINE_TO_TEXT = CELL * 7 / 8  # 10.1: 要素与双线的距离为 3 号汉字高度的 7/8
MARK_WIDEST = 150.0  # so that the mark stays a little shorter than the red line
MARK_SMALLEST, MARK_LARGEST = 24.0, 42.0  # 7.2.4: 以醒目、美观、庄重为原则; no number in the standard
MARK_LEADING = 1.2  # of the names of a joint issue, in em
MARK_TALLEST = 70.0  # 7.2.4: 联合行文时, 必须保证公文首页显示正文
MARK_TO_NUMBER = 2  # 7.2.5: 标志下空二行
NUMBER_SIDE = 1  # 7.2.5, 7.2.6: 上行文的字号居左空一字, 签发人居右空一字
SIGNERS_IN_ROW = 2  # 7.2.6: 一般每行排两个姓名
NUMBER_TO_LINE = 4.0  # 7.2.7: 发文字号之下 4 mm 处
RED_LINE_WIDTH = 0.5  # 7.2.7 gives only the length (版心等宽); by convention 0.35 to 0.5
LINE_TO_TITLE = 2  # 7.3.1: 红色分隔线下空二行
TITLE_TO_RECIPIENTS = 1  # 7.3.2: 标题下空一行
INDENT = 2  # 7.3.3: 自然段左空二字
BODY_TO_ATTACHMENTS = 1  # 7.3.4: 正文下空一行
UNSEALED_BLANK = 1  # 7.3.5.2: 正文 (或附件说明) 下空一行
UNSEALED_RIGHT = 2  # 7.3.5.2: 署名右空二字
UNSEALED_DATE_SHIFT = 2  # 7.3.5.2: 日期首字比署名首字右移二字
SEALED_BLANK = 2  # 7.3.5.1: 印章顶端距正文一行之内, 署名、日期居印章中心偏下: so for a seal of 40 to 45 mm
SEALS_IN_ROW, SEAL = 3, 42.0  # 7.3.5.1: 每排印章不得超出版心, 互不相交或相切 (每排最多三个, 直径 42 mm)
SEAL_ROWS = 5  # from one row of seals to the next
SEALED_RIGHT = 4  # 7.3.5.1: 成文日期右空四字
MOST_EXTRA_ROWS = 2  # 7.3.5.5: 可以采取调整行距的措施; two rows more on a page are hardly seen
ATTACHMENT_TITLE_LINE = 2  # 7.3.7: 附件标题居中编排在版心第三行 (counted from 0)
PAGE_NUMBER_DROP = 7.0  # 7.5: 一字线上距版心下边缘 7 mm
PAGE_NUMBER_SIDE = 1  # 7.5: 单页码居右空一字, 双页码居左空一字
IMPRINT_THICK, IMPRINT_THIN = 0.35, 0.25  # 7.4.1: 版记分隔线
IMPRINT_STEP = 9.0  # from line to line in the 版记; no number in the standard
IMPRINT_SIDE = 1  # 7.4.2, 7.4.3: 左右各空一字

# Not in the standard: table lines and text, as offices set them.
TABLE_THICK, TABLE_THIN = 0.35, 0.2


@dataclass(frozen=True, slots=True)
class Grid:
    """The 22 x 28 grid of a page: row 0 is the first line of the text area."""

    pitch: float = STRICT_PITCH
    rows: int = LINES

    def row_top(self, row: float) -> float:
        """Upper edge of the characters in a row, from the top of the sheet."""
        return HEAD_MARGIN + row * self.pitch

    def baseline(self, row: float, size: float = SIZE_3) -> float:
        """Baseline of a row; larger and smaller type is centred on the row's characters."""
        em = size * POINT
        return self.row_top(row) + (CELL - em) / 2 + 0.88 * em


STRICT = Grid()
COMPACT = Grid(COMPACT_PITCH)
