import time
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.answer import Answer, Quote
from assistant.conversation.conversation import Completed, Conversation
from assistant.understanding.kind import Kind
from assistant.understanding.question import Question
from corpus.words import Segmenter
from index.embedding import StaticModel

Converse = Callable[..., Conversation]


def quote(text: str, answer: str = "") -> Quote:
    start = text.index(answer) if answer else 0
    span = (start, start + len(answer)) if answer else None
    return Quote(text, "a.md", "", "", "", (), 0, len(text), 1.0, span)


def answer(question: str, *quotes: Quote) -> Answer:
    return Answer(question, question, Kind.OTHER, bool(quotes), 1.0, quotes, "", quotes, ())


@pytest.fixture(scope="module")
def converse(segmenter: Segmenter, static_model: StaticModel) -> Converse:
    """A conversation over documents that answer the given questions and no others."""

    def make(answers: Mapping[str, Quote] | None = None) -> Conversation:
        def ask(asked: Completed) -> Answer:
            assert answers is not None, "no answer is needed here"
            found = [known for text, known in answers.items() if text == asked.text and known not in asked.besides]
            return answer(asked.text, *found)

        def alike(one: str, other: str) -> float:
            return float(static_model.encode_question(one) @ static_model.encode_question(other))

        return Conversation(lambda text: Question.read(text, segmenter), ask, alike, segmenter.lexicon.is_name)

    return make


FOLLOW_UPS = [
    (["养老保险怎么交？", "医疗保险呢？"], "医疗保险怎么交？"),
    (["意外险理赔需要什么材料？", "多久能到账？"], "意外险理赔多久能到账？"),
    (["百万医疗险和重疾险有什么区别？", "前者适合老人吗？"], "百万医疗险适合老人吗？"),
    (["失业保险金能领多久？", "怎么申请？"], "失业保险金怎么申请？"),
    (["红烧肉怎么做？", "换成排骨呢？"], "排骨怎么做？"),
    (["红烧肉怎么做？", "配料有哪些？"], "红烧肉的配料有哪些？"),
    (["豆浆要煮多久才能喝？", "孕妇能喝吗？"], "豆浆孕妇能喝吗？"),
    (["秦始皇是哪一年统一六国的？", "他是怎么死的？"], "秦始皇是怎么死的？"),
    (["赤壁之战发生在哪一年？", "官渡之战呢？"], "官渡之战发生在哪一年？"),
    (["《史记》的作者是谁？", "《资治通鉴》呢？"], "《资治通鉴》的作者是谁？"),
    (["唐朝的首都在哪里？", "宋朝呢？"], "宋朝的首都在哪里？"),
    (["李白和杜甫谁年长？", "两者是怎么认识的？"], "李白和杜甫是怎么认识的？"),
    (["郑和下西洋一共几次？", "最远到了哪里？"], "郑和下西洋最远到了哪里？"),
    (["清华大学在哪里？", "校长是谁？"], "清华大学的校长是谁？"),
    (["奖学金有哪些种类？", "申请条件是什么？"], "奖学金的申请条件是什么？"),
    (["图书馆几点关门？", "周末呢？"], "周末图书馆几点关门？"),
    (["Redis 是什么？", "支持事务吗？"], "Redis 支持事务吗？"),
    (["Redis 是什么？", "那 MongoDB 呢？"], "MongoDB 是什么？"),
    (["Git 怎么撤销提交？", "怎么安装？"], "Git 怎么安装？"),
    (["Nginx 有什么优点？", "缺点呢？"], "Nginx 有什么缺点？"),
    (["Docker 什么时候发布的？", "是用什么语言写的？"], "Docker 是用什么语言写的？"),
    (["MySQL 支持哪些操作系统？", "明白了，那 PostgreSQL 呢？"], "PostgreSQL 支持哪些操作系统？"),
    (["阿司匹林是什么药？", "有什么副作用？"], "阿司匹林有什么副作用？"),
    (["高血压不能吃什么？", "糖尿病呢？"], "糖尿病不能吃什么？"),
    (["高血压的症状有哪些？", "这种病会遗传吗？"], "高血压会遗传吗？"),
    (["劳动合同法什么时候施行的？", "适用于哪些人？"], "劳动合同法适用于哪些人？"),
    (["起诉离婚需要什么材料？", "费用是多少？"], "起诉离婚的费用是多少？"),
    (["遗嘱要公证吗？", "为啥呢"], "为什么遗嘱要公证？"),
    (["黄河有多长？", "发源于哪里？"], "黄河发源于哪里？"),
    (["泰山海拔多少米？", "在哪个省？"], "泰山在哪个省？"),
    (["巴西的首都是哪里？", "面积有多大？"], "巴西的面积有多大？"),
    (["巴西的首都是哪里？", "这个国家说什么语言？"], "巴西说什么语言？"),
    (["深圳 2020 年的人口是多少？", "2010 年呢？"], "深圳 2010 年的人口是多少？"),
    (["华为是谁创办的？", "这家公司有多少员工？"], "华为有多少员工？"),
    (["比亚迪有哪些车型？", "还有别的吗？", "价格呢？"], "比亚迪的价格是多少？"),
    (["故宫是什么时候建成的？", "门票多少钱？"], "故宫的门票多少钱？"),
    (["機器人是什麼？", "它有什麼用途？"], "機器人有什麼用途？"),
    (["什么是区块链？", "比特币和它有什么关系？"], "比特币和区块链有什么关系？"),
    (["谁发明了电话？", "哪年发明的？"], "电话哪年发明的？"),
    (["光合作用是什么？", "需要什么条件？"], "光合作用需要什么条件？"),
    (["公积金贷款能贷多少？", "最长几年？"], "公积金贷款最长几年？"),
    (["雇主责任险赔什么？", "保费怎么算？"], "雇主责任险的保费怎么算？"),
    (["少儿医保怎么交？", "每年什么时候交？"], "少儿医保每年什么时候交？"),
    (["蛋挞皮怎么做？", "需要烤多长时间？"], "蛋挞皮需要烤多长时间？"),
    (["拿破仑是哪国人？", "他死在哪里？"], "拿破仑死在哪里？"),
    (["辛亥革命的意义有哪些？", "戊戌变法呢？"], "戊戌变法的意义有哪些？"),
    (["浙江大学有几个校区？", "复旦呢？"], "复旦有几个校区？"),
    (["Vue 和 React 有什么区别？", "前者好学吗？", "那后者呢？"], "React 好学吗？"),
    (["Elasticsearch 怎么备份？", "支持中文分词吗？"], "Elasticsearch 支持中文分词吗？"),
    (["PostgreSQL 最大连接数是多少？", "怎么修改？"], "PostgreSQL 怎么修改？"),
    (["甲亢有哪些症状？", "能治好吗？"], "甲亢能治好吗？"),
    (["近视手术多少钱？", "有后遗症吗？"], "近视手术有后遗症吗？"),
    (["商标注册要多久？", "有效期是多久？"], "商标注册的有效期是多久？"),
    (["贝加尔湖有多深？", "它是世界上最深的湖吗？"], "贝加尔湖是世界上最深的湖吗？"),
    (["台湾海峡有多宽？", "该海峡平均水深是多少？"], "台湾海峡平均水深是多少？"),
    (["亚马逊 2019 年营收是多少？", "换成 2020 年呢？"], "亚马逊 2020 年营收是多少？"),
    (["高铁可以带宠物吗？", "为什么？"], "为什么高铁可以带宠物？"),
    (["鲸鱼是哺乳动物吗？", "依据是什么？"], "鲸鱼是哺乳动物吗？"),
    (["普洱茶有什么功效？", "保質期是多久？"], "普洱茶的保質期是多久？"),
    (["工伤怎么认定？", "要多长时间？"], "工伤要多长时间？"),
    (["年金险适合什么人买？", "那增额寿险呢？"], "增额寿险适合什么人买？"),
    (["戚风蛋糕为什么会塌？", "怎么避免？"], "戚风蛋糕怎么避免？"),
    (["康熙在位多少年？", "他有几个儿子？"], "康熙有几个儿子？"),
    (["郑和几次下西洋？", "他是什么时候去世的？"], "郑和是什么时候去世的？"),
    (["保送生有哪些条件？", "名额有多少？"], "保送生的名额有多少？"),
    (["图书馆能借几本书？", "逾期怎么办？"], "图书馆逾期怎么办？"),
    (["SQLite 支持并发写入吗？", "最大能存多少数据？"], "SQLite 最大能存多少数据？"),
    (["Rust 难学吗？", "有哪些缺点？", "还有吗"], "Rust 有哪些缺点？"),
    (["微信支付怎么退款？", "支付宝呢？"], "支付宝怎么退款？"),
    (["胃镜检查疼吗？", "需要空腹吗？"], "胃镜需要空腹吗？"),
    (["交通肇事罪判几年？", "可以缓刑吗？"], "交通肇事罪可以缓刑吗？"),
    (["专利保护期多长？", "商标呢？"], "商标保护期多长？"),
    (["冰岛在哪个洲？", "有多少人口？"], "冰岛有多少人口？"),
    (["格力电器的总部在哪？", "它和美的是什么关系？"], "格力电器和美的是什么关系？"),
    (["可口可乐是哪国的品牌？", "最早是谁发明的？"], "可口可乐最早是谁发明的？"),
    (["碳中和是什么？", "和碳达峰有什么区别？"], "碳中和和碳达峰有什么区别？"),
    (["出差补贴标准是多少？", "怎么报销？"], "出差补贴怎么报销？"),
    (["Caffe2 能跑在手机上吗？", "那 TensorFlow 也是吗？"], "TensorFlow 能跑在手机上吗？"),
    (["Theano 支持分布式吗？", "Caffe 也不支持吗？"], "Caffe 支持分布式吗？"),
    (["PyTorch 有什么优点？", "跟 TensorFlow 比呢？"], "PyTorch 和 TensorFlow 有什么区别？"),
    (["CNTK 的全称是什么？", "后来改叫什么了？"], "CNTK 后来改叫什么了？"),
    (["MACE 是什么？", "谁宣布开源的？"], "MACE 是谁宣布开源的？"),
    (["CNTK 是基于什么的？", "遵循哪个许可证？"], "CNTK 遵循哪个许可证？"),
    (["XDL 属于谁？", "用到了哪些后端？"], "XDL 用到了哪些后端？"),
    (["MXNet 难学吗？", "怎么加入 Apache 的？"], "MXNet 怎么加入 Apache 的？"),
    (["Gluon 有什么用？", "除了 MXNet 还支持谁？"], "Gluon 除了 MXNet 还支持谁？"),
    (["初学者该学哪个框架？", "企业呢？"], "企业该学哪个框架？"),
    (["年假有几天？", "实习生呢？"], "实习生年假有几天？"),
    (["离职要提前多久说？", "试用期呢？"], "试用期离职要提前多久说？"),
    (["试用期多长时间？", "能提前转正吗？"], "试用期能提前转正吗？"),
    (["年终奖什么时候发？", "按什么标准？"], "年终奖按什么标准？"),
    (["从北京到西安坐高铁要多久？", "飞机呢？"], "从北京到西安坐飞机要多久？"),
    (["房贷利率是多少？", "公积金贷款呢？"], "公积金贷款利率是多少？"),
    (["仲裁要多长时间？", "诉讼呢？", "费用是多少？"], "诉讼的费用是多少？"),
    (["糖尿病和高血压会遗传吗？", "前者怎么治？"], "糖尿病怎么治？"),
    (["牛顿是哪国人？", "爱因斯坦呢？", "他们谁更早？"], "牛顿和爱因斯坦谁更早？"),
    (["驾照怎么换证？", "过期了还能换吗？"], "驾照过期了还能换吗？"),
    (["鸡汤炖多久？", "中途能加水吗？"], "鸡汤中途能加水吗？"),
    (["牛排煎几分熟？", "用黄油还是橄榄油？"], "牛排用黄油还是橄榄油？"),
]


@pytest.mark.parametrize(("turns", "whole"), FOLLOW_UPS, ids=lambda value: value[-1] if isinstance(value, list) else "")
def test_a_follow_up_is_made_whole(converse: Converse, turns: list[str], whole: str):
    assert converse({}).complete(turns[-1], turns[:-1]) == Completed(whole, follows=True)


OF_THEIR_OWN = [
    ["失业保险金能领多久？", "生育津贴怎么领？"],
    ["社保断缴有什么影响？", "北京的落户政策是什么？"],
    ["番茄炒蛋先放什么？", "饺子馅怎么调？"],
    ["秦始皇是哪一年统一六国的？", "汉武帝是谁的儿子？"],
    ["请假条怎么写？", "补考什么时候报名？"],
    ["Docker 镜像怎么删除？", "Kubernetes 是什么？"],
    ["流感疫苗什么时候打？", "皮肤过敏了怎么办？"],
    ["民法典是哪年通过的？", "未成年人犯罪怎么处罚？"],
    ["青海湖是咸水湖吗？", "死海在哪里？"],
    ["比亚迪是做什么的？", "今天天气怎么样？"],
    ["蓝牙耳机怎么连接手机？", "其他品牌的充电器能用吗？"],
    ["光合作用是什么？", "地球为什么有四季？"],
    ["熊猫吃什么？", "天空为什么是蓝色的？"],
    ["拿破仑是哪国人？", "滑铁卢战役是哪一年？"],
    ["学生证丢了怎么补办？", "火车票优惠卡在哪里充磁？"],
    ["缓刑是什么意思？", "取保候审需要什么条件？"],
    ["小米公司成立于哪一年？", "格力的董事长是谁？"],
    ["酸菜鱼怎么做不腥？", "水煮牛肉怎么做？"],
    ["长平之战的双方是谁？", "纸上谈兵说的是谁？"],
    ["二甲双胍的副作用有哪些？", "心脏病人能坐飞机吗？"],
    ["碳中和是什么？", "中国的目标是哪一年实现？"],
    ["数据备份多久做一次？", "服务器密码怎么重置？"],
    ["出差补贴标准是多少？", "年假有几天？"],
    ["Keras 是什么？", "其他框架怎么样？"],
    ["Keras 是什么？", "TensorFlow 和它的前端有什么关系？"],
    ["Keras 是什么？", "MXNet"],
    ["Keras 是什么？", "Torch 用什么语言，它难学吗？"],
    ["Keras 是什么？", "为什么海水是咸的？"],
    ["Keras 是什么？", "支持分布式的框架有哪些？"],
    ["Keras 是什么？", "用 Torch 得会哪门语言？"],
    ["Keras 是什么？", "世界上最深的湖在哪里？"],
    ["Keras 是什么？", "发明电话的人是谁？"],
    ["Keras 是什么？", "微软那个前端是什么？"],
    ["Keras 是什么？", "坠河的网吧老板他们喝酒了没？"],
    ["Keras 是什么？", "那个被骗到柬埔寨的女孩原来在哪上学？"],
    ["Keras 是什么？", "高博医院现在能看病了吗？"],
    ["Keras 是什么？", "开源证券认购了华洋多少股？"],
    ["Keras 是什么？", "停止维护的是哪个框架？"],
    ["中暑怎么急救？", "被狗咬了要打几针？"],
    ["房东不退押金怎么办？", "打疫苗前能喝酒吗？"],
]


@pytest.mark.parametrize("turns", OF_THEIR_OWN, ids=lambda turns: turns[-1])
def test_a_question_with_a_subject_of_its_own_stays_as_it_is(converse: Converse, turns: list[str]):
    assert converse().complete(turns[-1], turns[:-1]) == Completed(turns[-1], follows=False)


ANSWERED = [
    (
        ["《史记》的作者是谁？", "他还写过什么？"],
        {"《史记》的作者是谁？": quote("《史记》的作者是司马迁。", "司马迁")},
        "《史记》的作者司马迁还写过什么？",
    ),
    (
        ["青霉素是谁发现的？", "他获得过什么奖？"],
        {"青霉素是谁发现的？": quote("青霉素是弗莱明在 1928 年发现的。", "弗莱明")},
        "弗莱明获得过什么奖？",
    ),
    (["谁发明了电话？", "他是哪国人？"], {}, "发明电话的人是哪国人？"),
    (["秦始皇是谁？", "他的儿子呢？"], {"秦始皇是谁？": quote("秦始皇是嬴政。", "嬴政")}, "秦始皇的儿子是谁？"),
    (
        ["Git 怎么撤销提交？", "作者是谁？", "他是哪国人？"],
        {"Git 的作者是谁？": quote("Git 的作者是 Linus Torvalds。", "Linus Torvalds")},
        "Git 的作者 Linus Torvalds 是哪国人？",
    ),
    (
        ["Docker 是用什么语言写的？", "这门语言是谁发明的？"],
        {"Docker 是用什么语言写的？": quote("Docker 是用 Go 语言写的。", "Go")},
        "Go 是谁发明的？",
    ),
    (
        ["Kafka 是哪家公司开源的？", "这家公司现在属于谁？"],
        {"Kafka 是哪家公司开源的？": quote("Kafka 由 LinkedIn 在 2011 年开源。", "LinkedIn")},
        "LinkedIn 现在属于谁？",
    ),
    (
        ["PyTorch 是谁家的？", "该公司总部在哪里？"],
        {"PyTorch 是谁家的？": quote("有人选择 Facebook 的 PyTorch，有人选择 MXNet。")},
        "Facebook 总部在哪里？",
    ),
    (
        ["Torch 用什么语言？", "为什么？"],
        {"Torch 用什么语言？": quote("Torch 用 Lua 编写。", "Lua")},
        "为什么 Torch 用 Lua？",
    ),
    (["Torch 有哪些缺点？", "为什么会这样？"], {}, "为什么 Torch 有这些缺点？"),
    (["Theano 停止更新了吗？", "为什么？"], {}, "为什么 Theano 停止更新了？"),
    (["Keras 怎么安装？", "为什么？"], {}, "为什么 Keras 这样安装？"),
    (["Theano 是谁开发的？", "他们后来去哪了？"], {}, "开发 Theano 的人后来去哪了？"),
    (
        ["Keras 的作者是谁？", "他在哪上班？"],
        {"Keras 的作者是谁？": quote("Keras 的作者是 Google 的弗朗索瓦·肖莱。", "弗朗索瓦·肖莱")},
        "Keras 的作者弗朗索瓦·肖莱在哪上班？",
    ),
    (
        ["Chainer 是哪家公司的？", "这家公司是哪国的？"],
        {"Chainer 是哪家公司的？": quote("Chainer 由日本创业公司 Preferred Networks 开发。", "日本创业公司")},
        "Preferred Networks 是哪国的？",
    ),
]


@pytest.mark.parametrize(
    ("turns", "answers", "whole"), ANSWERED, ids=lambda value: value[-1] if isinstance(value, list) else ""
)
def test_what_an_answer_named_can_be_referred_to(
    converse: Converse, turns: list[str], answers: dict[str, Quote], whole: str
):
    assert converse(answers).complete(turns[-1], turns[:-1]).text == whole


FOOD = ["红烧肉怎么做？", "红烧肉需要放醋吗？"]


@pytest.mark.parametrize(
    "text", ["你是谁", "您贵姓？", "我能退押金吗", "你支持英文吗", "现在几点了", "今天星期几", "明天会下雨吗"]
)
@pytest.mark.parametrize("history", [FOOD, ["麻婆豆腐是谁发明的？"], ["Keras 是什么？"]])
def test_what_is_said_of_the_speakers_and_the_day_is_not_completed(converse: Converse, history: list[str], text: str):
    assert converse().complete(text, history) == Completed(text, follows=False)


@pytest.mark.parametrize(
    ("history", "text"),
    [
        (FOOD, "押金可以退吗"),
        (FOOD, "加班费怎么算"),
        (FOOD, "未成年人能单独办理吗"),
        (["押金最多多少？"], "加班费怎么算"),
        (["押金最多多少？"], "平均工资是多少"),
        (["Keras 是什么？"], "工资是多少"),
    ],
)
def test_a_noun_that_stands_alone_takes_no_owner_that_has_none(converse: Converse, history: list[str], text: str):
    assert converse().complete(text, history) == Completed(text, follows=False)


@pytest.mark.parametrize(
    ("history", "text", "whole"),
    [
        (["租房合同怎么签？"], "押金可以退吗", "租房合同的押金可以退吗"),
        (["劳动合同法什么时候施行的？"], "加班费怎么算", "劳动合同法的加班费怎么算"),
        ([*FOOD, "押金可以退吗"], "什么时候退", "押金什么时候退"),
        ([*FOOD, "你是谁"], "热量是多少", "红烧肉的热量是多少"),
        (["Keras 是什么？"], "现在还维护吗", "Keras 现在还维护吗"),
        (FOOD, "这道菜要多久", "红烧肉要多久"),
    ],
)
def test_a_noun_that_belongs_to_the_topic_is_still_completed(
    converse: Converse, history: list[str], text: str, whole: str
):
    assert converse({}).complete(text, history) == Completed(whole, follows=True)


def test_a_noun_known_by_name_is_a_subject_of_its_own(segmenter: Segmenter):
    conversation = Conversation(
        lambda text: Question.read(text, segmenter),
        lambda _: pytest.fail("asked"),
        lambda *_: 1.0,
        {"押金"}.__contains__,
    )
    assert conversation.complete("押金可以退吗", ["租房合同怎么签？"]) == Completed("押金可以退吗", follows=False)


def test_a_question_that_has_come_up_is_dropped_chatter(converse: Converse):
    assert converse().complete("那么问题来了，押金最多多少", FOOD) == Completed("押金最多多少", follows=False)


@pytest.mark.parametrize(
    ("history", "text"),
    [
        (FOOD, "它山之石是什么意思"),
        (FOOD, "此外要注意什么"),
        (["押金最多多少？"], "这部法律什么时候施行"),
        (["押金最多多少？"], "这个框架支持分布式吗"),
        (["Keras 是什么？"], "她是哪里人"),
        (FOOD, "她是哪里人"),
    ],
)
def test_a_pronoun_takes_nothing_that_it_cannot_stand_for(converse: Converse, history: list[str], text: str):
    assert converse({}).complete(text, history) == Completed(text, follows=False)


def test_a_person_is_no_thing_that_an_answer_marks(converse: Converse):
    asked = "麻婆豆腐是谁发明的？"
    known = quote("麻婆豆腐是四川菜。", "四川菜")
    assert converse({asked: known}).complete("她是哪里人？", [asked]).text == "发明麻婆豆腐的人是哪里人？"


def test_a_noun_takes_what_an_earlier_answer_calls_so(converse: Converse):
    asked = "押金最多多少？"
    completed = converse({asked: quote("押金属于担保方式。")}).complete("这种担保安全吗？", [asked])
    assert completed.text == "押金安全吗？"


@pytest.mark.parametrize(
    ("asked", "whole"),
    [
        ("红烧肉需要放醋吗？", "为什么红烧肉不需要放醋？"),
        ("高铁可以带宠物吗？", "为什么高铁不可以带宠物？"),
        ("Theano 停止更新了吗？", "为什么 Theano 没有停止更新？"),
        ("鲸鱼是不是鱼？", "为什么鲸鱼不是鱼？"),
    ],
)
def test_the_reason_of_what_was_denied_is_asked_for_as_denied(segmenter: Segmenter, asked: str, whole: str):
    denial = replace(answer(asked), verdict=False)
    conversation = Conversation(
        lambda text: Question.read(text, segmenter), lambda _: denial, lambda *_: 0.0, segmenter.lexicon.is_name
    )
    assert conversation.complete("为什么？", [asked]).text == whole


@pytest.mark.parametrize(
    "unit", ["呢", "吗", "的", "了", "啊", "那么", "好，", "还", "每天", "我", "，", "！", " ", "…", "嗯"]
)
@pytest.mark.parametrize("frame", ["{}", "好{}x", "押金{}", "那么{}押金"])
def test_a_long_run_of_particles_or_marks_does_not_hang(converse: Converse, unit: str, frame: str):
    text = frame.format((unit * 500)[:500])
    started = time.perf_counter()
    converse({}).complete(text, [text, "红烧肉怎么做？"])
    converse({}).complete("为什么？", [text])
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize("more", ["还有吗？", "还有别的吗？", "还有呢", "其他的呢？", "除此之外呢？", "還有嗎"])
def test_asking_for_more_names_what_was_quoted_already(converse: Converse, more: str):
    known = quote("李白写过《静夜思》。")
    completed = converse({"李白写过哪些诗？": known}).complete(more, ["李白写过哪些诗？"])
    assert completed == Completed("李白写过哪些诗？", follows=True, besides=(known,))


def test_asking_for_more_twice_counts_each_quote_once(converse: Converse):
    known = quote("李白写过《静夜思》。")
    completed = converse({"李白写过哪些诗？": known}).complete("还有吗？", ["李白写过哪些诗？", "还有吗？"])
    assert completed.besides == (known,)


@pytest.mark.parametrize("source", ["出处呢？", "哪里说的？", "来源呢", "原文呢？", "依据是什么？"])
def test_asking_for_the_source_asks_the_question_again(converse: Converse, source: str):
    assert converse().complete(source, ["鲸鱼是哺乳动物吗？"]) == Completed("鲸鱼是哺乳动物吗？", follows=True)


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("不聊这个了。Theano 为什么叫这个名字？", "Theano 为什么叫这个名字？"),
        ("对了，XDL 是哪家公司要开源的？", "XDL 是哪家公司要开源的？"),
        ("換個話題，紅燒肉怎麼做？", "紅燒肉怎麼做？"),
        ("明白了，那 Caffe 是谁写的？", "那 Caffe 是谁写的？"),
        ("说起来，台湾面积有多大？", "台湾面积有多大？"),
    ],
)
def test_leave_taking_is_dropped_and_nothing_dragged_along(converse: Converse, said: str, left: str):
    assert converse().complete(said, ["Keras 是什么？"]) == Completed(left, follows=False)


@pytest.mark.parametrize("text", ["好的 谢谢", "嗯嗯", "？？？", "", " "])
def test_chatter_asks_nothing_and_is_passed_over(converse: Converse, text: str):
    assert converse().complete(text, ["Keras 是什么？"]) == Completed(text, follows=False)
    assert converse().complete("作者是谁？", ["Keras 是什么？", text]).text == "Keras 的作者是谁？"


@pytest.mark.parametrize("history", [[], [""], ["  "], ["？！"], ["嗯"]])
@pytest.mark.parametrize("text", ["它是什么？", "作者是谁？", "还有吗？", "为什么？", "那 MXNet 呢？", "前者呢？"])
def test_nothing_is_taken_from_a_history_that_says_nothing(converse: Converse, history: list[str], text: str):
    assert converse().complete(text, history) == Completed(text, follows=False)


def test_a_topic_is_carried_on_through_several_turns(converse: Converse):
    turns = ["TensorFlow 是什么？", "作者是谁？", "那 MXNet 呢？", "支持哪些语言？"]
    wholes = [converse().complete(turn, turns[:place]).text for place, turn in enumerate(turns)]
    assert wholes == ["TensorFlow 是什么？", "TensorFlow 的作者是谁？", "MXNet 的作者是谁？", "MXNet 支持哪些语言？"]


@pytest.mark.parametrize("left", [["不聊这个了。作者是谁？"], ["不聊这个了", "作者是谁？"]])
def test_a_topic_that_was_left_is_not_taken_up_again(converse: Converse, left: list[str]):
    assert not converse().complete(left[-1], ["Keras 是什么？", *left[:-1]]).follows


def test_a_river_with_a_surname_is_no_person(converse: Converse):
    turns = ["长江有多长？", "那黄河呢？", "它流经哪些省？"]
    assert converse().complete(turns[-1], turns[:-1]).text == "黄河流经哪些省？"


def test_the_users_own_characters_are_kept(converse: Converse):
    assert converse().complete("它有什麼用途？", ["機器人是什麼？"]).text == "機器人有什麼用途？"
    assert converse().complete("作者是谁？", ["Ｋｅｒａｓ 是什么？"]).text == "Ｋｅｒａｓ的作者是谁？"


TEXTS = st.text(
    alphabet="它他其该这那个者呢吗为什么还有和的是 Ktf《》1？，年作者支持缺点谁哪些红烧肉" + chr(0xD800), max_size=40
)


@given(text=st.one_of(st.text(max_size=30), TEXTS), history=st.lists(TEXTS, max_size=4))
def test_no_history_and_no_text_fails(converse: Converse, text: str, history: list[str]):
    completed = converse({}).complete(text, history)
    assert completed.follows or completed.text in text


@pytest.mark.parametrize("text", ["它" * 500, "x" * 500, "作者是谁？" * 100, "那" + "呢" * 499])
def test_500_characters_are_no_failure(converse: Converse, text: str):
    assert converse({}).complete(text, [text, "Keras 是什么？"]).text


@given(
    name=st.from_regex(r"[A-Z][a-z]{3,9}", fullmatch=True).filter(lambda name: len(set(name.lower())) > 2),
    rest=st.sampled_from(
        ["是什么？", "的作者是谁？", "支持哪些语言？", "怎么安装？", "为什么停止更新？", " 有什么优点？"]
    ),
)
def test_a_question_that_names_its_subject_comes_back_unchanged(converse: Converse, name: str, rest: str):
    assert converse().complete(name + rest, ["红烧肉怎么做？"]) == Completed(name + rest, follows=False)


def test_a_question_of_its_own_reads_no_history(segmenter: Segmenter):
    read: list[str] = []

    def reading(text: str) -> Question:
        read.append(text)
        return Question.read(text, segmenter)

    conversation = Conversation(reading, lambda _: pytest.fail("asked"), lambda *_: 0.0, segmenter.lexicon.is_name)
    conversation.complete("MXNet 支持哪些语言？", ["Keras 是什么？", "作者是谁？"])
    assert read == ["MXNet 支持哪些语言？"]
