"""What went wrong, and what to do about it."""

from __future__ import annotations

CATALOGUE: dict[str, tuple[str, str]] = {
    "error-system": (
        "系统报错：{reason}。请检查路径、权限和磁盘空间。",
        "The system says: {reason}. Check path, permission and disk space.",
    ),
    "error": ("错误：{reason}", "Error: {reason}"),
    # -- reading
    "path-missing": (
        "没有这个路径：{path}。请检查拼写；已有的索引没有改动。若要去掉这个来源，请列出其余的路径重新 build。",
        "There is no such path: {path}. Check its spelling; an index that exists is unchanged. To drop this source,"
        " build again with the other paths.",
    ),
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
    "document-missing": (
        "索引里没有文档 {document}。运行 assistant documents 查看全部文档。",
        "The index has no document {document}. See all of them with: assistant documents",
    ),
    "span-wrong": (
        "--at 要写成 起点:终点，例如 120:180，且在 0 到 {length} 之间；给的是 {span}。",
        "--at wants START:END, such as 120:180, between 0 and {length}; given was {span}.",
    ),
    "threshold-wrong": (
        "ASSISTANT_THRESHOLD 要写成 0 到 1 之间的数，例如 0.1；给的是 {given}。",
        "ASSISTANT_THRESHOLD wants a number from 0 to 1, such as 0.1; given was {given}.",
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
    "collection-name": (
        "不能用“{name}”作文集名：请用 1 到 {longest} 个字，不含斜杠、冒号等文件名不能用的符号，也不以点开头。",
        "“{name}” cannot name a collection: use 1 to {longest} characters that a file's name may have, no dot first.",
    ),
    "collection-unknown": (
        "没有叫“{name}”的文集；现有：{names}。",
        "There is no collection “{name}”; there are: {names}.",
    ),
    "collection-exists": (
        "已经有叫“{name}”的文集（不分大小写）。请换一个名字。",
        "There is a collection “{name}” already, whatever the case. Choose another name.",
    ),
    "collection-empty": (
        "这个文集里还没有文档。请先在网页的“文档”里上传，或用 assistant add --collection 添加。",
        "This collection holds no documents yet. Upload some on the page, or add them with assistant add --collection.",
    ),
    "collection-or-index": (
        "--index 和 --collection 只能用一个。",
        "Use either --index or --collection.",
    ),
}
