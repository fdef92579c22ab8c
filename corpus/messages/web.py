"""The web chat."""

from __future__ import annotations

CATALOGUE: dict[str, tuple[str, str]] = {
    "web-page": ("第 {page} 页", "page {page}"),
    "web-also": ("同文亦见：{title}（{document}）", "the same in: {title} ({document})"),
    "serve-ready": ("请在浏览器打开 http://{host}:{port}", "Open http://{host}:{port} in a browser"),
    "auth-wrong": (
        "{place} 要写成 用户名:密码。",
        "{place} wants user:password.",
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
    "web-ask": ("输入问题，回车发送", "Ask in Chinese"),
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
    "web-more": ("……以及另外 {count} 个", "… and {count} more"),
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
        "注意：没有设密码，能连到 {host} 的人都可以提问；所以谁也不能改动文档。"
        "密码用环境变量 ASSISTANT_AUTH（用户名:密码）设置。",
        "Note: without a password whoever reaches {host} may ask; so nobody may change documents."
        " Set one with ASSISTANT_AUTH (user:password).",
    ),
    "web-language-name": ("中文", "English"),  # as it calls itself
    "web-collection": ("文集", "Collection"),
    "web-collection-default": ("默认文集", "Default collection"),
    "web-leave": ("退出 {account}", "Log out {account}"),
    "web-history": ("历史", "History"),
    "web-history-search": ("在历史对话里查找", "Search earlier conversations"),
    "web-forget-one": ("删除这个对话？删掉就找不回来了。", "Delete this conversation? It cannot be brought back."),
    "web-forget-all-sure": (
        "删除这个浏览器里的全部对话？删掉就找不回来了。",
        "Delete all conversations of this browser? They cannot be brought back.",
    ),
    "web-not-found": ("没有找到。", "Nothing found."),
    "web-hello-empty": (
        "这个文集里还没有文档：请到“文档”里上传。",
        "This collection holds no documents yet: upload some under “Documents”.",
    ),
    "web-history-none": (
        "没有对话。对话只保存在这个浏览器里。",
        "Nothing here. Conversations are kept in this browser only.",
    ),
    "web-export": ("导出对话", "Export"),
    "web-forget": ("删除", "Delete"),
    "web-forget-all": ("删除全部历史", "Delete all"),
    "web-reasons": ("哪里不对？", "What is wrong with it?"),
    "web-comment": ("想补充的话（可不填）", "Anything to add (may be left empty)"),
    "web-cancel": ("取消", "Cancel"),
    "web-copy": ("复制", "Copy"),
    "web-copied": ("已复制。", "Copied."),
    "web-right": ("有用", "Helpful"),
    "web-wrong": ("不对", "Wrong"),
    "web-thanks": ("谢谢，已记下。", "Thank you, it is noted."),
    "web-withdrawn": ("已撤回评价。", "The vote is taken back."),
    "web-full": (
        "浏览器里存不下了，最早的对话已删去。",
        "The browser has no more room: the oldest conversations were deleted.",
    ),
    "web-retry": ("再答一次", "Answer again"),
    "web-edit": ("改问题", "Edit the question"),
    "web-stop": ("停止", "Stop"),
    "web-stopped": ("已停止。", "Stopped."),
    "web-waiting": ("正在查……", "Searching …"),
    "web-no-event": ("网页没有 {name} 这个动作。", "The page has no event {name}."),
    "web-no-fetch": ("网页不去取网址 {url}。", "The page does not fetch addresses such as {url}."),
    "web-unreachable": (
        "连不上服务器。请看看 assistant serve 是否还在运行，再试一次。",
        "The server cannot be reached. See whether assistant serve still runs, and try again.",
    ),
    # -- who may do what
    "access-open": (
        "{host} 会让别的机器连进来，但没有设密码。请用环境变量 ASSISTANT_AUTH（用户名:密码）或 ASSISTANT_AUTH_FILE"
        "（密码文件）设置；若确实要不设密码开放，请加 --i-know（那样谁也不能改动文档）。",
        "Other machines reach {host}, and there is no password. Set ASSISTANT_AUTH (user:password) or"
        " ASSISTANT_AUTH_FILE (a file of them); to serve without one on purpose, add --i-know (nobody may change"
        " documents then).",
    ),
    "access-twice": (
        "账号 {name} 写了两次，密码不同；请只留一个。",
        "The account {name} is given twice, with two passwords; keep one.",
    ),
    "access-line": ("{file} 第 {line} 行", "{file}, line {line},"),
    "access-file-empty": (
        "{file}（{variable}）里没有账号；每行写一个 用户名:密码。",
        "{file} ({variable}) holds no account; write one user:password a line.",
    ),
    "access-file-unreadable": (
        "密码文件 {file} 读不了：{reason}。",
        "The password file {file} cannot be read: {reason}.",
    ),
    "access-file-large": ("太大", "too large"),
    "access-file-encoding": ("不是 UTF-8 编码", "not in UTF-8"),
    "access-file-shared": (
        "注意：这台机器上的其他用户也能读密码文件 {file}。请执行 chmod 600。",
        "Note: other users of this machine may read the password file {file}. Run chmod 600 on it.",
    ),
    "access-hosts-wrong": (
        "ASSISTANT_HOSTS 里的 {name} 不是主机名；请写成 chat.example.org，多个用逗号隔开。",
        "{name} in ASSISTANT_HOSTS is no host name; write chat.example.org, with commas between several.",
    ),
    "access-host": (
        "这个服务器不用这个地址访问。请用 localhost 打开；要用别的名字，启动前请写进环境变量 ASSISTANT_HOSTS。",
        "The server is not known by this name. Open it as localhost; to use other names, set ASSISTANT_HOSTS"
        " and start it again.",
    ),
    "access-not-found": ("没有这个地址。", "There is no such address."),
    "access-foreign": (
        "这个请求来自别的网站，没有执行。请在本站的页面上操作；若前面有代理，请让它原样传递 Host。",
        "The request comes from another site and was not carried out. Use the pages of this one; a proxy in front has"
        " to pass on Host as it is.",
    ),
    "access-login": ("请先登录。", "Please log in first."),
    "access-wrong": ("用户名或密码不对。", "The user name or the password is wrong."),
    "access-wait": (
        "输错的次数太多，请 {seconds} 秒后再试。",
        "Too many wrong passwords. Try again in {seconds} seconds.",
    ),
    "access-no-right": (
        "这里不能改动文档：服务器是只读的，或者这个账号没有这项权限。",
        "Documents may not be changed here: the server is read-only, or this account has no right to.",
    ),
    "access-too-large": (
        "发来的内容太大，最多 {kilobytes} KB。",
        "What was sent is too large; {kilobytes} KB are allowed.",
    ),
    "access-too-slow": (
        "{seconds} 秒内没有答完，已放弃。请稍后再试。",
        "It was not answered within {seconds} seconds and was given up. Try again later.",
    ),
    "access-method": ("这个页面不接受这种请求。", "This page does not take such a request."),
    "access-name": ("用户名", "User name"),
    "access-password": ("密码", "Password"),
    "access-log-in": ("登录", "Log in"),
    "access-log-out": ("退出登录", "Log out"),
    "access-logged-in": ("已用账号 {name} 登录。", "You are logged in as {name}."),
}
