// Slack's rich_text blocks and the Markdown of its markdown blocks, as DOM nodes.

import { element } from "/page/dom.js";
import { emoji } from "/page/emoji.js";
import { link, mention, unescaped, withEmoji } from "/page/mrkdwn.js";

export function richText(block, names) {
  return (block.elements ?? []).map((part) => {
    if (part.type === "rich_text_list") return list(part, names);
    const node = element({ rich_text_quote: "blockquote", rich_text_preformatted: "pre" }[part.type] ?? "div", "rich");
    node.append(...(part.elements ?? []).map((piece) => styled(piece, names)));
    return node;
  });
}

function list(part, names) {
  const node = element(part.style === "ordered" ? "ol" : "ul", `rich indent-${Math.min(part.indent ?? 0, 5)}`);
  if (part.offset) node.start = part.offset + 1;
  for (const item of part.elements ?? []) {
    node.append(element("li", "", ...(item.elements ?? []).map((piece) => styled(piece, names))));
  }
  return node;
}

function styled(piece, names) {
  let node = spoken(piece, names);
  for (const [style, tag] of [["code", "code"], ["bold", "strong"], ["italic", "em"], ["strike", "s"]]) {
    if (piece.style?.[style]) node = element(tag, "", node);
  }
  return node;
}

function spoken(piece, names) {
  switch (piece.type) {
    case "text": return document.createTextNode(piece.text ?? "");
    case "link": return link(piece.url ?? "", piece.text || piece.url || "");
    case "user": return mention(`@${names.person(piece.user_id) ?? piece.user_id}`);
    case "channel": return mention(`#${names.channel(piece.channel_id) ?? piece.channel_id}`);
    case "usergroup": return mention(`@${piece.usergroup_id}`);
    case "broadcast": return mention(`@${piece.range}`);
    case "emoji": return document.createTextNode(emoji(piece.name ?? ""));
    case "date": return document.createTextNode(names.moment(piece.timestamp));
    case "color": return element("code", "", piece.value ?? "");
    default: return document.createTextNode(piece.text ?? "");
  }
}

// --- Markdown: what Slack's markdown block shows of it

export function markdown(text) {
  const out = element("div", "markdown");
  const rows = text.split("\n");
  for (let at = 0; at < rows.length; ) at = part(rows, at, out);
  return out;
}

const PARTS = [
  [/^```/, fence],
  [/^(#{1,6})\s+(.*)$/, (rows, at, out) => title(rows[at], out, at)],
  [/^(?:-{3,}|\*{3,}|_{3,})\s*$/, (_, at, out) => (out.append(element("hr")), at + 1)],
  [/^>\s?/, (rows, at, out) => run(rows, at, out, /^>\s?/, () => element("blockquote"), false)],
  [/^\s*[-*+]\s+/, (rows, at, out) => run(rows, at, out, /^\s*[-*+]\s+/, () => element("ul"), true)],
  [/^\s*\d+[.)]\s+/, (rows, at, out) => run(rows, at, out, /^\s*\d+[.)]\s+/, () => element("ol"), true)],
];

function part(rows, at, out) {
  const found = PARTS.find(([pattern]) => pattern.test(rows[at]));
  if (found) return found[1](rows, at, out);
  if (!rows[at].trim()) return at + 1;
  const paragraph = element("p");
  while (at < rows.length && rows[at].trim() && !PARTS.some(([pattern]) => pattern.test(rows[at]))) {
    if (paragraph.hasChildNodes()) paragraph.append(element("br"));
    spans(rows[at++], paragraph);
  }
  out.append(paragraph);
  return at;
}

function fence(rows, at, out) {
  const end = rows.findIndex((row, index) => index > at && row.startsWith("```"));
  const stop = end < 0 ? rows.length : end;
  out.append(element("pre", "", rows.slice(at + 1, stop).join("\n")));
  return stop + 1;
}

function title(row, out, at) {
  const node = element("p", "md-title");
  spans(row.replace(/^#+\s+/, ""), node);
  out.append(node);
  return at + 1;
}

function run(rows, at, out, pattern, make, items) {
  const node = make();
  for (; at < rows.length && pattern.test(rows[at]); at++) {
    const place = items ? node.appendChild(element("li")) : node;
    if (!items && node.hasChildNodes()) node.append(element("br"));
    spans(rows[at].replace(pattern, ""), place);
  }
  out.append(node);
  return at;
}

const SPANS = /`([^`]+)`|\[([^\]]+)\]\(([^)\s]+)\)|(\*\*|__)(?=\S)(.+?)(?<=\S)\4|(~~)(?=\S)(.+?)(?<=\S)\6|(?<![\p{L}\p{N}])([*_])(?=\S)(.+?)(?<=\S)\8(?![\p{L}\p{N}])/gu;

function spans(text, out) {
  let at = 0;
  for (const found of text.matchAll(SPANS)) {
    out.append(withEmoji(text.slice(at, found.index)));
    at = found.index + found[0].length;
    const [, code, label, address, strong, bold, strike, struck, , slanted] = found;
    if (code !== undefined) out.append(element("code", "", unescaped(code)));
    else if (label !== undefined) out.append(link(unescaped(address), withEmoji(label)));
    else {
      const node = element(strong ? "strong" : strike ? "s" : "em");
      spans(bold ?? struck ?? slanted, node);
      out.append(node);
    }
  }
  out.append(withEmoji(text.slice(at)));
}
