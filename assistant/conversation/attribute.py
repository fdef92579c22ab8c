"""Nouns that need something they belong to, and how one asks for them: 作者 (of what?) 是谁, 优点 (of what?) 有哪些."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.conversation.verb import VERBS

_WHO = (
    "作者 原作者 译者 编者 主编 编剧 导演 主演 主角 创始人 创办人 创建者 创造者 发明人 发明者 发现者 开发者 "
    "设计者 设计师 建筑师 提出者 负责人 领导人 领导者 继承人 接班人 法人 董事长 总裁 总经理 老板 校长 院长 市长 "
    "省长 队长 主席 会长 皇后 妻子 丈夫 父亲 母亲 儿子 女儿 弟弟 哥哥 老师 学生 弟子 对手 竞争对手 合作伙伴 "
    "开发商 生产商 制造商 出版社 母公司 大股东 ceo"
)
_WHICH = (
    "优点 缺点 优势 劣势 优缺点 长处 短处 不足 好处 坏处 利弊 特点 特色 特征 特性 亮点 功能 用途 用处 作用 功效 "
    "种类 类型 类别 分类 品种 症状 病因 副作用 不良反应 并发症 禁忌 禁忌症 适应症 注意事项 风险 危害 条件 要求 "
    "材料 手续 流程 步骤 程序 做法 配料 食材 原料 成分 调料 佐料 版本 型号 成员 股东 子公司 分公司 产品 作品 "
    "代表作 著作 服务 景点 特产 邻国 支流 专业 课程 院系 组成部分 内容 权利 义务 责任 后果 影响 意义 贡献 成就 "
    "荣誉 奖项 应用 应用场景 使用场景 场景 局限 局限性 依赖 接口 限制 措施 方法 办法 方式 手段 治疗方法 技巧 例子 "
    "变体 章节"
)
_WHEN = "时间 日期 生日 截止日期"
_WHERE = "起点 终点 地点 地址 位置 总部 产地 故乡 家乡 老家 籍贯 出生地 发源地 源头 官网 入口 校区"
_HOW_MUCH = (
    "全长 总长 价格 售价 价钱 费用 门票 运费 押金 会费 房价 票价 工资 薪水 面积 占地 人口 高度 长度 宽度 深度 厚度 "
    "海拔 "
    "身高 体重 重量 体积 温度 湿度 速度 速率 数量 人数 规模 年龄 岁数 市值 份额 利润 营收 收入 产值 票房 评分 "
    "分数 比例 比率 利率 限额 版本号 邮编 学分 密度 浓度 熔点 沸点 成本 预算 罚款 定价 排名 内存"
)
_HOW_LONG = "时长 时限 期限 周期 保质期 有效期 有效期限 犹豫期 等待期 潜伏期 保修期 宽限期 孕期 工期 学制 寿命"
_WHAT = (
    "名字 名称 全称 全名 简称 缩写 别名 别称 本名 英文名 中文名 昵称 含义 意思 定义 概念 原理 机制 性质 目的 目标 "
    "宗旨 背景 起源 来源 来历 历史 由来 结局 结果 主题 主旨 颜色 味道 口感 口味 气候 地形 首都 省会 国旗 国歌 "
    "货币 官方语言 语言 文字 宗教 许可证 协议 格式 单位 前身 现状 前景 未来 结构 架构 算法 思想 口号 校训 难度 "
    "质量 效果 性能 效率 安全性 稳定性 可靠性 兼容性 关键 核心 本质 标准 依据 身份 职业 职务 学历 专长 原因 理由 "
    "社区 文档 界面 外观 口碑 售后 环境 交通 氛围"
)
_ASKED = {
    noun: asking
    for nouns, asking in (
        (_WHO, "是谁"),
        (_WHICH, "有哪些"),
        (_WHEN, "是什么时候"),
        (_WHERE, "在哪里"),
        (_HOW_MUCH, "是多少"),
        (_HOW_LONG, "是多久"),
        (_WHAT, "是什么"),
    )
    for noun in nouns.split()
}
_TAIL = max(map(len, _ASKED))
_MEASURE = re.compile(
    "(?![消浪免经公]费|[产质]量$)[\u4e00-\u9fff]{1,2}[率量费额]|(?![油物金])[\u4e00-\u9fff]价"
)  # 准确率, 用水量, 学费
_BEFORE = re.compile(
    "主要|最[大小新高低长多早终]|官方|具体|基本|常见|其他|其它|别的|实际|总|平均|市场|发布|成立|出生|去世"
)


_QUALITY = re.compile("[\u4e00-\u9fff]{2}性")  # 扩展性
_DOER = re.compile("([\u4e00-\u9fff]{2})[方商者]")  # 出品方, 主办方


def asked(noun: str) -> str:
    """Return the words that ask for what a folded noun means, "" where the noun can stand on its own."""
    if noun in _ASKED:
        return _ASKED[noun]
    if (doer := _DOER.fullmatch(noun)) and doer[1] in VERBS:
        return "是谁"
    if _QUALITY.fullmatch(noun):
        return "怎么样"
    if _MEASURE.fullmatch(noun):
        return "是多少"
    longest = range(min(_TAIL, len(noun) - 2), 1, -1)  # 发布时间, 最大优点
    found = next((size for size in longest if noun[-size:] in _ASKED), 0)
    return _ASKED[noun[-found:]] if found and _BEFORE.fullmatch(noun[:-found]) else ""


_ALONE_LISTED = "押金 会费 房价 票价 门票 运费 工资 薪水 罚款 定价 利率 学分 预算"
_ALONE = frozenset(_ALONE_LISTED.split())
_FEE = re.compile("[\u4e00-\u9fff]{1,2}费")


def stands_alone(noun: str) -> bool:
    """Tell whether a folded noun that may belong to something can as well be what is spoken of: 押金, 加班费."""
    longest = next((noun[place:] for place in range(len(noun)) if noun[place:] in _ASKED), "")
    return longest in _ALONE or (not longest and _FEE.fullmatch(noun) is not None)


def owner(noun: str) -> str:
    """Return whose attribute a compound names: 房贷 of 房贷利率; "" where it is none."""
    sizes = range(min(_TAIL, len(noun) - 2), 1, -1)
    return next((noun[:-size] for size in sizes if noun[-size:] in _ASKED and not asked(noun)), "")


def belongs(words: Sequence[str], verbs: frozenset[str]) -> bool:
    """Tell whether folded words that stand side by side need an owner as a whole: 报销比例, 产品价格; not 语言模型."""
    return bool(words and asked(words[-1])) and all(
        asked(word) or word in verbs or _BEFORE.fullmatch(word) for word in words[:-1]
    )
