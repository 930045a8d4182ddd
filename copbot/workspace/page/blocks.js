// Block Kit's blocks as DOM nodes.

import { element } from "/page/dom.js";
import { control, picture } from "/page/controls.js";
import { link, textObject, withEmoji } from "/page/mrkdwn.js";
import { markdown, richText } from "/page/rich.js";

// `use` is as in controls.js.
export function blockNodes(blocks, use) {
  return blocks.map((block) => {
    const node = element("div", `block ${block.type}`);
    (DRAW[block.type] ?? unknown)(node, block, use);
    return node;
  });
}

function unknown(node, block) {
  node.append(element("span", "quiet", `(${block.type})`));
}

const DRAW = {
  section(node, block, use) {
    const words = element("div", "words");
    if (block.text) words.append(textObject(block.text, use.names));
    if (block.fields) words.append(element("div", "fields", ...block.fields.map((field) => textObject(field, use.names))));
    node.append(words);
    if (block.accessory) node.append(element("div", `accessory of-${block.accessory.type}`, control(block.accessory, use).node));
  },
  header(node, block) {
    node.append(element("h3", "", withEmoji(block.text.text)));
  },
  divider(node) {
    node.append(element("hr"));
  },
  context(node, block, use) {
    node.append(...block.elements.map((part) => (part.type === "image" ? picture(part) : textObject(part, use.names))));
  },
  actions(node, block, use) {
    node.append(...block.elements.map((part) => control(part, use).node));
  },
  image(node, block) {
    node.append(picture(block, true));
  },
  video(node, block) {
    node.append(picture(block, true), link(block.title_url ?? "", withEmoji(block.title?.text ?? "")));
  },
  file(node, block) {
    node.append(element("span", "quiet", `📄 ${block.external_id ?? "file"}`));
  },
  markdown(node, block) {
    node.append(markdown(block.text));
  },
  rich_text(node, block, use) {
    node.append(...richText(block, use.names));
  },
  input(node, block, use) {
    node.append(element("p", "label", withEmoji(block.label.text)), control(block.element, use).node);
  },
};
