// Slack's mrkdwn as DOM nodes, as Slack shows it.

import { element } from "/page/dom.js";
import { emojiSign } from "/page/emoji.js";

export const unescaped = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

export function mrkdwn(text, names) {
  const out = Object.assign(element("div", "mrkdwn"), { dir: "auto" });
  for (const part of text.split(/(```[\s\S]*?```)/)) {
    const code = /^```([\s\S]*?)```/.exec(part);
    if (code) out.append(element("pre", "", unescaped(code[1].replace(/^\n|\n$/g, ""))));
    else if (part) lines(part, names, out);
  }
  return out;
}

function lines(text, names, out) {
  let quote = null;
  text.replace(/^\n|\n$/g, "").split("\n").forEach((row, index) => {
    const quoted = /^(?:&gt;|>) ?(.*)$/.exec(row);
    if (quoted) {
      quote ??= out.appendChild(element("blockquote"));
      if (quote.hasChildNodes()) quote.append(element("br"));
      inline(quoted[1], names, quote);
      return;
    }
    const after = quote !== null;
    quote = null;
    if (index > 0 && !after) out.append(element("br"));
    inline(row, names, out);
  });
}

const TOKENS = /<([^<>]+)>|`([^`]+)`|:([a-z0-9_+'-]+(?:::skin-tone-\d)?):|(?<![\p{L}\p{N}])([*_~])(?=\S)(.+?)(?<=\S)\4(?![\p{L}\p{N}])/gu;

export function inline(text, names, out) {
  let at = 0;
  for (const found of text.matchAll(TOKENS)) {
    out.append(unescaped(text.slice(at, found.index)));
    at = found.index + found[0].length;
    const [whole, angle, code, colon, mark, marked] = found;
    if (angle !== undefined) out.append(reference(angle, names));
    else if (code !== undefined) out.append(element("code", "", unescaped(code)));
    else if (colon !== undefined) out.append(emojiSign(colon) ? sign(colon) : whole);
    else {
      const node = element({ "*": "strong", _: "em", "~": "s" }[mark]);
      inline(marked, names, node);
      out.append(node);
    }
  }
  out.append(unescaped(text.slice(at)));
}

function sign(name) {
  const node = element("span", "emoji", emojiSign(name));
  node.title = `:${name}:`;
  return node;
}

export const mention = (text) => element("span", "mention", text);

function reference(inside, names) {
  const bar = inside.indexOf("|");
  const [target, label] = bar < 0 ? [inside, ""] : [inside.slice(0, bar), inside.slice(bar + 1)];
  if (/^@[A-Z]/.test(target)) return mention(`@${names.person(target.slice(1)) ?? (label || target.slice(1))}`);
  if (/^#[A-Z]/.test(target)) return mention(`#${names.channel(target.slice(1)) ?? (label || "private channel")}`);
  if (target.startsWith("!date^")) return date(target, unescaped(label), names);
  if (target.startsWith("!")) return mention(unescaped(label) || `@${target.slice(1).split("^")[0]}`);
  return link(unescaped(target), unescaped(label || target.replace(/^mailto:/, "")));
}

function date(target, fallback, names) {
  const seconds = Number(target.split("^")[1]);
  return document.createTextNode(Number.isFinite(seconds) ? names.moment(seconds) : fallback);
}

// A link that only http(s) and mail addresses become; anything else stays text.
export function link(address, label) {
  let url;
  try {
    url = new URL(address, location.href);
  } catch {
    return document.createTextNode(label);
  }
  if (!["http:", "https:", "mailto:"].includes(url.protocol) || !/^(https?:|mailto:)/i.test(address)) return document.createTextNode(label);
  const node = element("a", "", label);
  node.href = url.href;
  node.rel = "noopener noreferrer";
  if (url.origin !== location.origin) node.target = "_blank";
  return node;
}

// Emoji names in words without markup.
export const withEmoji = (text) => unescaped(text).replace(/:([a-z0-9_+'-]+):/g, (whole, name) => emojiSign(name) ?? whole);

export function textObject(object, names) {
  if (!object) return element("span");
  return object.type === "mrkdwn" ? mrkdwn(object.text, names) : element("span", "plain-text", withEmoji(object.text));
}
