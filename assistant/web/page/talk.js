// The conversation: asks the server, keeps it in this browser, and gives gradio's chatbot its messages.
(() => {
  const { texts, keeps, votes } = window.yinju;
  const KEY = "yinju.talks";
  const MOST = 200; // conversations that are kept
  const EARLIER = 100; // questions that go along with one
  const SLOW = 300; // milliseconds after which one is told to wait

  const fresh = (collection = "") => ({ id: crypto.randomUUID(), created: new Date().toISOString(), collection, exchanges: [] });
  const literal = (text) =>
    text.replace(/[^0-9A-Za-z \u0080-\uffff]/g, (mark) => `&#${mark.charCodeAt(0) || 0xfffd};`);
  const button = (name, value, label) =>
    `<button type="button" class="act ${name}" value="${value}">${literal(label)}</button>`;

  // -- what is kept in the browser

  const stored = () => {
    if (!keeps) return [];
    try {
      const found = JSON.parse(localStorage.getItem(KEY) ?? "[]");
      return Array.isArray(found) ? found.filter((talk) => talk?.id && Array.isArray(talk.exchanges)) : [];
    } catch {
      return [];
    }
  };
  const write = (talks) => {
    for (let kept = talks.slice(0, MOST); ; kept = kept.slice(0, -1)) {
      try {
        localStorage.setItem(KEY, JSON.stringify(kept));
        return;
      } catch {
        if (!kept.length) return; // the browser keeps nothing
      }
    }
  };
  const saved = (exchange) => ({ ...exchange, stopper: undefined, asking: undefined });
  const save = (talk) => {
    if (!keeps || !talk.exchanges.length) return;
    const others = stored().filter((other) => other.id !== talk.id); // another tab may have written meanwhile
    write([{ ...talk, exchanges: talk.exchanges.map(saved) }, ...others]);
    sessionStorage.setItem(KEY, talk.id);
  };

  let talk = stored().find((one) => one.id === sessionStorage.getItem(KEY)) ?? fresh();

  // -- what gradio shows

  const said = (role, html) => ({ role, content: [{ type: "text", text: html }], metadata: null, options: null });
  const acts = ({ key }) =>
    `<div class="acts">${button("copy", key, texts.copy)}` +
    (votes ? button("right", key, texts.right) + button("wrong", key, texts.wrong) : "") +
    "</div>";
  const tail = (exchange) => {
    if (exchange.asking) {
      const slow = Date.now() - exchange.asking >= SLOW;
      return slow ? `<div class="acts waiting"><span>${literal(texts.waiting)}</span>${button("stop", exchange.key, texts.stop)}</div>` : "";
    }
    return `<div class="acts tail">${button("retry", exchange.key, texts.retry)}${button("edit", exchange.key, texts.edit)}</div>${exchange.suggestions ?? ""}`;
  };
  const messages = () => {
    const shown = [];
    for (const [place, exchange] of talk.exchanges.entries()) {
      const tag = exchange.asWritten ? `<p class="tag">${literal(texts.written)}</p>` : "";
      shown.push(said("user", `<div class="asked">${literal(exchange.question)}</div>${tag}`));
      if (exchange.html) shown.push(said("assistant", exchange.html + (exchange.answer ? acts(exchange) : "")));
      const last = place === talk.exchanges.length - 1 && tail(exchange);
      if (last) shown.push(said("assistant", last));
    }
    return shown;
  };
  const show = () => {
    document.documentElement.classList.toggle("talking", talk.exchanges.length > 0);
    document.getElementById("show")?.click();
  };

  // -- asking

  async function* lines(response) {
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let rest = ""; ; ) {
      const { done, value } = await reader.read();
      const parts = (rest + (value ?? "")).split("\n");
      rest = parts.pop();
      for (const part of parts) yield JSON.parse(part);
      if (done) return;
    }
  }
  const note = (text) => `<div class="answer"><p class="note">${literal(text)}</p></div>`;
  const refused = async (response) => {
    if (response.status === 401) location.reload(); // the login
    const told = await response.json().catch(() => null);
    return note(told?.error?.message ?? texts.failed);
  };
  const post = (path, body, more = {}) =>
    fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body), ...more });

  const ask = async (question, { asWritten = false, from = talk.exchanges.length } = {}) => {
    if (!question.trim()) return;
    const here = talk; // another one may be opened meanwhile
    here.exchanges.splice(from).forEach((gone) => gone.stopper?.abort());
    const history = here.exchanges.map((one) => one.question).slice(-EARLIER);
    const now = { key: crypto.randomUUID(), question, asWritten, asking: Date.now(), stopper: new AbortController() };
    here.exchanges.push(now);
    const update = () => here === talk && show();
    update();
    const waiting = setTimeout(update, SLOW);
    try {
      const asked = { question, history, as_written: asWritten, collection: here.collection };
      const response = await post("chat/turn", asked, { signal: now.stopper.signal });
      if (!response.ok) now.html = await refused(response);
      else
        for await (const step of lines(response)) {
          Object.assign(now, step);
          if (step.html) now.asking = undefined;
          update();
        }
    } catch (error) {
      now.html ??= note(error.name === "AbortError" ? texts.stopped : texts.unreachable);
    }
    clearTimeout(waiting);
    now.asking = undefined;
    if (here.exchanges.includes(now)) save(here);
    update();
  };
  const open = (other) => {
    talk = other;
    if (other.exchanges.length && keeps) sessionStorage.setItem(KEY, other.id);
    else sessionStorage.removeItem(KEY);
    show();
  };
  const begin = (collection = talk.collection) => {
    talk.exchanges.forEach((one) => one.stopper?.abort());
    open(fresh(collection ?? ""));
    hello();
  };
  const find = (key) => talk.exchanges.findIndex((one) => one.key === key);

  // -- what the buttons do

  const box = () => document.querySelector("#ask textarea");
  const type = (text) => {
    const field = box();
    field.focus();
    field.select();
    document.execCommand("insertText", false, text); // gradio hears of it as of typing, and undo works
  };
  let editing = null; // the place of the question that the next one replaces
  const send = (question) => {
    const from = editing ?? undefined;
    editing = null;
    document.documentElement.classList.remove("editing");
    ask(question, { from });
  };
  const plain = (exchange) => {
    const { quotes, message } = exchange.answer;
    const cited = quotes.map((one, place) => `[${place + 1}] ${[one.title, ...one.section.filter((name) => name !== one.title)].join(" › ")} ${one.document} ${one.start}:${one.end}`);
    return [exchange.question, "", ...(message ? [message] : []), ...quotes.map((one, place) => `${one.text} [${place + 1}]`), "", ...cited].join("\n").trim();
  };
  const told = (text) => {
    document.querySelector("#told").textContent = text; // aria-live
  };
  const copy = async (exchange) => {
    await navigator.clipboard.writeText(plain(exchange));
    told(texts.copied);
  };
  const client = () => {
    if (!keeps) return "";
    const known = localStorage.getItem("yinju.client") ?? crypto.randomUUID();
    localStorage.setItem("yinju.client", known);
    return known;
  };
  const vote = async (exchange, facts) => {
    const history = talk.exchanges.slice(0, find(exchange.key)).map((one) => one.question).slice(-EARLIER);
    const { answered, kind, confidence, quotes } = exchange.answer;
    const response = await post("api/v1/feedback", {
      question: exchange.question, history, collection: talk.collection, client: client(),
      as_written: exchange.asWritten, answered, kind, confidence, quotes: quotes.map(({ document, start, end, text }) => ({ document, start, end, text })), ...facts,
    });
    if (response.ok) {
      exchange.vote = facts.right;
      save(talk);
      }
    press();
    told(response.ok ? texts.thanks : texts.failed);
  };
  const press = () => {
    for (const one of document.querySelectorAll("#chat .act:is(.right, .wrong)")) {
      const exchange = talk.exchanges[find(one.value)];
      const pressed = exchange?.vote !== undefined && exchange.vote === one.classList.contains("right");
      if (one.getAttribute("aria-pressed") !== String(pressed)) one.setAttribute("aria-pressed", pressed);
    }
  };
  const complain = (exchange) => {
    const dialog = document.querySelector("dialog.reasons");
    const form = dialog.querySelector("form");
    form.reset();
    dialog.onclose = () => {
      if (dialog.returnValue !== "send") return;
      const filled = new FormData(form);
      vote(exchange, { right: false, reason: filled.get("reason") ?? "", comment: filled.get("comment").slice(0, 1000) });
    };
    dialog.returnValue = "";
    dialog.showModal();
  };
  const does = {
    copy,
    right: (exchange) => vote(exchange, { right: true }),
    wrong: complain,
    retry: (exchange) => ask(exchange.question, { asWritten: exchange.asWritten, from: find(exchange.key) }),
    stop: (exchange) => exchange.stopper?.abort(),
    edit: (exchange) => {
      type(exchange.question);
      editing = find(exchange.key);
      document.documentElement.classList.add("editing");
    },
  };
  const download = (name, text) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/markdown" }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };
  const title = (one) => one.exchanges[0]?.question.trim().slice(0, 80) ?? "";
  const exported = async () => {
    const exchanges = talk.exchanges.filter((one) => one.answer).map(({ question, answer }) => ({ question, answer }));
    const response = await post("chat/export", { exchanges, title: title(talk), collection: talk.collection });
    if (response.ok) download(`${title(talk).replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 40) || "yinju"}.md`, await response.text());
    else told(texts.failed);
  };

  // -- the list of earlier conversations

  const panel = () => document.querySelector("aside.history");
  const matches = (one, wanted) =>
    !wanted || one.exchanges.some((exchange) => (exchange.question + (exchange.answer?.quotes ?? []).map((quote) => quote.text).join("")).toLowerCase().includes(wanted));
  const list = () => {
    const wanted = panel().querySelector("input").value.trim().toLowerCase();
    const items = stored().filter((one) => matches(one, wanted)).map((one) => {
      const item = document.createElement("li");
      const opener = Object.assign(document.createElement("button"), { type: "button", className: "past" });
      const when = Object.assign(document.createElement("time"), { dateTime: one.created, textContent: new Date(one.created).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" }) });
      opener.append(Object.assign(document.createElement("span"), { textContent: title(one) }), when);
      opener.setAttribute("aria-current", one.id === talk.id);
      opener.onclick = () => (open(one), list(), toggle(false));
      const remover = Object.assign(document.createElement("button"), { type: "button", className: "forget", textContent: "✕" });
      remover.setAttribute("aria-label", `${texts.forget}: ${title(one)}`);
      remover.onclick = () => {
        write(stored().filter((other) => other.id !== one.id));
        if (one.id === talk.id) begin();
        list();
      };
      item.append(opener, remover);
      return item;
    });
    panel().querySelector("ul").replaceChildren(...items);
    panel().querySelector(".none").hidden = items.length > 0;
  };
  const toggle = (shown) => {
    panel().hidden = !shown;
    document.querySelector("#head .past-talks").setAttribute("aria-expanded", shown);
    if (shown) (list(), panel().querySelector("input").focus());
    else document.querySelector("#head .past-talks").focus();
  };
  const forget_all = () => {
    if (!confirm(texts.forgetAll)) return;
    [KEY, "yinju.client"].forEach((key) => localStorage.removeItem(key));
    begin();
    list();
  };

  const hello = async () => {
    const response = await fetch(`chat/hello?collection=${encodeURIComponent(talk.collection)}`).catch(() => null);
    const place = document.querySelector("#hello .hello");
    if (response?.ok && place) place.innerHTML = await response.text(); // made by the server, of nothing but text
  };
  const speak = (language) => {
    document.cookie = `yinju_lang=${language}; path=/; max-age=31536000; samesite=lax`;
    location.reload();
  };

  document.addEventListener("click", (event) => {
    const act = event.target.closest?.("#chat .act");
    if (act) does[act.classList[1]](talk.exchanges[find(act.value)]);
    const asked = event.target.closest?.(":is(#chat, #hello) :is(.suggestion, .as-written)");
    if (asked && event.detail < 2) {
      ask(asked.value, { asWritten: asked.className === "as-written" });
      if (event.detail === 0) box().focus(); // by keyboard; the button goes
    }
    if (event.target.closest?.("#head .past-talks")) toggle(panel().hidden);
    if (event.target.closest?.("aside.history .close")) toggle(false);
    if (event.target.closest?.("aside.history .export")) exported();
    if (event.target.closest?.("aside.history .forget-all")) forget_all();
    const language = event.target.closest?.("#head .language");
    if (language) speak(language.value);
  });
  document.addEventListener("input", (event) => event.target.closest?.("aside.history") && list());
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (editing !== null) {
      editing = null;
      document.documentElement.classList.remove("editing");
    } else if (panel() && !panel().hidden) toggle(false);
  });

  Object.assign(window.yinju, { messages, send, begin, show, press, hello, collection: () => talk.collection, lit: () => talk.exchanges.at(-1)?.answer?.near ?? [] });
})();
