// Messages as Slack shows them: in a channel, and in a thread.

import { avatar, button, element, sync } from "/page/dom.js";
import { blockNodes } from "/page/blocks.js";
import { emoji } from "/page/emoji.js";
import { mrkdwn, withEmoji } from "/page/mrkdwn.js";
import { act, names, nowIs, page, when } from "/page/wire.js";
import { openMenu } from "/page/menu.js";
import { openReactions } from "/page/reactions.js";

const QUIET = new Set(["channel_join", "channel_leave", "tombstone", "channel_topic", "channel_purpose", "channel_name", "channel_archive"]);
const TOGETHER_S = 300; // messages of one person within five minutes stand under one name

// A list of messages that draws only what has changed. `doing`: thread(ts), edit(message).
export function messageList(box, doing, inThread) {
  const drawn = new Map();
  const days = new Map();

  function node(message, previous, line) {
    const together = follows(message, previous) && !line;
    const linked = message.ts === page.at.around;
    const key = JSON.stringify([message, together, linked, page.state.channel.joined, page.at.as]);
    const id = message.ephemeral ? `alone ${message.index}` : message.ts;
    const before = drawn.get(id);
    if (before?.key === key) return before.node;
    const made = drawMessage(message, { together, linked, inThread, doing });
    drawn.set(id, { key, node: made });
    return made;
  }

  function once(key, make) {
    if (!days.has(key)) days.set(key, make());
    return days.get(key);
  }

  // `line`: the ts of the message before which the line of what is new stands.
  return function draw(messages, { line, empty } = {}) {
    const nodes = [];
    let [day, previous] = ["", null];
    for (const message of messages) {
      const date = dayOf(message.ts);
      if (date !== day && !inThread) nodes.push(once(`day ${date}`, () => element("p", "day", element("span", "", date))));
      const isNew = message.ts === line;
      if (isNew) nodes.push(once("new", () => element("p", "new-line", element("span", "", "New"))));
      nodes.push(node(message, date === day ? previous : null, isNew));
      [day, previous] = [date, message];
    }
    if (!messages.length && empty) nodes.push(once(`empty ${empty}`, () => element("p", "empty", empty)));
    sync(box, nodes);
  };
}

const follows = (message, previous) =>
  previous && !message.ephemeral && !previous.ephemeral && message.user === previous.user && !QUIET.has(previous.subtype) && !previous.reply_count &&
  Number(message.ts) - Number(previous.ts) < TOGETHER_S;

function dayOf(ts) {
  const day = (milliseconds) => when(milliseconds, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
  const date = day(Number(ts) * 1000);
  if (date === day(nowIs())) return "Today";
  if (date === day(nowIs() - 86_400_000)) return "Yesterday";
  return date;
}

function drawMessage(message, { together, linked, inThread, doing }) {
  const node = element("article", "message");
  node.tabIndex = -1;
  node.dataset.ts = node.dataset.key = message.ts;
  node.classList.toggle("alone", Boolean(message.ephemeral));
  node.classList.toggle("linked", linked);
  node.classList.toggle("together", Boolean(together));
  const time = drawTime(message.ts);
  if (QUIET.has(message.subtype)) {
    node.classList.add("quiet");
    node.append(element("div", "body", mrkdwn(message.text ?? "", names), " ", time));
    return node;
  }
  const person = page.known.get(message.user);
  const name = person?.name ?? message.username ?? message.user ?? "somebody";
  const body = element("div", "body");
  if (message.ephemeral) body.append(element("p", "only-you", "👁 Only visible to you"));
  if (!together) body.append(drawHead(name, person, message, time));
  body.append(...content(message));
  if (message.edited) ([...body.querySelectorAll(".mrkdwn")].at(-1) ?? body).append(element("span", "edited", " (edited)"));
  if (message.reactions?.length) body.append(drawReactions(message));
  if (message.reply_count && !inThread) body.append(drawReplies(message, doing));
  node.setAttribute("aria-label", `${name}, ${names.moment(Number(message.ts))}`);
  node.append(together ? element("span", "aside", time) : avatar(person ?? { name }, message.user), body);
  if (!message.ephemeral && page.state.channel.joined) node.append(toolbar(message, name, inThread, doing));
  return node;
}

function drawTime(ts) {
  const time = element("time", "", when(Number(ts) * 1000, { timeStyle: "short" }));
  time.dateTime = new Date(Number(ts) * 1000).toISOString();
  time.title = names.moment(Number(ts));
  return time;
}

function drawHead(name, person, message, time) {
  const by = element("span", "by", name);
  by.title = `@${person?.handle ?? name}`;
  const app = message.bot_id || person?.is_bot;
  return element("p", "byline", by, app ? element("span", "app-mark", "APP") : null, " ", time);
}

function content(message) {
  const place = message.ephemeral ? { ephemeral: message.index } : { channel: page.at.channel, ts: message.ts };
  const use = {
    names,
    key: message.ts,
    press: (part, value) => act("press", { ...place, action_id: part.action_id, value }),
  };
  const app = message.bot_id || message.ephemeral;
  const nodes = message.blocks?.length && app ? blockNodes(message.blocks, use) : [mrkdwn(message.text ?? "", names)];
  for (const attached of message.attachments ?? []) nodes.push(drawAttached(attached, use));
  for (const file of message.files ?? []) nodes.push(element("p", "file", `📄 ${file.title || file.name || "file"}`));
  return nodes;
}

function drawAttached(attached, use) {
  const node = element("div", "attached");
  if (attached.pretext) node.append(mrkdwn(attached.pretext, names));
  if (attached.title) node.append(element("strong", "", withEmoji(attached.title)));
  if (attached.blocks) node.append(...blockNodes(attached.blocks, use));
  else if (attached.text || attached.fallback) node.append(mrkdwn(attached.text || attached.fallback, names));
  return node;
}

// --- reactions, replies and what can be done with a message

const react = (message, name, on) => act("react", { channel: page.at.channel, ts: message.ts, name, on });

function drawReactions(message) {
  const row = element("div", "reactions");
  for (const { name, users, count } of message.reactions) {
    const mine = users.includes(page.at.as);
    const who = users.map((user) => names.person(user) ?? user).join(", ");
    const chip = button(mine ? "mine" : "", `${name.replaceAll("_", " ")}, ${count}`, () => react(message, name, !mine), emoji(name), element("span", "", String(count)));
    chip.setAttribute("aria-pressed", String(mine));
    chip.title = `${who} reacted with :${name}:`;
    chip.dataset.key = `${message.ts} ${name}`;
    chip.disabled = !page.state.channel.joined;
    row.append(chip);
  }
  if (page.state.channel.joined) row.append(button("add", "Add a reaction", (event) => openReactions(event.currentTarget, (name) => react(message, name, true)), "☺+"));
  return row;
}

function drawReplies(message, doing) {
  const { reply_count: count, reply_users: repliers, latest_reply: latest } = message;
  const faces = element("span", "faces", ...repliers.slice(0, 4).map((id) => avatar(page.known.get(id), id)));
  const words = `${count} ${count === 1 ? "reply" : "replies"}`;
  const bar = button(`replies${message.new_replies ? " new" : ""}`, "", () => doing.thread(message.ts));
  bar.append(faces, element("span", "count", words), element("span", "hint", `Last reply ${ago(Number(latest))}`));
  if (message.new_replies) bar.append(element("span", "badge", "new"));
  bar.dataset.key = `${message.ts} replies`;
  return bar;
}

// How long ago, in the words of a chat.
export function ago(seconds) {
  const gone = nowIs() / 1000 - seconds;
  const format = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" });
  for (const [unit, length] of [["day", 86_400], ["hour", 3600], ["minute", 60]]) {
    if (Math.abs(gone) >= length) return format.format(-Math.round(gone / length), unit);
  }
  return "just now";
}

function toolbar(message, name, inThread, doing) {
  const bar = element("div", "toolbar");
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", `What to do with the message of ${name}`);
  bar.append(button("plain", "Add a reaction", (event) => openReactions(event.currentTarget, (picked) => react(message, picked, true)), "☺"));
  if (!inThread) bar.append(button("plain reply", "Reply in thread", () => doing.thread(message.thread_ts ?? message.ts), "💬"));
  if (message.user === page.at.as) {
    bar.append(button("plain", "Edit", () => doing.edit(message), "✎"));
    bar.append(button("plain", "Delete", () => doing.remove(message), "🗑"));
  }
  const shortcuts = Object.entries(page.state.shortcuts);
  if (shortcuts.length) {
    const choices = shortcuts.map(([id, words]) => [words, () => act("shortcut", { channel: page.at.channel, ts: message.ts, callback_id: id })]);
    const more = button("plain", "More actions", (event) => openMenu(event.currentTarget, `More actions for the message of ${name}`, choices), "⋯");
    more.setAttribute("aria-haspopup", "menu");
    bar.append(more);
  }
  for (const item of bar.children) item.title = item.getAttribute("aria-label");
  return bar;
}

// Once a list shows its end, it goes on showing it whatever grows or shrinks.
export function stayAtEnd(box) {
  let end = true;
  let height = 0;
  box.addEventListener("scroll", () => box.clientHeight === height && (end = nearEnd(box)), { passive: true });
  new ResizeObserver(() => {
    height = box.clientHeight;
    if (end) toEnd(box);
  }).observe(box);
}

export const isQuiet = (message) => QUIET.has(message.subtype);
export const nearEnd = (box) => box.scrollHeight - box.scrollTop - box.clientHeight < 80;
export const toEnd = (box) => (box.scrollTop = box.scrollHeight);
