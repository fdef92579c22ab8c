"""Gradio as a server for others wants it: it reaches nobody, takes no file that was not uploaded, and tells briefly."""

from __future__ import annotations

import atexit
import logging
import os
import shutil
import sys
import tempfile
from types import SimpleNamespace
from typing import NoReturn

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # gradio reads it when it is imported
os.environ["GRADIO_TEMP_DIR"] = tempfile.mkdtemp(prefix="yinju-")  # for what is uploaded: nobody else's
os.environ.setdefault("HF_HUB_OFFLINE", "1")  # nothing of the page comes from the hub

import gradio as gr

from corpus.messages import message

__all__ = ["gr", "guarded"]

_logger = logging.getLogger(__name__)

atexit.register(shutil.rmtree, os.environ["GRADIO_TEMP_DIR"], ignore_errors=True)


def guarded(blocks: gr.Blocks) -> gr.Blocks:
    """Let a page take a file from a visitor only if it was uploaded.

    Gradio asks for that only once a page was launched, which one that is mounted never is: any path of the machine, and
    any address, would do.
    """
    blocks.has_launched = blocks.is_running = True
    return blocks


async def _fetch_nothing(url: str) -> NoReturn:
    raise gr.Error(message("web-no-fetch", url=url), print_exception=False)


def _tell_briefly() -> None:
    _logger.warning("an event of the page failed: %s", getattr(sys.exc_info()[0], "__name__", ""))


for _owner, _name in ((gr.processing_utils, "async_ssrf_protected_get"), (gr.processing_utils, "_check_allowed")):
    if not hasattr(_owner, _name):  # a gradio that works in another way: what is done here would do nothing
        raise ImportError(f"gradio {gr.__version__}: {_owner.__name__}.{_name}")
gr.processing_utils.async_ssrf_protected_get = _fetch_nothing
# it would print a traceback for whatever a visitor's program sends; what fails in our own events, these tell
vars(gr.queueing)["traceback"] = SimpleNamespace(print_exc=_tell_briefly)
