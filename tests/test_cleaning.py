"""Cleaning: a page's clutter goes, and no line of a text that has no page around it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.cleaning import MOST_LINES, clutter
from corpus.document import Reason
from corpus.formats.plain import read

PROSE = (
    "青石桥建于明代，全长四十二米，是县里现存最老的石拱桥。桥面的条石被车轮压出两道深沟，下雨天能积水。",
    "去年秋天，县文物所请来三位石匠，按原样换下了十一块断裂的条石。换下的旧石没有丢掉，就摆在桥头的空地上。",
    "老石匠陈有福说，修桥最难的不是凿石头，而是找到同一座山上的石料。他们跑了四个村子，才在一处废弃的采石场里找到。",
)

# Texts without a page around them: not one line may go.
ORDINARY = {
    "poem": "静夜思\n李白\n\n床前明月光\n疑是地上霜\n举头望明月\n低头思故乡\n\n2019年3月5日抄",
    "poem with a comment": (
        "村居\n高鼎\n\n草长莺飞二月天\n拂堤杨柳醉春烟\n儿童散学归来早\n忙趁东风放纸鸢\n\n赏析\n\n"
        + PROSE[0]
        + "\n\n2020-01-02\n\n点赞 3"
    ),
    "dialogue": (
        "“你来了……”\n他没有说话…\n“坐吧。”\n"
        "她看着窗外，过了很久才开口，声音轻得几乎听不见…\n“我要走了...”\n“今天”\n“什么？”"
    ),
    "story with dots": "\n".join(f"{part[:-1]}，后来的事情谁也说不清楚，只记得那天的雨下得很大..." for part in PROSE),
    "interview": (
        "采访时间：2019年3月5日\n采访地点：县文物所\n\n"
        f"问：桥修了多久？\n答：{PROSE[1]}\n问：最难的是什么？\n答：{PROSE[2]}\n\n（采访人：李明）"
    ),
    "meeting": (
        "关于修桥的会议纪要\n时间：2019年3月5日 14:00-16:00\n"
        "地点：三楼会议室\n参加人员：张三、李四、王五\n记录人：赵六\n\n"
        f"一、听取汇报\n{PROSE[0]}\n二、讨论\n{PROSE[1]}\n"
        "三、决定\n1. 四月开工；\n2. 六月完工。\n\n发送：各科室\n2019年3月6日"
    ),
    "recipe": (
        "红烧肉\n\n用料\n五花肉 500克\n冰糖 30\n生抽 2\n老抽 1\n八角 3个\n\n做法\n"
        "1. 五花肉切成两厘米见方的块，冷水下锅，水开后再煮三分钟，捞出洗净。\n"
        "2. 小火炒糖，糖色变深后下肉翻炒，加生抽和老抽。\n"
        "3. 加热水没过肉，小火炖一个小时，最后大火收汁。\n\n收藏 12"
    ),
    "prices": (
        "价目表\n\n苹果 5\n香蕉 3.5\n梨 4\n鸡蛋（斤） 5.20\n2019-03-05\n2019-03-06\n"
        "以上价格每天早上更新，以门店当天的牌子为准，节假日另行通知，谢谢各位街坊的支持。"
        "还可以送货上门，满五十元免运费，不满收三元。"
    ),
    "timetable": "K101 次列车时刻表\n\n北京\n08:00\n天津\n09:35\n09:41\n济南\n12:10\n12:18\n徐州\n15:00\n\n"
    + PROSE[0]
    + "\n"
    + PROSE[1],
    "addresses": "通讯录\n张三\n北京市海淀区中关村大街1号\n010-12345678\nhttp://a.example\n李四\n上海市静安区南京西路2号\n021-87654321\nhttp://b.example",
    "faq": (
        "常见问题\n\n怎样退货？\n收到货七天内可以退，联系客服拿到退货地址后寄回即可。\n\n"
        "多久到账？\n我们收到退货后三天内退款，原路返回。\n\n还有问题？\n联系我们\n登录\n注册"
    ),
    "changelog": "\n\n".join(
        f"2019-0{month}-01\n\n修复了导出时丢失最后一行的问题，感谢用户反馈。\n新增按日期筛选的功能，可以一次选多个月。"
        for month in range(9, 0, -1)
    )
    + "\n\n2018-12-01\n\n首次发布",
    "chat log": "\n".join(
        f"张三 2019-03-05 10:2{minute}\n{text}"
        for minute, text in enumerate([*PROSE, "好的", "[图片]一张", "收到", "今天"])
    ),
    "chat times": "\n".join(
        f"10:2{minute} 李四\n{text}" for minute, text in enumerate([PROSE[0], "哈哈...", PROSE[1], "嗯"])
    ),
    "table on lines": f"{PROSE[0]}\n\n{PROSE[1]}\n\n年份\n数量\n2015\n100\n2016\n120\n2017\n0\n2017-01-01\n0\n0",
    "table with bars": (
        f"{PROSE[0]}\n{PROSE[1]}\n姓名 | 部门 | 职务\n张三 | 财务 | 会计\n李四 | 人事 | 主管\n王五 | 技术 | 工程师"
    ),
    "names": "获奖名单\n一等奖\n张三 李四 王五 赵六 钱七\n二等奖\n孙八 周九 吴十 郑一 王二",
    "code": "import os\n\nfor name in os.listdir('.'):\n    print(name)  # 首页 > 新闻\n\n0\n1\nhttp://a.example/x.png\n'image.png'",
    "references": (
        f"{PROSE[0]}{PROSE[1]}\n\n"
        "参考资料\n[1] 县志. 1998.\nhttps://a.example/one\nhttps://a.example/two\n访问 2019-03-05\n2019-03-05"
    ),
    "letter": f"尊敬的读者：\n\n{PROSE[0]}\n\n{PROSE[1]}\n\n此致\n敬礼\n\n县文物所\n2019年3月5日\n电话 12345678",
    "diary": "\n".join(f"2019年3月{day}日 星期三 晴\n{text}" for day, text in enumerate(PROSE, 5))
    + "\n2019年3月9日 星期六 雨\n没出门",
    "files": "a.png\nb.png\nlogo.jpg\nbanner.gif",
    "novel": f"第一章 桥\n\n{PROSE[0]}\n\n下一章\n\n第二章 石匠\n\n{PROSE[1]}\n\n（未完待续...）\n\n更新于 2019-03-05",
    "manual": f"首页\n登录\n注册\n\n{PROSE[0]}\n\n{PROSE[1]}\n\n上一页\n下一页\n返回顶部",
    "statistics": f"粉丝 1200\n阅读 3000\n点赞 22\n\n{PROSE[0]}\n\n{PROSE[1]}\n\n评论 12\n收藏 3",
    "words of menus": f"登录页说明\n\n首页\n登录\n注册\n\n{PROSE[0]}\n\n{PROSE[1]}\n\n关闭\n打印\n关于我们\n版权所有",
    "report of counts": (
        f"账号数据月报\n统计时间：2019年3月\n阅读 3200\n点赞 88\n评论 12\n\n{PROSE[0]}\n{PROSE[1]}\n\n"
        "三月\n阅读 3200\n点赞 88\n四月\n阅读 4100\n点赞 99"
    ),
    "messages with pictures": "\n\n".join(
        f"2019-03-05 10:2{minute}:11 张三\n{text}" for minute, text in enumerate(["在吗", "[图片]", PROSE[0], "[图片]"])
    ),
    "log": "\n".join(f"2019-03-05 10:2{minute}:00 INFO 服务启动完成，耗时 {minute} 秒。" for minute in range(9)),
}


@pytest.mark.parametrize("blank", [False, True], ids=["tight", "blank lines"])
@pytest.mark.parametrize("name", ORDINARY)
def test_no_line_of_an_ordinary_text_goes(name: str, blank: bool) -> None:
    text = ORDINARY[name].replace("\n", "\n\n") if blank else ORDINARY[name]
    assert [line for line, reason in zip(text.split("\n"), clutter(text.split("\n")), strict=True) if reason] == []


# Pages: the lines with "- " before them are what the page carries around its article.
NEWS = f"""
- 首页 新闻 财经 体育 娱乐 更多
- 首页 > 新闻 > 正文
老石桥换上了新条石 三位石匠忙了一秋天
- 2019-03-05 10:22 来源：青石晚报 作者：李明
- 阅读 1203
{PROSE[0]}
- image.png
{PROSE[1]}
桥头的空地
{PROSE[2]}
- 2019-03-05 10:22 来源：青石晚报
- 评论(3) 分享 12
- 山里的采石场重新开工
- 采石场停了二十年，今年春天又响起了机器声，村里的年轻人也有一半回来上班，订单已经排到...
- 3小时前
- 县里的桥有几座
- 除了青石桥，县里还有六座石桥，最小的一座只有三米长，藏在竹林里，很多本地人都没有见过…
- 昨天 08:30
- 关于我们 | 联系我们 | 网站地图 | 加入收藏
- Copyright © 2019 青石晚报 版权所有 某ICP备00000001号
"""
BLOG = f"""
- 小站
- 登录 | 注册
桥与石头
- 发表于 2019-03-05 10:22
- 阅读数 35 评论数 2
一、桥
{PROSE[0]}
二、石头
1. 条石
2. 块石
3. 碎石
{PROSE[1]}
{PROSE[2]}
参考书：《石桥志》
- 点赞 3
- 收藏 1
- 上一篇：学骑车
- 下一篇：学游泳
- 发表评论
- 热门文章
- 学骑车
- 2019-01-02
- 阅读 12
"""
NOTICE = f"""
- 当前位置：首页 > 公开 > 通知
- 首页
关于青石桥封闭施工的通知
- 发布时间：2019-03-05 10:22 来源：县交通局 浏览次数：233
各乡镇人民政府、各有关单位：
{PROSE[0]}
{PROSE[1]}
附件：1. 绕行路线图.pdf
2. 施工计划表.xlsx
县交通局
2019年3月5日
- 【打印】【关闭】
- 上一篇：关于清明放假的通知
- 版权所有：县交通局 某ICP备00000002号
"""
SHOP = """
- 首页 | 全部商品 | 购物车 | 登录
石匠手工凿的砚台
品牌：陈记
材质：青石
重量：1.2 千克
- 1203 评论
- 88 收藏
每一方砚台都由石匠陈有福手工凿成，石料取自青石山的老坑。一块好石料要放三年，等水气散尽才能动手。
使用前请用清水浸泡一夜。砚台怕摔，不怕水，用完洗净晾干即可，不要在太阳下暴晒，也不要用热水去烫。
- 看了又看
- 1203 评论
- 价格走势
- © 2019 某商城
"""
WECHAT = """
青石桥的故事
- 原创 陈小石 石桥周刊 2019-03-05 08:00
- 收录于合集 #老桥 12个
编者按：这是一座老桥的故事。
青石桥建于明代，全长四十二米，是县里现存最老的石拱桥。桥面的条石被车轮压出两道深沟，下雨天能积水。
- 图片
▲ 桥面的条石
去年秋天，县文物所请来三位石匠，按原样换下了十一块断裂的条石。
修桥的人
老石匠陈有福说，修桥最难的不是凿石头，而是找到同一座山上的石料。
“石头也有脾气。”他说。
他们跑了四个村子，才在一处废弃的采石场里找到。
文｜陈小石
编辑｜王一
- 喜欢此内容的人还喜欢
- 采石场的春天
- 石桥周刊
- 一座塔的倒下
- 石桥周刊
- 阅读 1.2万
- 分享 收藏 赞 88 在看 23
- 微信扫一扫
- 关注该公众号
"""
FORUM = """
- 石友论坛
- 首页 » 版块 » 石雕 » 求助：条石开裂怎么办？
- 登录 | 注册
- 发表新帖 回复
- 查看: 1203 | 回复: 3
求助：条石开裂怎么办？
- 石头记
- 楼主
- 发表于 2019-3-5 10:22:31
家里老屋的门槛是一整块条石，去年冬天冻裂了一道缝，大概半厘米宽。请问各位有没有修补的办法？
用水泥填过一次，开春就掉了。
- 回复 举报
- 老陈
- 沙发
- 发表于 2019-3-5 11:02:10
水泥不行，热胀冷缩不一样。用石粉加环氧树脂，填之前把缝里的灰吹干净，再用火烤干，填好压三天。
- 回复 举报
- 小王
- 板凳
- 发表于 2019-3-6 09:00:00
谢谢分享，学到了！
- 回复 举报
- 1 2 3 下一页
- 快速回复
- 您需要登录后才可以回帖 登录 | 注册
- Powered by Discuz! © 2001-2019
"""
QA = """
- 首页 发现 等你来答
- 登录
条石开裂了怎么修补？
- 关注问题
- 写回答
- 12 人赞同了该回答
- 老陈
石匠，干了三十年
先看裂缝是不是还在变。贴一张纸条在缝上，过一个月看纸断没断，断了说明还在动，先处理地基。
不再变的裂缝，用石粉加环氧树脂来填。填之前把缝里的灰吹干净，再用火烤干，填好压三天。
- 发布于 2019-03-05
- 赞同 12
- 3 条评论
- 分享
- 收藏
- 王五
老屋主人
我家的门槛也裂过，请石匠换了一块新的，一共花了八百块，用了两天时间，现在还好好的。
- 发布于 2019-03-07
- 赞同 2
- 添加评论
- 分享
- 收藏
- 相关问题
- 石头怎么切割？ 12 个回答
- 青石和花岗岩有什么区别？ 33 个回答
- © 2019 某乎 某ICP证110000号
"""
WIKI = """
- 首页 | 分类索引 | 特色内容 | 登录
- 条目 讨论 阅读 编辑 查看历史
青石桥
一部自由的百科全书
青石桥是一座石拱桥，位于某县，建于明代，全长四十二米，宽五米，桥面由一百二十块条石铺成。[1]
目录
1 历史
2 结构
3 参考资料
历史[编辑]
明万历年间，当地人陈某捐银三百两修桥，三年乃成。清代重修两次，碑文存于桥头。[2]
结构[编辑]
桥为三孔，中孔跨径十二米，两侧各八米。桥墩前端呈三角形，用来分水，当地人叫它“水鸡头”。
跨径
12
8
8
参考资料[编辑]
1. 县志编委会. 县志. 1998.
2. 碑文拓片，县文物所藏
分类：明代桥梁
- 本页面最后修订于2019年3月5日 10:22。
- 隐私政策 | 关于本站 | 免责声明 | 移动版视图
"""
PORTAL = """
- 某某网
- 新闻
- 财经
- 体育
- 登录
- 注册
- 客户端
- 首页>社会>正文
老石匠修桥记
- 2019-03-05 10:22:10
- 来源：某某网
- 0
- 分享到：
- 微信
- 微博
- QQ空间
原标题：老石匠修桥记
青石桥建于明代，全长四十二米，是县里现存最老的石拱桥。桥面的条石被车轮压出两道深沟，下雨天能积水。
去年秋天，县文物所请来三位石匠，按原样换下了十一块断裂的条石。换下的旧石没有丢掉，就摆在桥头的空地上。
老石匠陈有福说，修桥最难的不是凿石头，而是找到同一座山上的石料。
（记者 李明）
责任编辑：王一
- 标签：
- 石桥 石匠
- 相关新闻
- 采石场重新开工
- 2019-03-04 08:20
- 一座塔的倒下
- 2019-03-03 09:11
- 热点排行
- 1
- 某地发现古墓
- 2
- 某队夺冠
- 关于我们 | 广告服务 | 招聘信息 | 网站声明
- 本网站所刊载信息，不代表本网观点。 刊用本网站稿件，务经书面授权。
- 未经授权禁止转载、摘编、复制及建立镜像，违者将依法追究法律责任。
- [网上传播视听节目许可证（0000000)] [某ICP证000000号]
- Copyright ©2019 All Rights Reserved
"""
DOCS = """
- 某某队列
- 文档
- 社区
- 快速开始
- 安装
- 部署规划
- 版本
- 登录
- 编辑此页
备份与恢复
本文介绍如何备份数据目录，以及如何在同一台机器上恢复。适用于较新的版本，旧版本请先升级，再做备份。
准备工作
执行备份的账号需要对数据目录有读权限，对备份目录有写权限。备份目录要留足空间。
下载
安装包分为三种，选一种下载，解压之后把程序放进系统的路径，然后重新打开终端。
- 复制本段代码
- 1
- 2
- 3
安装完成之后运行一次检查，看到三个节点都是正常的，就可以开始第一次备份了。
- 上一页
- 监控
- 下一页
- 升级
- 提交反馈
- 隐私政策
"""
VERSES = """
- 诗词小站
- 首页
- 登录
- 更多推荐
石桥夜泊
陈小石
桥下水声慢，
船头灯火寒。
石匠今何在，
月明照旧滩。
- 收藏
- 下载图片
- 举报
赏析
这首诗写的是一座老桥的夜晚。前两句写水声和灯火，后两句由景及人，想起当年凿石修桥的匠人。
“旧滩”二字是全诗的眼，既是眼前之景，也是当年匠人卸石的地方，读来有物是人非之感，令人难忘。
- 上一篇：春日
- 相关推荐
- © 2019 诗词小站
"""
POEM = """
- 首页
- 诗文
- 登录
石桥
陈小石
我在桥上坐了很久
水从石缝里流过去
带走一片叶子
又带来一片
凿石头的人都老了
他们的锤子
挂在檐下生锈
- 收藏
- 分享
- 阅读 1203
作者简介
陈小石，石桥县人，做过石匠，四十岁以后开始写诗，著有诗集两种，作品多写乡间的桥与水，语言平易，感情深厚。
这首诗写的是一座老桥的夜晚，由景及人，想起当年凿石修桥的匠人，读来有物是人非之感，是他的代表作。
- 上一篇：春日
- 相关推荐
- 渡口
- © 2019 诗词小站
"""
PAGES = {
    "news": (NEWS, 1.0),
    "blog": (BLOG, 1.0),
    "notice": (NOTICE, 1.0),
    "shop": (SHOP, 1.0),
    "wechat": (WECHAT, 0.9),
    "forum": (FORUM, 0.8),
    "questions": (QA, 0.85),
    "encyclopedia": (WIKI, 1.0),
    "portal": (PORTAL, 0.9),
    "documentation": (DOCS, 0.8),
    "verses": (VERSES, 1.0),
    "poem without marks": (POEM, 1.0),
}


def split_page(page: str) -> tuple[list[str], list[str]]:
    """Return all lines of a page and those of its article."""
    marked = page.strip().split("\n")
    return [line.removeprefix("- ") for line in marked], [line for line in marked if not line.startswith("- ")]


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("blank", [False, True], ids=["tight", "blank lines"])
def test_the_article_of_a_page_stays_whole_and_the_rest_goes(name: str, blank: bool) -> None:
    page, share = PAGES[name]
    marked = page.strip().split("\n")
    text = ("\n\n" if blank else "\n").join(line.removeprefix("- ") for line in marked).split("\n")
    reasons = [reason for line, reason in zip(text, clutter(text), strict=True) if line]
    found = list(zip(marked, reasons, strict=True))
    assert [line for line, reason in found if reason and not line.startswith("- ")] == []
    kept = [line for line, reason in found if not reason and line.startswith("- ")]
    assert 1 - len(kept) / sum(line.startswith("- ") for line in marked) >= share, kept


def test_a_box_of_links_inside_an_article_goes() -> None:
    box = [
        "采石场开工",
        "采石场停了二十年，今年春天又响起了机器声，村里的年轻人也有一半回来上班，订单已经排到...",
        "阅读 12",
        "推荐阅读",
    ]
    lines = [*PROSE, *box, *PROSE]
    assert [line for line, reason in zip(lines, clutter(lines), strict=True) if reason] == box


def test_paragraphs_below_an_advertisement_stay() -> None:
    lines = [*PROSE * 4, "赞 3", "首页 | 登录", "© 2019 某网", "赞 4", *PROSE, "返回顶部"]
    assert [line for line, reason in zip(lines, clutter(lines), strict=True) if reason] == [*lines[12:16], "返回顶部"]


def test_a_title_goes_where_it_is_that_of_another_page() -> None:
    own, other = "老石桥换上了新条石 三位石匠忙了一秋天", "手机套餐怎样选更省钱"
    lines = NEWS.replace("- ", "").strip().split("\n")[2:]  # with the way to the article above it, a title stays
    assert (lines[0], clutter(lines)[0]) == (own, None)
    assert clutter([other, *lines[1:]])[0] is Reason.CLUTTER


def test_where_more_would_go_than_stay_only_the_signs_go() -> None:
    names = [f"石桥镇第{number}村民小组修桥名单" for number in range(1, 40)]
    signs = ["关于我们 | 联系我们", "相关推荐", "© 2019 某网"]
    lines = [*PROSE, signs[0], *names, *signs[1:]]
    assert [line for line, reason in zip(lines, clutter(lines), strict=True) if reason] == signs


@pytest.mark.parametrize("name", ["image.png", "[图片]", "【图片】", "IMG_0012.JPG", "![image.png]"])
def test_a_pictures_name_alone_on_a_line_is_left_out(name: str) -> None:
    assert clutter([PROSE[0], name, PROSE[1]]) == [None, Reason.PICTURE, None]


@pytest.mark.parametrize("line", ["见 image.png", "图片", "image.png 是封面", "a/b.png", "'image.png'"])
def test_a_line_that_says_more_than_a_pictures_name_stays(line: str) -> None:
    assert clutter([PROSE[0], line, PROSE[1]]) == [None, None, None]


WEAK = st.sampled_from(
    [*PROSE, "2019-03-05", "10:22", "0", "12", "今天", "http://a.example/", "张三", "小标题", "甲 | 乙 | 丙", ""]
)


@given(st.lists(WEAK, max_size=40))
def test_dates_numbers_and_addresses_alone_prove_no_page(lines: list[str]) -> None:
    assert not any(clutter(lines))


@given(st.lists(WEAK | st.text("赞 123:：|>-…。，.首页©[]", max_size=20), max_size=30), st.booleans())
def test_what_is_kept_and_what_is_dropped_make_up_the_text(lines: list[str], raw: bool) -> None:
    text = "\n".join(lines)
    draft = read(text.encode(), raw=raw)
    document = draft.document("a", named="a")
    kept = [line for line, reason in zip(lines, clutter(lines), strict=True) if not (reason and not raw)]
    assert document.text.rstrip("\n") == "\n".join(kept).rstrip("\n")
    assert sorted([*document.text.split(), *" ".join(one.text for one in document.dropped).split()]) == sorted(
        text.split()
    )
    assert not (raw and document.dropped)


def test_raw_keeps_the_whole_page() -> None:
    page = NEWS.replace("- ", "")
    assert read(page.encode(), raw=True).document("a", named="a").text == page
    document = read(page.encode()).document("a", named="a")
    assert "©" not in document.text
    assert document.dropped[-1].text.startswith("Copyright")
    assert document.dropped[-1].at == len(document.text)
    assert {one.reason for one in document.dropped} == {Reason.CLUTTER, Reason.PICTURE}


@pytest.mark.parametrize("piece", ["字", "1.", "1 ", "2019-", "...", "| ", "http://", "阅读 1"])
def test_long_lines_and_many_lines_take_linear_time(piece: str) -> None:
    began = time.perf_counter()
    read(f"头\n\n{piece * 500_000}\n\n尾\n".encode())
    clutter([(piece * 60)[:100]] * 2_000)
    clutter(["短行"] * (MOST_LINES + 1))
    assert time.perf_counter() - began < 5
