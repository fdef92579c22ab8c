"""What `assistant doctor` and `assistant eval` tell."""

from __future__ import annotations

CATALOGUE: dict[str, tuple[str, str]] = {
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
}
