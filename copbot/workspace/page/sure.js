// Block Kit's confirm dialog.

import { button, element, get } from "/page/dom.js";
import { textObject } from "/page/mrkdwn.js";

// A Promise of whether the person confirmed.
export function sure(confirm, names) {
  const dialog = get("sure");
  return new Promise((resolve) => {
    const title = element("h2", "", textObject(confirm.title, names));
    title.id = "sure-title";
    const deny = button("", confirm.deny?.text ?? "Cancel", () => dialog.close(""));
    const yes = button(confirm.style === "danger" ? "danger filled" : "primary", confirm.confirm?.text ?? "Confirm", () => dialog.close("yes"));
    dialog.replaceChildren(
      element("div", "dialog-head", title),
      element("div", "dialog-body", textObject(confirm.text, names)),
      element("p", "buttons", deny, yes),
    );
    dialog.returnValue = "";
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
    dialog.showModal();
    yes.focus();
  });
}
