// A message's menu: what the app offers to do with it.

import { button, element, place } from "/page/dom.js";
import { menuKeys } from "/page/controls.js";

let open = null;

// Opens beside `anchor`; `choices` are [label, choose]. By keyboard: arrows, Enter, Escape.
export function openMenu(anchor, label, choices) {
  open?.();
  const menu = element("div", "menu floating");
  menu.setAttribute("role", "menu");
  menu.setAttribute("aria-label", label);
  const close = () => {
    menu.remove();
    document.removeEventListener("pointerdown", outside);
    anchor.setAttribute("aria-expanded", "false");
    open = null;
    anchor.focus();
  };
  const outside = (event) => menu.contains(event.target) || anchor.contains(event.target) || close();
  for (const [words, choose] of choices) {
    const item = button("", words, () => (close(), choose()));
    item.setAttribute("role", "menuitem");
    item.tabIndex = -1;
    menu.append(item);
  }
  menuKeys(menu, close);
  menu.addEventListener("keydown", (event) => event.key === "Tab" && close()); // the focus goes on from `anchor`
  document.addEventListener("pointerdown", outside);
  open = close;
  document.body.append(menu);
  place(menu, anchor.getBoundingClientRect());
  anchor.setAttribute("aria-expanded", "true");
  menu.firstChild.focus();
}
