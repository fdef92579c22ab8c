"""Thumbs, and conversations as files."""

from __future__ import annotations

CATALOGUE: dict[str, tuple[str, str]] = {
    # -- thumbs
    "feedback-damaged": (
        "评价文件 {path} 已损坏，或者不是本程序写的（{reason}）；没有改动它。请把它移到别处或删除，再试一次。",
        "The feedback file {path} is damaged or none of ours ({reason}); it was left as it is."
        " Move or delete it, then try again.",
    ),
    "feedback-format": (
        "评价文件 {path} 的格式是 {found}，本版本用的是 {known}；没有改动它。请升级程序，或把它移到别处。",
        "The feedback file {path} is of format {found}, this version uses {known}; it was left as it is."
        " Upgrade, or move it away.",
    ),
    "feedback-busy": (
        "评价文件 {path} 正被别的进程使用。请稍后再试。",
        "Another process is using the feedback file {path}. Try again in a moment.",
    ),
    "feedback-full": (
        "评价文件 {path} 已满（{megabytes} MB）。"
        "请用 assistant feedback --json 导出，再用 assistant feedback --wipe 清空。",
        "The feedback file {path} is full ({megabytes} MB). Export it with assistant feedback --json,"
        " then empty it with assistant feedback --wipe.",
    ),
    "feedback-unusable": (
        "无法读写评价文件 {path}：{reason}。请检查磁盘和权限。",
        "The feedback file {path} cannot be read or written: {reason}. Check the disk and the permissions.",
    ),
    "feedback-malformed": (
        "评价里的 {field} 写得不对：{given}。",
        "The feedback's {field} is not right: {given}.",
    ),
    "feedback-long": (
        "评价里的 {field} 太长：最多 {most}，给了 {given}。",
        "The feedback's {field} is too long: at most {most}, given were {given}.",
    ),
    "feedback-wrong": ("答非所问或有错", "Wrong"),
    "feedback-incomplete": ("不完整", "Incomplete"),
    "feedback-outdated": ("过时了", "Outdated"),
    "feedback-should_decline": ("文档没有说，应当不作答", "The documents do not say, it should decline"),
    "feedback-not_helpful": ("没有帮助", "Not helpful"),
    "feedback-counts": (
        "{count} 个评价：赞 {up} 个，踩 {down} 个",
        "{count} votes: {up} up, {down} down",
    ),
    "feedback-reasons": ("踩的理由：", "Reasons for thumbs down:"),
    "feedback-unreasoned": ("没有说理由", "No reason given"),
    "feedback-reason-count": ("{reason}：{count} 个", "{reason}: {count}"),
    "feedback-newest": ("最近的踩：", "The newest thumbs down:"),
    "feedback-passed-over": (
        "略过 {count} 个：踩过的答案，不知道正确的是什么",
        "{count} passed over: answers with a thumb down, of which nobody knows what is right",
    ),
    "feedback-none": ("还没有评价。", "There are no votes yet."),
    # -- conversations as Markdown
    "transcript-note": (
        "每一段引文都是文档里的原话，编号指向引文下面的出处。",
        "Every quote is verbatim; its number names the source below it.",
    ),
    "transcript-unsaid": ("文档未说明", "Not in the documents"),
    "transcript-blank": ("（空白的问题）", "(a blank question)"),
    "transcript-source": ("来源：{source}", "source: {source}"),
    "transcript-facts": (
        "第 {number} 个回答不是 assistant ask --json 那样的内容（{field}），无法导出。",
        "Answer {number} is not what assistant ask --json gives ({field}) and cannot be exported.",
    ),
    "transcript-base": (
        "链接的开头要写成 http:// 或 https:// 的网址；给的是 {base}。",
        "Links want an address that begins with http:// or https://; given was {base}.",
    ),
    "feedback-wiped": ("已删除 {count} 个评价。", "{count} votes are deleted."),
}
