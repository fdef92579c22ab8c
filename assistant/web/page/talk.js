// The conversation: asks the server, and gives gradio's chatbot its messages.
(() => {
  const { texts, votes, store } = window.yinju;
  const EARLIER = 100; // questions that go along with one
  const SLOW = 300; // milliseconds after which one is told to wait

  const fresh = (collection) => ({ id: store.id(), created: new Date().toISOString(), collection, exchanges: [] });
  let talk = store.last() ?? fresh("");
  let gone = []; // the keys of exchanges that were taken out of it
  let editing = null; // the key of the exchange that the next question replaces

  // -- what gradio shows

  const literal = (text) =>
    text.replace(/[^0-9A-Za-z \u0080-\uffff]/g, (mark) => `&#${mark.charCodeAt(0) || 0xfffd};`);
  const button = (name, value, label) =>
    `<button type="button" class="act ${name}" value="${value}">${literal(label)}</button>`;
  const said = (role, html) => ({ role, content: [{ type: "text", text: html }], metadata: null, options: null });
  const acts = ({ key }) => {
    const thumbs = votes ? button("right", key, texts.right) + button("wrong", key, texts.wrong) : "";
    return `<div class="acts">${button("copy", key, texts.copy)}${thumbs}</div>`;
  };
  const tail = (exchange) => {
    const { key, waits } = exchange;
    if (waits && Date.now() - waits < SLOW) return "";
    if (waits) return `<div class="acts waiting"><span>${literal(texts.waiting)}</span>${button("stop", key, texts.stop)}</div>`;
    const again = button("retry", key, texts.retry) + button("edit", key, texts.edit) + button("export", key, texts.export);
    return `<div class="acts tail">${again}</div>${exchange.suggestions ?? ""}`;
  };
  const messages = () => {
    const shown = [];
    for (const exchange of talk.exchanges) {
      const tag = exchange.asWritten ? `<p class="tag">${literal(texts.written)}</p>` : "";
      shown.push(said("user", `<div class="asked">${literal(exchange.question)}</div>${tag}`));
      if (exchange.html) shown.push(said("assistant", exchange.html + (exchange.answer ? acts(exchange) : "")));
    }
    const last = talk.exchanges.length && tail(talk.exchanges.at(-1));
    return last ? [...shown, said("assistant", last)] : shown;
  };
  const show = () => {
    document.documentElement.classList.toggle("talking", talk.exchanges.length > 0);
    document.documentElement.classList.toggle("editing", editing !== null);
    document.getElementById("show")?.click();
  };
  const tell = (text) => {
    document.querySelector("#told").textContent = text; // read out to who does not see the page
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
    return told?.error?.message ?? texts.failed;
  };
  const call = (method, path, body, more = {}) =>
    fetch(path, { method, headers: { "content-type": "application/json" }, body: body && JSON.stringify(body), ...more });
  const place = (key) => talk.exchanges.findIndex((one) => one.key === key);
  const before = (exchange) => talk.exchanges.slice(0, place(exchange.key)).map((one) => one.question).slice(-EARLIER);

  const cut = (from) => {
    const cut = talk.exchanges.splice(from);
    gone.push(...cut.map((one) => one.key));
    cut.forEach((one) => one.stopper?.abort());
  };
  const ask = async (question, { asWritten = false, from = talk.exchanges.length } = {}) => {
    editing = null;
    if (!question.trim()) return;
    cut(from);
    const here = talk; // another one may be opened meanwhile
    const history = here.exchanges.map((one) => one.question).slice(-EARLIER);
    const now = { key: store.id(), asked: Date.now(), question, asWritten, waits: Date.now(), stopper: new AbortController() };
    here.exchanges.push(now);
    const update = () => here === talk && show();
    update();
    const waiting = setTimeout(update, SLOW);
    try {
      const asked = { question, history, as_written: asWritten, collection: here.collection };
      const response = await call("POST", "chat/turn", asked, { signal: now.stopper.signal });
      if (!response.ok) now.html = note(await refused(response));
      else
        for await (const step of lines(response)) {
          Object.assign(now, step);
          if (step.html) now.waits = undefined;
          update();
        }
    } catch (error) {
      now.html ??= note(error.name === "AbortError" ? texts.stopped : texts.unreachable);
    }
    clearTimeout(waiting);
    now.waits = undefined;
    update();
    if (here.exchanges.includes(now)) store.save(here, here === talk ? gone : []);
  };
  const send = (question) => ask(question, { from: editing === null ? undefined : place(editing) });

  const open = (other) => {
    if (other.id === talk.id) return; // it may be waiting for an answer
    talk.exchanges.forEach((one) => one.stopper?.abort());
    [talk, gone, editing] = [other, [], null];
    store.remember(talk);
    show();
  };
  const begin = (collection) => {
    open(fresh(collection ?? ""));
    hello();
    document.dispatchEvent(new Event("yinju:begin"));
  };
  const hello = async () => {
    const { collection } = talk;
    const response = await fetch(`chat/hello?collection=${encodeURIComponent(collection)}`).catch(() => null);
    const html = response?.ok && (await response.text());
    if (html && collection === talk.collection) document.querySelector("#hello .hello").innerHTML = html; // made of texts only
  };

  // -- what the buttons do

  const box = () => document.querySelector("#ask textarea");
  const type = (text) => {
    box().focus();
    box().select();
    document.execCommand("insertText", false, text); // gradio hears of it as of typing, and undo works
  };
  const cited = ({ title, section, document, start, end }, place) =>
    `[${place + 1}] ${[title, ...section.filter((name) => name !== title)].join(" › ")} ${document} ${start}:${end}`;
  const plain = ({ question, answer }) => {
    const quotes = answer.quotes.map((one, place) => `${one.text} [${place + 1}]`);
    return [question, "", ...(answer.message ? [answer.message] : []), ...quotes, "", ...answer.quotes.map(cited)].join("\n").trim();
  };
  const copy = async (exchange) => {
    try {
      await navigator.clipboard.writeText(plain(exchange)); // for https and this machine only
    } catch {
      const field = Object.assign(document.createElement("textarea"), { value: plain(exchange) });
      document.body.append(field);
      field.select();
      document.execCommand("copy");
      field.remove();
    }
    tell(texts.copied);
  };
  const vote = async (exchange, facts) => {
    const { answered, kind, confidence, quotes } = exchange.answer;
    const marked = quotes.map(({ document, start, end, text }) => ({ document, start, end, text }));
    const about = { question: exchange.question, history: before(exchange), as_written: exchange.asWritten, collection: talk.collection };
    const body = { ...about, client: store.voter(), answered, kind, confidence, quotes: marked, ...facts };
    const response = await call("POST", "api/v1/feedback", body).catch(() => null);
    if (response?.ok) [exchange.vote, exchange.ballot] = [facts.right, (await response.json()).key];
    tell(response?.ok ? texts.thanks : texts.failed);
  };
  const withdraw = async (exchange) => {
    const response = await call("DELETE", `api/v1/feedback/${exchange.ballot}`).catch(() => null);
    if (response?.ok || response?.status === 404) exchange.vote = exchange.ballot = undefined;
    tell(response?.ok ? texts.withdrawn : texts.failed);
  };
  const voting = async (exchange, right, facts) => {
    await (facts ? vote(exchange, { right, ...facts }) : withdraw(exchange));
    store.save(talk, gone);
    press();
  };
  const press = () => {
    for (const one of document.querySelectorAll("#chat .act:is(.right, .wrong)")) {
      const vote = talk.exchanges[place(one.value)]?.vote;
      const pressed = String(vote !== undefined && vote === one.classList.contains("right"));
      if (one.getAttribute("aria-pressed") !== pressed) one.setAttribute("aria-pressed", pressed);
    }
  };
  const complain = (exchange) => {
    const dialog = document.querySelector("dialog.reasons");
    const form = dialog.querySelector("form");
    form.reset();
    dialog.onclose = () => {
      if (dialog.returnValue !== "send") return;
      const filled = new FormData(form);
      voting(exchange, false, { reason: filled.get("reason") ?? "", comment: filled.get("comment").slice(0, 1000) });
    };
    dialog.returnValue = "";
    dialog.showModal();
  };
  const title = (one) => one.exchanges[0]?.question.trim().slice(0, 80) ?? "";
  const exporting = async () => {
    const exchanges = talk.exchanges.filter((one) => one.answer).map(({ question, answer }) => ({ question, answer }));
    const response = await call("POST", "chat/export", { exchanges, title: title(talk), collection: talk.collection }).catch(() => null);
    if (!response?.ok) return tell(response ? await refused(response) : texts.unreachable);
    const name = title(talk).replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 40) || "yinju";
    const href = URL.createObjectURL(new Blob([await response.text()], { type: "text/markdown" }));
    Object.assign(document.createElement("a"), { href, download: `${name}.md` }).click();
    setTimeout(() => URL.revokeObjectURL(href), 1000);
  };
  const does = {
    copy,
    right: (exchange) => voting(exchange, true, exchange.vote === true ? null : {}),
    wrong: (exchange) => (exchange.vote === false ? voting(exchange, false, null) : complain(exchange)),
    retry: (exchange) => ask(exchange.question, { asWritten: exchange.asWritten, from: place(exchange.key) }),
    stop: (exchange) => exchange.stopper?.abort(),
    export: exporting,
    edit: (exchange) => {
      type(exchange.question);
      editing = exchange.key;
      show();
    },
  };

  document.addEventListener("click", (event) => {
    const act = event.target.closest?.("#chat .act");
    const exchange = act && talk.exchanges[place(act.value)];
    if (exchange) does[act.classList[1]](exchange);
    const asked = event.target.closest?.(":is(#chat, #hello) :is(.suggestion, .as-written)");
    if (asked && event.detail < 2) {
      ask(asked.value, { asWritten: asked.className === "as-written" });
      if (event.detail === 0) box().focus(); // by keyboard; the button goes
    }
    const language = event.target.closest?.("#head .language");
    if (language) {
      document.cookie = `yinju_lang=${language.value}; path=/; max-age=31536000; samesite=lax`;
      location.reload();
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || editing === null) return;
    editing = null;
    show();
  });

  const collection = () => talk.collection;
  const lit = () => talk.exchanges.at(-1)?.answer?.near ?? [];
  const current = () => talk.id;
  Object.assign(window.yinju, { messages, send, begin, open, show, press, hello, tell, title, current, collection, lit });
})();
