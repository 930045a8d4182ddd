// The guided tour: five things to do, each found done by what the workspace shows, and each done for whoever asks.

const KEY = "copbot-tour";
const LOOK_MS = 700;
const element = (tag, className, ...children) => {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...children);
  return node;
};

// --- talking to the workspace

async function ask(path) {
  const answer = await fetch(path);
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.error);
  return body;
}

async function act(name, body) {
  const answer = await fetch(`/page/${name}`, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.error);
  return said;
}

const seenBy = (user, channel) => ask(`/page/state?${new URLSearchParams({ as: user, ...(channel ? { channel } : {}) })}`);
const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

async function until(look, what) {
  for (let tries = 0; tries < 60; tries++) {
    const found = await look();
    if (found) return found;
    await wait(150);
  }
  throw new Error(`${what} did not come`);
}

const buttonsOf = (message) =>
  (message.blocks ?? []).filter((block) => block.type === "actions").flatMap((block) => block.elements).filter((each) => each.type === "button");
const wordsOf = (message) => `${message.text ?? ""} ${JSON.stringify(message.blocks ?? [])}`;
const plain = (text) => text.replaceAll(/[*_]/g, "");

async function peopleOf(...roles) {
  const { groups } = await ask("/page/people");
  return groups.filter((group) => roles.includes(group.role)).flatMap((group) => group.people);
}

async function aModerator() {
  return (await peopleOf("moderator"))[0] ?? (await peopleOf("coordinator"))[0] ?? null;
}

// --- what the steps look for

const told = { before: new Set(), newcomer: null, moderator: null, question: null, taken: null };

async function findNewcomer(state) {
  if (told.newcomer || told.before.has(state.as.id)) return;
  if ((await peopleOf("newcomer")).some((person) => person.id === state.as.id)) told.newcomer = state.as.id;
}

// The direct message of a person with the app, as they see it.
async function dmOf(user) {
  const { channel } = await act("dm", { as: user });
  return seenBy(user, channel);
}

async function isAnswered() {
  if (!told.newcomer) return false;
  const dm = await dmOf(told.newcomer);
  return dm.messages.filter((message) => message.user === dm.bot).length > 1;
}

function nextQuestion(state) {
  const posts = (state.coming ?? []).filter((one) => /#\S+/.test(one.what) && !/becomes a card/.test(one.what));
  return posts.find((one) => /times the average/.test(one.why)) ?? posts[0] ?? null;
}

async function channelNamed(user, name) {
  return (await seenBy(user)).channels.find((channel) => channel.name === name);
}

async function isAsked(state) {
  told.question ??= nextQuestion(state);
  if (!told.question || Date.parse(state.clock.now) < Date.parse(told.question.at)) return false;
  const name = /#(\S+)/.exec(told.question.what)[1];
  const channel = await channelNamed(state.as.id, name);
  if (!channel) return false;
  const seen = await seenBy(state.as.id, channel.id);
  const due = Date.parse(told.question.at) / 1000 - 1;
  return seen.messages.some((message) => message.user === seen.bot && Number(message.ts) >= due);
}

async function cards() {
  const seen = await seenBy(told.moderator.id);
  const place = seen.channels.find((channel) => channel.joined && /moderator/.test(channel.name)) ?? seen.channels.find((channel) => channel.type === "group");
  if (!place) return { place: null, waiting: [], mine: [], messages: [] };
  const { messages, bot } = await seenBy(told.moderator.id, place.id);
  const open = messages.filter((message) => message.user === bot && buttonsOf(message).some((each) => each.url));
  return {
    place,
    messages,
    waiting: open.filter((message) => buttonsOf(message).some((each) => /take it/i.test(each.text.text))),
    mine: open.filter((message) => wordsOf(message).includes(`<@${told.moderator.id}> has taken it`)),
  };
}

const threadOf = (message) => {
  const link = buttonsOf(message).map((each) => /\/archives\/([A-Z0-9]+)\/p(\d+)/.exec(each.url ?? "")).find(Boolean);
  return link && { channel: link[1], ts: `${link[2].slice(0, -6)}.${link[2].slice(-6)}` };
};

// What the moderator has to do now: {say, here, done, go}.
async function rescue(state) {
  told.moderator ??= await aModerator();
  if (!told.moderator) return { say: "Your files name no moderator who is here: nobody looks after questions. Go on to the last step.", here: [], done: false };
  if (state.as.id !== told.moderator.id)
    return { say: `Moderators look after questions that nobody answered. Become ${told.moderator.name}, one of them.`, here: ["act-as"], go: () => window.copbotPage.actAs(told.moderator.id) };
  const { place, waiting, mine, messages } = await cards();
  if (!place) return { say: "Your files have no channel for moderators: questions that wait are shown nowhere. Go on to the last step.", here: [], done: false };
  if (told.taken) {
    const card = messages.find((message) => message.ts === told.taken.card);
    if (card && !buttonsOf(card).length) return { say: "", here: [], done: true };
  }
  const open = () => window.copbotPage.openChannel(place.id);
  if (mine.length) {
    told.taken = { card: mine[0].ts, ...threadOf(mine[0]) };
    return {
      say: "It is yours. Now open its thread and write an answer.",
      here: ["thread", "messages"],
      go: async () => {
        const { channel, ts } = told.taken;
        await act("join", { as: told.moderator.id, channel });
        await act("post", { as: told.moderator.id, channel, thread_ts: ts, text: "We had that case last year: I write down what we did and send it to you." });
        await window.copbotPage.openThread(channel, ts);
      },
    };
  }
  if (waiting.length) {
    const card = waiting.at(-1);
    return {
      say: `In #${place.name} stands a question that nobody answered. Press “I'll take it”.`,
      here: ["messages", "channels"],
      go: async () => {
        await open();
        const take = buttonsOf(card).find((each) => /take it/i.test(each.text.text));
        await act("press", { as: told.moderator.id, channel: place.id, ts: card.ts, action_id: take.action_id, value: take.value });
        told.taken = { card: card.ts, ...threadOf(card) };
      },
    };
  }
  const next = (state.coming ?? []).find((one) => /^a question .*becomes a card/.test(one.what));
  if (next)
    return {
      say: "Somebody asked, and nobody has answered yet. Let time pass until copbot tells the moderators of it.",
      here: ["clock", "coming"],
      go: async () => (await goTo(next.at), open()),
    };
  return { say: "Nobody waits for an answer just now. Ask a question in a channel, as anybody, and let a day pass.", here: ["composer", "act-as"], go: askOne };
}

async function askOne() {
  const asker = (await peopleOf("peripheral", "active", "member", "core")).find((person) => person.id !== told.moderator.id);
  const channel = (await seenBy(asker.id)).channels.find((each) => each.type === "channel" && each.joined && !/general|introductions/.test(each.name));
  await act("post", { as: asker.id, channel: channel.id, text: "Does anybody keep the old codes when two districts are merged? We need them for our time series." });
}

async function goTo(at) {
  const { clock } = await seenBy(window.copbotPage.state.as.id);
  const ahead = (Date.parse(at) - Date.parse(clock.now)) / 1000 + 2;
  if (ahead > 0) await act("clock", { advance: ahead });
}

// --- a form filled in as a friendly newcomer would

const SENTENCE = "I would like to learn how others link their registers, and what they wish they had known.";
function answerTo(input, someone) {
  if (Object.keys(input).some((key) => key.startsWith("initial_"))) return undefined;
  const options = (input.options ?? []).map((option) => option.value);
  const kinds = {
    plain_text_input: () => SENTENCE.slice(0, input.max_length ?? 3000), checkboxes: () => options.slice(0, 2), multi_static_select: () => options.slice(0, 2),
    radio_buttons: () => options[0], static_select: () => options[0], users_select: () => someone, datepicker: () => "2026-01-15",
  };
  return kinds[input.type]?.();
}

async function fillIn() {
  const user = told.newcomer;
  await act("clock", { advance: 60 });
  const dm = await until(async () => {
    const seen = await dmOf(user);
    return seen.messages.some((message) => message.user === seen.bot && buttonsOf(message).length) && seen;
  }, "copbot's message");
  const message = dm.messages.find((each) => each.user === dm.bot && buttonsOf(each).length);
  if (!dm.view) await act("press", { as: user, channel: dm.channel.id, ts: message.ts, action_id: buttonsOf(message)[0].action_id });
  const { view } = await until(async () => ((seen) => seen.view && seen)(await seenBy(user)), "copbot's form");
  const [someone] = await peopleOf("core", "coordinator", "moderator", "member");
  const inputs = view.blocks.filter((block) => block.type === "input");
  const values = inputs.map((block) => [block.block_id, answerTo(block.element, someone?.id)]).filter(([, value]) => value !== undefined);
  await act("submit", { as: user, values: Object.fromEntries(values) });
  await window.copbotPage.openChannel("introductions");
}

// --- the five steps

// The community's own clock, whatever the browser's: "Wednesday 10:00".
const wall = (at) => `${new Intl.DateTimeFormat("en", { weekday: "long", timeZone: "UTC" }).format(Date.parse(`${at.slice(0, 10)}T12:00Z`))} ${at.slice(11, 16)}`;

const steps = [
  {
    title: "Join",
    say: () => "Press “Invite a newcomer” and give any name. From then on you are that person.",
    here: ["invite"],
    done: async (state) => (await findNewcomer(state), Boolean(told.newcomer)),
    go: async () => {
      const { user } = await act("newcomer", { name: "Amal Nasser", tz: Intl.DateTimeFormat().resolvedOptions().timeZone });
      told.newcomer = user;
      await window.copbotPage.actAs(user);
    },
    after: "You have joined, and copbot has written to you.",
  },
  {
    title: "Answer",
    say: () => "copbot asks a newcomer two or three questions. Open its message, press the button, and send the form.",
    here: ["channels", "messages"],
    done: isAnswered,
    go: fillIn,
    after: "Your answers are kept, and what you share has become your introduction.",
  },
  {
    title: "A question at the best hour",
    say: () => told.question
      ? `Let time pass until ${wall(told.question.at)} by the community's clock: then comes ${told.question.what}. Why then? ${told.question.why}.`
      : "Your files have no post that goes out by itself. Go on to the next step.",
    here: ["clock", "coming"],
    done: isAsked,
    go: async () => {
      const { as } = window.copbotPage.state;
      const channel = await channelNamed(as.id, /#(\S+)/.exec(told.question.what)[1]);
      await act("join", { as: as.id, channel: channel.id });
      await goTo(told.question.at);
      await window.copbotPage.openChannel(channel.id);
    },
    after: "It was asked when most members are there.",
  },
  {
    title: "A forgotten question",
    say: () => told.hint?.say ?? "",
    here: () => told.hint?.here ?? [],
    done: async (state) => Boolean((told.hint = await rescue(state)).done),
    go: () => told.hint?.go?.(),
    after: "Answered: the card in the moderators' channel says so by itself.",
  },
  {
    title: "The community's picture",
    say: () => "Who takes part, and how much? As a moderator, write /cop levels in any channel.",
    here: ["composer"],
    done: async (state) => state.messages.some((message) => message.ephemeral && /peripheral/i.test(wordsOf(message)) && Number(message.ts) >= told.since),
    go: async () => {
      told.moderator ??= await aModerator();
      if (window.copbotPage.state.as.id !== told.moderator.id) await window.copbotPage.actAs(told.moderator.id);
      const place = window.copbotPage.state.channels.find((channel) => channel.type === "channel" && channel.joined);
      await window.copbotPage.openChannel(place.id);
      await act("post", { as: told.moderator.id, channel: place.id, text: "/cop levels" });
    },
    after: "Core, active, peripheral: the shares tell how healthy a community is.",
  },
];

// --- the panel

let at = -1; // -1: the offer; steps.length: the end
let isDone = false;
let busy = false;
let looking = false;
let panel = null;
const marked = new Set();

function mark(names) {
  const wanted = new Set(names.map((name) => document.querySelector(`[data-tour="${name}"]`)).filter(Boolean));
  for (const node of [...marked]) if (!wanted.has(node)) (node.classList.remove("tour-here"), marked.delete(node));
  for (const node of wanted) (node.classList.add("tour-here"), marked.add(node));
}

function pressable(label, onClick, className = "") {
  const node = element("button", className, label);
  node.type = "button";
  node.addEventListener("click", onClick);
  return node;
}

function build() {
  panel = element("section", "tour");
  panel.id = "tour";
  panel.setAttribute("aria-labelledby", "tour-title");
  const title = element("h2");
  title.id = "tour-title";
  title.tabIndex = -1;
  const say = element("p", "tour-say");
  say.id = "tour-say";
  say.setAttribute("role", "status");
  panel.append(element("div", "tour-words", title, say), element("p", "tour-buttons"));
  (document.querySelector(".workspace") ?? document.querySelector("main")).before(panel);
}

let shown = "";
function draw(message = "") {
  const step = steps[at];
  const title = !step ? (at < 0 ? "Five minutes with copbot?" : "That was the tour") : `${at + 1} of ${steps.length}: ${step.title}`;
  const text = message || (step ? (isDone ? `✓ ${step.after}` : step.say()) : at < 0
    ? "A tour of five steps: join, answer, and see what copbot does for a community. You can leave at any moment."
    : "The rest is yours: be anybody, write, move time on, or type /cop help.");
  const kind = `${at} ${isDone} ${busy}`;
  mark(step && !isDone && !panel.hidden ? (typeof step.here === "function" ? step.here() : step.here) : []);
  panel.querySelector("#tour-title").textContent = title;
  const say = panel.querySelector("#tour-say");
  if (say.textContent !== text) say.textContent = text;
  if (kind === shown) return;
  shown = kind;
  const row = panel.querySelector(".tour-buttons");
  const hadFocus = row.contains(document.activeElement);
  const buttons = [];
  if (at < 0) buttons.push(pressable("Start the tour", start, "primary"), pressable("Not now", leave));
  else if (at >= steps.length) buttons.push(pressable("Close", leave, "primary"));
  else {
    if (isDone) buttons.push(pressable(at + 1 < steps.length ? "Next step" : "Finish", () => go(at + 1), "primary"));
    else buttons.push(pressable(busy ? "One moment…" : "Do it for me", doIt), pressable("Skip", () => go(at + 1), "plain"));
    buttons.push(pressable("Leave", leave, "plain"));
  }
  row.replaceChildren(...buttons);
  if (hadFocus) buttons[0].focus();
}

async function look() {
  const state = window.copbotPage?.state;
  if (!panel || panel.hidden || looking || busy || isDone || !steps[at] || !state) return;
  looking = true;
  const mine = at;
  try {
    const found = await steps[mine].done(state);
    if (mine === at && !panel.hidden) (isDone = found), draw();
  } catch {
    // The next look will tell: somebody may be moving time, or the workspace is gone.
  } finally {
    looking = false;
  }
}

async function doIt() {
  if (busy) return;
  busy = true;
  draw();
  let complaint = "";
  try {
    await steps[at].go?.();
    await window.copbotPage.refresh?.();
  } catch (mistake) {
    complaint = `That did not work (${mistake.message}). Do it yourself, or skip this step.`;
  }
  busy = false;
  draw(complaint);
  if (!complaint) look();
}

async function start() {
  try {
    await act("clock", { speed: 1 }); // time is the visitor's from here: the story that plays by itself gives way
  } catch {
    // a workspace whose time cannot be moved: the steps that need it say so
  }
  const before = new Set((await peopleOf("newcomer")).map((person) => person.id));
  Object.assign(told, { before, newcomer: null, moderator: null, question: null, taken: null, hint: null });
  go(0);
}

function go(step) {
  at = step;
  isDone = false;
  told.since = Date.parse(window.copbotPage?.state?.clock.now ?? 0) / 1000;
  draw();
  panel.querySelector("#tour-title").focus();
  look();
}

function leave() {
  const hadFocus = panel.contains(document.activeElement);
  panel.hidden = true;
  mark([]);
  localStorage.setItem(KEY, "seen");
  if (hadFocus) document.getElementById("tour-button")?.focus();
}

function open() {
  if (!panel) build();
  panel.hidden = false;
  at = -1;
  isDone = false;
  shown = "";
  draw();
}

function placeButton() {
  if (document.getElementById("tour-button")) return;
  const node = pressable("Tour", () => (panel && !panel.hidden ? leave() : (open(), panel.querySelector("button").focus())));
  node.id = "tour-button";
  (document.querySelector('[data-tour="tour"]') ?? document.querySelector("header .who")).append(node);
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || !panel || panel.hidden || document.querySelector("dialog[open]")) return;
  leave();
});
document.addEventListener("copbot:state", () => {
  placeButton();
  if (!panel && localStorage.getItem(KEY) !== "seen") open();
  look();
});
setInterval(look, LOOK_MS);
