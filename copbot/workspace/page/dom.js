// Small ways with the DOM. Text only ever goes in as text: no member's words become markup.

export const get = (id) => document.getElementById(id);

export function element(tag, className, ...children) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children.filter((child) => child !== undefined && child !== null));
  return node;
}

export function button(className, label, onClick, ...children) {
  const node = element("button", className, ...(children.length ? children : [label]));
  node.type = "button";
  if (children.length) node.setAttribute("aria-label", label);
  node.addEventListener("click", onClick);
  return node;
}

// Makes `nodes` the children of `parent` and moves none that stands right already: focus and open menus survive.
export function sync(parent, nodes) {
  const wanted = new Set(nodes);
  const focus = parent.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  for (const child of [...parent.childNodes]) if (!wanted.has(child)) child.remove();
  let at = parent.firstChild;
  for (const node of nodes) {
    if (node === at) at = at.nextSibling;
    else parent.insertBefore(node, at);
  }
  if (focus && !parent.contains(document.activeElement)) parent.querySelector(`[data-key="${CSS.escape(focus)}"]`)?.focus();
}

// Arrow keys, Home and End move between the elements that `selector` finds; `vertical` or not.
export function arrows(container, selector, vertical = true) {
  const [back, on] = vertical ? ["ArrowUp", "ArrowDown"] : ["ArrowLeft", "ArrowRight"];
  container.addEventListener("keydown", (event) => {
    const all = [...container.querySelectorAll(selector)].filter((node) => node.offsetParent !== null);
    const own = event.target === container;
    const index = all.indexOf(event.target.closest(selector));
    if (!all.length || (!own && (index < 0 || all[index] !== event.target))) return;
    const to = { [back]: own ? all.length - 1 : index - 1, [on]: own ? 0 : index + 1, Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined || !all[to]) return;
    event.preventDefault();
    all[to].focus();
    all[to].scrollIntoView({ block: "nearest" });
  });
}

// Puts a fixed popup below what stands at `at`, or above where there is no room.
export function place(popup, at) {
  const { offsetWidth: width, offsetHeight: height } = popup;
  const below = at.bottom + 4 + height < innerHeight;
  popup.style.left = `${Math.max(8, Math.min(at.right - width, innerWidth - width - 8))}px`;
  popup.style.top = `${Math.max(8, below ? at.bottom + 4 : at.top - height - 4)}px`;
}

const TINTS = 8;
export function avatar(person, id) {
  const words = (person?.name ?? "?").split(/\s+/).filter(Boolean);
  const letters = [words[0], words.length > 1 ? words.at(-1) : ""].map((word) => [...(word ?? "")][0] ?? "").join("");
  let sum = 0;
  for (const letter of id ?? "") sum = (sum * 31 + letter.codePointAt(0)) % 9973;
  const node = element("span", `avatar ${person?.is_bot ? "of-app" : `tint-${sum % TINTS}`}`, letters.toUpperCase());
  node.setAttribute("aria-hidden", "true");
  return node;
}
