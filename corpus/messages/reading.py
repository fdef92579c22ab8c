"""Why a file was passed over, or a part of it left out."""

from __future__ import annotations

CATALOGUE: dict[str, tuple[str, str]] = {
    "drop-clutter": ("网页杂项", "clutter of the page"),
    "drop-margin": ("页眉页脚", "header or footer"),
    "drop-picture": ("图片", "picture"),
    "drop-hidden": ("隐藏的表格内容", "hidden in the sheet"),
    "drop-bare": ("空列的列名", "names of empty columns"),
    "drop-scan": ("扫描页", "scanned page"),
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
}
