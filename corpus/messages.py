"""Every text that users read, in Chinese and English, in one catalogue; ASSISTANT_LANG chooses (zh by default)."""

from __future__ import annotations

import os

_CATALOGUE: dict[str, tuple[str, str]] = {
    "error-system": (
        "系统报错：{reason}。请检查路径、权限和磁盘空间。",
        "The system says: {reason}. Check path, permission and disk space.",
    ),
    "error": ("错误：{reason}", "Error: {reason}"),
    "help": (
        "引据：用中文提问，答案的每一句都是文档里的原话，并注明出处；文档没有说的，就说没有。",
        "Yinju: ask in Chinese; every sentence of an answer is a quote with its source, or the documents do not say.",
    ),
    "help-index": (
        "索引文件夹（默认是自带文档的索引，或环境变量 ASSISTANT_INDEX）。",
        "Folder of the index (by default the shipped documents' one, or ASSISTANT_INDEX).",
    ),
    "help-top": ("给出多少个候选句和段落。", "How many candidate sentences and passages to give."),
    "help-json": ("输出 JSON，每个结果一行。", "Print JSON, one line a result."),
    "help-ask": (
        "回答一个问题。退出码：0 有答案，3 文档没有说明，2 用法不对，1 出错。",
        "Answer a question. Exit status: 0 answered, 3 declined, 2 wrong usage, 1 error.",
    ),
    "help-batch": (
        "问题文件：每行一个问题，或一个 JSON 对象（- 表示标准输入）；每行输出一个 JSON。",
        "File of questions: one a line, or one JSON object a line (- is standard input); prints one JSON a line.",
    ),
    "help-chat": ("在终端里对话。", "Hold a conversation in the terminal."),
    "help-build": (
        "用 PATHS（文件或文件夹）重建索引：它们就是索引的全部内容。不写则用索引记住的来源。",
        "Rebuild the index from PATHS (files, folders), its whole content; without any, from the sources it remembers.",
    ),
    "help-model": (
        "sentence-transformers 模型的文件夹或名称；不写则沿用索引现有的模型，空字符串表示自带的模型。",
        "A sentence-transformers model by folder or name; by default the index's own, '' is the shipped one.",
    ),
    "help-full": (
        "重新读取全部文件；平时只读大小、时间或 inode 变了的。",
        "Read all files again, not only those whose size, time or inode differ.",
    ),
    "help-purge": (
        "删掉的文档也从保留的旧版本里抹去：退回旧版本也找不回来。",
        "Take removed documents out of the kept older generations too: no rollback brings them back.",
    ),
    "help-rollback": (
        "退回上一版索引（保留最近三版）。想再往前就再运行一次；assistant build 从来源重新更新。",
        "Go back to the previous generation of the index (three are kept). Run it again to go further back;"
        " assistant build brings the index up to date with its sources.",
    ),
    "help-dry-run": ("只报告会有什么变化，什么都不改。", "Only report what would change."),
    "help-watch": (
        "建好之后守着这些来源：文件一有变化就更新索引，每次更新报告一行；按 Ctrl-C 结束。"
        "网络硬盘上收不到变化时，设环境变量 WATCHFILES_FORCE_POLLING=1。",
        "Then watch the sources and update the index whenever files change, one line a report, until Ctrl-C."
        " Where a network drive tells no changes, set WATCHFILES_FORCE_POLLING=1.",
    ),
    "help-add": (
        "加入文件、文件夹或网址（http、https）：复制一份存进索引的文件夹，并更新索引。同名的文件会被新的替换；"
        "已在来源文件夹里的不复制，若曾用 remove 移出，则放回来。",
        "Add files, folders or web addresses (http, https): they are copied into the index's folder, and the index is"
        " updated. A file of the same name is replaced. One that lies in a source is not copied; if it was taken out"
        " with remove, it comes back.",
    ),
    "help-remove": (
        "从索引里移出文档：加入的文件会从索引的文件夹里删除；来源文件夹里的文件不删，只是不再收录。"
        "NAMES 是 assistant documents 列出的名称，或名称的最后一段；文件夹/ 表示其中全部。",
        "Take documents out of the index: added files are deleted from its folder; files in your own folders stay on"
        " disk and are left out from now on. NAMES are those that assistant documents lists, or their last parts;"
        " FOLDER/ is all that lies in it.",
    ),
    "help-wait": (
        "另一个进程正在更新时，最多等待多少秒。",
        "How many seconds to wait while another process updates the index.",
    ),
    "help-reranker": (
        "用 sentence-transformers 的 CrossEncoder（文件夹或名称）重排前 20 个候选句；默认不用，"
        "或取自环境变量 ASSISTANT_RERANKER。",
        "Order the best 20 candidate sentences anew by a sentence-transformers CrossEncoder, by folder or name;"
        " none by default, or ASSISTANT_RERANKER's.",
    ),
    "help-eval": (
        "用问题文件 FILE 给索引打分：SQuAD 格式，或每行一个 JSON 对象，"
        '如 {{"question": "…", "answers": ["…"], "document": "keras.md"}}；answers 为 [] 的问题应当不作答。',
        "Score the index on the questions of FILE: SQuAD layout, or one JSON object a line such as"
        ' {{"question": "…", "answers": ["…"], "document": "keras.md"}}; [] for answers means: must be declined.',
    ),
    "help-compare": (
        "与另一次评测的结果（eval --json 存下的文件）比较：每项指标的差，哪些问题变好、哪些变差。",
        "Compare with another evaluation, saved from eval --json: how each measure differs, what is better and worse.",
    ),
    "help-documents": (
        "列出索引里的文档：名称、标题、字数、段落数、日期。",
        "List the documents of the index: name, title, characters, passages, date.",
    ),
    "help-show": ("显示一份文档的全文。", "Print a document's text."),
    "help-dropped": (
        "列出读这份文档时略去的内容：在正文中的位置、原因、文字。",
        "List what was left out when the document was read: where in the text it stood, why, and what it says.",
    ),
    "show-usage": ("--dropped 不能与 --at 同用", "--dropped and --at do not go together"),
    "show-nothing-dropped": ("没有略去什么", "nothing was left out"),
    "drop-clutter": ("网页杂项", "clutter of the page"),
    "drop-margin": ("页眉页脚", "header or footer"),
    "drop-picture": ("图片", "picture"),
    "drop-hidden": ("隐藏的表格内容", "hidden in the sheet"),
    "drop-bare": ("空列的列名", "names of empty columns"),
    "drop-scan": ("扫描页", "scanned page"),
    "help-raw": (
        "--raw 保留网页上的一切，不略去正文以外的杂项；--cleaned 略去（默认）。索引会记住。",
        "--raw keeps all that stands on a web page, --cleaned (default) leaves out what is not of the article; the"
        " index remembers it.",
    ),
    "help-at": ("标出这一段（从 0 数起的字符位置）。", "Mark this span (characters, counted from 0)."),
    "help-words": (
        "显示一段文字怎样切分成词，每个词被当作什么、有哪些别名和近义词、文档里有没有；并检查语言包文件。",
        "Show how a text is cut into words, what each is taken for, its other names, whether the documents hold it;"
        " and check the language pack's files.",
    ),
    "help-doctor": (
        "检查安装和索引：各包版本、模型、词典、语言包、索引是否完好、磁盘、是否离线，并说明每个问题怎么办；什么都不改。"
        "退出码：0 没有错误，1 有错误。",
        "Check installation and index: versions, model, dictionary, language pack, whether the index is whole, disk,"
        " offline; and what to do about each finding. Changes nothing. Exit status: 0 no error, 1 an error.",
    ),
    "help-serve": (
        "打开网页聊天。密码取自环境变量 ASSISTANT_AUTH（用户名:密码）。",
        "Serve the web chat. The password comes from ASSISTANT_AUTH (user:password).",
    ),
    "help-host": ("监听的地址。", "Address to listen on."),
    "help-port": ("监听的端口。", "Port to listen on."),
    # -- reading
    "path-missing": (
        "没有这个路径：{path}。请检查拼写；已有的索引没有改动。若要去掉这个来源，请列出其余的路径重新 build。",
        "There is no such path: {path}. Check its spelling; an index that exists is unchanged. To drop this source,"
        " build again with the other paths.",
    ),
    "web-page": ("第 {page} 页", "page {page}"),
    "web-also": ("同文亦见：{title}（{document}）", "the same in: {title} ({document})"),
    "answer-page": ("，第 {page} 页", ", page {page}"),
    "answer-also": ("（同文亦见 {documents}）", "(the same in {documents})"),
    "skip-format": ("不支持的格式 {suffix}", "format {suffix} is not supported"),
    "skip-unreadable": ("无法读取：{reason}", "cannot be read: {reason}"),
    "skip-empty": ("文件是空的", "the file is empty"),
    "skip-encoding": (
        "编码无法识别（支持 UTF-8、UTF-16、GB18030、Big5），请另存为 UTF-8",
        "unknown encoding (UTF-8, UTF-16, GB18030 and Big5 are read); save it as UTF-8",
    ),
    "skip-mojibake": (
        "是乱码：原文是 {right}，被当作 {wrong} 打开后又存了下来（“{sample}”应为“{meant}”）。请从原来的文件重新保存",
        "garbled: a text in {right} that was opened as {wrong} and saved again (“{sample}” for “{meant}”); save it anew"
        " from the original file",
    ),
    "skip-lost": (
        "是乱码：有 {count} 个字符在保存时丢失了（“{sample}”），无法还原。请从原来的文件重新保存",
        "garbled: {count} characters were lost when it was saved (“{sample}”); save it anew from the original file",
    ),
    "skip-damaged": ("文件损坏，读不出来：{reason}", "the file is damaged and cannot be read: {reason}"),
    "skip-cut": (
        "文件不完整或已损坏，请重新下载或另存一份",
        "the file is not whole; fetch it again, or save a fresh copy",
    ),
    "skip-encrypted": (
        "文件有密码保护，请去掉密码后再试",
        "the file is protected by a password; take it off and try again",
    ),
    "skip-scan": (
        "是扫描件，只有图像，没有文字层；请先用文字识别（OCR）软件加上文字层",
        "a scan: pictures without a text layer; run text recognition (OCR) on it first",
    ),
    "skip-garbled": (
        "字体里没有字符对照表，取出的文字是乱码；请用文字识别（OCR）软件重新生成，或换用原来的文件",
        "its fonts do not tell which characters they show, and the text comes out garbled; run text recognition (OCR)"
        " on it, or take the original file",
    ),
    "skip-scans": (
        "第 {pages} 页是扫描的图，没有文字层，没有读进来（其余各页已读）；请先做文字识别（OCR）",
        "page {pages} is a scanned picture without a text layer and was not read (others were); run OCR on it first",
    ),
    "skip-old-office": (
        "是 2007 年以前的 Office 文件（.doc、.xls），请用 Word、WPS 或 LibreOffice 另存为 .docx 或 .xlsx",
        "an Office file from before 2007 (.doc, .xls); save it as .docx or .xlsx in Word, WPS or LibreOffice",
    ),
    "skip-slow": (
        "读了 {seconds} 秒还没读完，已放弃；请拆成几个小一些的文件，或另存为 .txt",
        "not read after {seconds} seconds; cut it into smaller files, or save it as .txt",
    ),
    "skip-memory": (
        "读它需要的内存超过 {megabytes} MB，已放弃；请拆成几个小一些的文件，或另存为 .txt",
        "reading it takes more than {megabytes} MB of memory; cut it into smaller files, or save it as .txt",
    ),
    "skip-crashed": (
        "读到一半出了故障（{reason}），其他文件不受影响；文件可能已损坏，请另存一份再试",
        "reading it broke down ({reason}), other files are not touched; it may be damaged: save a fresh copy of it",
    ),
    "skip-bomb": (
        "压缩包里的文件太多或太大（上限 {most} 个、{largest} MB），没有解开；请解压后再用",
        "the archive holds too many or too large files (at most {most}, {largest} MB); unpack it yourself",
    ),
    "skip-bomb-file": (
        "解开后会变大 {ratio} 倍以上，不像正常的文件，没有解开",
        "unpacks to more than {ratio} times its size, as no usual file does",
    ),
    "skip-double": ("压缩包里有同名的文件，只读第一个", "the archive holds a file of the same name before it"),
    "skip-large": (
        "文件有 {size} MB，超过上限 {most} MB；请拆成几个小一些的文件",
        "the file has {size} MB, more than {most} MB; cut it into smaller ones",
    ),
    "skip-nested": ("压缩包里的压缩包，没有解开；请解压后再用", "an archive inside an archive; unpack it yourself"),
    "skip-excluded": (
        "已用 assistant remove 移出索引；要放回来，用 assistant add",
        "was taken out with assistant remove; assistant add brings it back",
    ),
    "skip-special": ("不是普通文件", "not a regular file"),
    "skip-link": (
        "是符号链接，没有跟过去；请加入它指向的文件",
        "a symbolic link, not followed; add the file that it leads to",
    ),
    "skip-binary": ("是二进制文件，不是文字", "the file is binary, not text"),
    "lexicon-unreadable": (
        "无法读取语言包文件 {path}：{reason}。请另存为 UTF-8 编码，或删除它。",
        "The language pack's file {path} cannot be read: {reason}. Save it as UTF-8, or remove it.",
    ),
    "lexicon-single": (
        "语言包文件 {path} 第 {line} 行只有一个名称，不起作用：{text}。请在同一行写出另一个名称，用制表符（Tab）隔开，"
        "或删掉这一行。",
        "Line {line} of the language pack's file {path} holds one name only and has no effect: {text}. Add another"
        " name, parted by a tab, or remove the line.",
    ),
    "lexicon-gap": (
        "语言包文件 {path} 第 {line} 行没有制表符，整行算作一个名称，不起作用：{text}。"
        "请用制表符（Tab）隔开各个名称，不用空格或逗号。",
        "Line {line} of the language pack's file {path} has no tab, so it is one name and has no effect: {text}. Part"
        " the names by tabs, not by spaces or commas.",
    ),
    "lexicon-tab": (
        "语言包文件 {path} 第 {line} 行里有制表符，不起作用：{text}。请每行只写一个词。",
        "Line {line} of the language pack's file {path} holds a tab and has no effect: {text}. Write one word a line.",
    ),
    "pack-former": (
        "{reason} 这次改动没有起作用，仍用原来的语言包。",
        "{reason} The change has no effect, the former language pack goes on.",
    ),
    "pack-pending": (
        "建索引之后，语言包里有 {count} 个词变了：{words}。提问时已经认得新的名称，但文档还是按原来的词切分的；"
        "要完全生效，请运行 assistant build --index {path}。",
        "{count} words of the language pack have changed since the index was built: {words}. Questions know new names"
        " already, but the documents are cut as before; for full effect run: assistant build --index {path}",
    ),
    # -- the index
    "index-missing": (
        "{path} 里没有索引。请先运行：assistant build 文件夹 --index {path}",
        "There is no index in {path}. Run first: assistant build FOLDER --index {path}",
    ),
    "index-damaged": (
        "索引 {path} 已损坏（{reason}）。请运行 assistant build --index {path} 重建。",
        "The index {path} is damaged ({reason}). Rebuild it: assistant build --index {path}",
    ),
    "index-older": (
        "{fault} 正在用上一版索引回答。",
        "{fault} The previous generation answers meanwhile.",
    ),
    "index-format": (
        "索引 {path} 的格式与本版本不符（{reason}）。请运行 assistant build --index {path} 重建。",
        "The index {path} is of another format ({reason}). Rebuild it: assistant build --index {path}",
    ),
    "index-model": (
        "索引 {path} 是用另一个向量模型（{made}）建的，现在用的是 {given}。"
        "请运行 assistant build --index {path} 重建。",
        "The index {path} was made with another embedding model ({made}) than the present one ({given})."
        " Rebuild it: assistant build --index {path}",
    ),
    "index-words": (
        "索引 {path} 建好之后，词典或自带的语言包变了。请运行 assistant build --index {path} 重建。",
        "The dictionary or the shipped language pack has changed since the index {path} was built."
        " Rebuild it: assistant build --index {path}",
    ),
    "index-is-source": (
        "{path} 是程序的源码文件夹，不能存放索引。请用 --index 指定别的文件夹。",
        "{path} holds source code, an index may not be put there. Name another folder with --index.",
    ),
    "index-not-a-folder": (
        "{path} 不是文件夹，不能存放索引。请用 --index 指定一个文件夹。",
        "{path} is not a folder, an index cannot be put there. Name a folder with --index.",
    ),
    "index-locked": (
        "另一个进程正在更新索引 {path}。请等它完成，或用 --wait 秒数 等待。",
        "Another process is updating the index {path}. Let it finish, or wait with --wait SECONDS.",
    ),
    "storage-full": (
        "磁盘已满，无法写入 {path}。请腾出空间后再运行；原来的索引没有改动。",
        "The disk is full, {path} cannot be written. Free some space and run again; the old index is unchanged.",
    ),
    "storage-readonly": (
        "没有写入 {path} 的权限。请修改权限，或用 --index（或环境变量 ASSISTANT_HOME）指定别的文件夹；"
        "原来的索引没有改动。",
        "{path} may not be written. Change the permission, or name another folder with --index (or ASSISTANT_HOME);"
        " the old index is unchanged.",
    ),
    "storage-failed": (
        "写入 {path} 失败：{reason}。原来的索引没有改动；请检查磁盘后再运行。",
        "Writing {path} failed: {reason}. The old index is unchanged; check the disk and run again.",
    ),
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
    "document-missing": (
        "索引里没有文档 {document}。运行 assistant documents 查看全部文档。",
        "The index has no document {document}. See all of them with: assistant documents",
    ),
    "span-wrong": (
        "--at 要写成 起点:终点，例如 120:180，且在 0 到 {length} 之间；给的是 {span}。",
        "--at wants START:END, such as 120:180, between 0 and {length}; given was {span}.",
    ),
    # -- answers
    "answer-contradiction": (
        "各来源的说法不一致，请对照原文判断。",
        "The sources disagree; compare them in their documents.",
    ),
    "answer-missing": (
        "请留意：这些段落没有提到{missing}。",
        "Mind: these passages do not mention {missing}.",
    ),
    "answer-yes": ("是，见 [1]。", "Yes, see [1]."),
    "answer-no": ("否，见 [1]。", "No, see [1]."),
    "answer-apart": (
        "没有找到同时说到“{one}”和“{other}”的句子，下面各引一句。",
        "No sentence speaks of both “{one}” and “{other}”; here is one of each.",
    ),
    "answer-unpaired": (
        "没有找到可以逐项对照的说法，下面是最相关的原文。",
        "Nothing was found that can be set side by side; here is what comes closest.",
    ),
    "table-nothing": ("（没有找到）", "(nothing found)"),
    "answer-understood": ("理解为：{question}", "Read as: {question}"),
    "answer-date": ("资料截至 {date}", "as of {date}"),
    "answer-near": ("相关但不是答案：", "Related, but no answer:"),
    "decline": ("文档没有说明这个问题。", "The documents do not say."),
    "decline-absent": (
        "文档没有说明：里面没有提到{missing}。",
        "The documents do not say: they do not mention {missing}.",
    ),
    "decline-part": (
        "文档没有说明：提到了{name}，但没有说到{missing}。",
        "The documents do not say: they mention {name}, but not {missing}.",
    ),
    "decline-more": ("除了已经引用的，文档没有别的说明。", "The documents say no more than was quoted."),
    "decline-vague": (
        "请把问题说得更具体：这里只有虚词，看不出问的是什么。",
        "Please be more specific: the question names nothing to look for.",
    ),
    "decline-empty": ("请输入一个问题。", "Please ask a question."),
    # -- why an answer is what it is
    "kind-definition": ("是什么", "what it is"),
    "kind-who": ("谁、哪家", "who"),
    "kind-when": ("什么时候", "when"),
    "kind-where": ("哪里", "where"),
    "kind-howmany": ("多少", "how many"),
    "kind-list": ("有哪些", "a list"),
    "kind-comparison": ("比较", "a comparison"),
    "kind-relation": ("什么关系", "a relation"),
    "kind-yesno": ("是不是", "yes or no"),
    "kind-why": ("为什么", "why"),
    "kind-how": ("怎么", "how"),
    "kind-other": ("其他", "something else"),
    "feature-words": (
        "这句话含有问题里的词（按在文档中的稀有程度）",
        "words of the question in the sentence, by rarity in the documents",
    ),
    "feature-characters": ("含有问题里的字", "characters of the question"),
    "feature-pairs": ("含有问题里相连的两个字", "pairs of neighbouring characters of the question"),
    "feature-before": ("缺的词在前一句或标题里", "what it lacks stands before it or in the title"),
    "feature-after": ("缺的词在后一句里", "what it lacks stands after it"),
    "feature-unnamed": ("所在段落没有提到的词", "words that its passage does not mention"),
    "feature-stretch": ("与问题相同的最长一段", "longest run of the question"),
    "feature-passage": ("所在段落的得分", "score of its passage"),
    "feature-lexical": ("所在段落的词面匹配（BM25）", "BM25 of its passage"),
    "feature-similar": ("意思与问题相近（向量）", "likeness in meaning (vectors)"),
    "feature-new": ("问题里没有的内容", "what the question does not say"),
    "feature-asks": ("本身是问句", "is a question itself"),
    "feature-named": ("含有问题里的词（按在中文里的稀有程度）", "words of the question, by rarity in Chinese"),
    "feature-named_before": ("这些词在前一句或标题里", "these words before it or in the title"),
    "feature-near": ("含有疑问词旁边的词", "words beside those that ask"),
    "feature-near_before": ("疑问词旁边的词在前一句或标题里", "words beside those that ask, before it"),
    "feature-near_after": ("疑问词旁边的词在后一句里", "words beside those that ask, after it"),
    "feature-earlier": ("前三句里有问题的词", "words of the question in the three sentences before"),
    "feature-opening": ("段首一句里有问题的词", "words of the question in the first sentence of the passage"),
    "feature-elsewhere": ("段落别处有问题的词", "words of the question elsewhere in the passage"),
    "feature-common": ("与问题同序的字", "characters in the same order as in the question"),
    "feature-right_run": ("接着疑问词之后的话", "goes on as the question does after the words that ask"),
    "feature-left_run": ("与疑问词之前的话相同", "leads as the question does to the words that ask"),
    "feature-likely": (
        "含有像答案的人名、日期、数字或名称",
        "holds what looks like the name, date, number or thing asked for",
    ),
    "feature-hit": ("所在段落的名次", "place of its passage"),
    "feature-place": ("在段落里的位置", "its place in the passage"),
    "feature-share": ("在段落里的相对位置", "its relative place in the passage"),
    "feature-length": ("句子长短", "its length"),
    "feature-fresh": ("问题里没有的词", "words that the question lacks"),
    "feature-matched": ("与问题相同的词数", "number of words in common"),
    "feature-spread": ("相同的词分布的范围", "how far these words are spread"),
    "feature-known": ("句中问题已有的词所占的比例", "share of its words that the question has"),
    "feature-years": ("含有年份", "holds years"),
    "feature-numbers": ("含有数字", "holds numbers"),
    "feature-quoted": ("含有引号、书名号", "holds quotation marks"),
    "feature-dotted": ("含有外国人名的间隔点", "holds dots of foreign names"),
    "feature-kind": ("问题的类型", "kind of the question"),
    "feature-asked_length": ("问题的长短", "length of the question"),
    "feature-asked_words": ("问题的词数", "words of the question"),
    "feature-asked_place": ("疑问词的位置", "place of the words that ask"),
    "feature-unseen": ("问题里有文档没有的词", "words that no document holds"),
    "feature-role": ("疑问词前面的词在这一句里", "word before those that ask"),
    "feature-act": ("疑问词后面的词在这一句里", "word behind those that ask"),
    "feature-topic": ("所说的东西离这一句多近", "how close what the question is about stands"),
    "feature-topics": ("所说的几样东西离这一句多近", "how close all that the question names stands"),
    "feature-said": ("问题对它们说的话离这一句多近", "how close what the question says of them stands"),
    "feature-least": ("问题里最少见的词在文档中有多常见", "how common the rarest word of the question is"),
    "feature-role_seen": ("疑问词前面的词在文档中有多常见", "how common the word before those that ask is"),
    "feature-act_seen": ("疑问词后面的词在文档中有多常见", "how common the word behind those that ask is"),
    "feature-topic_seen": ("问题所说的东西在文档中有多常见", "how common what the question is about is"),
    "feature-first_look": ("初选的得分", "score of the first look"),
    "feature-when": ("含有“什么时候”要的内容", "holds what this kind of question wants"),
    "feature-howmany": ("含有“多少”要的内容", "holds what this kind of question wants"),
    "feature-who": ("含有“谁、哪家”要的内容", "holds what this kind of question wants"),
    "feature-where": ("含有“哪里”要的内容", "holds what this kind of question wants"),
    "feature-why": ("含有“为什么”要的内容", "holds what this kind of question wants"),
    "feature-how": ("含有“怎么”要的内容", "holds what this kind of question wants"),
    "feature-list": ("含有“有哪些”要的内容", "holds what this kind of question wants"),
    "feature-definition": ("含有“是什么”要的内容", "holds what this kind of question wants"),
    "feature-comparison": ("含有“比较”要的内容", "holds what this kind of question wants"),
    "feature-relation": ("含有“什么关系”要的内容", "holds what this kind of question wants"),
    "feature-rank": ("{feature}：在候选句中的名次", "{feature}: rank among the candidates"),
    "feature-gap": ("{feature}：与最高者的差距", "{feature}: distance to the best"),
    "explain-kind": ("问的是：{kind}", "Asks for: {kind}"),
    "explain-subjects": ("说的是：{names}", "About: {names}"),
    "explain-correction": ("“{written}”当作“{meant}”（{reason}）", "“{written}” taken for “{meant}” ({reason})"),
    "explain-others": ("别名或近义词：{names}", "also: {names}"),
    "explain-passage": (
        "段落 {number}：{place}　词面第 {lexical_rank}，向量第 {dense_rank}",
        "Passage {number}: {place}, lexical rank {lexical_rank}, dense rank {dense_rank}",
    ),
    "explain-reason": ("- {feature}：{value}（对数几率 +{odds}）", "- {feature}: {value} (log odds +{odds})"),
    "explain-reasons": ("为什么是这句：", "Why this sentence:"),
    "correction-typo": ("拼写", "spelling"),
    "correction-spacing": ("空格", "spacing"),
    "correction-sound": ("同音字", "same sound"),
    "help-explain": (
        "说明为什么是这句：问题怎么读的，用了哪些词和别名，词面与向量的名次，排序时最起作用的特征。",
        "Tell why: how the question was read, words and aliases used, lexical and dense rank, the strongest features.",
    ),
    "help-suggest": (
        "附上几个文档能回答的后续问题（每个都先试问过）；单个问题默认附上，--batch 默认不附。",
        "Add further questions that the documents answer, each asked first; by default not with --batch.",
    ),
    "help-as-written": (
        "按原话提问：不改拼写，不从前文补全。",
        "Take the words as they are written: no spelling is mended, nothing comes from earlier turns.",
    ),
    "chat-as-written": ("（若理解错了，输入 /原话 按原话再问）", "(If that was misread, /written asks your words.)"),
    "answer-suggestions": ("还可以问：", "You may go on with:"),
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
    "serve-ready": ("请在浏览器打开 http://{host}:{port}", "Open http://{host}:{port} in a browser"),
    "threshold-wrong": (
        "ASSISTANT_THRESHOLD 要写成 0 到 1 之间的数，例如 0.1；给的是 {given}。",
        "ASSISTANT_THRESHOLD wants a number from 0 to 1, such as 0.1; given was {given}.",
    ),
    "auth-wrong": (
        "ASSISTANT_AUTH 要写成 用户名:密码。",
        "ASSISTANT_AUTH wants user:password.",
    ),
    "port-taken": (
        "端口 {port} 无法使用：{reason}。请用 --port 换一个。",
        "Port {port} cannot be used: {reason}. Choose another with --port.",
    ),
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
    # -- evaluation
    "eval-unreadable": (
        "无法读取文件 {path}：{reason}。请检查路径、权限和编码。",
        "The file {path} cannot be read: {reason}. Check its path, permission and encoding.",
    ),
    "eval-empty": (
        '文件 {path} 里没有问题。请用 SQuAD 格式，或每行写一个 {{"question": "…", "answers": ["…"]}}。',
        'The file {path} holds no question. Use SQuAD layout, or a {{"question": "…", "answers": ["…"]}} a line.',
    ),
    "eval-line": (
        "文件 {path} 第 {line} 行无法使用：{reason}。"
        '请改为 {{"question": "…", "answers": ["…"], "document": "…"}} 这样的一行（answers 为 [] 表示应当不作答），'
        "或用 SQuAD 格式的文件。",
        "Line {line} of {path} cannot be used: {reason}. Write it like"
        ' {{"question": "…", "answers": ["…"], "document": "…"}} ([] for answers: must be declined),'
        " or give a file in SQuAD layout.",
    ),
    "eval-squad": (
        "文件 {path} 的 {place} 无法使用：{reason}。请改正后再运行；SQuAD 格式是 data、paragraphs、context、qas，"
        "其中每个问题有 question 和 answers（或 is_impossible）。",
        "In {path}, {place} cannot be used: {reason}. Mend it and run again; SQuAD layout is data, paragraphs, context,"
        " qas, each of these with question and answers (or is_impossible).",
    ),
    "eval-fault-object": ("不是 JSON 对象", "it is no JSON object"),
    "eval-fault-question": ("缺少问题（question 或 turns）", "the question is missing (question or turns)"),
    "eval-fault-answers": (
        "answers 要写成字符串的列表，或字符串列表的列表，不能有空的；没有 answers 时要有 document",
        "answers wants a list of strings, or of lists of strings, none of them blank; document may stand in its place",
    ),
    "eval-fault-document": ("document 要写成文档的名称", "document wants the name of a document"),
    "eval-fault-id": ("id 要写成字符串或整数", "id wants a string or a whole number"),
    "eval-fault-layout": ("缺少，或者不是 SQuAD 格式", "it is missing, or not in SQuAD layout"),
    "eval-other": (
        "{path} 不是评测结果。请给出用 assistant eval --json 存下的文件。",
        "{path} is no evaluation. Give a file that was saved from assistant eval --json.",
    ),
    "eval-counts": (
        "{asked} 个问题：有答案 {answerable} 个，应当不作答 {unanswerable} 个",
        "{asked} questions: {answerable} answerable, {unanswerable} to be declined",
    ),
    "eval-passage_recall_at_1": ("正确段落排第 1：{value}", "Right passage first: {value}"),
    "eval-passage_recall_at_5": ("正确段落在前 5：{value}", "Right passage among 5: {value}"),
    "eval-passage_recall_at_10": ("正确段落在前 10：{value}", "Right passage among 10: {value}"),
    "eval-passage_mrr_at_10": ("段落 MRR@10：{value}", "Passage MRR@10: {value}"),
    "eval-sentence_at_1": ("正确句子排第 1：{value}", "Right sentence first: {value}"),
    "eval-sentence_at_3": ("正确句子在前 3：{value}", "Right sentence among 3: {value}"),
    "eval-answered_right": ("答对：{value}", "Answered right: {value}"),
    "eval-decline_auroc": (
        "置信度区分有无答案（AUROC）：{value}",
        "Confidence tells answerable apart (AUROC): {value}",
    ),
    "eval-answerable_declined": ("有答案却没有作答：{value}", "Answerable, but declined: {value}"),
    "eval-unanswerable_answered": ("应当不作答却作了答：{value}", "To be declined, but answered: {value}"),
    "eval-milliseconds_median": ("每个问题用时，中位数：{value}", "Time a question, median: {value}"),
    "eval-milliseconds_p99": ("每个问题用时，第 99 百分位：{value}", "Time a question, 99th percentile: {value}"),
    "eval-compared": ("{value}（原来 {before}，差 {difference}）", "{value} (before {before}, by {difference})"),
    "eval-better": ("变好 {count} 个：", "{count} better:"),
    "eval-worse": ("变差 {count} 个：", "{count} worse:"),
    "eval-change": (
        "[{id}] {question}  答案 {answer}，句子 {sentence}，段落 {passage}",
        "[{id}] {question}  answer {answer}, sentence {sentence}, passage {passage}",
    ),
    "eval-same": (
        "不变 {same} 个；只在这次有 {now} 个，只在原来有 {before} 个",
        "{same} the same; {now} only now, {before} only before",
    ),
    # -- doctor
    "doctor-anew": (
        "请删除 {path}，再重建：assistant build 文件夹 --index {path}",
        "Remove {path} and build it anew: assistant build FOLDER --index {path}",
    ),
    "doctor-ok": ("正常", "ok"),
    "doctor-warning": ("注意", "warning"),
    "doctor-error": ("错误", "error"),
    "doctor-summary": ("{errors} 个错误，{warnings} 处注意。", "Errors: {errors}, warnings: {warnings}."),
    "doctor-versions": ("版本", "versions"),
    "doctor-model": ("向量模型", "model"),
    "doctor-dictionary": ("词典", "dictionary"),
    "doctor-language-pack": ("语言包", "language pack"),
    "doctor-index": ("索引", "index"),
    "doctor-checksums": ("校验和", "checksums"),
    "doctor-counts": ("计数", "counts"),
    "doctor-known-question": ("试问", "known question"),
    "doctor-sources": ("来源", "sources"),
    "doctor-leftovers": ("残留", "leftovers"),
    "doctor-space": ("磁盘", "space"),
    "doctor-offline": ("离线", "offline"),
    "doctor-not-installed": (
        "没有 yinju 的安装信息，无法核对各包的版本。请在源码文件夹里运行：pip install -c constraints.txt .",
        "There is no record of an installed yinju, so no version can be checked. Run in the source folder:"
        " pip install -c constraints.txt .",
    ),
    "doctor-install": ("请运行：pip install {packages}", "Run: pip install {packages}"),
    "doctor-python": ("请改用 Python {wanted}。", "Use Python {wanted}."),
    "doctor-pack-found": (
        "{words} 个词，{aliases} 组别名，{synonyms} 组近义词；自己的文件放在 {path}",
        "{words} words, {aliases} groups of aliases, {synonyms} of synonyms; your own files go to {path}",
    ),
    "doctor-pack-faults": ("；{count} 行不起作用", "; {count} lines have no effect"),
    "doctor-dictionary-whole": ("编译好的词典完好：{path}", "the compiled dictionary is whole: {path}"),
    "doctor-dictionary-missing": ("词典还没有编译：{path}", "the dictionary is not compiled yet: {path}"),
    "doctor-dictionary-damaged": ("编译好的词典已损坏：{path}", "the compiled dictionary is damaged: {path}"),
    "doctor-dictionary-unknown": ("无法检查", "cannot be checked"),
    "doctor-dictionary-compile": (
        "不用做什么：下一次提问会自动编译它，约一秒。",
        "Nothing: the next question compiles it, in about a second.",
    ),
    "doctor-cache-readonly": (
        "没有写入 {path} 的权限，词典要编译时存不下来，每次启动多花约一秒。请修改权限，"
        "或用环境变量 ASSISTANT_HOME 指定别的文件夹。",
        "{path} may not be written: a dictionary that is to be compiled cannot be kept, and every start takes a second"
        " longer. Change the permission, or name another folder with ASSISTANT_HOME.",
    ),
    "doctor-model-found": ("{name}，{dimension} 维，指纹 {fingerprint}", "{name}, {dimension}-d, {fingerprint}"),
    "doctor-model-speed": ("，每秒 {rate} 个问题", ", {rate} questions a second"),
    "doctor-model-first": (
        "请先按“向量模型”一项的说明处理，再检查一次。",
        "Mend what is said of the model first, then check again.",
    ),
    "doctor-index-none": ("{path} 里还没有索引", "no index in {path} yet"),
    "doctor-index-first": (
        "不用做什么：第一次提问会自动为自带的文档建好索引（几秒钟）。",
        "Nothing: it builds itself from the shipped documents with the first question (seconds).",
    ),
    "doctor-index-closed": ("模型无法载入，没有打开", "not opened, since the model cannot be loaded"),
    "doctor-index-open": (
        "{path}，{generation}（{created}），{documents} 份文档，{passages} 个段落",
        "{path}, {generation} ({created}), {documents} documents, {passages} passages",
    ),
    "doctor-index-older": (
        "当前版本打不开，正用 {generation} 回答",
        "the current generation cannot be opened, {generation} answers",
    ),
    "doctor-checksums-whole": (
        "{generations} 个版本完好（{files} 个文件，{size}）",
        "generations that are whole: {generations} ({files} files, {size})",
    ),
    "doctor-older-damaged": (
        "不能退回这一版，当前版本不受影响。可以删除它：{path}",
        "No rollback leads to it; the current generation is not affected. You may delete it: {path}",
    ),
    "doctor-counts-agree": (
        "{documents} 份文档，{passages} 个段落，各部分一致",
        "{documents} documents and {passages} passages in every part",
    ),
    "doctor-counts-differ": (
        "各部分不一致：文档 {documents}；段落 {passages}",
        "the parts disagree: documents: {documents}; passages: {passages}",
    ),
    "doctor-content": (
        "文件 CONTENT 与索引不符：当前版本若损坏，旧版本不能顶替。"
        "下一次有改动的 assistant build --index {path} 会重写它。",
        "The file CONTENT does not fit the index: no older generation could stand in for a damaged one. The next"
        " build that changes something writes it anew: assistant build --index {path}",
    ),
    "doctor-known-found": (
        "“{question}”找到了 {document}（第 {rank} 位）",
        "“{question}” finds {document} (rank {rank})",
    ),
    "doctor-known-lost": ("“{question}”没有找到 {document}", "“{question}” does not find {document}"),
    "doctor-known-none": ("文档里没有可以试问的词", "the documents hold no word to ask for"),
    "doctor-sources-there": ("{count} 个来源都在", "all there ({count})"),
    "doctor-sources-gone": ("不存在：{paths}", "missing: {paths}"),
    "doctor-sources-mend": (
        "索引照常回答。请把它们放回原处，或列出现有的来源：assistant build 文件夹 --index {path}",
        "The index goes on answering. Put them back, or name the sources there are: assistant build FOLDER"
        " --index {path}",
    ),
    "doctor-leftovers-none": ("没有中断的更新留下的文件", "no interrupted build left anything"),
    "doctor-leftovers-found": ("中断的更新留下了 {names}", "an interrupted build left {names}"),
    "doctor-leftovers-mend": (
        "下一次更新会清除它们：assistant build --index {path}",
        "The next build removes it: assistant build --index {path}",
    ),
    "doctor-building": ("另一个进程正在更新索引", "another process is updating the index now"),
    "doctor-space-found": (
        "{path} 所在磁盘空闲 {free}，当前版本占 {size}",
        "{path}: {free} free, the index takes {size}",
    ),
    "doctor-space-low": (
        "更新时新旧两版并存，空间可能不够。请在 {path} 所在的磁盘上腾出空间。",
        "A build keeps the old generation beside the new one, and may not fit. Free some space on the disk of {path}.",
    ),
    "doctor-offline-found": ("检查期间没有连接网络", "nothing was connected during these checks"),
    "doctor-online": ("检查期间连接了 {addresses}", "connected during these checks: {addresses}"),
    "doctor-online-mend": (
        "若要离线使用，请把模型的整个文件夹复制到本机，再用 assistant build --model 指定这个文件夹。",
        "To work offline, copy the model's whole folder to this machine and name the folder: assistant build --model",
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
    "reranker.no_folder": (
        "没有重排模型的文件夹 {folder}。请检查路径；不写 --reranker 则不重排。",
        "There is no reranker's folder {folder}. Check the path, or leave out --reranker to do without.",
    ),
    "reranker.unusable_folder": (
        "文件夹 {name} 不是可用的 CrossEncoder 模型：{reason}。请把整个模型文件夹复制过来，再用 --reranker 指定它。",
        "The folder {name} is no usable CrossEncoder: {reason}. Copy the model's whole folder here and name it with"
        " --reranker.",
    ),
    "reranker.unknown_name": (
        "无法载入重排模型 {name}：{reason}。若本机不能联网，请在能联网的机器上下载该模型，把整个文件夹复制过来，"
        "再用 --reranker 文件夹 指定；否则请检查名称，并在能访问 Hugging Face 的网络中重试。",
        "The reranker {name} cannot be loaded: {reason}. Without a network, download it on a machine that has one, copy"
        " its whole folder here and name the folder with --reranker; otherwise check the name and try again where the"
        " network reaches Hugging Face.",
    ),
    "reranker.no_scores": (
        "模型 {name} 不能给“问题和句子”打一个分（{reason}）。"
        "请用 --reranker 指定一个重排模型（只有一个输出的 CrossEncoder）。",
        "The model {name} gives no score for a question and a sentence ({reason}). Name a reranker, a CrossEncoder of"
        " one label, with --reranker.",
    ),
    "model.missing_file": (
        "模型文件夹 {folder} 里缺少文件 {file}。请重新安装，或用 --model 指定完整的模型文件夹。",
        "The model folder {folder} lacks the file {file}. Reinstall, or name a complete model folder with --model.",
    ),
    "model.damaged": (
        "模型文件夹 {folder} 已损坏：{reason}。请重新安装，或用 --model 指定另一个模型。",
        "The model folder {folder} is damaged: {reason}. Reinstall, or name another model with --model.",
    ),
    "model.no_folder": (
        "没有模型文件夹 {folder}。请检查路径；不写 --model 则使用自带的模型。",
        "There is no model folder {folder}. Check the path, or leave out --model to use the shipped model.",
    ),
    "model.unusable_folder": (
        "文件夹 {name} 不是可用的 sentence-transformers 模型：{reason}。请把整个模型文件夹复制过来，"
        "再用 --model 指定它。",
        "The folder {name} is no usable sentence-transformers model: {reason}. Copy the model's whole folder here and"
        " name it with --model.",
    ),
    "model.unknown_name": (
        "无法载入模型 {name}：{reason}。若本机不能联网，请在能联网的机器上下载该模型，把整个文件夹复制过来，"
        "再用 --model 文件夹 指定；否则请检查名称，并在能访问 Hugging Face 的网络中重试。",
        "The model {name} cannot be loaded: {reason}. Without a network, download it on a machine that has one, copy"
        " its whole folder here and name the folder with --model; otherwise check the name and try again where the"
        " network reaches Hugging Face.",
    ),
}


def message(key: str, **values: object) -> str:
    """Return the message in the language of ASSISTANT_LANG with `values` filled in."""
    chinese, english = _CATALOGUE[key]
    template = english if os.environ.get("ASSISTANT_LANG", "zh").lower().startswith("en") else chinese
    return template.format(**values)
