// A modal: its blocks, its fields, and what was filled in. What was typed stays when the app changes the view.

import { button, element } from "/page/dom.js";
import { blockNodes } from "/page/blocks.js";
import { control, nextId } from "/page/controls.js";
import { textObject, withEmoji } from "/page/mrkdwn.js";

const STATEFUL = /select$|picker$|^checkboxes$|^radio_buttons$/;
const typed = new Map(); // view -> what was filled in, while it or one above it is open
let shown = null;

export const forget = () => typed.clear();

// Draws `view` into `dialog`. `act`: send(values) -> Promise of mistakes by block_id; close(); press(part, value);
// options(part, letters). `depth`: how many views lie on each other.
export function drawModal(dialog, view, depth, names, act) {
  const kept = typed.get(view.id) ?? {};
  const focused = shown === view.id ? document.activeElement?.dataset.key : null;
  shown = view.id;
  const form = element("form");
  form.noValidate = true;
  const title = element("h2", "", textObject(view.title, names));
  title.id = "modal-title";
  const leave = button("plain", depth > 1 ? "Back" : "Close", () => act.close(), depth > 1 ? "‹" : "✕");
  form.append(element("div", "dialog-head", ...(depth > 1 ? [leave, title] : [title, leave])));
  const body = element("div", "dialog-body");
  const fields = [];
  for (const block of view.blocks) body.append(...part(block, { names, act, kept, fields }));
  const buttons = element("p", "buttons");
  buttons.append(button("", view.close ? withEmoji(view.close.text) : view.submit ? "Cancel" : "Close", () => act.close()));
  if (view.submit) buttons.append(Object.assign(element("button", "primary", withEmoji(view.submit.text)), { type: "submit" }));
  form.append(body, buttons);
  const keep = () => typed.set(view.id, Object.fromEntries(fields.map((field) => [field.key, field.read()])));
  form.addEventListener("input", keep);
  form.addEventListener("change", keep);
  form.addEventListener("focusout", keep);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const send = form.querySelector("button[type=submit]");
    if (!send || send.disabled) return;
    send.disabled = true;
    send.classList.add("busy");
    try {
      showMistakes(form, fields, (await act.send(Object.fromEntries(fields.map((field) => [field.name, field.read()])))) ?? {});
    } finally {
      send.disabled = false;
      send.classList.remove("busy");
    }
  });
  dialog.replaceChildren(form);
  const again = focused && form.querySelector(`[data-key="${CSS.escape(focused)}"]`);
  queueMicrotask(() => (again || body.querySelector("input, textarea, select") || leave).focus());
}

function part(block, { names, act, kept, fields }) {
  if (block.type === "input") return [field(block, names, act, kept, fields)];
  const made = (each, drawn) => {
    if (STATEFUL.test(each.type)) {
      fields.push({ key: `${block.block_id} ${each.action_id}`, name: each.action_id, block: block.block_id, read: drawn.read });
    }
  };
  return blockNodes([block], { names, key: block.block_id, kept, made, press: act.press, options: act.options });
}

function field(block, names, act, kept, fields) {
  const asked = block.element;
  const key = `${block.block_id} ${asked.action_id}`;
  const press = block.dispatch_action ? act.press : undefined;
  const made = control(asked, { names, key: block.block_id, fills: true, kept, press, options: act.options });
  const at = made.focus ?? made.node;
  const group = made.node.tagName === "FIELDSET";
  const label = element(group ? "legend" : "label", "", textObject(block.label, names));
  if (block.optional) label.append(element("span", "optional", " (optional)"));
  const node = element("div", "field");
  node.dataset.block = block.block_id;
  if (group) made.node.prepend(label);
  else {
    at.id = label.htmlFor = nextId("field");
    at.removeAttribute("aria-label");
    node.append(label);
  }
  node.append(made.node);
  if (block.hint) {
    const hint = element("p", "hint", textObject(block.hint, names));
    hint.id = nextId("hint");
    at.setAttribute("aria-describedby", hint.id);
    node.append(hint);
  }
  if (!block.optional && !group) at.setAttribute("aria-required", "true");
  fields.push({ key, name: block.block_id, block: block.block_id, read: made.read, at });
  return node;
}

function showMistakes(form, fields, mistakes) {
  for (const old of form.querySelectorAll(".error")) old.remove();
  for (const { at } of fields) at?.removeAttribute("aria-invalid");
  let first = null;
  for (const [blockId, text] of Object.entries(mistakes)) {
    const wrong = fields.find((each) => each.block === blockId)?.at;
    const said = element("p", "error", `⚠ ${text}`);
    said.id = nextId("error");
    said.setAttribute("role", "alert");
    ([...form.querySelectorAll(".field")].find((node) => node.dataset.block === blockId) ?? form.querySelector(".dialog-body")).append(said);
    if (!wrong) continue;
    wrong.setAttribute("aria-invalid", "true");
    wrong.setAttribute("aria-errormessage", said.id);
    first ??= wrong.tagName === "FIELDSET" ? wrong.querySelector("input") : wrong;
  }
  first?.focus();
}
