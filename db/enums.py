"""Every code that is stored, with the Chinese label that screen, workbook and paper show.

Codes of persons follow the national code lists named at each enum.
"""

from __future__ import annotations

from enum import Enum
from typing import Self


class Labelled(str, Enum):
    """A stored code with its label. `Sex("1").label == "男"`."""

    label: str

    def __new__(cls, code: str, label: str) -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.label = label
        return member

    def __str__(self) -> str:
        return self.value


class Sex(Labelled):
    """GB/T 2261.1 (only the two that an office records; unknown is stored as empty)."""

    MALE = "1", "男"
    FEMALE = "2", "女"


class Political(Labelled):
    """政治面貌, GB/T 4762-1984."""

    MEMBER = "01", "中共党员"
    PROBATIONARY = "02", "中共预备党员"
    LEAGUE = "03", "共青团员"
    MINGE = "04", "民革党员"
    MINMENG = "05", "民盟盟员"
    MINJIAN = "06", "民建会员"
    MINJIN = "07", "民进会员"
    NONGGONG = "08", "农工党党员"
    ZHIGONG = "09", "致公党党员"
    JIUSAN = "10", "九三学社社员"
    TAIMENG = "11", "台盟盟员"
    NONPARTY = "12", "无党派人士"
    MASSES = "13", "群众"


class Education(Labelled):
    """学历, GB/T 4658-2006 (major groups, and the graduate degrees an office tells apart)."""

    DOCTOR = "11", "博士研究生"
    MASTER = "14", "硕士研究生"
    POSTGRADUATE = "10", "研究生"
    BACHELOR = "20", "大学本科"
    COLLEGE = "30", "大学专科"
    SECONDARY = "40", "中等职业"
    HIGH_SCHOOL = "60", "普通高中"
    JUNIOR_HIGH = "70", "初中"
    PRIMARY = "80", "小学"
    OTHER = "90", "其他"


class Ethnicity(Labelled):
    """民族, GB/T 3304-1991."""

    HAN = "01", "汉族"
    MENGGU = "02", "蒙古族"
    HUI = "03", "回族"
    ZANG = "04", "藏族"
    WEIWUER = "05", "维吾尔族"
    MIAO = "06", "苗族"
    YI = "07", "彝族"
    ZHUANG = "08", "壮族"
    BUYI = "09", "布依族"
    CHAOXIAN = "10", "朝鲜族"
    MAN = "11", "满族"
    DONG = "12", "侗族"
    YAO = "13", "瑶族"
    BAI = "14", "白族"
    TUJIA = "15", "土家族"
    HANI = "16", "哈尼族"
    HASAKE = "17", "哈萨克族"
    DAI = "18", "傣族"
    LI = "19", "黎族"
    LISU = "20", "傈僳族"
    WA = "21", "佤族"
    SHE = "22", "畲族"
    GAOSHAN = "23", "高山族"
    LAHU = "24", "拉祜族"
    SHUI = "25", "水族"
    DONGXIANG = "26", "东乡族"
    NAXI = "27", "纳西族"
    JINGPO = "28", "景颇族"
    KEERKEZI = "29", "柯尔克孜族"
    TU = "30", "土族"
    DAWOER = "31", "达斡尔族"
    MULAO = "32", "仫佬族"
    QIANG = "33", "羌族"
    BULANG = "34", "布朗族"
    SALA = "35", "撒拉族"
    MAONAN = "36", "毛南族"
    GELAO = "37", "仡佬族"
    XIBO = "38", "锡伯族"
    ACHANG = "39", "阿昌族"
    PUMI = "40", "普米族"
    TAJIKE = "41", "塔吉克族"
    NU = "42", "怒族"
    WUZIBIEKE = "43", "乌孜别克族"
    ELUOSI = "44", "俄罗斯族"
    EWENKE = "45", "鄂温克族"
    DEANG = "46", "德昂族"
    BAOAN = "47", "保安族"
    YUGU = "48", "裕固族"
    JING = "49", "京族"
    TATAER = "50", "塔塔尔族"
    DULONG = "51", "独龙族"
    ELUNCHUN = "52", "鄂伦春族"
    HEZHE = "53", "赫哲族"
    MENBA = "54", "门巴族"
    LUOBA = "55", "珞巴族"
    JINUO = "56", "基诺族"


class Employment(Labelled):
    """专兼职: how a person serves in a post."""

    FULL_TIME = "full", "专职"
    PART_TIME = "part", "兼职"
    VOLUNTEER = "volunteer", "志愿"


class GridChangeKind(Labelled):
    """What a dated change does to the tree."""

    ESTABLISH = "establish", "设立"
    RENAME = "rename", "更名"
    RECODE = "recode", "换编码"
    MOVE = "move", "调整上级"
    SPLIT = "split", "拆分"
    MERGE = "merge", "合并"
    CONVERT = "convert", "变更类型"
    REVISE = "revise", "更新数据"
    CLOSE = "close", "关闭"


class GridPart(Labelled):
    """What a grid is to a dated change: changed itself, what was before it, what came after it, or one
    that hung below and got another parent by it."""

    SUBJECT = "subject", "本身"
    BEFORE = "before", "前身"
    AFTER = "after", "后继"
    CARRIED = "carried", "随迁"


class Zone(Labelled):
    """How busy the part of a town is that a grid lies in (K 市: 主城区分三类分级管理)."""

    CORE = "core", "核心区"
    BUSY = "busy", "繁华区"
    PLAIN = "plain", "一般区"


class ResourceKind(Labelled):
    """资源清单: what a grid can call on when something happens (大邑 三张清单)."""

    PLACE = "place", "阵地场所"
    UNIT = "unit", "驻区单位"
    MERCHANT = "merchant", "商家企业"
    TEAM = "team", "志愿队伍"
    EXPERT = "expert", "能人骨干"
    SUPPLIES = "supplies", "设备物资"
    OTHER = "other", "其他资源"


class IssueState(Labelled):
    """问题清单: where a problem of a grid stands."""

    OPEN = "open", "待办"
    PASSED_ON = "passed", "已上报"
    DONE = "done", "已办结"
    DROPPED = "dropped", "不属实"


class PartyOrgKind(Labelled):
    """党组织类型, from the committee down to the group (党章 第三十条)."""

    COMMITTEE = "committee", "党委"
    GENERAL = "general", "党总支"
    BRANCH = "branch", "党支部"
    JOINT_BRANCH = "joint", "联合党支部"
    GROUP = "group", "党小组"


class PartyMemberKind(Labelled):
    """人员类别; the codes are those of 政治面貌, GB/T 4762-1984."""

    FULL = "01", "正式党员"
    PROBATIONARY = "02", "预备党员"


class PartyFlow(Labelled):
    """党籍状态: whether a member takes part where the membership is kept."""

    NORMAL = "normal", "正常"
    AWAY = "away", "流动党员"
    LOST = "lost", "失联党员"
    EXEMPT = "exempt", "免过组织生活"
    KEPT = "kept", "保留党籍"


class ReportSide(Labelled):
    """双报到: from where a member reports to a community (单位党组织 or the member, 在职党员)."""

    UNIT = "unit", "单位报到"
    RESIDENCE = "residence", "居住地报到"


class AttachmentKind(Labelled):
    """What a kept picture or file is."""

    PHOTO = "photo", "照片"
    SCAN = "scan", "扫描件"


class ReserveState(Labelled):
    """后备人员: whether somebody still waits for a post."""

    WAITING = "waiting", "待上岗"
    PLACED = "placed", "已上岗"
    LEFT = "left", "已退出"


class TrainingState(Labelled):
    """Whether a training is still to come."""

    PLANNED = "planned", "计划"
    HELD = "held", "已办"
    CANCELLED = "cancelled", "取消"


class TrainingForm(Labelled):
    """培训形式."""

    LECTURE = "lecture", "理论辅导"
    DISCUSSION = "discussion", "讨论交流"
    VISIT = "visit", "参观见学"
    VIDEO = "video", "视频"
    OTHER = "other", "其他"


class Presence(Labelled):
    """签到状态."""

    PRESENT = "present", "已签到"
    LATE = "late", "迟到"
    LEAVE = "leave", "请假"
    ABSENT = "absent", "缺席"
    MADE_UP = "made_up", "补训"


class SkillLevel(Labelled):
    """职业技能等级, 五级 to 一级 (国家职业技能标准编制技术规程)."""

    FIVE = "5", "五级/初级工"
    FOUR = "4", "四级/中级工"
    THREE = "3", "三级/高级工"
    TWO = "2", "二级/技师"
    ONE = "1", "一级/高级技师"


class Target(Labelled):
    """What is assessed (the three objects of a city-management evaluation: 岗位, 区域, 部门)."""

    POST = "post", "岗位"
    AREA = "area", "区域"
    DEPARTMENT = "department", "部门"


class MonthState(Labelled):
    """Where a month's assessment stands; the legal moves are `assessment.rules.MOVES`."""

    COLLECTING = "collecting", "采集"
    SCORING = "scoring", "初评"
    REVIEW = "review", "复核"
    PUBLIC = "public", "公示"
    APPROVED = "approved", "审定"
    LOCKED = "locked", "锁定"


class Standing(Labelled):
    """Why somebody does not simply take part in a month; who has none of these does."""

    PROBATION = "probation", "试用期"
    ABSENT = "absent", "缺勤过半"
    EXCLUDED = "excluded", "不参加"


class AwayKind(Labelled):
    """Why somebody was away in a month."""

    SICK = "sick", "病假"
    PERSONAL = "personal", "事假"
    MATERNITY = "maternity", "产假"
    SECONDED = "seconded", "借调"
    STUDY = "study", "脱产学习"
    OTHER = "other", "其他"


class OpinionStage(Labelled):
    """Whose word on a sheet it is."""

    SELF = "self", "自评"
    FIRST = "first", "初评"
    CALIBRATION = "calibration", "校准"
    APPEAL = "appeal", "申诉"


class Decision(Labelled):
    """How an appeal ended."""

    KEPT = "kept", "维持"
    CHANGED = "changed", "更改"
    WITHDRAWN = "withdrawn", "撤回"


class Role(Labelled):
    """What an account is; the rights of each are `accounts.rules.RIGHTS`."""

    ADMINISTRATOR = "administrator", "管理员"
    CLERK = "clerk", "经办人"
    REVIEWER = "reviewer", "复核人"
    LEADER = "leader", "审定人"
    READER = "reader", "只读"
    SYSTEM_ADMIN = "system_admin", "系统管理员"
    SECURITY_ADMIN = "security_admin", "安全保密管理员"
    AUDITOR = "auditor", "安全审计员"


class Reach(Labelled):
    """How far an account sees and changes. `NONE` is for those who keep accounts and look after them."""

    ALL = "all", "全部"
    BELOW = "below", "本单位及以下"
    UNIT = "unit", "本单位"
    CUSTOM = "custom", "指定网格"
    OWN = "own", "仅本人"
    NONE = "none", "不看业务资料"


class Right(Labelled):
    """What an account may do."""

    READ = "read", "查看"
    EDIT_GRIDS = "edit_grids", "维护网格"
    EDIT_PEOPLE = "edit_people", "维护人员"
    ASSESS = "assess", "考核采集与初评"
    REVIEW_MONTH = "review_month", "考核复核"
    LOCK_MONTH = "lock_month", "锁定月度考核"
    REVEAL = "reveal", "查看完整证件号和电话"
    UNDO = "undo", "撤销与恢复"
    ADMINISTER = "administer", "改全办的设置"
    KEEP_ACCOUNTS = "keep_accounts", "维护账号"
    APPROVE_ACCOUNTS = "approve_accounts", "批准账号和权限"
    MAINTAIN = "maintain", "维护资料库和备份"
    AUDIT = "audit", "查看审计记录"


class Deed(Labelled):
    """What a line of the journal records."""

    DO = "do", "办理"
    UNDO = "undo", "撤销"
    REDO = "redo", "恢复"
    NOTE = "note", "登记"


class Way(Labelled):
    """Which way a package between offices went."""

    SENT = "sent", "发出"
    RECEIVED = "received", "收到"
