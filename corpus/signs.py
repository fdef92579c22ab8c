"""What a line of a text looks like: a paragraph, or a sign of the web page that it was saved from."""

from __future__ import annotations

import re
from enum import Enum
from typing import NamedTuple

LONGEST_SIGN = 120  # characters of a line of dates and counters
SAID = "."  # the shape of a plain line that ends as a sentence or a verse does
MOST_FACTS = 16  # numbers in such a line
MOST_LINKS = 30  # in a row


class Kind(Enum):
    """What a line looks like, each with its score: more than zero speaks for the article."""

    BLANK = 0.0
    PROSE = 0.05  # a character
    PLAIN = -0.5  # a heading, an item, a name: tells nothing
    LABEL = -1.0  # a word that names a way of many pages, but headings too: 下载, 评论
    FIGURE = -2.0  # a number, a date or an address alone: it is also found in tables, logs and lists
    STAMP = -4.0  # when something was put on the web
    COUNTER = -4.5  # how often it was read
    LINKS = -5.0  # the ways to other pages
    OWNER = -5.5  # whose the page is
    TEASER = -6.0  # the beginning of another text
    PICTURE = -0.4


SIGNS = {Kind.STAMP, Kind.COUNTER, Kind.LINKS, Kind.OWNER, Kind.TEASER}
TOLD = {Kind.STAMP, Kind.COUNTER, Kind.FIGURE}


class Line(NamedTuple):
    """A line as it looks."""

    kind: Kind
    shape: str = ""  # of a sign or a figure: what it is made of, without its numbers and names
    length: int = 0

    @property
    def score(self) -> float:
        """How much it speaks for the article."""
        return self.kind.value * (min(self.length, 400) if self.kind is Kind.PROSE else 1)


_SIMPLIFIED = str.maketrans(  # the characters of the words below
    "萬專絲個爲為舉樂買於產億們價衆眾會傳體關興內冊寫軍擊剛創務動區華協單歷發號後聽員圍國圖壇聲處備復夾娛導幫廣開歸"
    "錄懷態戲戶掃護報換數無時暱顯暫機權條來標欄檔樓歡氣沒瀏遊點熱現電碼礙積稱籤簡類約級細經編縮網聯腦範薦獲見觀規視"
    "覽觸訂討議訊記論設訪證評訴誠話該詳誤請讀課財責敗購費資賞贊蹤車轉載輯輸運還選郵鐘鏈銷錯鍵長門閉問間聞閱際隨隱頁"
    "頂顧頻題饋驗複覆讚製週繫係註",
    "万专丝个为为举乐买于产亿们价众众会传体关兴内册写军击刚创务动区华协单历发号后听员围国图坛声处备复夹娱导帮广开归"
    "录怀态戏户扫护报换数无时昵显暂机权条来标栏档楼欢气没浏游点热现电码碍积称签简类约级细经编缩网联脑范荐获见观规视"
    "览触订讨议讯记论设访证评诉诚话该详误请读课财责败购费资赏赞踪车转载辑输运还选邮钟链销错键长门闭问间闻阅际随隐页"
    "顶顾频题馈验复复赞制周系系注",
)
_PICTURE = re.compile(
    r"[\[【(（<]?(?:图片|图像|image|img|picture|photo)[\]】)）>]?|!?\[?[^\s/\\|,，。;；:：\"'()\[\]]{1,60}"
    r"\.(?:png|jpe?g|gif|webp|bmp)\]?",
    re.IGNORECASE,
)
SENTENCE = re.compile(r"[。！？；!?;]|(?<!\d)\.(?:\s|$)|[，,][^，,]{2,60}[，,]")
_TEASER = re.compile(
    r"[^.…。！？!?](?:\.{3,5}|…)\s*[\[(（【]?(?:更多|全文|详[细情]|阅读全文|查看全文|more)?[\])）】]?$"
)
_ADDRESS = re.compile(r"https?://[\w\-.~:/?#\[\]@!$&'()*+,;=%]+|\bwww\.[\w\-.~:/?#@!$&*+,;=%]+", re.ASCII)
_OWNER = re.compile(r"©|\bcopyright\b|版[权權]所有|ICP[备证備證]|公网安备|all rights reserved", re.IGNORECASE)

_DAY = (
    r"(?:(?:(?:19|20)?\d\d[-/.年]\s?)?\d{1,2}[-/.月]\s?\d{1,2}[日号]?(?![\d.])|[今昨前]天|刚刚"
    r"|\d{1,2}\s*(?:秒|分钟|小时|天|周|个月|年)前)"
)
_TIME = r"\d{1,2}[:：]\d\d(?:[:：]\d\d)?(?!\d)"
_PUT = r"(?:最后|最近|首次)?(?:发[布表帖送]|更新|创建|编辑|修[改订]|上传|收录|提问|回答)(?:于|在|时间|日期)?"
_READ = (
    r"(?:字数|阅读|浏览|点击|点赞|访问|查看|播放|下载|评论|留言|回[复答]|跟帖|赞同?|喜欢|推荐|[顶踩]|收藏|转发|分享|关注"
    r"|粉丝|人气|热度|围观|在看|获赞|积分|等级|经验|帖子|主题|精华|订阅|有用|[已月]售|销量|好评"
    r"|views?|reads?|comments?|likes?|shares?|followers?|replies)"
)
_MANY = r"\d[\d,]*(?:\.\d+)?\s?[万亿kKwW]?\+?"
_UNIT = r"(?:次|人|条|篇|个|位|件)?"
_ATOM = re.compile(
    rf"(?P<stamp>(?:{_PUT}|\bposted on|\bupdated)\s*[:：]?\s*(?:{_DAY})(?:\s*{_TIME})?"
    rf"|(?:{_DAY})(?:\s*{_TIME})?\s*(?:发布|发表|更新|回复)(?!\w))"
    rf"|(?P<counter>(?<![^\W\d_]){_READ}(?:次数|量|数|人数)?\s*[:：(（\[+]?\s*{_MANY}\s*{_UNIT}[)）\]]?(?!\w)"
    rf"|(?<![\w.]){_MANY}\s*{_UNIT}\s*{_READ}(?:了?[该此]?(?:回答|文章))?(?![^\W\d_])"
    rf"|[\U0001f300-\U0001faff♥❤♡👍★☆]\ufe0f?\s*{_MANY}(?!\w))"
    rf"|(?P<day>(?<![\w.]){_DAY}(?:\s*(?:周|星期)[一二三四五六日天])?(?:\s*{_TIME})?)"
    rf"|(?P<hour>(?<!\w){_TIME})"
    r"|(?P<from>原创(?=\s)|(?:稿源|来源|出处|作者|记者|责任编辑|责编|编辑|文章来源|信息来源|字体|字号)\s*[:：]\s*[^\s:：]{1,16})"
    r"|(?P<number>(?<![\w.])\d[\d,.]{0,12}(?![\w.]))",
    re.IGNORECASE,
)
_FACT = re.compile(r"\d+|[今昨前]天|刚刚")

# The words that pages are moved about with, as they are put together: a verb and what it is done to, or a choice and
# of what.
_VERB = (
    r"(?:查看|阅读|浏览|加入|添加|上传|前往|进入|发表|发布|写|提交|分享|转发|复制|举报|投诉|订阅|下载|收藏|关注|打印|编辑|回复|评论|留言"
    r"|登录|登入|注册|返回|回到|搜索|展开|收起|显示|关闭|取消|切换|申请|反馈|点赞|赞赏|打赏|播放|收听|朗读|邀请|报告|购买|报名|试听|领取|纠错|咨询|预约|开通|抢购|打开)"
)
_OBJECT = (
    r"(?:更多|全部|全文|详情|视频|本段代码|评论|留言|回复|文章|原文|链接|代码|本文|[本此]页|页面|窗口|首页|主页|顶部|列表|目录|新帖|主题"
    r"|问题|回答|收藏夹?|购物车|图册|图片|大图|反馈|意见|app|客户端|rss|作者|楼主|本站|好友|微信|微博|朋友圈|海报)"
)
_CHOICE = (
    r"(?:相关|推荐|热门|热点|最新|最近|近期|更多|精彩|精选|延伸|网友|友情|往期|随机|同类|你可能|您可能|编辑|今日|本周|本月|本站"
    r"|站内|本版|本页|发表|阅读)"
)
_CHOSEN = (
    r"(?:文章|阅读|新闻|推荐|链接|内容|资讯|问题|帖子|商品|评论|回答|视频|标签|专题|作品|导航|话题|搜索|排行榜?|榜单?|回复"
    r"|留言|信息|日志|博文|回顾|标题导航|原文|精选|感兴趣)"
)
_WAYS = (
    rf"(?:首页|登录|登入|注册|退出|举报|点赞|私信|[上下]一[页篇章版]|[末尾]页|返回|设为首页|网站(?:地图|声明|导航|首页)|top|rss"
    rf"|(?:我要|我的|立即|一键|快速|免费|点击|去){_VERB}{{1,2}}(?:我的)?{_OBJECT}?|{_VERB}(?:我的|到|为|至)?(?:{_OBJECT}|收藏)"
    rf"|{_CHOICE}{_CHOSEN}[:：]?|猜你喜欢[:：]?|大家都在看|看了又看|[^，。]{{0,8}}(?:还|也)(?:喜欢|在看|看了?|买了)"
    r"|(?:分享到?|关于|联系|加入)(?:我们|本站|微信|微博|朋友圈)|分享到|(?:广告|商务)(?:服务|合作|投放)|诚聘英才|(?:招聘|人才)信息"
    r"|(?:隐私|服务|使用|用户|免责|版权|法律|会员|社区)(?:权?政策|条款|协议|声明|权?保护|规范|公约)|(?:意见|问题|错误|用户)反馈"
    r"|(?:帮助|客服|会员|个人|消息|用户|下载|举报)中心|(?:手机|移动|电脑|触屏|简体|繁体)版|[简繁]体中文|无障碍(?:浏览|阅读)?"
    r"|(?:长者|深色|夜间|护眼|老年|关怀)模式|购物车|全站搜索|请输入.{2,10}|(?:微信)?扫一扫.{0,12}|扫码.{2,10}|关注(?:该|微信)?公众号"
    r"|登录[之以]?后.{2,10}|(?:没有|暂无|加载)(?:更多|失败).{0,8}|(?:订阅|关注)(?:专栏|动态|话题)|展开(?:全文|更多)?|收起|查看全部.{0,8}"
    r"|广告|推广|放大|缩小|添加到.{2,5}|收录于(?:合集|专栏|话题).*|继续滑动.{2,8}|轻触阅读原文|写留言|知道了|预览时.{2,8}|取消(?:收藏|关注)|楼主|沙发|板凳|地板|\d{1,4}\s?[#楼]|(?:只看|查看)(?:该?作者|该?楼主|大图)|倒序浏览|电梯直达|阅读模式|显示全部楼层|使用道具|发消息|收听ta|默认排序|按时间排序"
    r"|好问题|等你来答|(?:关注者|被浏览)\s?[\d,]*|(?:进店|去)逛逛|(?:加入|收藏)(?:店铺|课程|我们)|开始学习|联系(?:客服|卖家|商家)|店铺首页|[商学](?:品|员)评价"
    r"|打开app|手机看|分享至|我[要来]?(?:说两句|纠错)|保存(?:海报|图片)|举报(?:电话|邮箱|中心).*|(?:服务|客服)热线.*|lv\.?\s?\d{1,2}"
    r"|log ?in|sign (?:in|up)|home|skip to content|back to top|read more|privacy(?: policy)?|terms(?: of \w+)?"
    r"|cookie.{0,6})"
)
_NAMES = (
    rf"(?:{_VERB}|更多|全部|关于|帮助|文档|社区|论坛|博客|部落格|问答|课程|活动|专题|功能|定价|产品|分类|归档|标签|友链|目录|新闻|视频"
    r"|影音|图片|财经|体育|娱乐|科技|军事|汽车|房产|教育|健康|旅游|时尚|游戏|国际|国内|社会|文化|历史|直播|商城|市集|会员|消息|讨论"
    r"|推荐|热门|最新|精华|置顶|客服|版权(?:所有)?|提问|追踪|列印|分享[:：]|复制|运行|原创|昵称|邮箱|网址|验证码|资源|公司|招聘|地图|导航"
    r"|手机|官网|客户端|english|app|faq|ok|menu|search|share|vip|pro|赞|踩|顶|qq(?:空间|好友|群)?|微信|微博|朋友圈|在看|发现|排行榜?)"
)
_LABEL = re.compile(_NAMES, re.IGNORECASE)
_WAY = re.compile(
    rf"{_WAYS}\s*[▾▼›»>+]?|(?:[【\[]\s?(?:{_WAYS}|{_NAMES}|[^】\]]{{0,3}}窗口)\s?[】\]]\s*)+|(?:[上下]一[篇页章]|分享到?|字[体号]|热门搜索)\s*[:：].*"
    r"|[【\[]\s?字[体号][^】\]]{0,12}[】\]].{0,12}|[←‹«<]\s?\S.*|\S.*\s[→›»]|\S.{0,3}→",
    re.IGNORECASE,
)
_ROW = re.compile(r"\s*(?:[|｜>»›·•/]|\s)\s*")
_BAR = re.compile(r"\s[|>»›·•]\s|[｜»›]|(?<=[\u4e00-\u9fff])[>|](?=[\u4e00-\u9fff])")
_HALT = re.compile(r"[\d。，！？]")


def look_at(line: str) -> Line:
    """Tell what a line, stripped, looks like."""
    if not line:
        return Line(Kind.BLANK)
    length = len(line)
    if line[-1] in "。！？；":
        sign = _said(line) if length <= LONGEST_SIGN else None
    else:
        sign = _sign(line.translate(_SIMPLIFIED)) if length <= LONGEST_SIGN else None
    if sign:
        return sign
    if length >= 30 and _TEASER.search(line[-20:]):
        return Line(Kind.TEASER, "...", length)
    if length >= 12 and SENTENCE.search(line):
        return Line(Kind.PROSE, "", length)
    return Line(Kind.PLAIN, SAID if line[-1] in "。！？!?，；" else "", length)


def _said(line: str) -> Line | None:
    """Return what a sentence is a sign of: whose the page is, when it was put there."""
    if _OWNER.search(line):
        return Line(Kind.OWNER, "©", len(line))
    return _facts(line.rstrip("。").translate(_SIMPLIFIED)) if line[-1] == "。" and len(line) <= 40 else None


def _sign(line: str) -> Line | None:
    """Return what a short line is a sign of, if of anything."""
    length = len(line)
    if line[-1] in "gpGPfF]】)）>片像eEoO" and _PICTURE.fullmatch(line):
        return Line(Kind.PICTURE, line, length)
    if _OWNER.search(line) and line != "版权所有":  # alone, it is a menu's entry
        return Line(Kind.OWNER, "©", length)
    if length <= 40 and line[-1] not in "。！？；，,;!?" and _WAY.fullmatch(line):
        return Line(Kind.LINKS, line[:6], length)
    if length <= 8 and _LABEL.fullmatch(line):
        return Line(Kind.LABEL, line, length)
    if row := _row(line):
        return Line(Kind.LINKS, row, length)
    if line[-1] in "！？；，,;：:":
        return None
    rest = _ADDRESS.sub("", line)
    if len(rest) < length:
        return Line(Kind.FIGURE, "://", length) if len(rest) <= 12 and not SENTENCE.search(rest) else None
    return _facts(line)


def _row(line: str) -> str:
    """Return the shape of a row of links, such as `首页 > 新闻 > 正文`; empty if it is none."""
    if len(line) < 4:
        return ""
    parts = [part for part in _ROW.split(line) if part]
    if not 2 <= len(parts) <= MOST_LINKS or max(map(len, parts)) > 12:
        return ""
    named = [part for part in parts if not part.isdecimal()]
    others = [part for part in named if not _WAY.fullmatch(part)]
    ways = len(named) - len(others)
    labels = ways + sum(bool(_LABEL.fullmatch(part)) for part in others)
    if ways and len(parts) > 2 and ways == len(named):
        return "首页"
    if len(parts) > 2 and (2 * ways > len(parts) or _WAY.fullmatch(parts[0])):
        return "首页"
    if labels == len(parts) or (len(parts) > 3 and 2 * labels >= len(parts)):
        return "首页"
    bars = len(_BAR.findall(line))
    return f"{bars}|" if bars >= 2 and bars >= len(parts) - 2 and not _HALT.search(line) else ""


def _facts(line: str) -> Line | None:
    """Return what a line is that holds little but dates, counts and labels."""
    if not 0 < len(_FACT.findall(line)) <= MOST_FACTS:
        return None
    found = [(match.lastgroup or "", match.end() - match.start()) for match in _ATOM.finditer(line)]
    if not found:
        return None
    groups = [group for group, _ in found]
    rest = len(_ATOM.sub("", line).replace(" ", ""))
    if rest > 10 or rest > sum(size for _, size in found):
        return None
    shape = " ".join(sorted(set(groups))) + (":" if ":" in line else "")
    if "counter" in groups:
        return Line(Kind.COUNTER, re.sub(r"[\d\W]+", "", line)[:2], len(line))
    if "stamp" in groups or ("from" in groups and len({"day", "hour", "number"} & set(groups)) > 0):
        return Line(Kind.STAMP, shape, len(line))
    return None if groups == ["from"] else Line(Kind.FIGURE, shape, len(line))
