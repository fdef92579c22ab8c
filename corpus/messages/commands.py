"""What the commands tell beside their results."""

from __future__ import annotations

CATALOGUE: dict[str, tuple[str, str]] = {
    "show-usage": ("--dropped 不能与 --at 同用", "--dropped and --at do not go together"),
    "show-nothing-dropped": ("没有略去什么", "nothing was left out"),
    "build-nothing": (
        "{paths} 里没有可以读的文档（跳过 {skipped} 个文件）。索引没有改动，仍用原来的文档回答。"
        "请检查路径和文件格式；若要清空，请删除索引文件夹。",
        "Nothing readable lies in {paths} ({skipped} files skipped). The index is unchanged and goes on answering from"
        " its old documents. Check paths and formats; to empty the index, delete its folder.",
    ),
    "build-forgotten": (
        "{path} 里的索引已损坏，读不出它原来的来源。请写明来源：assistant build 文件夹 --index {path}，"
        "或删除 {path} 后重来。",
        "The index {path} is damaged and its sources cannot be read. Name them: assistant build FOLDER --index {path},"
        " or remove {path} and start anew.",
    ),
    "build-watch-dry": (
        "--watch 和 --dry-run 不能一起用。",
        "--watch and --dry-run exclude each other.",
    ),
    "watch-started": (
        "正在守着：{paths}。文件有变化就更新索引；按 Ctrl-C 结束。",
        "Watching {paths}. The index is updated whenever files change; Ctrl-C ends it.",
    ),
    "watch-polling": (
        "系统不能再通知更多文件夹的变化（{reason}），改为定时查看，会慢一些。",
        "The system tells the changes of no more folders ({reason}); looking at them from time to time instead.",
    ),
    "watch-failed": (
        "{time} 更新没有成功，仍用原来的索引，稍后再试：{reason}",
        "{time} The update failed, the old index goes on and it is tried again: {reason}",
    ),
    "watch-ended": ("已停止。", "Stopped."),
    "library-former": (
        "以前用 assistant add 加入的文件不在这次的来源里，已从索引移出；它们还在 {path}，不需要了可以删除。",
        "The files that were added with assistant add are not among the sources and left the index; they lie in {path},"
        " delete them if you no longer need them.",
    ),
    "add-nothing": (
        "没有能加入的文件（{reasons}）。索引里的文档没有变；请检查文件后再试。",
        "No file could be added ({reasons}). The documents of the index are as they were; check the files.",
    ),
    "add-clash": (
        "加入的文件里已有同名的文件夹或文件，放不下 {name}。请先改名再加入；索引没有改动。",
        "There is no room for {name} among the added files: a folder or file has this name. Rename it and add it again;"
        " the index is unchanged.",
    ),
    "add-unreadable": (
        "无法读取 {path}：{reason}。请检查权限；索引没有改动。",
        "{path} cannot be read: {reason}. Check the permission; the index is unchanged.",
    ),
    "remove-unknown": (
        "索引里没有文档 {name}，什么都没有移出。最接近的是：{near}。运行 assistant documents 查看全部文档。",
        "The index has no document {name}; nothing was removed. The nearest are: {near}. See all of them with:"
        " assistant documents",
    ),
    "remove-several": (
        "{name} 可以指好几份文档：{ids}。请写出全名；什么都没有移出。",
        "{name} may be any of {ids}. Give the whole name; nothing was removed.",
    ),
    "remove-last": (
        "这样索引里就一份文档也不剩了，所以没有移出。若要清空，请删除索引文件夹 {path}；"
        "若要换成别的文档，请运行 assistant build 文件夹。",
        "No document would be left in the index, so nothing was removed. To empty it, delete its folder {path}; to"
        " replace its documents, run assistant build FOLDER.",
    ),
    "fetch-started": ("正在下载 {url} ……", "Fetching {url} …"),
    "fetch-address": (
        "{url} 不是可以下载的网址：要以 http:// 或 https:// 开头，并有主机名。请检查拼写。",
        "{url} is no address to fetch from: it must begin with http:// or https:// and name a host. Check the"
        " spelling.",
    ),
    "fetch-host": (
        "找不到 {url} 的主机 {host}。请检查拼写和网络；或用浏览器保存这一页，再加入保存的文件。",
        "The host {host} of {url} cannot be found. Check spelling and network, or save the page with a browser and add"
        " the file.",
    ),
    "fetch-private": (
        "没有下载 {url}：它通向内部网络的地址 {address}。若确实要这一份，请直接写出那个网址。",
        "{url} was not fetched: it leads to the private address {address}. If that is what you want, give its own"
        " address.",
    ),
    "fetch-private-first": (
        "没有下载 {url}：{address} 是内部网络的地址，这里不允许。",
        "{url} was not fetched: {address} is a private address, which is not allowed here.",
    ),
    "fetch-status": (
        "{url} 下载不了：服务器回答 {status}。请在浏览器里打开它看看；需要登录的网页请用浏览器保存后再加入。",
        "{url} cannot be fetched: the server answers {status}. Open it in a browser; save a page that wants a login"
        " with the browser and add the file.",
    ),
    "fetch-slow": (
        "{url} 在 {seconds} 秒内没有下载完，已放弃。请稍后再试，或用浏览器下载后再加入。",
        "{url} was not there after {seconds} seconds. Try again later, or download it with a browser and add the file.",
    ),
    "fetch-large": (
        "{url} 超过 {megabytes} MB，没有下载。请用浏览器下载后再加入。",
        "{url} is larger than {megabytes} MB and was not fetched. Download it with a browser and add the file.",
    ),
    "fetch-redirects": (
        "{url} 转向超过 {most} 次，已放弃。请在浏览器里打开它，加入最后的网址。",
        "{url} is redirected more than {most} times. Open it in a browser and add the address where it ends.",
    ),
    "fetch-kind": (
        "{url} 不是能读的文档（类型 {kind}）。请加入网页、纯文本或文档文件的网址。",
        "{url} is no document that can be read (type {kind}). Add the address of a page, a text or a document.",
    ),
    "fetch-failed": (
        "{url} 下载失败：{reason}。请检查网址和网络（不使用代理）；或用浏览器保存这一页，再加入保存的文件。",
        "{url} cannot be fetched: {reason}. Check address and network (no proxy is used), or save the page with a"
        " browser and add the file.",
    ),
    "build-waiting": (
        "另一个进程正在建索引，请稍候……",
        "Another process is building the index, waiting …",
    ),
    "build-first": (
        "第一次使用：正在为自带的文档建索引（几秒钟）……",
        "First use: building the index of the shipped documents (seconds) …",
    ),
    "build-worker": (
        "建索引的一个子进程意外结束（状态 {status}），可能是内存不足或被终止。原来的索引没有改动；请再运行一次。",
        "A process that builds the index ended unexpectedly (status {status}): out of memory, or killed."
        " The old index is unchanged; run again.",
    ),
    "rollback-done": (
        "已退回 {created} 的版本：{documents} 份文档，{passages} 个段落。",
        "Back to the generation of {created}: {documents} documents, {passages} passages.",
    ),
    "rollback-none": (
        "索引 {path} 没有更早的完好版本可以退回；当前版本没有改动。请运行 assistant build --index {path} 重建。",
        "The index {path} has no earlier generation that is whole; the present one is unchanged."
        " Rebuild it: assistant build --index {path}",
    ),
    "build-progress-index": ("建索引", "indexing"),
    "build-progress-bytes": ("读文件（KB）", "reading (KB)"),
    "build-progress-finish": ("收尾", "finishing"),
    "build-progress-ask": ("提问", "asking"),
    "build-report": (
        "{documents} 份文档：新增 {added}，修改 {changed}，改名 {renamed}，删除 {removed}，未变 {unchanged}，"
        "跳过 {skipped}。",
        "{documents} documents: {added} added, {changed} changed, {renamed} renamed, {removed} removed,"
        " {unchanged} unchanged, {skipped} skipped.",
    ),
    "build-dry": ("（试运行，什么都没有改）", "(dry run, nothing was changed)"),
    "label-added": ("新增", "added"),
    "label-changed": ("修改", "changed"),
    "label-renamed": ("改名", "renamed"),
    "label-removed": ("删除", "removed"),
    "label-skipped": ("跳过", "skipped"),
    "chat-as-written": ("（若理解错了，输入 /原话 按原话再问）", "(If that was misread, /written asks your words.)"),
    # -- the command line
    "batch-missing": ("无法读取问题文件 {path}：{reason}。", "The question file {path} cannot be read: {reason}."),
    "batch-blank": ("空行", "blank line"),
    "batch-bad": (
        '无法理解这一行：要么是一个问题，要么是 {{"id": …, "turns": ["问题", …]}}',
        'This line is neither a question nor {{"id": …, "turns": ["question", …]}}',
    ),
    "ask-usage": (
        "请给出一个问题，或用 --batch 指定问题文件。",
        "Give a question, or a file of questions with --batch.",
    ),
    "chat-hello": (
        "输入问题后回车，可以接着追问；/原话 按原话再问上一个问题，/退出 结束。",
        "Type a question and press Enter, and follow up; /written asks the last one as it stands, /quit ends.",
    ),
    "interrupted": ("已中断；原来的索引没有改动。", "Interrupted; the old index is unchanged."),
    "words-stop": ("停用词", "stop word"),
    "words-pack": ("语言包的词", "word of the language pack"),
    "words-title": ("文档的名称", "name of a document"),
    "words-number": ("数字或版本号", "number or version"),
    "words-latin": ("外文名称", "Latin name"),
    "words-dictionary": ("词典里的词", "dictionary word"),
    "words-unknown": ("词典没有的词", "word that no dictionary knows"),
    "words-aliases": ("别名：{names}", "also: {names}"),
    "words-synonyms": ("近义词：{names}", "synonyms: {names}"),
    "words-name": ("{name}（见 {source}）", "{name} (see {source})"),
    "words-line": ("{path} 第 {line} 行", "{path} line {line}"),
    "words-document": ("文档 {document}", "document {document}"),
    "words-held": ("{count} 段", "{count} passages"),
    "words-held-about": ("{least} 到 {most} 段", "{least} to {most} passages"),
    "words-absent": ("文档里没有", "not in the documents"),
    "words-empty": ("这段文字里没有词。", "There is no word in this text."),
    "collection-deleted": ("已删除文集“{name}”。", "The collection “{name}” is deleted."),
}
