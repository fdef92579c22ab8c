// The panel of earlier conversations: searched, opened, deleted.
(() => {
  const { texts, store, title } = window.yinju;
  const panel = () => document.querySelector("aside.history");
  const opener = () => document.querySelector("#head .past-talks");

  const words = ({ question, answer }) => question + (answer?.quotes ?? []).map((quote) => quote.text).join("");
  const matches = (talk, wanted) => !wanted || talk.exchanges.some((one) => words(one).toLowerCase().includes(wanted));
  const make = (tag, facts, ...parts) => {
    const made = Object.assign(document.createElement(tag), facts);
    made.append(...parts);
    return made;
  };
  const item = (talk) => {
    const when = new Date(talk.created).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
    const told = [make("span", { textContent: title(talk) }), make("time", { dateTime: talk.created, textContent: when })];
    if (talk.collection) told.push(make("span", { className: "of", textContent: talk.collection }));
    const past = make("button", { type: "button", className: "past", onclick: () => (toggle(false), window.yinju.open(talk)) }, ...told);
    past.setAttribute("aria-current", talk.id === window.yinju.current());
    const forget = make("button", { type: "button", className: "forget", textContent: "✕", onclick: () => remove(talk) });
    forget.setAttribute("aria-label", `${texts.forget}: ${title(talk)}`);
    return make("li", {}, past, forget);
  };
  const list = () => {
    const wanted = panel().querySelector("input").value.trim().toLowerCase();
    const items = store.load().filter((talk) => matches(talk, wanted)).map(item);
    panel().querySelector("ul").replaceChildren(...items);
    const none = panel().querySelector(".none");
    none.hidden = items.length > 0;
    none.textContent = wanted ? texts.notFound : texts.historyNone;
  };
  const remove = (talk) => {
    if (!confirm(`${title(talk)}\n\n${texts.forgetOne}`)) return;
    store.drop(talk);
    if (talk.id === window.yinju.current()) window.yinju.begin(talk.collection);
    list();
    panel().querySelector("input").focus();
  };
  const toggle = (shown) => {
    panel().hidden = !shown;
    opener().setAttribute("aria-expanded", shown);
    if (shown) list();
    (shown ? panel().querySelector("input") : opener()).focus();
  };
  const wipe = () => {
    if (!confirm(texts.forgetAllSure)) return;
    store.wipe();
    window.yinju.begin();
    list();
  };

  document.addEventListener("click", (event) => {
    if (event.target.closest?.("#head .past-talks")) toggle(panel().hidden);
    if (event.target.closest?.("aside.history .close")) toggle(false);
    if (event.target.closest?.("aside.history .forget-all")) wipe();
  });
  document.addEventListener("input", (event) => event.target.closest?.("aside.history") && list());
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && panel()?.hidden === false) toggle(false);
  });
})();
