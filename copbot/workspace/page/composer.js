// The message box, with completion of commands, people, channels and emoji.

import { element } from "/page/dom.js";
import { emoji, emojiNamed } from "/page/emoji.js";
import { ask, page } from "/page/wire.js";

const MOST = 8;
const learned = new Map(); // subcommands that the app's own help has shown to a person

// `send(text)` gives a Promise of whether it went out. Returns {focus, set, get, placeholder}.
export function composer(form, { id, label, send, escape }) {
  const box = Object.assign(element("textarea"), { id, rows: 1, maxLength: 12000, dir: "auto" });
  box.setAttribute("aria-label", label);
  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-expanded", "false");
  box.setAttribute("aria-controls", `${id}-completion`);
  const list = element("div", "completion");
  list.id = `${id}-completion`;
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  const go = Object.assign(element("button", "send", "➤"), { type: "submit", disabled: true });
  go.setAttribute("aria-label", "Send");
  form.replaceChildren(list, element("div", "box", box, go));

  let found = [];
  let active = 0;
  let turn = 0;

  function grow() {
    box.style.height = "auto";
    if (box.scrollHeight) box.style.height = `${Math.min(box.scrollHeight, 180)}px`; // 0 while it is not shown, as on a phone's list
    go.disabled = !box.value.trim();
  }

  function hide() {
    turn++;
    found = [];
    list.hidden = true;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  }

  async function look() {
    const mine = ++turn;
    const offers = await complete(box.value.slice(0, box.selectionStart));
    if (mine !== turn) return;
    if (!offers.length) return hide();
    found = offers;
    active = 0;
    list.replaceChildren(...found.map((offer, index) => {
      const row = element("div", "option", element("span", "name", offer.shown), offer.note && element("span", "hint", offer.note));
      row.id = `${list.id}-${index}`;
      row.setAttribute("role", "option");
      row.addEventListener("mousedown", (event) => event.preventDefault());
      row.addEventListener("click", () => take(offer));
      return row;
    }));
    list.hidden = false;
    box.setAttribute("aria-expanded", "true");
    mark();
  }

  function mark() {
    [...list.children].forEach((row, index) => {
      row.classList.toggle("active", index === active);
      row.setAttribute("aria-selected", String(index === active));
    });
    box.setAttribute("aria-activedescendant", `${list.id}-${active}`);
    list.children[active]?.scrollIntoView({ block: "nearest" });
  }

  function take(offer) {
    const before = box.value.slice(0, box.selectionStart - offer.typed) + offer.text;
    box.value = before + box.value.slice(box.selectionStart);
    box.setSelectionRange(before.length, before.length);
    box.focus();
    grow();
    hide();
    if (offer.more) look();
  }

  box.addEventListener("input", () => (grow(), look()));
  box.addEventListener("blur", hide);
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (!list.hidden && ["ArrowDown", "ArrowUp"].includes(event.key)) {
      event.preventDefault();
      active = (active + (event.key === "ArrowDown" ? 1 : found.length - 1)) % found.length;
      mark();
    } else if (!list.hidden && (event.key === "Tab" || (event.key === "Enter" && !event.shiftKey && !found[active].whole))) {
      event.preventDefault();
      take(found[active]);
    } else if (!list.hidden && event.key === "Escape") {
      event.stopPropagation();
      hide();
    } else if (event.key === "Escape") escape?.();
    else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = box.value;
    if (!text.trim() || form.dataset.busy) return;
    form.dataset.busy = "yes";
    hide();
    const sent = await send(text);
    delete form.dataset.busy;
    if (sent && box.value === text) box.value = "";
    grow();
  });
  return {
    focus: () => box.focus(),
    get: () => box.value,
    set: (text) => ((box.value = text), grow()),
    placeholder: (text) => (box.placeholder = text),
  };
}

// --- what the letters before the cursor could become

async function complete(before) {
  const command = /^\/\S*$/.exec(before);
  if (command) return commands(before);
  const sub = /^(\/\S+) (\S*)$/.exec(before);
  if (sub && page.state.commands.includes(sub[1])) return subcommands(sub[1], sub[2]);
  const name = /(?:^|[\s(])([@#:])([\p{L}\p{N}._+-]*)$/u.exec(before);
  if (!name) return [];
  const [, mark, letters] = name;
  if (mark === "@") return people(letters);
  if (mark === "#") return channels(letters);
  return letters.length > 1 ? emojis(letters) : [];
}

const offer = (typed, text, shown, note, more = {}) => ({ typed: typed.length, text, shown, note, ...more });

const commands = (before) =>
  page.state.commands
    .filter((name) => name.startsWith(before))
    .map((name) => offer(before, `${name} `, name, "a command of the app", { more: true }));

function subcommands(command, letters) {
  const known = learned.get(page.at.as)?.get(command) ?? new Map([["help", "what you can do here"]]);
  const found = [...known].filter(([name]) => name.startsWith(letters) && name !== letters);
  // Enter sends what is typed as it stands; Tab or a press completes it.
  return found.slice(0, 20).map(([name, note]) => offer(letters, name, `${command} ${name}`, note, { whole: !letters }));
}

async function people(letters) {
  const { groups } = await ask(`/page/people?${new URLSearchParams({ search: letters })}`);
  const found = groups.flatMap((group) => group.people).slice(0, MOST);
  return found.map((person) => offer(`@${letters}`, `@${person.handle} `, person.name, `@${person.handle}`));
}

const channels = (letters) =>
  page.state.channels
    .filter((channel) => channel.type !== "im" && channel.name.startsWith(letters.toLowerCase()))
    .slice(0, MOST)
    .map((channel) => offer(`#${letters}`, `#${channel.name} `, `#${channel.name}`));

const emojis = (letters) => emojiNamed(letters.toLowerCase(), MOST).map((name) => offer(`:${letters}`, `:${name}: `, `${emoji(name)} :${name}:`));

// Reads the subcommands out of what the app itself tells a person: lines such as "`/app name WORDS`  what it does".
export function learnCommands(messages) {
  for (const message of messages) {
    if (!message.ephemeral) continue;
    for (const [, command, name, note] of (message.text ?? "").matchAll(/^`(\/\S+) ([a-z]+)[^`]*`[ \t]+(\S.*)$/gm)) {
      const mine = learned.get(page.at.as) ?? learned.set(page.at.as, new Map()).get(page.at.as);
      const of = mine.get(command) ?? mine.set(command, new Map()).get(command);
      of.set(name, note);
    }
  }
}
