// The page: asks for the state when the stream says that something is new, draws it, and carries out what is pressed.

import { blockNodes, element, emoji, mrkdwn } from "/page/blocks.js";
import { drawModal } from "/page/form.js";

const get = (id) => document.getElementById(id);
const at = { as: null, channel: null, around: null, thread: null };
const seen = new Map(); // channel as seen by a person -> ts of the last message they had before their eyes
let people = [];
let byId = new Map();
let state = null;
let clock = { now: 0, speed: 0, read: 0, held: false };
let drawn = {};

const names = {
  person: (id) => byId.get(id)?.name,
  channel: (id) => state?.channels.find((channel) => channel.id === id)?.name,
  people: () => people.filter((person) => !person.is_bot && !person.deleted),
  moment: (seconds) => when(seconds * 1000, { dateStyle: "medium", timeStyle: "short" }),
};

function when(milliseconds, style) {
  const timeZone = byId.get(at.as)?.tz ?? "UTC";
  try {
    return new Intl.DateTimeFormat(undefined, { ...style, timeZone }).format(milliseconds);
  } catch {
    return new Intl.DateTimeFormat(undefined, { ...style, timeZone: "UTC" }).format(milliseconds);
  }
}

// --- talking to the workspace

async function ask(path) {
  const answer = await fetch(path);
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.error);
  return body;
}

async function act(name, body) {
  try {
    const answer = await fetch(`/page/${name}`, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ as: at.as, ...body }),
    });
    const said = await answer.json();
    if (!answer.ok) throw new Error(said.error);
    return said;
  } catch (mistake) {
    notice(mistake.message);
    return null;
  }
}

let noticeTimer;
function notice(text) {
  get("notice").textContent = text;
  get("notice").hidden = false;
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(() => (get("notice").hidden = true), 5000);
}

let asking = false;
let askAgain = false;
async function refresh() {
  if (asking) return void (askAgain = true);
  asking = true;
  try {
    const query = new URLSearchParams({ as: at.as });
    if (at.channel) query.set("channel", at.channel);
    if (at.around) query.set("around", at.around);
    const news = await ask(`/page/state?${query}`);
    if (news.people !== people.length) await meetPeople();
    state = news;
    draw();
  } catch (mistake) {
    notice(mistake.message);
  } finally {
    asking = false;
    if (askAgain) {
      askAgain = false;
      setTimeout(refresh, 120);
    }
  }
}

async function meetPeople() {
  people = (await ask("/page/people")).people;
  byId = new Map(people.map((person) => [person.id, person]));
  const chosen = names.people();
  if (!chosen.some((person) => person.id === at.as)) at.as = sessionStorage.getItem("as");
  if (!chosen.some((person) => person.id === at.as)) at.as = chosen[0]?.id ?? "USLACKBOT";
  const options = chosen.map((person) => Object.assign(element("option", "", person.name), { value: person.id }));
  get("as").replaceChildren(...options.reverse());
  get("as").value = at.as;
}

// --- drawing

function changed(part, value) {
  const text = JSON.stringify(value);
  if (drawn[part] === text) return false;
  drawn[part] = text;
  return true;
}

function draw() {
  at.channel = state.channel?.id ?? null;
  if (state.channel) seen.set(`${at.as} ${at.channel}`, state.channel.last);
  get("team").textContent = state.team;
  clock = { now: Date.parse(state.clock.now), speed: state.clock.speed, read: performance.now(), held: state.clock.held };
  drawClock();
  if (changed("channels", [state.channels, at])) drawChannels();
  if (changed("messages", [state.messages, state.channel?.id, at.as, at.around, people.length])) drawMessages();
  if (changed("head", [state.channel, at])) drawHead();
  if (changed("story", state.story)) drawStory();
  if (changed("view", [state.view?.id, state.view?.hash, at.as])) drawView();
}

function drawClock() {
  const now = clock.now + (performance.now() - clock.read) * clock.speed;
  const zone = byId.get(at.as)?.tz ?? "UTC";
  get("now").textContent = `${when(now, { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" })} · ${zone}`;
  get("time-buttons").hidden = !clock.held;
  get("pause").textContent = clock.speed ? "Pause" : "Play";
}

function drawChannels() {
  get("channels").replaceChildren(...state.channels.map((channel) => {
    const mark = { channel: "# ", group: "🔒 ", im: "● " }[channel.type];
    const button = element("button", "", mark + channel.name);
    const read = seen.get(`${at.as} ${channel.id}`);
    if (read === undefined && channel.type !== "im") seen.set(`${at.as} ${channel.id}`, channel.last);
    button.type = "button";
    button.classList.toggle("out", !channel.joined);
    button.classList.toggle("new", channel.joined && channel.last > (seen.get(`${at.as} ${channel.id}`) ?? ""));
    button.setAttribute("aria-current", String(channel.id === at.channel));
    button.addEventListener("click", () => go(channel.id));
    return button;
  }));
}

function drawHead() {
  const channel = state.channel;
  if (!channel) return;
  const mark = channel.type === "channel" ? "# " : channel.type === "group" ? "🔒 " : "";
  const people = channel.type === "im" ? "only the two of you" : `${channel.members} ${channel.members === 1 ? "member" : "members"}`;
  get("title").replaceChildren(`${mark}${channel.name} `, element("small", "", [people, channel.topic].filter(Boolean).join(" · ")));
  get("compose").hidden = !channel.joined || channel.archived;
  get("outside").hidden = channel.joined || channel.archived;
  get("text").placeholder = "Write, or /cop help";
  const replying = get("replying");
  replying.hidden = !at.thread;
  replying.firstElementChild.textContent = at.thread ? `Replying to ${at.thread.by}: ${at.thread.text.slice(0, 60)}` : "";
}

function drawMessages() {
  const box = get("messages");
  const followed = box.scrollHeight - box.scrollTop - box.clientHeight < 80 || box.dataset.channel !== at.channel;
  box.dataset.channel = at.channel ?? "";
  let day = "";
  const nodes = [];
  for (const message of state.messages) {
    const date = when(Number(message.ts) * 1000, { dateStyle: "full" });
    if (date !== day) nodes.push(element("p", "day", (day = date)));
    nodes.push(drawMessage(message, message));
    if (message.replies?.length) {
      const thread = element("div", "thread");
      const left = (message.reply_count ?? 0) - message.replies.length;
      if (left > 0) thread.append(element("p", "quiet", `${left} earlier replies`));
      thread.append(...message.replies.map((reply) => drawMessage(reply, message)));
      nodes.push(thread);
    }
  }
  if (!nodes.length) nodes.push(element("p", "quiet", "Nothing has been said here yet."));
  box.replaceChildren(...nodes);
  const linked = box.querySelector(".linked");
  if (linked) linked.scrollIntoView({ block: "center" });
  else if (followed) box.scrollTop = box.scrollHeight;
}

const QUIET = new Set(["channel_join", "channel_leave", "tombstone", "channel_topic", "channel_purpose", "channel_name", "channel_archive"]);

function drawMessage(message, root) {
  const node = element("article", "message");
  if (message.ephemeral) node.classList.add("alone");
  if (message.ts === at.around) node.classList.add("linked");
  if (QUIET.has(message.subtype)) {
    node.classList.add("quiet");
    node.append(mrkdwn(message.text ?? "", names));
    return node;
  }
  const by = names.person(message.user) ?? message.username ?? message.user ?? "somebody";
  const app = Boolean(message.bot_id) || message.ephemeral;
  const head = element("div");
  const author = element("span", app ? "by app" : "by", by);
  author.title = `@${byId.get(message.user)?.handle ?? by}`;
  head.append(author);
  if (app) head.append(" ", element("span", "app-mark", "APP"));
  const day = (ts) => when(Number(ts) * 1000, { dateStyle: "medium" });
  const style = day(message.ts) === day(root.ts) ? { timeStyle: "short" } : { dateStyle: "medium", timeStyle: "short" };
  const time = element("time", "", when(Number(message.ts) * 1000, style));
  time.title = names.moment(Number(message.ts));
  head.append(time);
  if (message.ephemeral) head.append(element("span", "note", "only visible to you"));
  if (message.edited) head.append(element("span", "note", "(edited)"));
  if (!message.ephemeral && state.channel.joined) {
    const reply = element("button", "reply", "Reply");
    reply.type = "button";
    reply.addEventListener("click", () => {
      at.thread = { ts: root.ts, by, text: root.text ?? "" };
      drawHead();
      get("text").focus();
    });
    head.prepend(reply);
  }
  node.append(head);
  const press = (part, value) => {
    const place = message.ephemeral ? { ephemeral: message.index } : { channel: at.channel, ts: message.ts };
    act("press", { ...place, action_id: part.action_id, value });
  };
  if (message.blocks?.length && (message.bot_id || message.ephemeral)) node.append(...blockNodes(message.blocks, names, press));
  else node.append(mrkdwn(message.text ?? "", names));
  if (message.reactions?.length) {
    const row = element("div", "reactions");
    row.append(...message.reactions.map((reaction) => element("span", "", `${emoji(reaction.name)} ${reaction.count}`)));
    node.append(row);
  }
  return node;
}

function drawStory() {
  get("lines").replaceChildren(...state.story.map((line) => {
    const item = element("li");
    item.append(element("time", "", names.moment(Number(line.ts))), mrkdwn(line.text, names));
    return item;
  }));
  get("story").scrollTop = get("story").scrollHeight;
}

function drawView() {
  const dialog = get("modal");
  if (!state.view) return void (dialog.open && dialog.close());
  drawModal(dialog, state.view, names, {
    send: async (values) => {
      const said = await act("submit", { values });
      refresh();
      return said?.errors;
    },
    close: () => act("close", {}),
    press: (part, value) => act("press", { in_view: true, action_id: part.action_id, value }),
  });
  if (!dialog.open) dialog.showModal();
}

// --- what people do on the page

function go(channel, around = null) {
  Object.assign(at, { channel, around, thread: null });
  get("story").classList.remove("shown");
  refresh();
}

get("modal").addEventListener("cancel", (event) => {
  event.preventDefault();
  act("close", {});
});
get("as").addEventListener("change", () => {
  at.as = get("as").value;
  sessionStorage.setItem("as", at.as);
  drawn = {};
  go(at.channel);
});
get("compose").addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = get("text").value;
  if (!text.trim()) return;
  const said = await act("post", { channel: at.channel, text, thread_ts: at.thread?.ts });
  if (!said) return;
  get("text").value = "";
  at.thread = null;
  at.around = null;
  refresh();
});
get("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    get("compose").requestSubmit();
  }
});
get("replying").lastElementChild.addEventListener("click", () => {
  at.thread = null;
  drawHead();
});
get("outside").firstElementChild.addEventListener("click", () => act("join", { channel: at.channel }));
get("story-toggle").addEventListener("click", () => {
  const shown = get("story").classList.toggle("shown");
  get("story-toggle").setAttribute("aria-expanded", String(shown));
});

get("newcomer").addEventListener("click", () => {
  get("newcomer-name").value = "";
  get("invite").returnValue = "";
  get("invite").showModal();
});
get("invite").addEventListener("close", async () => {
  const name = get("newcomer-name").value.trim();
  if (get("invite").returnValue !== "invite" || !name) return;
  const said = await act("newcomer", { name, tz: Intl.DateTimeFormat().resolvedOptions().timeZone });
  if (!said) return;
  at.as = said.user;
  sessionStorage.setItem("as", at.as);
  drawn = {};
  people = [];
  go(null);
});

async function moveTime(body) {
  for (const button of get("time-buttons").children) button.disabled = true;
  const said = await act("clock", body);
  for (const button of get("time-buttons").children) button.disabled = false;
  if (said?.said) notice(said.said);
  refresh();
}
get("hour").addEventListener("click", () => moveTime({ advance: 3600 }));
get("day").addEventListener("click", () => moveTime({ advance: 86400 }));
get("next").addEventListener("click", () => moveTime({ next: true }));
get("pause").addEventListener("click", () => moveTime({ speed: clock.speed ? 0 : 1 }));
setInterval(drawClock, 1000);

// --- beginning

const link = /^\/archives\/([A-Z0-9]+)\/p(\d{7,})$/.exec(location.pathname);
if (link) Object.assign(at, { channel: link[1], around: `${link[2].slice(0, -6)}.${link[2].slice(-6)}` });
await meetPeople();
new EventSource("/page/stream").addEventListener("message", refresh);
