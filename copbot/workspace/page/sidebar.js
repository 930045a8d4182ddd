// The channels, and the app: bold where something is new to the acting person.

import { arrows, button, element, get, sync } from "/page/dom.js";
import { page } from "/page/wire.js";

const drawn = new Map(); // channel -> {key, node}

export function drawSidebar(go) {
  const { channels, team } = page.state;
  const current = page.at.channel;
  const mine = channels.filter((channel) => channel.type !== "im" && channel.joined);
  const others = channels.filter((channel) => channel.type !== "im" && !channel.joined && !channel.archived);
  const apps = channels.filter((channel) => channel.type === "im");
  const rows = (some) => some.map((channel) => row(channel, channel.id === current, go));
  sync(get("sidebar"), [
    once("team", () => element("p", "team", team)),
    ...section("Channels", rows(mine)),
    ...section("Apps", rows(apps)),
    ...section("More channels", rows(others)),
  ]);
  const waiting = channels.reduce((sum, channel) => sum + (channel.id === current ? 0 : channel.named), 0);
  const some = channels.some((channel) => channel.id !== current && channel.new);
  get("back").dataset.new = waiting ? String(waiting) : some ? "•" : "";
  get("back").setAttribute("aria-label", waiting || some ? `Back to the channels, ${waiting || "something"} new` : "Back to the channels");
  document.title = `${waiting ? `(${waiting}) ` : ""}${page.state.channel?.name ?? team} · ${team}`;
}

const section = (title, rows) => (rows.length ? [once(title, () => element("h2", "", title)), ...rows] : []);

function once(key, make) {
  if (!drawn.has(key)) drawn.set(key, { key, node: make() });
  return drawn.get(key).node;
}

const MARKS = { channel: "#", group: "🔒", im: "✦" };

function row(channel, current, go) {
  const key = JSON.stringify([channel.name, channel.new, channel.named, channel.joined, current]);
  const before = drawn.get(channel.id);
  if (before?.key === key) return before.node;
  const unread = channel.new > 0 && !current;
  const node = button(`channel${unread ? " new" : ""}${channel.joined ? "" : " out"}`, "", () => go(channel.id));
  const mark = element("span", "mark", MARKS[channel.type]);
  mark.setAttribute("aria-hidden", "true");
  node.append(mark, element("span", "name", channel.name));
  if (channel.type === "im") node.append(element("span", "app-mark", "APP"));
  if (unread && channel.named) node.append(element("span", "badge", channel.named > 99 ? "99+" : String(channel.named)));
  if (unread) node.append(element("span", "unseen", `${channel.new} new`));
  node.dataset.channel = node.dataset.key = channel.id;
  if (current) node.setAttribute("aria-current", "page");
  drawn.set(channel.id, { key, node });
  return node;
}

arrows(get("sidebar"), "button.channel");
