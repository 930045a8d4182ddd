// What the page knows, and its talk with the workspace.

import { get } from "/page/dom.js";

export const page = {
  at: { as: null, channel: null, around: null, thread: null, home: false },
  state: null,
  clock: { now: 0, speed: 0, read: 0, held: false },
  known: new Map(), // everybody who was named so far, by ID
  draw: () => {},
};

export const names = {
  person: (id) => page.known.get(id)?.name,
  channel: (id) => page.state?.channels.find((channel) => channel.id === id)?.name,
  moment: (seconds) => when(seconds * 1000, { dateStyle: "medium", timeStyle: "short" }),
};

export const zone = () => page.state?.as?.tz ?? "UTC";
export const nowIs = () => page.clock.now + (performance.now() - page.clock.read) * page.clock.speed;

const formats = new Map();
// A moment by the acting person's own clock.
export function when(milliseconds, style) {
  const key = JSON.stringify([style, zone()]);
  if (!formats.has(key)) {
    try {
      formats.set(key, new Intl.DateTimeFormat(undefined, { ...style, timeZone: zone() }));
    } catch {
      formats.set(key, new Intl.DateTimeFormat(undefined, { ...style, timeZone: "UTC" }));
    }
  }
  return formats.get(key).format(milliseconds);
}

export async function ask(path) {
  const answer = await fetch(path);
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.error);
  return body;
}

// Does something as the acting person; null, and a line on the page, where it could not be done.
export async function act(name, body) {
  try {
    const answer = await fetch(`/page/${name}`, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ as: page.at.as, ...body }),
    });
    const text = await answer.text();
    const said = text.startsWith("{") ? JSON.parse(text) : { error: text };
    if (!answer.ok) throw new Error(said.error);
    return said;
  } catch (mistake) {
    notice(mistake.message);
    return null;
  }
}

let noticeTimer;
export function notice(text) {
  get("notice").textContent = text;
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(() => (get("notice").textContent = ""), 6000);
}

export function announce(text) {
  const line = document.createElement("span");
  line.textContent = `${text} `;
  get("announce").append(line);
  while (get("announce").childNodes.length > 5) get("announce").firstChild.remove();
}

const REST_MS = 120;
let asking = null;
let again = false;

// Asks for the state and draws it; while an answer is on its way, one more question waits.
export async function refresh() {
  if (asking) {
    again = true;
    return asking;
  }
  asking = look().finally(() => {
    asking = null;
    if (!again) return;
    again = false;
    setTimeout(refresh, REST_MS);
  });
  return asking;
}

async function look() {
  const { at } = page;
  const query = new URLSearchParams({ as: at.as });
  for (const key of ["channel", "around", "thread"]) if (at[key]) query.set(key, at[key]);
  const asked = { ...at };
  try {
    const news = await ask(`/page/state?${query}`);
    if (asked.as !== at.as || asked.channel !== at.channel || asked.thread !== at.thread) return void (again = true);
    for (const [id, person] of Object.entries(news.known)) page.known.set(id, person);
    page.known.set(news.as.id, news.as);
    page.state = news;
    page.clock = { now: Date.parse(news.clock.now), speed: news.clock.speed, read: performance.now(), held: news.clock.held };
    at.channel = news.channel?.id ?? null;
    page.draw();
    document.dispatchEvent(new CustomEvent("copbot:state", { detail: news }));
  } catch (mistake) {
    notice(mistake.message);
  }
}

// After this person's own doing: the next state asked for is one from after it.
export async function refreshed() {
  if (asking) await asking;
  return refresh();
}
