// Slack's mrkdwn and Block Kit as DOM nodes. Text only ever goes in through textContent: no member's words become markup.

const EMOJI = {
  wave: "👋", white_check_mark: "✅", heavy_check_mark: "✔️", eyes: "👀", "+1": "👍", thumbsup: "👍", "-1": "👎", tada: "🎉",
  heart: "❤️", raised_hands: "🙌", pray: "🙏", clap: "👏", smile: "😄", slightly_smiling_face: "🙂", joy: "😂", thinking_face: "🤔",
  bulb: "💡", question: "❓", bell: "🔔", no_bell: "🔕", seedling: "🌱", star: "⭐", rocket: "🚀", fire: "🔥", warning: "⚠️",
  hourglass: "⌛", hourglass_flowing_sand: "⏳", zzz: "💤", speech_balloon: "💬", mag: "🔍", bar_chart: "📊", calendar: "📅",
  spiral_calendar_pad: "🗓️", memo: "📝", x: "❌", point_right: "👉", handshake: "🤝", coffee: "☕", sunny: "☀️", herb: "🌿",
  ok_hand: "👌", muscle: "💪", "100": "💯", sparkles: "✨", blush: "😊", wink: "😉", cry: "😢", sob: "😭", laughing: "😆",
};
const BLOCK_LEVEL = /^```([\s\S]*?)```/;

export function element(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

export const emoji = (name) => EMOJI[name.split("::")[0]] ?? `:${name}:`;
const unescaped = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

export function mrkdwn(text, names) {
  const out = element("div", "mrkdwn");
  for (const part of text.split(/(```[\s\S]*?```)/)) {
    const code = BLOCK_LEVEL.exec(part);
    if (code) out.append(element("pre", "", unescaped(code[1].replace(/^\n|\n$/g, ""))));
    else if (part) lines(part, names, out);
  }
  return out;
}

function lines(text, names, out) {
  const rows = text.replace(/^\n|\n$/g, "").split("\n");
  let quote = null;
  rows.forEach((row, index) => {
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

function inline(text, names, out) {
  let at = 0;
  for (const found of text.matchAll(TOKENS)) {
    out.append(unescaped(text.slice(at, found.index)));
    at = found.index + found[0].length;
    const [whole, angle, code, colon, mark, marked] = found;
    if (angle !== undefined) out.append(reference(angle, names));
    else if (code !== undefined) out.append(element("code", "", unescaped(code)));
    else if (colon !== undefined) out.append(EMOJI[colon.split("::")[0]] ?? whole);
    else {
      const node = element({ "*": "strong", _: "em", "~": "s" }[mark]);
      inline(marked, names, node);
      out.append(node);
    }
  }
  out.append(unescaped(text.slice(at)));
}

function reference(inside, names) {
  const [target, label] = [inside.split("|")[0], inside.includes("|") ? inside.slice(inside.indexOf("|") + 1) : ""];
  if (target.startsWith("@")) return element("span", "mention", `@${names.person(target.slice(1)) ?? (label || target.slice(1))}`);
  if (target.startsWith("#")) return element("span", "mention", `#${names.channel(target.slice(1)) ?? (label || target.slice(1))}`);
  if (target.startsWith("!date^")) {
    const seconds = Number(target.split("^")[1]);
    return document.createTextNode(Number.isFinite(seconds) ? names.moment(seconds) : unescaped(label));
  }
  if (target.startsWith("!")) return element("span", "mention", label || `@${target.slice(1).split("^")[0]}`);
  const address = unescaped(target);
  if (!/^(https?:|mailto:)/i.test(address)) return document.createTextNode(unescaped(label || target));
  const link = element("a", "", unescaped(label || target));
  link.href = address;
  link.rel = "noopener noreferrer";
  if (new URL(address, location.href).origin !== location.origin) link.target = "_blank";
  return link;
}

export function textObject(object, names) {
  if (!object) return element("span");
  return object.type === "mrkdwn" ? mrkdwn(object.text, names) : element("span", "", unescaped(object.text));
}

// `press(element, value)` is called when something is pressed or chosen; without it nothing can be pressed.
export function blockNodes(blocks, names, press) {
  return blocks.map((block) => {
    const node = element("div", `block ${block.type}`);
    (DRAW[block.type] ?? unknown)(node, block, names, press);
    return node;
  });
}

function unknown(node, block) {
  node.append(element("span", "quiet", `(${block.type})`));
}

const DRAW = {
  section(node, block, names, press) {
    const words = element("div");
    if (block.text) words.append(textObject(block.text, names));
    if (block.fields) {
      const fields = element("div", "fields");
      fields.append(...block.fields.map((field) => textObject(field, names)));
      words.append(fields);
    }
    node.append(words);
    if (block.accessory) node.append(control(block.accessory, names, press));
  },
  header(node, block, names) {
    const title = element("h3");
    title.append(textObject(block.text, names));
    node.append(title);
  },
  divider(node) {
    node.append(element("hr"));
  },
  context(node, block, names) {
    node.append(...block.elements.map((part) => (part.type === "image" ? picture(part) : textObject(part, names))));
  },
  actions(node, block, names, press) {
    node.append(...block.elements.map((part) => control(part, names, press)));
  },
  image(node, block) {
    node.append(picture(block));
  },
  markdown(node, block, names) {
    node.append(mrkdwn(block.text, names));
  },
  rich_text(node, block) {
    node.append(element("span", "", plainOf(block)));
  },
  input(node, block) {
    node.append(element("span", "quiet", block.label.text));
  },
};

const plainOf = (part) => (part.elements ? part.elements.map(plainOf).join("") : (part.text ?? ""));

// Nothing is loaded from elsewhere: a picture is its description, linked.
function picture(part) {
  return reference(`${part.image_url ?? ""}|🖼 ${part.alt_text ?? "image"}`, {});
}

function control(part, names, press) {
  if (part.type === "image") return picture(part);
  if (part.type === "button") {
    if (part.url) return reference(`${part.url}|${part.text.text}`, names);
    const button = element("button", part.style ?? "", unescaped(part.text.text));
    button.type = "button";
    button.textContent = button.textContent.replace(/:([a-z0-9_+-]+):/g, (_, name) => emoji(name));
    button.addEventListener("click", () => {
      if (!part.confirm || window.confirm(`${part.confirm.title.text}\n\n${part.confirm.text.text}`)) press?.(part);
    });
    button.disabled = !press;
    return button;
  }
  const options = part.options ?? (part.option_groups ?? []).flatMap((group) => group.options);
  if (options.length) {
    const select = element("select");
    select.setAttribute("aria-label", part.placeholder?.text ?? "Choose");
    const first = element("option", "", part.placeholder?.text ?? "Choose…");
    first.value = "";
    select.append(first);
    for (const option of options) {
      const choice = element("option", "", unescaped(option.text.text));
      choice.value = option.value;
      choice.selected = part.initial_option?.value === option.value;
      select.append(choice);
    }
    select.disabled = !press;
    select.addEventListener("change", () => select.value && press?.(part, select.value));
    return select;
  }
  return element("span", "quiet", `(${part.type})`);
}
