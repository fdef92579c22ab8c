// Chooses the language of the page before gradio reads the browser's: what was chosen, else what the browser asks for.
(() => {
  const { languages, otherwise } = window.yinju;
  const asked = navigator.languages.map((tag) => tag.toLowerCase().split("-")[0]);
  const chosen = document.cookie.match(/(?:^|; )yinju_lang=(zh|en)/)?.[1] ?? asked.find((tag) => tag in languages) ?? otherwise;
  const tag = { zh: "zh-CN", en: "en" }[chosen];
  Object.defineProperty(navigator, "language", { get: () => tag });
  document.documentElement.lang = tag;
  window.yinju.texts = Object.fromEntries(
    Object.entries(languages[chosen]).map(([name, text]) => [name.replace(/-(.)/g, (_, letter) => letter.toUpperCase()), text]),
  );
})();
