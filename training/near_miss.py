"""Questions that the documents almost answer: what is asked about stands in them, the answer does not."""

from __future__ import annotations

import random
from dataclasses import replace

from assistant.understanding.question import Question
from corpus.lexicon import fold
from corpus.splitting import sentences
from training.squad import Asked, QuestionSet, make_segmenter

# Attributes that few documents state, in users' words, and the words that would state them. {} is the subject.
ATTRIBUTES = (
    ("{}的身高是多少", "身高 公分 厘米"),
    ("{}多高", "高"),
    ("{}的体重是多少？", "体重 公斤"),
    ("{}的股价是多少", "股价 股票"),
    ("{}现在市值多少", "市值"),
    ("{}的电话号码是多少", "电话"),
    ("{}的客服热线是多少？", "热线 客服 电话"),
    ("{}的邮箱是什么", "邮箱 邮件"),
    ("{}的网址是什么", "网址 网站"),
    ("{}的年薪有多少", "薪 收入"),
    ("{}一共有多少名员工", "员工 雇员 职员"),
    ("{}每年的预算是多少？", "预算 经费"),
    ("{}的门票多少钱", "门票 票价"),
    ("{}卖多少钱一份", "售价 价格"),
    ("{}一年收费多少？", "收费 费用"),
    ("{}的配偶叫什么名字", "妻 丈夫 配偶 结婚"),
    ("{}的妻子是谁？", "妻 结婚"),
    ("{}有几个孩子", "孩子 子女 儿子 女儿"),
    ("{}的父亲是谁", "父"),
    ("{}的生日是哪一天？", "生于 出生 生日"),
    ("{}是哪年出生的", "生于 出生 诞生"),
    ("{}的血型是什么？", "血型"),
    ("{}是什么星座", "星座"),
    ("{}有什么爱好", "爱好 喜欢 喜爱"),
    ("{}是哪所大学毕业的？", "毕业 就读"),
    ("{}是哪国人", "国人 国籍"),
    ("{}的老家在哪里", "老家 家乡 故乡 祖籍"),
    ("{}总部的地址在哪条街", "总部 总公司"),
    ("{}的吉祥物是什么？", "吉祥物"),
    ("{}的标志是什么颜色的", "标志 标识 商标 徽"),
    ("{}的口号是什么", "口号"),
    ("{}用的是哪种许可证", "许可 授权 协议"),
    ("{}最新的版本号是多少", "版本 版"),
    ("{}每个月被下载多少次？", "下载"),
    ("{}有多少粉丝", "粉丝 关注"),
    ("{}的官方微博叫什么", "微博"),
    ("{}获得过哪些奖项？", "奖"),
    ("{}的竞争对手有哪些", "竞争 对手"),
    ("{}的营业时间是几点到几点", "营业 开放"),
    ("{}的主要投资人是谁？", "投资"),
    ("{}的律师是谁", "律师"),
    ("{}的教练是谁", "教练"),
    ("{}的邮政编码是多少？", "邮政 邮编"),
    ("{}的面积有多大", "面积 平方"),
    ("{}的海拔是多少米", "海拔"),
    ("{}附近有什么好吃的", "美食 餐厅 小吃"),
    ("{}的耗电量是多少？", "电"),
    ("{}需要多少内存", "内存"),
    ("{}支持语音输入吗", "语音"),
    ("{}有没有手机客户端？", "手机 客户端"),
    ("{}为什么被起诉", "诉 法院"),
    ("{}为什么改名？", "改名 更名"),
    ("{}和他的弟弟是什么关系", "弟"),
    ("怎么申请加入{}？", "申请 加入"),
    ("怎么退订{}", "退订 取消"),
    ("{}的安装步骤是什么？", "安装"),
    ("{}什么时候上市的", "上市"),
    ("{}是什么时候倒闭的？", "倒闭 破产 关闭"),
    ("{}的下一次会议在哪里召开", "会议 召开"),
    ("{}的密码是多少？", "密码"),
)


def without_answers(questions: QuestionSet, *, seed: int) -> QuestionSet:
    """Take one answering sentence out of each paragraph; what remains are the questions that it answered.

    A question whose answer also stands elsewhere in its paragraph is left out.
    """
    rng = random.Random(seed)
    paragraphs, left = dict(questions.paragraphs), []
    asked_on: dict[str, list[Asked]] = {}
    for asked in questions.questions:
        asked_on.setdefault(asked.document, []).append(asked)
    for document, asked_here in asked_on.items():
        text = paragraphs[document]
        spans = sentences(text)
        chosen = rng.choice(asked_here)
        answering = [(start, end) for start, end in spans if chosen.share_of_answer(text[start:end]) > 0.5]
        if len(answering) != 1 or len(spans) < 3:
            continue
        start, end = answering[0]
        paragraphs[document] = text[:start] + text[end:]
        gone = [asked for asked in asked_here if asked.answered_by(text[start:end])]
        left += [replace(asked, answers=()) for asked in gone if asked.share_of_answer(paragraphs[document]) <= 0.5]
    return QuestionSet(questions.name, paragraphs, tuple(left))


def unstated(questions: QuestionSet, *, seed: int, each: int = 2) -> QuestionSet:
    """Ask, of a subject of each paragraph, for attributes of which no paragraph of its article says a word."""
    rng = random.Random(seed)
    segmenter = make_segmenter()
    texts: dict[str, str] = {}
    first: dict[str, Asked] = {}
    for asked in questions.questions:
        first.setdefault(asked.document, asked)
    for asked in first.values():
        texts[asked.article] = texts.get(asked.article, "") + fold(questions.paragraphs[asked.document])
    found = []
    for asked in first.values():
        subjects = Question.read(asked.question, segmenter).subjects
        names = [one.text for one in subjects if len(one.text) > 1 and one.text in texts[asked.article]]
        for template, words in rng.sample(ATTRIBUTES, each) if names else ():
            if not any(word in texts[asked.article] for word in words.split()):
                question = template.format(names[0])
                found.append(Asked(question, asked.document, asked.article, ()))
    return QuestionSet(questions.name, questions.paragraphs, tuple(found))
