// A box in which one finds and chooses one or several out of many: Slack's selects of people, channels and options.

import { button, element } from "/page/dom.js";

let serial = 0;

// `find(letters)` gives a Promise of [{value, label, note}]; `changed(value)` hears of each choice.
export function chooser({ label, several, most, initial, find, changed }) {
  const id = `chooser-${++serial}`;
  let picked = several ? initial : initial.slice(0, 1);
  let found = [];
  let active = -1;
  let asked = 0;

  const box = Object.assign(element("input"), { type: "text", placeholder: label, autocomplete: "off" });
  const list = element("div", "options");
  list.id = id;
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", label);
  for (const [key, value] of [["role", "combobox"], ["aria-controls", id], ["aria-expanded", "false"], ["aria-autocomplete", "list"], ["aria-label", label]]) {
    box.setAttribute(key, value);
  }
  const chips = element("span", "chips");
  const node = element("div", "chooser", chips, box, list);

  const read = () => (several ? picked.map((each) => each.value) : (picked[0]?.value ?? ""));

  function draw() {
    chips.replaceChildren(...(several ? picked : []).map((each) => {
      const chip = element("span", "chip", each.label);
      chip.append(button("plain", `Remove ${each.label}`, () => choose(each), "✕"));
      return chip;
    }));
    if (!several && document.activeElement !== box) box.value = picked[0]?.label ?? "";
  }

  function show(shown) {
    list.hidden = !shown;
    box.setAttribute("aria-expanded", String(shown));
    if (!shown) box.removeAttribute("aria-activedescendant");
  }

  async function look() {
    const turn = ++asked;
    const answer = await find(several || box.value !== picked[0]?.label ? box.value.trim() : "");
    if (turn !== asked || document.activeElement !== box) return;
    found = answer;
    active = found.length ? 0 : -1;
    list.replaceChildren(...found.map((each, index) => {
      const option = element("div", "option", element("span", "", each.label), each.note && element("span", "hint", each.note));
      option.id = `${id}-${index}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", String(picked.some((one) => one.value === each.value)));
      option.addEventListener("mousedown", (event) => event.preventDefault());
      option.addEventListener("click", () => choose(each));
      return option;
    }));
    if (!found.length) list.append(element("p", "hint", "Nothing found."));
    mark();
    show(true);
    list.scrollIntoView({ block: "nearest" });
  }

  function mark() {
    [...list.children].forEach((option, index) => option.classList.toggle("active", index === active));
    if (active < 0) return;
    box.setAttribute("aria-activedescendant", `${id}-${active}`);
    list.children[active].scrollIntoView({ block: "nearest" });
  }

  function choose(each) {
    const there = picked.some((one) => one.value === each.value);
    if (!several) picked = [each];
    else if (there) picked = picked.filter((one) => one.value !== each.value);
    else if (!most || picked.length < most) picked = [...picked, each];
    box.value = several ? "" : each.label;
    show(false);
    draw();
    changed?.(read());
  }

  box.addEventListener("input", () => {
    if (!several && !box.value) picked = [];
    look();
  });
  box.addEventListener("focus", () => !several && box.select());
  box.addEventListener("click", () => list.hidden && look());
  box.addEventListener("blur", () => {
    show(false);
    setTimeout(draw);
    if (several) box.value = "";
  });
  box.addEventListener("keydown", (event) => {
    const shown = !list.hidden;
    if (event.key === "Escape" && shown) {
      event.preventDefault();
      event.stopPropagation();
      show(false);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!shown) return void look();
      active = (active + (event.key === "ArrowDown" ? 1 : -1) + found.length) % Math.max(1, found.length);
      mark();
    } else if (event.key === "Enter" && (shown || !several)) {
      event.preventDefault();
      if (shown && found[active]) choose(found[active]);
    } else if (event.key === "Backspace" && several && !box.value && picked.length) choose(picked.at(-1));
  });
  draw();
  return { node, focus: box, read };
}
