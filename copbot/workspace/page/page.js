// The page: asks for the state when the stream says that something is new, draws it, and carries out what is pressed.

import { arrows, element, get } from "/page/dom.js";
import { blockNodes } from "/page/blocks.js";
import { composer, learnCommands } from "/page/composer.js";
import { drawModal, forget } from "/page/form.js";
import { ago, isQuiet, messageList, nearEnd, stayAtEnd, toEnd } from "/page/messages.js";
import { drawActing, openInvite, openPeople } from "/page/people.js";
import { drawSidebar } from "/page/sidebar.js";
import { sure } from "/page/sure.js";
import { drawClock, drawSide, listenToTime } from "/page/time.js";
import { act, announce, ask, names, page, refresh, refreshed } from "/page/wire.js";

const { at } = page;
const APP = "app"; // the app's direct message before there is one
const phone = matchMedia("(max-width: 800px)");
const drafts = new Map(); // person and channel -> what was not sent yet
let arrived = { place: null, line: null, last: "" }; // where the visitor came to, and what was new there then
let editing = null;
let drawn = {};

function changed(part, value) {
  const text = JSON.stringify(value);
  if (drawn[part] === text) return false;
  drawn[part] = text;
  return true;
}

// --- drawing

const doing = { thread: (ts) => openThread(at.channel, ts), edit: startEditing, remove };
const inChannel = messageList(get("messages"), doing, false);
const inThread = messageList(get("replies"), doing, true);

page.draw = () => {
  const { state } = page;
  drawClock();
  drawSide();
  drawActing();
  drawSidebar(go);
  if (state.channel) {
    drawHead();
    drawChannel();
    drawHome();
    drawThread();
  }
  if (changed("view", [state.view?.id, state.view?.hash, at.as, state.depth])) drawView();
  document.body.dataset.ready = at.as;
};

function drawHead() {
  const { channel, team } = page.state;
  if (!changed("head", [channel, at, editing])) return;
  get("team").textContent = team;
  get("title").textContent = `${{ channel: "# ", group: "🔒 ", im: "" }[channel.type]}${channel.name}`;
  const many = `${channel.members.toLocaleString()} ${channel.members === 1 ? "member" : "members"}`;
  get("about").textContent = [channel.type === "im" ? "App: only the two of you" : many, channel.topic].filter(Boolean).join(" · ");
  const app = channel.type === "im";
  get("tabs").hidden = !app;
  if (!app) at.home = false;
  for (const [tab, chosen] of [["tab-messages", !at.home], ["tab-home", at.home]]) {
    get(tab).setAttribute("aria-selected", String(chosen));
    get(tab).tabIndex = chosen ? 0 : -1;
  }
  get("messages").hidden = at.home;
  get("home").hidden = !at.home;
  get("compose").hidden = at.home || !channel.joined || channel.archived;
  get("outside").hidden = channel.joined || channel.archived;
  get("outside").firstElementChild.textContent = `You are looking at #${channel.name}.`;
  get("messages").setAttribute("aria-label", `Messages in ${channel.name}`);
  box.placeholder(editing ? "Change your message" : `Message ${app ? "" : "#"}${channel.name}${phone.matches ? "" : `, or ${page.state.commands[0]} help`}`);
}

function drawChannel() {
  const { channel, messages } = page.state;
  const place = `${at.as} ${channel.id}`;
  const came = arrived.place !== place;
  const list = get("messages");
  const atEnd = came || nearEnd(list);
  const last = messages.at(-1)?.ts ?? "";
  if (came) arrived = { place, line: firstUnread(messages, channel.read), last: "" };
  learnCommands(messages);
  inChannel(messages, { line: arrived.line, empty: "Nothing has been said here yet." });
  const fresh = arrived.last ? messages.filter((message) => message.ts > arrived.last && message.user !== at.as && !isQuiet(message)) : [];
  for (const message of fresh.slice(-3)) announce(`${names.person(message.user) ?? "App"}: ${(message.text ?? "").slice(0, 200)}`);
  const linked = came || drawn.around !== at.around ? list.querySelector(".linked") : null;
  drawn.around = at.around;
  if (linked) linked.scrollIntoView({ block: "center" });
  else if (atEnd) toEnd(list);
  get("newer").hidden = !fresh.length ? get("newer").hidden || nearEnd(list) : nearEnd(list);
  arrived.last = last;
  markRead();
}

// The first message that is new to the acting person: behind what they have read, and behind their own coming.
function firstUnread(messages, until) {
  let first = null;
  for (const message of messages.toReversed()) {
    if (message.ts <= until || (message.subtype === "channel_join" && message.user === at.as)) break;
    if (message.user !== at.as && !isQuiet(message)) first = message.ts;
  }
  return first;
}

// What stands before the visitor's eyes is read.
const read = new Map();
function markRead() {
  const { channel, messages, thread } = page.state;
  if (document.visibilityState !== "visible" || !channel) return;
  const shown = document.body.dataset.view;
  if (thread && (!phone.matches || shown === "thread")) told(thread.ts, thread.replies.at(-1)?.ts);
  if (at.home || (phone.matches && shown !== "conversation") || !nearEnd(get("messages"))) return;
  told("", messages.at(-1)?.ts);
  function told(thread_ts, ts) {
    const place = `${at.as} ${channel.id} ${thread_ts}`;
    if (!ts || !channel.joined || (read.get(place) ?? "") >= ts) return;
    read.set(place, ts);
    act("read", { channel: channel.id, ts, thread_ts: thread_ts || undefined }).then(() => setTimeout(refresh, 60));
  }
}

function drawHome() {
  if (!at.home) return;
  const { home } = page.state;
  if (!changed("home", [home, at.as])) return;
  const use = {
    names, key: "home", press: (part, value) => act("press", { in_home: true, action_id: part.action_id, value }),
  };
  get("home").replaceChildren(...(home ? blockNodes(home.blocks, use) : [element("p", "empty", `${page.state.channel.name} has no Home for you yet.`)]));
}

function drawThread() {
  const { thread } = page.state;
  const open = Boolean(at.thread);
  if (get("thread").hidden === open) get("thread").hidden = !open;
  document.body.classList.toggle("with-thread", open);
  if (!thread) return;
  const list = get("replies");
  const came = drawn.thread !== `${at.as} ${thread.ts}`;
  drawn.thread = `${at.as} ${thread.ts}`;
  const end = came || nearEnd(list);
  const count = thread.replies.filter((reply) => !reply.ephemeral).length + thread.earlier;
  const line = element("p", "day", element("span", "", count ? `${count} ${count === 1 ? "reply" : "replies"}` : "No replies yet"));
  const all = [thread.root, ...thread.replies];
  if (changed("replies", [all, at.as, page.state.channel.joined])) {
    inThread(all);
    list.querySelector(".message")?.after(line);
    if (end) toEnd(list);
  }
  get("thread-about").textContent = `${names.person(thread.root.user) ?? ""} · ${ago(Number(thread.ts))}`;
  get("reply").hidden = !page.state.channel.joined || page.state.channel.archived;
  answer.placeholder("Reply…");
}

function drawView() {
  const dialog = get("modal");
  const { view, depth } = page.state;
  if (!view) {
    forget();
    if (dialog.open) dialog.close();
    return;
  }
  drawModal(dialog, view, depth, names, {
    async send(values) {
      const said = await act("submit", { values });
      refresh();
      return said?.errors;
    },
    close: () => act("close", {}),
    press: (part, value) => act("press", { in_view: true, action_id: part.action_id, value }),
    options: async (part, typed) => (await act("options", { action_id: part.action_id, typed }))?.options,
  });
  if (!dialog.open) dialog.showModal();
}

// --- moving about

function show(view) {
  document.body.dataset.view = view;
  get("now").setAttribute("aria-expanded", String(view === "side" || !phone.matches));
  if (page.state) markRead();
}

async function go(channel, around = null) {
  const real = channel === APP ? (await act("dm", {}))?.channel : channel;
  drafts.set(`${at.as} ${at.channel}`, editing ? "" : box.get());
  editing = null;
  Object.assign(at, { channel: real ?? null, around, thread: null, home: false });
  box.set(drafts.get(`${at.as} ${at.channel}`) ?? "");
  show("conversation");
  await refreshed();
  if (!phone.matches && document.activeElement === document.body) box.focus();
}

async function become(user) {
  drafts.set(`${at.as} ${at.channel}`, box.get());
  const stay = at.channel;
  at.as = user;
  sessionStorage.setItem("as", user);
  drawn = {};
  arrived = { place: null, line: null, last: "" };
  await go(stay);
  get("as").focus();
}

// A newcomer's first sight is what the app has sent them, or else the liveliest channel.
async function welcome(user) {
  at.channel = null;
  await become(user);
}

async function openThread(channel, ts) {
  if (channel !== at.channel) await go(channel);
  at.thread = ts;
  show("thread");
  await refreshed();
  answer.focus();
}

function closeThread() {
  const ts = at.thread;
  at.thread = null;
  show("conversation");
  refresh();
  get("thread").hidden = true;
  document.body.classList.remove("with-thread");
  get("messages").querySelector(`[data-ts="${CSS.escape(ts ?? "")}"]`)?.focus();
}

async function openTab(home) {
  at.home = home;
  drawHead();
  drawHome();
  if (home) await act("home", {});
  await refreshed();
}

// --- what people do on the page

const box = composer(get("compose"), { id: "text", label: "Message", send, escape: () => editing && stopEditing() });
const answer = composer(get("reply"), { id: "reply-text", label: "Reply in the thread", send: sendReply, escape: closeThread });

async function send(text) {
  const said = editing ? await act("edit", { channel: at.channel, ts: editing, text }) : await act("post", { channel: at.channel, text });
  if (!said) return false;
  if (editing) stopEditing();
  at.around = null;
  await refreshed();
  toEnd(get("messages"));
  return true;
}

async function sendReply(text) {
  const said = await act("post", { channel: at.channel, text, thread_ts: at.thread });
  if (said) await refreshed();
  return Boolean(said);
}

function startEditing(message) {
  const text = (message.text ?? "").replace(/<@(\w+)>/g, (_, id) => `@${page.known.get(id)?.handle ?? id}`).replace(/<#\w+\|([^>]*)>/g, "#$1");
  editing = message.ts;
  box.set(text.replace(/<([^>|]+)(?:\|[^>]*)?>/g, "$1").replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&"));
  drawHead();
  box.focus();
}

function stopEditing() {
  editing = null;
  box.set("");
  drawHead();
}

async function remove(message) {
  const words = { title: { type: "plain_text", text: "Delete this message?" }, text: { type: "plain_text", text: "This cannot be undone." }, style: "danger", confirm: { text: "Delete" } };
  if (await sure(words, names)) act("delete", { channel: at.channel, ts: message.ts });
}

get("modal").addEventListener("cancel", (event) => {
  event.preventDefault();
  act("close", {});
});
get("as").addEventListener("click", () => openPeople(become));
get("newcomer").addEventListener("click", () => openInvite(welcome));
get("outside").querySelector("button").addEventListener("click", async () => (await act("join", { channel: at.channel })) && refreshed());
get("tab-messages").addEventListener("click", () => openTab(false));
get("tab-home").addEventListener("click", () => openTab(true));
get("back").addEventListener("click", () => (show("list"), get("sidebar").querySelector("[aria-current], button")?.focus()));
get("thread-back").addEventListener("click", closeThread);
get("thread-close").addEventListener("click", closeThread);
get("side-back").addEventListener("click", () => (show("conversation"), get("now").focus()));
get("now").addEventListener("click", () => show(document.body.dataset.view === "side" ? "conversation" : "side"));
get("newer").addEventListener("click", () => (toEnd(get("messages")), markRead()));
get("messages").addEventListener("scroll", () => {
  if (!nearEnd(get("messages"))) return;
  get("newer").hidden = true;
  if (page.state) markRead();
}, { passive: true });
document.addEventListener("visibilitychange", () => page.state && markRead());

stayAtEnd(get("messages"));
stayAtEnd(get("replies"));
arrows(get("messages"), ".message");
arrows(get("replies"), ".message");
arrows(get("tabs"), "button", false);
get("messages").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches(".message:not(.alone, .quiet)")) openThread(at.channel, event.target.dataset.ts);
});
get("thread").addEventListener("keydown", (event) => event.key === "Escape" && closeThread());
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  const place = link && link.origin === location.origin && placeOf(new URL(link.href));
  if (!place) return;
  event.preventDefault();
  go(place.channel, place.ts).then(() => place.thread && openThread(place.channel, place.thread));
});

// Where an address of a message leads; null for any other.
function placeOf(url) {
  const found = /^\/archives\/([A-Z0-9]+)(?:\/p(\d{7,}))?$/.exec(url.pathname);
  return found && {
    channel: found[1],
    ts: found[2] ? `${found[2].slice(0, -6)}.${found[2].slice(-6)}` : null,
    thread: url.searchParams.get("thread_ts"),
  };
}

// For the tour, and for whoever tries things out in the browser's console.
window.copbotPage = {
  actAs: become,
  openChannel: (channel) => go(page.state.channels.find((each) => each.id === channel || each.name === channel)?.id ?? channel),
  openThread,
  openHome: async () => (await go(page.state.channels.find((each) => each.type === "im").id), openTab(true)),
  show, // "list", "conversation", "thread" or "side": what a phone shows
  refresh: refreshed,
  get state() {
    return page.state;
  },
};

// --- beginning

// A coordinator sees most; where none is known, whoever stands first.
async function somebody() {
  const { groups } = await ask("/page/people");
  const chosen = groups.find((group) => group.role === "coordinator") ?? groups[0];
  return chosen?.people[0].id ?? "USLACKBOT";
}

const link = placeOf(new URL(location.href));
if (link) Object.assign(at, { channel: link.channel, around: link.ts, thread: link.thread });
at.as = sessionStorage.getItem("as") ?? (await somebody());
listenToTime();
await refresh();
if (!page.state) {
  at.as = await somebody(); // who the visitor was is not there any more
  await refresh();
}
new EventSource("/page/stream").addEventListener("message", refresh);
