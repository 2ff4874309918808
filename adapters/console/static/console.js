// The console's one script. Without it every form works as a plain form; it adds what is nice to have:
// lines as they come, who else is there, a draft that outlives a reload, and keys.

const page = document.body.dataset;
const LOST_AFTER = 5000; // milliseconds without a sign of life; the server gives one every 2 s
const PRESENCE_EVERY = 20000;
const REFRESH_EVERY = 2000;
const LONGEST_DELAY = 8000; // between two tries to connect again
const find = (id) => document.getElementById(id);

// --- keys: one predicate for every handler, because Enter also ends a Korean syllable --------------
let composing = false;
document.addEventListener("compositionstart", () => { composing = true; });
document.addEventListener("compositionend", () => { setTimeout(() => { composing = false; }, 0); });

export function isComposing(event) {
  return event.isComposing || event.keyCode === 229 || composing;
}

const isInField = (target) => target.closest("input, textarea, select, [contenteditable], dialog") !== null;

document.addEventListener("keydown", (event) => {
  if (isComposing(event)) return;
  const form = event.target.closest("form.words");
  if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit(form.querySelector("button[name=act]"));
    return;
  }
  if (event.key === "Escape" && event.target.form?.matches(".words")) event.target.blur();
  if (event.ctrlKey || event.metaKey || event.altKey || isInField(event.target)) return;
  if (page.keys === "on") press(event);
});

let before = ""; // the key that a second one may follow
function press(event) {
  // With a Korean layout the key says ㄱ where its code still says R.
  const isLatin = /^[ -~]$/.test(event.key);
  const key = isLatin ? event.key : event.code.replace(/^Key/, "").toLowerCase();
  const act = KEYS[before === "g" && key === "i" ? "gi" : key];
  before = key;
  if (!act) return;
  event.preventDefault();
  act();
}

const KEYS = {
  "?": () => find("keys")?.showModal(),
  gi: () => { location.href = "/"; },
  j: () => move(1),
  k: () => move(-1),
  r: () => find("text")?.focus(),
  n: () => { find("note-box")?.setAttribute("open", ""); find("note")?.focus(); },
  c: () => document.querySelector("button[data-key=claim]")?.click(),
  e: () => document.querySelector("button[data-key=resolve]")?.click(),
};

function move(step) {
  const links = [...document.querySelectorAll("#list .question a")];
  const at = links.indexOf(document.activeElement);
  links[Math.min(Math.max(at + step, 0), links.length - 1)]?.focus();
}

// --- the stream: what changes, and a word when it is lost ------------------------------------------
let heard = Date.now();
let lost = false;

function hear() {
  heard = Date.now();
  if (!lost) return;
  lost = false;
  find("connection").hidden = true;
}

function watchConnection() {
  if (lost || Date.now() - heard < LOST_AFTER) return;
  lost = true;
  const line = find("connection");
  line.textContent = line.dataset.text.replace("{time}", new Date(heard).toTimeString().slice(0, 5));
  line.hidden = false;
}

function listen(makePath, handlers) {
  let source = null;
  let delay = 0;
  let tried = Date.now();
  const open = () => {
    tried = Date.now();
    source?.close();
    source = new EventSource(makePath());
    source.addEventListener("ping", () => { delay = 0; hear(); });
    source.addEventListener("error", () => source.close()); // it is opened anew below, and later each time
    for (const [name, handle] of Object.entries(handlers)) {
      source.addEventListener(name, (event) => { hear(); handle(JSON.parse(event.data), event.lastEventId); });
    }
  };
  // A browser opens six connections to one place at most: a tab that is not seen needs none. What it
  // missed is sent by number when it is seen again.
  const attend = () => {
    heard = Date.now();
    if (document.hidden) source?.close(); else open();
  };
  document.addEventListener("visibilitychange", attend);
  attend();
  setInterval(() => {
    if (document.hidden) return;
    watchConnection();
    const isDead = source.readyState === EventSource.CLOSED || Date.now() - heard > LOST_AFTER;
    if (!isDead || Date.now() - tried < delay) return;
    delay = Math.min(Math.max(2 * delay, 500), LONGEST_DELAY);
    open();
  }, 250);
}

// --- parts of a page that are fetched anew ---------------------------------------------------------
let due = null; // a refresh that waits for its turn
let refreshed = 0;
function refresh(path, ids) {
  if (due) return;
  due = setTimeout(async () => {
    refreshed = Date.now();
    const answer = await fetch(path, { signal: AbortSignal.timeout(LOST_AFTER) }).catch(() => null);
    due = null;
    if (!answer?.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    ids.forEach((id) => replacePart(find(id), fresh.getElementById(id)));
    const notices = fresh.getElementById("notices"); // they count as seen now
    if (notices?.childElementCount) find("notices").append(...notices.children);
  }, Math.max(0, refreshed + REFRESH_EVERY - Date.now()));
}

function replacePart(old, fresh) {
  if (!old || !fresh || old.querySelector("details[open]")) return; // somebody is writing there
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const mark = focused?.getAttribute("href") ? `[href="${focused.getAttribute("href")}"]`
    : focused?.dataset.key && `[data-key="${focused.dataset.key}"]`;
  old.replaceWith(fresh);
  if (mark) fresh.querySelector(mark)?.focus();
}

// --- a case: its lines, drafts and presence, none of them for a sealed one -------------------------
function addLine({ html }, number) {
  const holder = document.createElement("template");
  holder.innerHTML = html; // made and escaped by the server
  const line = holder.content.querySelector("li");
  const record = find("record");
  if (Number(number) > Number(page.last)) page.last = number;
  if (record.querySelector(`[data-number="${number}"]`)) return;
  const next = [...record.children].find((one) => Number(one.dataset.at) > Number(line.dataset.at));
  record.insertBefore(line, next ?? null);
  if (line.classList.contains("staff") && find("newer")) find("newer").hidden = false;
}

find("newer-read")?.addEventListener("click", () => {
  find("reply").elements.seen.value = page.last;
  find("newer").hidden = true;
  find("text").focus();
});

function keepDraft(field) {
  const key = `draft:${page.account}:${page.case}:${field.id}`;
  const sent = () => `${key}:${field.form.elements.id.value}`;
  const done = new URLSearchParams(location.search).get("done"); // the form that was taken
  if (done && sessionStorage.getItem("sent") === `${key}:${done}`) {
    sessionStorage.removeItem("sent");
    localStorage.removeItem(key);
  }
  if (!field.value) field.value = localStorage.getItem(key) ?? "";
  if (field.value) field.closest("details")?.setAttribute("open", "");
  field.addEventListener("input", () => localStorage.setItem(key, field.value));
  field.form.addEventListener("submit", () => {
    sessionStorage.setItem("sent", sent());
    setTimeout(() => field.form.querySelectorAll("button").forEach((one) => { one.disabled = true; }), 0);
  });
}

function dropDrafts() {
  Object.keys(localStorage).filter((key) => key.startsWith("draft:")).forEach((key) => localStorage.removeItem(key));
}

function stayPresent() {
  sessionStorage.tab ??= crypto.randomUUID?.() ?? String(Math.random());
  const tell = async () => {
    const form = new URLSearchParams({ token: page.token, tab: sessionStorage.tab });
    const sent = { method: "POST", body: form, signal: AbortSignal.timeout(LOST_AFTER) };
    const answer = await fetch(`/cases/${page.case}/presence`, sent).catch(() => null);
    if (!answer?.ok) return;
    const { names } = await answer.json();
    const shown = find("present");
    const text = names.length ? shown.dataset.text.replace("{names}", names.join(", ")) : "";
    if (shown.textContent !== text) shown.textContent = text; // said once, not every 20 s
    shown.hidden = !text;
  };
  tell();
  setInterval(tell, PRESENCE_EVERY);
}

document.querySelector("form[action='/sign-out']")?.addEventListener("submit", dropDrafts);
document.querySelectorAll(".notice.newer").forEach((one) => one.focus());
if (page.page === "inbox") listen(() => "/events", { changed: () => refresh(location.href, ["list", "views"]) });
if (page.page === "case" && !page.sealed) {
  document.querySelectorAll("form.words textarea").forEach(keepDraft);
  stayPresent();
  const makePath = () => `/cases/${page.case}/events?after=${page.last}&have=${find("record").childElementCount}`;
  listen(makePath, {
    line: addLine,
    case: ({ version }) => {
      if (String(version) === page.version) return;
      page.version = version;
      refresh(`/cases/${page.case}`, ["about", "fate"]);
    },
  });
}
