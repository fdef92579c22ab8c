// Opens citations in the panel beside the chat (without this script they open in a tab of their own), and shows each
// new answer from its beginning.
(() => {
  const panel = () => document.querySelector("aside.reader");
  let opener = null;

  const open = (link) => {
    const reader = panel();
    const former = reader.querySelector("iframe");
    const frame = former.cloneNode(); // a new frame adds nothing to the browser's history and always loads
    frame.src = link.href;
    former.replaceWith(frame);
    frame.hidden = false;
    reader.querySelector(".hint").hidden = true;
    reader.querySelector(".close").hidden = false;
    const tab = reader.querySelector(".tab");
    tab.href = link.href;
    tab.hidden = false;
    document.querySelectorAll("a.current").forEach((other) => other.classList.remove("current"));
    link.classList.add("current");
    const over = getComputedStyle(reader).position === "fixed"; // on a phone, where one goes back to close it
    if (over && !reader.classList.contains("shown")) history.pushState({ reader: true }, "");
    reader.classList.add("shown");
    opener = link;
    if (over) reader.querySelector(".close").focus();
  };

  const close = () => {
    const reader = panel();
    if (!reader.classList.contains("shown")) return;
    reader.querySelectorAll("iframe, .close, .tab").forEach((part) => (part.hidden = true));
    reader.querySelector(".hint").hidden = false;
    reader.classList.remove("shown");
    if (opener && opener.isConnected) {
      opener.classList.remove("current");
      opener.focus();
    }
  };

  const leave = () => (history.state?.reader ? history.back() : close());

  document.addEventListener(
    "click",
    (event) => {
      const link = event.target.closest("a.cite, a.open");
      if (link && panel() && !(event.ctrlKey || event.metaKey || event.shiftKey)) {
        event.preventDefault();
        event.stopPropagation();
        open(link);
      } else if (event.target.closest("aside.reader .close")) {
        leave();
      }
    },
    true,
  );
  // gradio labels a message with its HTML source, which a screen reader would read out
  const unlabel = () => {
    document.querySelectorAll("[data-testid=bot], [data-testid=user]").forEach((part) => part.removeAttribute("aria-label"));
  };
  let seen = "";
  const follow = () => {
    const asked = [...document.querySelectorAll("#chat .user-row")];
    const newest = asked.at(-1);
    const shape = `${asked.length} ${newest?.parentElement.lastElementChild.textContent.length}`;
    if (newest && shape !== seen) {
      const page = newest.closest(".bubble-wrap");
      page.scrollTop += newest.getBoundingClientRect().top - page.getBoundingClientRect().top;
    }
    seen = shape;
  };
  const changed = () => {
    unlabel();
    follow();
    window.yinju.press();
  };
  new MutationObserver(changed).observe(document, { childList: true, subtree: true });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") leave();
  });
  window.addEventListener("popstate", close);
  document.addEventListener("yinju:begin", close);
})();
