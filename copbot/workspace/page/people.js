// Who the visitor is: a picker of everybody by role, and newcomers made on the spot.

import { arrows, avatar, button, element, get } from "/page/dom.js";
import { act, ask, page } from "/page/wire.js";

const NAMES = [
  "Amara Diallo", "Bilal Haddad", "Chiara Russo", "Dao Nguyen", "Elif Kaya", "Farid Rahimi", "Grace Okafor", "Hana Suzuki",
  "Ines Pereira", "Joseph Mensah", "Keisha Brown", "Lucía Fernández", "Miro Novak", "Nadia Benali", "Oluwaseun Ade", "Priya Raman",
];
const LANGUAGES = { "en-US": "English", "fr-FR": "Français", "es-ES": "Español", "pt-BR": "Português", "ar-SA": "العربية", "th-TH": "ไทย", "de-DE": "Deutsch" };
let offered = 0;

// --- being somebody

export function openPeople(become) {
  const dialog = get("people");
  const title = element("h2", "", "Be anyone");
  title.id = "people-title";
  const search = Object.assign(element("input"), { type: "text", inputMode: "search", placeholder: "Find a person", autocomplete: "off" });
  search.setAttribute("aria-label", "Find a person");
  const list = element("div", "crowd");
  const leave = button("plain", "Close", () => dialog.close(), "✕");
  dialog.replaceChildren(element("div", "dialog-head", title, leave), element("div", "dialog-body", search, list));
  let turn = 0;
  const look = async () => {
    const mine = ++turn;
    const { groups } = await ask(`/page/people?${new URLSearchParams({ search: search.value })}`);
    if (mine === turn) list.replaceChildren(...groups.map((group) => drawGroup(group, (id) => (dialog.close(), become(id)))), ...none(groups));
  };
  search.addEventListener("input", look);
  search.addEventListener("keydown", (event) => {
    const first = list.querySelector("button");
    if (!first || !["ArrowDown", "Enter"].includes(event.key)) return;
    event.preventDefault();
    if (event.key === "Enter") first.click();
    else first.focus();
  });
  dialog.showModal();
  search.focus();
  return look();
}

const none = (groups) => (groups.length ? [] : [element("p", "hint", "Nobody of that name.")]);

function drawGroup(group, become) {
  const node = element("section", "role");
  const title = element("h3", "", group.title);
  title.id = `role-${group.role}`;
  node.setAttribute("aria-labelledby", title.id);
  node.append(title, ...group.people.map((person) => {
    const words = element("span", "words", element("span", "name", person.name), element("span", "hint", `${person.tz} · @${person.handle}`));
    const row = button("person", "", () => become(person.id));
    row.replaceChildren(avatar(person, person.id), words);
    if (person.id === page.at.as) row.setAttribute("aria-current", "true");
    return row;
  }));
  if (group.more) node.append(element("p", "hint", `and ${group.more.toLocaleString()} more: type a name`));
  return node;
}

// --- somebody new

export function openInvite(become) {
  const dialog = get("invite");
  const title = element("h2", "", "Invite a newcomer");
  title.id = "invite-title";
  const name = labelled("What is their name?", Object.assign(element("input"), { value: suggestion(), required: true, maxLength: 80, id: "newcomer-name" }));
  const tz = labelled("Where do they live?", Object.assign(select(zones()), { value: ownZone(), id: "newcomer-zone" }));
  const locale = labelled("Their language in Slack", Object.assign(select(Object.entries(LANGUAGES)), { value: "en-US", id: "newcomer-locale" }));
  const form = element("form", "", element("div", "dialog-body", name, tz, locale, element("p", "hint", "They join the workspace now, and you go on as them.")));
  const send = Object.assign(element("button", "primary", "Invite"), { type: "submit" });
  form.append(element("p", "buttons", button("", "Cancel", () => dialog.close()), send));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const values = [name, tz, locale].map((node) => node.querySelector("input, select").value.trim());
    if (!values[0]) return;
    send.disabled = true;
    const said = await act("newcomer", { name: values[0], tz: values[1], locale: values[2] });
    send.disabled = false;
    if (!said) return;
    offered++;
    dialog.close();
    become(said.user);
  });
  dialog.replaceChildren(element("div", "dialog-head", title, button("plain", "Close", () => dialog.close(), "✕")), form);
  dialog.showModal();
  name.querySelector("input").select();
}

function suggestion() {
  const taken = new Set([...page.known.values()].map((person) => person.name));
  const free = NAMES.filter((name) => !taken.has(name));
  return free[offered % Math.max(1, free.length)] ?? "";
}

function labelled(words, node) {
  const label = element("label", "", words);
  label.htmlFor = node.id;
  return element("div", "field", label, node);
}

function select(pairs) {
  const node = element("select");
  node.append(...pairs.map(([value, text]) => Object.assign(element("option", "", text), { value })));
  return node;
}

const ownZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone ?? "UTC";
function zones() {
  const known = Intl.supportedValuesOf?.("timeZone") ?? [];
  return [...new Set([ownZone(), "UTC", ...known])].map((zone) => [zone, zone.replaceAll("_", " ")]);
}

export function drawActing() {
  const person = page.state.as;
  const words = element("span", "words", element("span", "hint", "You are"), element("span", "name", person.name));
  get("as").replaceChildren(avatar(person, person.id), words, element("span", "caret", "▾"));
}

arrows(get("people"), "button.person");
