"""The help of the command line."""

from __future__ import annotations

CATALOGUE: dict[str, tuple[str, str]] = {
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
        "Rebuild the index from files and folders. PATHS are its whole content; without any, the sources it remembers.",
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
        "Go back to the previous generation of the index. Three are kept, run it again to go further back;"
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
    "help-raw": (
        "--raw 保留网页上的一切，不略去正文以外的杂项；--cleaned 略去（默认）。索引会记住。",
        "--raw keeps all that stands on a web page, --cleaned (default) leaves out what is not of the article; the"
        " index remembers it.",
    ),
    "help-at": ("标出这一段（从 0 数起的字符位置）。", "Mark this span (characters, counted from 0)."),
    "help-words": (
        "显示一段文字怎样切分成词，每个词被当作什么、有哪些别名和近义词、文档里有没有；并检查语言包文件。",
        "Show how a text is cut into words. Of each: what it is taken for, its other names, whether the documents hold"
        " it. Also checks the language pack's files.",
    ),
    "help-doctor": (
        "检查安装和索引：各包版本、模型、词典、语言包、索引是否完好、磁盘、是否离线，并说明每个问题怎么办；什么都不改。"
        "退出码：0 没有错误，1 有错误。",
        "Check installation and index: versions, model, dictionary, language pack, whether the index is whole, disk,"
        " offline; and what to do about each finding. Changes nothing. Exit status: 0 no error, 1 an error.",
    ),
    "help-serve": (
        "打开网页聊天、网页接口和 MCP。提问的密码取自环境变量 ASSISTANT_AUTH（用户名:密码）或 ASSISTANT_AUTH_FILE "
        "指的文件，改动文档的另可用 ASSISTANT_EDITORS、ASSISTANT_EDITORS_FILE。",
        "Serve the web chat, the web API and MCP. Who may ask comes from ASSISTANT_AUTH (user:password) or the file"
        " ASSISTANT_AUTH_FILE, who may change documents too from ASSISTANT_EDITORS or ASSISTANT_EDITORS_FILE.",
    ),
    "help-host": ("监听的地址。", "Address to listen on."),
    "help-port": ("监听的端口。", "Port to listen on."),
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
    "help-collection": (
        "文集的名字：它自己的一套文档和索引（用 assistant add --collection 建立）。",
        "Name of a collection: documents and an index of its own (assistant add --collection makes one).",
    ),
    "help-collections": ("列出现有的文集。", "List the collections."),
    "help-delete": (
        "删除这个文集，连同加入其中的文件。",
        "Delete this collection with the files that were added to it.",
    ),
    "help-feedback": (
        "列出网页上收到的评价；加 --json 可作 assistant eval 的题目。",
        "List the thumbs given on the page; with --json, questions for assistant eval.",
    ),
    "help-wipe": ("删除全部评价。", "Delete all of them."),
    "help-mcp": (
        "作为 MCP 服务器在标准输入输出上应答：供其他程序里的模型提问、检索、读原文。",
        "Be an MCP server on standard input and output: models of other programs ask, search and read.",
    ),
    "help-i-know": (
        "不设密码也对其他机器开放：能连到的人都可以提问，但不能改动文档。",
        "Be open to other machines without a password: whoever reaches it may ask, not change documents.",
    ),
    "help-read-only": ("谁都不能在网页和接口上改动文档。", "Nobody may change documents through page or API."),
    "help-history": (
        "对话是否保存在访问者的浏览器里。",
        "Whether conversations are kept in the visitor's browser.",
    ),
    "help-keep-feedback": ("是否收集评价（有用、不对）。", "Whether thumbs are kept."),
    "help-log-questions": (
        "在标准错误里记下每个问题（平时不记）。",
        "Write every question to standard error (usually none is).",
    ),
}
