"""The documents of a collection, as the page shows and changes them, and their picture."""

from __future__ import annotations

CATALOGUE: dict[str, tuple[str, str]] = {
    "docs-not-uploaded": ("这个文件不是上传来的。", "This file was not uploaded."),
    # -- the table
    "docs-title": ("标题", "Title"),
    "docs-id": ("文件名", "File"),
    "docs-characters": ("字数", "Characters"),
    "docs-passages": ("段数", "Passages"),
    "docs-date": ("日期", "Date"),
    "docs-state": ("状态", "State"),
    "docs-sort": ("按{name}排序", "Sort by {name}"),
    "docs-caption": ("共 {total} 份", "{total} in all"),
    "docs-caption-out": ("共 {total} 份，另有 {out} 份未收录", "{total} in all, and {out} that are not indexed"),
    "docs-caption-some": ("{total} 份中有 {count} 份符合", "{count} of {total} match"),
    "docs-caption-part": ("（第 {first} 到 {last} 份）", "({first} to {last})"),
    "docs-none": ("没有符合的文档。", "No document matches."),
    "docs-empty": ("这个文集里还没有文档。", "This collection holds no documents yet."),
    "docs-held": ("已收录", "indexed"),
    "docs-shortened": ("已收录，略去了页眉、导航等", "indexed without headers, menus and the like"),
    "docs-bare": ("已收录，没有能引用的句子", "indexed, with nothing to quote"),
    "docs-copy": ("与 {document} 同文", "same text as {document}"),
    "docs-skipped": ("未收录：{reason}", "not indexed: {reason}"),
    "docs-out": ("已移出", "removed"),
    "docs-pages": ("翻页", "Pages"),
    "docs-page": ("第 {page} / {pages} 页", "Page {page} of {pages}"),
    "docs-former": ("上一页", "Previous"),
    "docs-next": ("下一页", "Next"),
    "docs-more": ("……以及另外 {count} 个", "… and {count} more"),
    # -- searching
    "docs-filter": ("按标题或文件名筛选；回车在正文里搜索", "Filter by title or file; Enter searches the texts"),
    "docs-search": ("搜正文", "Search texts"),
    "docs-found": ("正文里有“{wanted}”的段落，列出 {count} 段：", "Passages with “{wanted}”, {count} listed:"),
    "docs-found-none": ("正文里没有找到“{wanted}”。", "The texts do not hold “{wanted}”."),
    # -- changing
    "docs-manage": ("添加与管理", "Add and manage"),
    "docs-upload": ("上传文件", "Upload"),
    "docs-files": ("文件（可以一次放几个）", "Files (several at once if you like)"),
    "docs-limits": (
        "一次最多 {files} 个文件，每个不超过 {megabytes} MB；同名的文件会被替换。",
        "At most {files} files at once, each up to {megabytes} MB; a file of the same name is replaced.",
    ),
    "docs-paste": ("粘贴文字", "Paste"),
    "docs-name": ("名称（可不填，默认取第一行）", "Name (the first line where it is left out)"),
    "docs-text": ("文字；以 # 开头的行是标题", "Text; lines that begin with # are headings"),
    "docs-paste-add": ("存为文档", "Save as a document"),
    "docs-address": ("网址", "Web address"),
    "docs-address-add": ("抓取并加入", "Fetch and add"),
    "docs-rebuild": ("更新索引", "Update the index"),
    "docs-sources": (
        "重新读取下面的来源；更新时照常可以提问。",
        "Reads the sources below again; questions are answered meanwhile.",
    ),
    "docs-added": ("上传、粘贴和抓取的文件", "what was uploaded, pasted or fetched"),
    "docs-unit": ("份", "files"),
    "docs-remove": ("移出", "Remove"),
    "docs-remove-one": ("移出《{title}》", "Remove “{title}”"),
    "docs-restore": ("放回", "Restore"),
    "docs-restore-one": ("放回 {document}", "Restore {document}"),
    "docs-remove-sure": ("要移出这份文档吗？", "Remove this document?"),
    "docs-remove-note": (
        "上传的文件会一并删除；来自文件夹的文件留在原处，以后可以放回。",
        "An uploaded file is deleted; a file of a folder stays where it is and can be restored.",
    ),
    "docs-cancel": ("取消", "Cancel"),
    "docs-collections": ("文集", "Collections"),
    "docs-new-name": ("新文集的名称", "Name of a new collection"),
    "docs-create": ("新建", "Create"),
    "docs-created": ("已新建文集“{name}”。请往里添加文档。", "Collection “{name}” was made. Add documents to it."),
    "docs-delete-name": ("输入当前文集的名称，以确认删除", "Type this collection's name to confirm"),
    "docs-delete": ("删除当前文集", "Delete this collection"),
    "docs-deleted": (
        "已删除文集“{name}”和其中上传的文件。",
        "Collection “{name}” and its uploaded files were deleted.",
    ),
    "docs-delete-default": ("默认的文集不能删除。", "The default collection cannot be deleted."),
    "docs-delete-typed": (
        "输入的名称与当前文集“{name}”不同，所以没有删除。",
        "What was typed is not the name of this collection, “{name}”, so it was not deleted.",
    ),
    # -- what goes wrong
    "docs-forbidden": (
        "你可以提问和查看，但没有更改文档的权限。请联系管理员。",
        "You may ask and look, but not change documents. Ask whoever runs this server.",
    ),
    "docs-busy": (
        "正在进行另一次更新，所以这次没有做。请等它完成后再试。",
        "Another update is running, so nothing was done. Try again once it has finished.",
    ),
    "docs-failed": (
        "出了意外，文档没有变。请再试一次；若仍不行，请看运行 assistant serve 的终端里的记录。",
        "Something unexpected went wrong; the documents are as they were. Try again; if it persists, see the terminal"
        " that runs assistant serve.",
    ),
    "docs-gone": (
        "索引里已没有 {document}：它可能刚被移出或改名。",
        "The index no longer has {document}: it may just have been removed or renamed.",
    ),
    "docs-gone-for-good": (
        "找不到 {document} 的文件，所以不能放回。请重新上传。",
        "The file of {document} is not there, so it cannot be restored. Upload it again.",
    ),
    "docs-many": (
        "一次放了 {count} 个文件，最多 {most} 个。请分几次上传。",
        "That is {count} files, {most} at most. Bring them in several goes.",
    ),
    "docs-large": (
        "文件 {name} 超过 {megabytes} MB，所以没有上传。请分成几份。",
        "The file {name} is larger than {megabytes} MB and was not taken. Split it.",
    ),
    "docs-large-together": (
        "这些文件合起来超过 {megabytes} MB。请分几次上传。",
        "These files are larger than {megabytes} MB together. Bring them in several goes.",
    ),
    "docs-blank": ("没有文字。请先粘贴或输入。", "There is no text. Paste or type some first."),
    # -- the picture
    "atlas-label": ("文档地图", "Map of the documents"),
    "atlas-told": (
        "{count} 份文档各是一个点，意思越近的离得越近；颜色和形状表示所在的文件夹。",
        "Each of {count} documents is a point; the nearer, the more alike in meaning. Colour and shape: the folder.",
    ),
    "atlas-sampled": ("文档太多，只画出其中 {drawn} 个点。", "They are many: {drawn} of them are drawn."),
    "atlas-unlit": (
        "在对话里提一个问题，找到的文档就会在这里亮起来。",
        "Ask a question in the chat, and the documents it found are lit here.",
    ),
    "atlas-near": ("与《{title}》意思最近的：", "Nearest in meaning to “{title}”:"),
    "atlas-lit": ("上一个问题找到的", "found for the last question"),
    "atlas-top": ("（最上层）", "(top)"),
    "atlas-others": ("其他文件夹", "other folders"),
}
