// Conversations in this browser: each of them is kept under its account, and what two tabs write is put together.
(() => {
  const { keeps, account, texts } = window.yinju;
  const KEY = `yinju.talks${account ? `:${account}` : ""}${location.pathname === "/" ? "" : `:${location.pathname}`}`;
  const CLIENT = `${KEY}.client`;
  const MOST = 200; // conversations that are kept

  // crypto.randomUUID is there for https and this machine only
  const id = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

  // a browser may forbid both storages, and have no room
  const get = (storage, key) => {
    try {
      return window[storage].getItem(key);
    } catch {
      return null;
    }
  };
  const set = (storage, key, value) => {
    try {
      if (value === null) window[storage].removeItem(key);
      else window[storage].setItem(key, value);
      return true;
    } catch {
      return false;
    }
  };

  const load = () => {
    if (!keeps) return [];
    try {
      const found = JSON.parse(get("localStorage", KEY) ?? "[]");
      return Array.isArray(found) ? found.filter((talk) => talk?.id && Array.isArray(talk.exchanges)) : [];
    } catch {
      return [];
    }
  };

  let told = false;
  const write = (talks) => {
    for (let kept = talks.slice(0, MOST); ; kept = kept.slice(0, -1)) {
      if (set("localStorage", KEY, JSON.stringify(kept))) {
        const lost = talks.length - kept.length;
        if (lost && !told && talks.length <= MOST) window.yinju.tell(texts.full);
        told ||= lost > 0;
        return;
      }
      if (!kept.length) return;
    }
  };

  // `gone`: the keys of exchanges that were taken out here; others that are stored came from another tab
  const save = (talk, gone) => {
    if (!keeps || !talk.exchanges.length) return;
    const talks = load();
    const here = new Set([...talk.exchanges.map((one) => one.key), ...gone]);
    const theirs = talks.find((one) => one.id === talk.id)?.exchanges.filter((one) => !here.has(one.key)) ?? [];
    talk.exchanges = [...talk.exchanges, ...theirs].sort((a, b) => a.asked - b.asked);
    const saved = talk.exchanges.map((one) => ({ ...one, stopper: undefined, waits: undefined }));
    write([{ ...talk, exchanges: saved }, ...talks.filter((one) => one.id !== talk.id)]);
    remember(talk);
  };

  const remember = (talk) => set("sessionStorage", KEY, keeps && talk.exchanges.length ? talk.id : null);
  const last = () => load().find((one) => one.id === get("sessionStorage", KEY));
  const drop = (talk) => write(load().filter((one) => one.id !== talk.id));
  const wipe = () => [KEY, CLIENT].forEach((key) => set("localStorage", key, null));

  const client = (keeps && get("localStorage", CLIENT)) || id(); // tells the votes of one browser from others'
  const voter = () => {
    if (keeps) set("localStorage", CLIENT, client);
    return client;
  };
  if (!keeps) wipe();

  window.yinju.store = { id, load, save, remember, last, drop, wipe, voter };
})();
