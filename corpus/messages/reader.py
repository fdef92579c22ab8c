"""The reader: a document with a sentence marked in it."""

from __future__ import annotations

CATALOGUE: dict[str, tuple[str, str]] = {
    "reader-source": ("来源：{source}", "Source: {source}"),
    "reader-id": ("文件：{document}", "File: {document}"),
    "reader-collection": ("文集：{collection}", "Collection: {collection}"),
    "reader-links": ("链接", "Links"),
    "reader-permalink": ("固定链接", "Permalink"),
    "reader-moved": (
        "文档已改动，这句话移到了这里。",
        "The document has changed since; the sentence now stands here.",
    ),
    "reader-gone": (
        "文档已改动，其中已找不到这句话，所以没有标出。可以重新提问。",
        "The document has changed since and the sentence is no longer found in it, so nothing is marked. Ask again.",
    ),
    "reader-span-wrong": (
        "网址里的位置（at）不在这份文档内，所以没有标出引文。",
        "The place (at) in the address does not lie in this document, so nothing is marked.",
    ),
    "reader-sha-wrong": (
        "网址里的校验码（sha）写错了，无法核对网址所指的文字是否就是当初的引文。",
        "The checksum (sha) in the address is malformed: whether the text here is the one quoted cannot be checked.",
    ),
    "reader-document-gone": (
        "索引里没有文档 {document}：它可能已被删除或改名。",
        "The index has no document {document}: it may have been removed or renamed.",
    ),
    "reader-elsewhere": ("这句话现在见于：", "The sentence now stands in:"),
    "reader-parts": ("第 {first}–{last} 部分，共 {total} 部分", "Parts {first} to {last} of {total}"),
    "reader-earlier": ("前面的部分", "Earlier parts"),
    "reader-later": ("后面的部分", "Later parts"),
    "reader-to-sentence": ("回到这句话", "Back to the sentence"),
}
