// A modal: its blocks, its fields, and what was filled in, by action_id.

import { blockNodes, element, textObject } from "/page/blocks.js";

const SIMPLE = { datepicker: "date", timepicker: "time", email_text_input: "email", url_text_input: "url", number_input: "number" };
let serial = 0;

// Draws `view` into `dialog`. `act` has send(values) -> Promise of mistakes by block_id, close(), press(element, value).
export function drawModal(dialog, view, names, act) {
  const form = element("form");
  form.noValidate = true;
  const title = element("h2");
  title.id = "modal-title";
  title.append(textObject(view.title, names));
  form.append(title);
  const readers = [];
  for (const block of view.blocks) {
    if (block.type === "input") form.append(field(block, names, readers));
    else form.append(...blockNodes([block], names, act.press));
  }
  const buttons = element("p", "buttons");
  const close = element("button", "", view.close?.text ?? (view.submit ? "Cancel" : "Close"));
  close.type = "button";
  close.addEventListener("click", () => act.close());
  buttons.append(close);
  if (view.submit) buttons.append(Object.assign(element("button", "primary", view.submit.text), { type: "submit" }));
  form.append(buttons);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const send = form.querySelector("button[type=submit]");
    if (!send || send.disabled) return;
    send.disabled = true;
    try {
      showMistakes(form, await act.send(Object.fromEntries(readers.map(([name, read]) => [name, read()]))));
    } finally {
      send.disabled = false;
    }
  });
  dialog.replaceChildren(form);
}

function showMistakes(form, mistakes) {
  for (const old of form.querySelectorAll(".error")) old.remove();
  for (const [blockId, text] of Object.entries(mistakes ?? {})) {
    const place = [...form.querySelectorAll(".field")].find((node) => node.dataset.block === blockId);
    const said = element("p", "error", text);
    said.setAttribute("role", "alert");
    (place ?? form).append(said);
  }
  form.querySelector(".error")?.scrollIntoView({ block: "nearest" });
}

function field(block, names, readers) {
  const node = element("div", "field");
  node.dataset.block = block.block_id;
  const part = block.element;
  const label = element(["checkboxes", "radio_buttons"].includes(part.type) ? "legend" : "label", "");
  label.append(textObject(block.label, names));
  if (block.optional) label.append(element("span", "optional", " (optional)"));
  const control = drawControl(part, names);
  if (control.node.tagName === "FIELDSET") control.node.prepend(label);
  else {
    control.node.id = label.htmlFor = `field-${++serial}`;
    node.append(label);
  }
  node.append(control.node);
  if (block.hint) node.append(element("p", "hint", block.hint.text));
  readers.push([part.action_id, control.read]);
  return node;
}

function drawControl(part, names) {
  if (["checkboxes", "radio_buttons"].includes(part.type)) return boxes(part, names);
  if (part.type === "multi_static_select") return boxes(part, names);
  if (part.type === "static_select") return select(optionsOf(part), part.initial_option?.value, part.placeholder);
  if (part.type === "users_select") {
    const people = names.people().map((person) => [person.id, person.name]);
    return select(people, part.initial_user, part.placeholder);
  }
  if (part.type === "multi_users_select") {
    const node = element("select");
    node.multiple = true;
    fillSelect(node, names.people().map((person) => [person.id, person.name]));
    for (const option of node.options) option.selected = (part.initial_users ?? []).includes(option.value);
    return { node, read: () => [...node.selectedOptions].map((option) => option.value) };
  }
  const node = element(part.multiline ? "textarea" : "input");
  if (part.multiline) node.rows = 4;
  else node.type = SIMPLE[part.type] ?? "text";
  node.value = part.initial_value ?? part.initial_date ?? part.initial_time ?? "";
  node.placeholder = part.placeholder?.text ?? "";
  if (part.max_length) node.maxLength = part.max_length;
  return { node, read: () => node.value };
}

const optionsOf = (part) =>
  (part.options ?? (part.option_groups ?? []).flatMap((group) => group.options)).map((option) => [option.value, option.text.text]);

function select(pairs, chosen, placeholder) {
  const node = element("select");
  fillSelect(node, [["", placeholder?.text ?? "Choose…"], ...pairs]);
  node.value = chosen ?? "";
  return { node, read: () => node.value };
}

function fillSelect(node, pairs) {
  for (const [value, text] of pairs) node.append(Object.assign(element("option", "", text), { value }));
}

function boxes(part, names) {
  const single = part.type === "radio_buttons";
  const node = element("fieldset");
  const name = `choice-${++serial}`;
  const initial = single ? [part.initial_option?.value] : (part.initial_options ?? []).map((option) => option.value);
  const options = part.options ?? (part.option_groups ?? []).flatMap((group) => group.options);
  for (const option of options) {
    const label = element("label");
    const box = Object.assign(element("input"), { type: single ? "radio" : "checkbox", name, value: option.value });
    box.checked = initial.includes(option.value);
    const words = textObject(option.text, names);
    words.classList.add("inline");
    label.append(box, words);
    if (option.description) label.append(element("span", "hint", ` ${option.description.text}`));
    node.append(label);
  }
  const read = () => {
    const chosen = [...node.querySelectorAll("input:checked")].map((box) => box.value);
    return single ? (chosen[0] ?? "") : chosen;
  };
  return { node, read };
}
