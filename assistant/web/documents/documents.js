// Lets the buttons inside the table of documents do what gradio's own, which are hidden, do on the server.
(() => {
  const table = () => document.getElementById("docs-table");
  let next = null; // finds what takes the keyboard where the table is replaced below it

  const press = (id, value) => {
    window.chosenInTable = value;
    document.getElementById(id).click();
  };

  const viewButton = (key) => () => {
    const found = table().querySelector(`button.view[data-key="${key}"]`);
    return found?.disabled ? table().querySelector(".pages button:enabled") : found;
  };
  const rowButtons = () => [...table().querySelectorAll("button:is(.remove, .restore)")];
  const rowButton = (place) => () => rowButtons()[Math.min(place, rowButtons().length - 1)];

  const ask = (button) => {
    const place = rowButtons().indexOf(button);
    const dialog = table().querySelector("dialog.confirm");
    dialog.querySelector(".which").textContent = button.dataset.title;
    dialog.returnValue = "no";
    dialog.onclose = () => {
      if (dialog.returnValue !== "yes") return;
      press("docs-remove", button.value);
      next = rowButton(place);
    };
    dialog.showModal();
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("#docs-table button:is(.view, .remove, .restore)");
    if (!button) return;
    if (button.classList.contains("remove")) {
      ask(button);
    } else if (button.classList.contains("restore")) {
      press("docs-restore", button.value);
      next = rowButton(rowButtons().indexOf(button));
    } else {
      press("docs-turn", button.value);
      next = viewButton(button.dataset.key);
    }
  });

  const follow = () => {
    const found = next && document.activeElement === document.body && table() && next();
    if (!found) return;
    found.focus();
    next = null;
  };
  new MutationObserver(follow).observe(document, { childList: true, subtree: true });
  document.addEventListener("focusin", (event) => {
    if (!table()?.contains(event.target)) next = null; // the person has gone elsewhere
  });
})();
