// The small picker of reactions.

import { button, element, place } from "/page/dom.js";
import { emoji, emojiNamed, OFTEN } from "/page/emoji.js";

const MOST = 60;
let open = null;

// Opens beside `anchor`; `pick(name)` is called once.
export function openReactions(anchor, pick) {
  open?.();
  const search = Object.assign(element("input"), { type: "search", placeholder: "Find a reaction", autocomplete: "off" });
  search.setAttribute("aria-label", "Find a reaction");
  const grid = element("div", "grid");
  const popup = element("div", "reaction-picker", search, grid);
  popup.setAttribute("role", "dialog");
  popup.setAttribute("aria-label", "Add a reaction");
  const close = () => {
    popup.remove();
    document.removeEventListener("pointerdown", outside);
    open = null;
    anchor.focus();
  };
  const outside = (event) => popup.contains(event.target) || anchor.contains(event.target) || close();
  const draw = () => {
    const letters = search.value.trim().toLowerCase();
    const found = [...new Set([...(letters ? [] : OFTEN), ...emojiNamed(letters, MOST)])];
    grid.replaceChildren(...found.map((name) => {
      const choice = button("", name.replaceAll("_", " "), () => (close(), pick(name)), emoji(name));
      choice.title = `:${name}:`;
      return choice;
    }));
    if (!found.length) grid.append(element("p", "hint", "Nothing of that name."));
  };
  search.addEventListener("input", draw);
  popup.addEventListener("keydown", (event) => {
    const all = [...grid.querySelectorAll("button")];
    const index = all.indexOf(document.activeElement);
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: index < 0 ? 1 : 8, ArrowUp: -8 }[event.key];
    if (event.key === "Escape") {
      event.stopPropagation();
      close();
    } else if (event.key === "Enter" && event.target === search) {
      event.preventDefault(); // or the button that gets the focus back would be pressed by it
      all[0]?.click();
    }
    if (step && (event.target !== search || event.key === "ArrowDown")) {
      event.preventDefault();
      (all[index + step] ?? (index + step < 0 ? search : all.at(-1)))?.focus();
    }
  });
  document.addEventListener("pointerdown", outside);
  open = close;
  draw();
  document.body.append(popup);
  place(popup, anchor.getBoundingClientRect());
  search.focus();
}
