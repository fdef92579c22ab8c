"""The web chat."""

from __future__ import annotations

CATALOGUE: dict[str, tuple[str, str]] = {
    "web-page": ("第 {page} 页", "page {page}"),
    "web-also": ("同文亦见：{title}（{document}）", "the same in: {title} ({document})"),
    "serve-ready": ("请在浏览器打开 http://{host}:{port}", "Open http://{host}:{port} in a browser"),
    "auth-wrong": (
        "ASSISTANT_AUTH 要写成 用户名:密码。",
        "ASSISTANT_AUTH wants user:password.",
    ),
    "port-taken": (
        "端口 {port} 无法使用：{reason}。请用 --port 换一个。",
        "Port {port} cannot be used: {reason}. Choose another with --port.",
    ),
    # -- the web chat
    "web-title": ("引据", "Yinju"),
    "web-tagline": (
        "答案的每一句都是文档里的原话，点编号就能看到出处。",
        "Every sentence of an answer is a quote; its number opens it in its document.",
    ),
    "web-facts": ("{documents} 份文档 · {passages} 段", "{documents} documents · {passages} passages"),
    "web-chat": ("对话", "Chat"),
    "web-documents": ("文档", "Documents"),
    "web-ask": ("输入问题，回车发送", "Type a question and press Enter"),
    "web-send": ("发送", "Send"),
    "web-clear": ("清空", "Clear"),
    "web-hello": (
        "问一个问题吧。答案只用文档里的原话；文档没有说的，会如实说没有。",
        "Ask a question. Answers use the documents' own words; where they do not say, so does the answer.",
    ),
    "web-language": ("zh-CN", "en"),  # for the browser: fonts and hyphenation follow it
    "web-sure": ("确定", "Certain"),
    "web-likely": ("可能", "Likely"),
    "web-unsaid": ("文档未说明", "Not in the documents"),
    "web-confidence": ("第一句话是答案的概率：{percent} %", "Probability that the first sentence answers: {percent} %"),
    "web-as-written": ("按原话问", "Ask my words"),
    "web-written": ("按原话", "as written"),
    "web-compared": ("{names} 的比较", "{names} compared"),
    "web-aspect": ("方面", "Aspect"),
    "web-why": ("为什么是这句", "Why this sentence"),
    "web-why-not": ("是怎么查的", "How it searched"),
    "web-open-quote": ("看原文：{where}", "Read in place: {where}"),
    "web-reader": ("原文", "Document"),
    "web-reader-hint": (
        "点答案后面的编号，或在“文档”里选一份，原文会显示在这里。",
        "Click the number after a quote, or choose a document, and it shows here.",
    ),
    "web-new-tab": ("在新标签页打开", "Open in a new tab"),
    "web-close": ("关闭", "Close"),
    "web-source": ("来源：{source}", "Source: {source}"),
    "web-id": ("文件：{document}", "File: {document}"),
    "web-filter": ("按标题或文件名筛选", "Filter by title or file name"),
    "web-list-none": ("没有符合的文档。", "No document matches."),
    "web-list-cut": (
        "只列出前 {shown} 份，共 {total} 份；请用筛选缩小范围。",
        "The first {shown} of {total} are listed; filter to see others.",
    ),
    "web-size": ("{characters} 字 · {passages} 段", "{characters} characters · {passages} passages"),
    "web-rebuild": ("更新索引", "Update the index"),
    "web-rebuild-hint": (
        "重新读取下面的来源；更新时照常可以提问。",
        "Reads the sources below again; questions are answered meanwhile.",
    ),
    "web-files": ("份", "files"),
    "web-more": ("……以及另外 {count} 个", "… and {count} more"),
    "web-quote-changed": (
        "文档在回答之后更新过，引文与原处的文字已不相同，所以没有标出。请重新提问。",
        "The document has changed since the answer: the quote no longer stands here and is not marked. Ask again.",
    ),
    "web-span-wrong": (
        "网址里的位置（at）不在这份文档内，所以没有标出引文。",
        "The place (at) in the address does not lie in this document, so nothing is marked.",
    ),
    "web-document-gone": (
        "索引里没有文档 {document}：它可能已被删除或改名。",
        "The index has no document {document}: it may have been removed or renamed.",
    ),
    "web-login": ("请先登录。", "Please log in first."),
    "web-home": ("回到首页", "To the start page"),
    "web-failed": (
        "出了意外，这次没有答成。请再试一次；若仍不行，请看运行 assistant serve 的终端里的记录。",
        "Something unexpected went wrong. Try again; if it persists, see the terminal that runs assistant serve.",
    ),
    "web-older": (
        "新的索引打不开，仍用原来的回答：{reason}",
        "The new index cannot be opened, the former one goes on answering: {reason}",
    ),
    "serve-open": (
        "注意：没有设密码，能连到 {host} 的人都可以提问和更新索引。密码用环境变量 ASSISTANT_AUTH（用户名:密码）设置。",
        "Note: without a password, whoever reaches {host} may ask and update the index."
        " Set one with ASSISTANT_AUTH (user:password).",
    ),
}
