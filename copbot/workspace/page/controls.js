// Everything of Block Kit that can be pressed, chosen or filled in.
//
// `control(part, use)` gives {node, read}, and `focus` where another node takes the focus. `use`: `names`; `press(part,
// value)`, called at once (in messages, and in views where the element acts), or missing; `fills`, in a form; `key`, the
// block's; `kept`, values that go before initial ones; `made(part, drawn)` hears of each; `options(part, letters)`.

import { button, element } from "/page/dom.js";
import { chooser } from "/page/chooser.js";
import { link, textObject, unescaped, withEmoji } from "/page/mrkdwn.js";
import { ask, page, zone } from "/page/wire.js";
import { sure } from "/page/sure.js";

let serial = 0;
export const nextId = (word) => `${word}-${++serial}`;
const named = (node, label) => (node.setAttribute("aria-label", label), node);

const keyOf = (use, part) => `${use.key ?? ""} ${part.action_id}`;

export function control(part, use) {
  const draw = DRAW[part.type] ?? typed;
  const drawn = draw(part, { ...use, value: use.kept?.[keyOf(use, part)] });
  use.made?.(part, drawn);
  if (part.action_id) (drawn.focus ?? drawn.node).dataset.key = keyOf(use, part);
  return drawn;
}

// Asks where the element wants it, then presses.
async function pressed(part, value, use) {
  if (part.confirm && !(await sure(part.confirm, use.names))) return false;
  use.press(part, value);
  return true;
}

// Nothing is loaded from elsewhere: a picture is its description.
export function picture(part, large = false) {
  const node = element(large ? "figure" : "span", large ? "picture large" : "picture");
  const box = element("span", "frame", "🖼");
  box.setAttribute("role", "img");
  named(box, part.alt_text || "picture");
  box.title = part.alt_text || "";
  node.append(box);
  if (large) node.append(element("figcaption", "", part.title ? withEmoji(part.title.text) : (part.alt_text ?? "")));
  return node;
}

const DRAW = {
  image: (part) => ({ node: picture(part) }),

  button(part, use) {
    if (part.url) {
      const node = link(part.url, withEmoji(part.text.text));
      if (node.classList) node.classList.add("button", ...(part.style ? [part.style] : []));
      node.addEventListener?.("click", () => use.press?.(part));
      return { node };
    }
    const node = button(part.style ?? "", withEmoji(part.text.text), () => pressed(part, undefined, use));
    if (part.accessibility_label) named(node, part.accessibility_label);
    node.disabled = !use.press;
    return { node };
  },

  overflow(part, use) {
    const node = element("span", "overflow");
    const menu = element("div", "menu");
    menu.setAttribute("role", "menu");
    menu.hidden = true;
    const open = button("plain more", "More actions", () => show(menu.hidden), "⋯");
    open.setAttribute("aria-haspopup", "menu");
    const show = (shown) => {
      menu.hidden = !shown;
      open.setAttribute("aria-expanded", String(shown));
      (shown ? menu.firstChild : open).focus();
    };
    for (const option of part.options) {
      const item = button("", "", () => (show(false), pressed(part, option.value, use)));
      item.replaceChildren(textObject(option.text, use.names));
      item.setAttribute("role", "menuitem");
      item.tabIndex = -1;
      menu.append(item);
    }
    menuKeys(menu, () => show(false));
    node.addEventListener("focusout", (event) => {
      if (!node.contains(event.relatedTarget)) menu.hidden = true;
    });
    open.disabled = !use.press;
    node.append(open, menu);
    return { node, focus: open };
  },

  static_select(part, use) {
    const node = element("select");
    node.append(Object.assign(element("option", "", part.placeholder?.text ?? "Choose an option"), { value: "" }));
    for (const group of part.option_groups ?? [{ options: part.options ?? [] }]) {
      const into = group.label ? node.appendChild(Object.assign(element("optgroup"), { label: group.label.text })) : node;
      for (const option of group.options) {
        into.append(Object.assign(element("option", "", withEmoji(option.text.text)), { value: option.value }));
      }
    }
    node.value = use.value ?? part.initial_option?.value ?? "";
    return changing(part, use, node, () => node.value);
  },

  checkboxes: (part, use) => boxes(part, use, false),
  radio_buttons: (part, use) => boxes(part, use, true),

  datepicker: (part, use) => changing(part, use, input("date", use.value ?? part.initial_date)),
  timepicker: (part, use) => changing(part, use, input("time", use.value ?? part.initial_time)),

  datetimepicker(part, use) {
    const seconds = use.value ?? part.initial_date_time;
    const node = input("datetime-local", seconds ? onTheWall(seconds) : "");
    return changing(part, use, node, () => (node.value ? fromTheWall(node.value) : ""));
  },

  file_input: () => ({ node: element("p", "hint", "Files cannot be added on this page."), read: () => [] }),
};

for (const kind of ["users", "channels", "conversations", "external"]) {
  DRAW[`${kind}_select`] = (part, use) => chosen(part, use, false);
  DRAW[`multi_${kind}_select`] = (part, use) => chosen(part, use, true);
}
DRAW.multi_static_select = (part, use) => chosen(part, use, true);

function changing(part, use, node, read = () => node.value) {
  named(node, part.placeholder?.text ?? "Choose");
  if (use.press) node.addEventListener("change", () => read() && pressed(part, read(), use));
  else if (!use.fills) node.disabled = true;
  return { node, read };
}

function input(type, value) {
  const node = Object.assign(element("input"), { type });
  node.value = value ?? "";
  return node;
}

const KINDS = { email_text_input: "email", url_text_input: "url", number_input: "text" };
function typed(part, use) {
  const node = part.multiline || part.type === "rich_text_input" ? element("textarea") : input(KINDS[part.type] ?? "text", "");
  if (part.type === "number_input") node.inputMode = part.is_decimal_allowed ? "decimal" : "numeric";
  if (node.tagName === "TEXTAREA") node.rows = 4;
  node.value = use.value ?? part.initial_value ?? "";
  node.placeholder = part.placeholder ? unescaped(part.placeholder.text) : "";
  if (part.max_length) node.maxLength = part.max_length;
  const act = part.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  if (use.press && act.includes("on_character_entered")) node.addEventListener("input", () => use.press(part, node.value));
  if (use.press && act.includes("on_enter_pressed")) {
    node.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      use.press(part, node.value);
    });
  }
  return { node, read: () => node.value };
}

function boxes(part, use, single) {
  const node = element("fieldset", "boxes");
  const name = nextId("choice");
  const first = single ? [part.initial_option?.value] : (part.initial_options ?? []).map((option) => option.value);
  const checked = use.value === undefined ? first : [use.value].flat();
  for (const option of part.options ?? []) {
    const box = Object.assign(element("input"), { type: single ? "radio" : "checkbox", name, value: option.value });
    box.checked = checked.includes(option.value);
    const label = element("label", "", box, textObject(option.text, use.names));
    if (option.description) label.append(element("span", "hint", textObject(option.description, use.names)));
    node.append(label);
  }
  const values = () => [...node.querySelectorAll("input:checked")].map((box) => box.value);
  const read = () => (single ? (values()[0] ?? "") : values());
  if (use.press) node.addEventListener("change", () => pressed(part, read(), use));
  else if (!use.fills) node.disabled = true;
  if (!use.fills) named(node, "Choices");
  return { node, read };
}

// --- people, channels, options from the app, and several of anything

function chosen(part, use, several) {
  const kind = part.type.replace("multi_", "").replace("_select", "");
  const made = chooser({
    label: part.placeholder ? unescaped(part.placeholder.text) : WORDS[kind],
    several,
    most: part.max_selected_items,
    initial: (use.value === undefined ? initial(part, kind) : [use.value].flat().filter(Boolean).map((value) => told(part, kind, value.value ?? value))),
    find: (letters) => FIND[kind](letters, part, use),
    changed: use.press && ((value) => pressed(part, sent(part, kind, value), use)),
  });
  if (!use.press && !use.fills) made.focus.disabled = true;
  return { ...made, read: () => sent(part, kind, made.read()) };
}

// An option of the app's own goes back to it whole: the workspace does not know it.
function sent(part, kind, value) {
  if (kind !== "external") return value;
  const whole = (one) => offered(part).find((option) => option.value === one);
  return Array.isArray(value) ? value.map(whole) : whole(value);
}

const WORDS = { users: "Find a person", channels: "Find a channel", conversations: "Find a channel", external: "Search", static: "Choose" };
const all = (part) => part.options ?? (part.option_groups ?? []).flatMap((group) => group.options);
const pair = (option) => ({ value: option.value, label: withEmoji(option.text.text) });

function initial(part, kind) {
  const of = { users: "user", channels: "channel", conversations: "conversation" }[kind];
  const found = of
    ? [part[`initial_${of}`], ...(part[`initial_${of}s`] ?? [])]
    : [part.initial_option, ...(part.initial_options ?? [])].map((option) => option?.value);
  return found.filter(Boolean).map((value) => told(part, kind, value));
}

function told(part, kind, value) {
  if (kind === "users") return { value, label: page.known.get(value)?.name ?? value };
  if (kind === "static" || kind === "external") {
    const option = offered(part).find((each) => each.value === value);
    return option ? pair(option) : { value, label: value };
  }
  return { value, label: `#${page.state?.channels.find((channel) => channel.id === value)?.name ?? value}` };
}

const seen = new Map(); // action_id -> options that the app has offered
const offered = (part) =>
  [...all(part), ...(seen.get(part.action_id) ?? []), part.initial_option, ...(part.initial_options ?? [])].filter(Boolean);
const FIND = {
  async users(letters) {
    const found = (await ask(`/page/people?${new URLSearchParams({ search: letters })}`)).groups.flatMap((group) => group.people);
    for (const person of found) page.known.set(person.id, person);
    return found.map((person) => ({ value: person.id, label: person.name, note: `@${person.handle}` })).slice(0, 30);
  },
  async channels(letters) {
    const open = page.state.channels.filter((channel) => channel.type !== "im" && channel.name.includes(letters.toLowerCase()));
    return open.map((channel) => ({ value: channel.id, label: `#${channel.name}` }));
  },
  conversations: (letters) => FIND.channels(letters),
  async static(letters, part) {
    return all(part).map(pair).filter((each) => each.label.toLowerCase().includes(letters.toLowerCase()));
  },
  async external(letters, part, use) {
    const options = (await use.options?.(part, letters)) ?? [];
    seen.set(part.action_id, [...options, ...(seen.get(part.action_id) ?? [])]);
    return options.map(pair);
  },
};

// --- small things

export function menuKeys(menu, close) {
  menu.addEventListener("keydown", (event) => {
    const items = [...menu.children];
    const index = items.indexOf(document.activeElement);
    const to = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: items.length - 1 }[event.key];
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (to !== undefined) {
      event.preventDefault();
      items[(to + items.length) % items.length].focus();
    }
  });
}

// Unix seconds as the acting person's wall clock shows them, and back.
function onTheWall(seconds) {
  const style = { timeZone: zone(), hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" };
  const parts = new Intl.DateTimeFormat("en-GB", style).formatToParts(seconds * 1000);
  const at = Object.fromEntries(parts.map((each) => [each.type, each.value]));
  return `${at.year}-${at.month}-${at.day}T${at.hour}:${at.minute}`;
}

function fromTheWall(local) {
  const wanted = Date.parse(`${local}Z`);
  let seconds = wanted / 1000;
  for (let turn = 0; turn < 2; turn++) seconds += (wanted - Date.parse(`${onTheWall(seconds)}Z`)) / 1000;
  return Math.round(seconds);
}
