// The clock, what comes next, and the story so far.

import { element, get } from "/page/dom.js";
import { mrkdwn } from "/page/mrkdwn.js";
import { act, names, notice, nowIs, page, refreshed, when, zone } from "/page/wire.js";

// Two digits and no am or pm: the bar on top is narrow on a phone.
const WHEN = { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
let drawn = {};

export function drawClock() {
  const now = nowIs();
  const place = zone().split("/").at(-1).replaceAll("_", " ");
  get("now").replaceChildren(element("span", "time", `${when(now, WHEN)}`), element("span", "place", ` ${place}`));
  get("time-buttons").hidden = !page.clock.held;
  const plays = page.clock.speed > 0;
  get("play").textContent = plays ? "❚❚ Pause" : "▶ Play";
  get("play").setAttribute("aria-pressed", String(plays));
  const speed = String(page.clock.speed);
  if (plays && [...get("speed").options].some((option) => option.value === speed)) get("speed").value = speed;
}

export function drawSide() {
  const { coming = [], story } = page.state;
  const key = JSON.stringify([coming, zone(), Math.floor(nowIs() / 60_000)]);
  if (drawn.coming !== key) {
    drawn.coming = key;
    get("coming").replaceChildren(...coming.map(drawComing), ...(coming.length ? [] : [element("li", "hint", "Nothing is planned.")]));
  }
  const told = JSON.stringify([story.length, story.at(-1), zone()]);
  if (drawn.story === told) return;
  drawn.story = told;
  get("story").replaceChildren(...story.map((line) => element("li", "", element("time", "", names.moment(Number(line.ts))), mrkdwn(line.text, names))).reverse());
  get("story").parentElement.hidden = !story.length;
}

function drawComing({ at, what, why }) {
  const instant = Date.parse(at);
  const time = element("time", "", `${when(instant, WHEN)} · ${inTime(instant - nowIs())}`);
  time.dateTime = at;
  return element("li", "", time, element("span", "what", mrkdwn(what, names)), why ? element("span", "why", mrkdwn(why, names)) : null);
}

function inTime(milliseconds) {
  const format = new Intl.RelativeTimeFormat(undefined, { numeric: "always", style: "short" });
  for (const [unit, length] of [["day", 86_400_000], ["hour", 3_600_000], ["minute", 60_000]]) {
    if (milliseconds >= length) return format.format(Math.round(milliseconds / length), unit);
  }
  return "now";
}

async function move(body, by) {
  const buttons = [...get("time-buttons").querySelectorAll("button")];
  for (const each of buttons) each.disabled = true;
  const said = await act("clock", body);
  for (const each of buttons) each.disabled = false;
  by.focus();
  if (said?.said) notice(said.said);
  await refreshed();
}

export function listenToTime() {
  for (const [id, body] of [["hour", { advance: 3600 }], ["day", { advance: 86_400 }], ["next", { next: true }]]) {
    get(id).addEventListener("click", () => move(body, get(id)));
  }
  get("play").addEventListener("click", () => move({ speed: page.clock.speed ? 0 : Number(get("speed").value) }, get("play")));
  get("speed").addEventListener("change", () => page.clock.speed && move({ speed: Number(get("speed").value) }, get("speed")));
  setInterval(drawClock, 1000);
}
