// The console's one script. Without it every form works as a plain form; it adds what is nice to have:
// lines as they come, who else is there, a draft that outlives a reload, and keys.

const body = document.body;
const LOST_AFTER = 5000; // milliseconds without a sign of life from the server
const PRESENCE_EVERY = 20000;

// --- keys: one predicate for every handler, because Enter also ends a Korean syllable --------------
let composing = false;
document.addEventListener("compositionstart", () => { composing = true; });
document.addEventListener("compositionend", () => { setTimeout(() => { composing = false; }, 0); });

export function isComposing(event) {
  return event.isComposing || event.keyCode === 229 || composing;
}

function isInField(target) {
  return target.closest("input, textarea, select, [contenteditable]") !== null;
}

document.addEventListener("keydown", (event) => {
  if (isComposing(event)) return;
  const form = event.target.closest("form.reply");
  if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    form.requestSubmit(form.querySelector("button[value=reply]"));
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || isInField(event.target)) return;
  if (localStorage.getItem("keys") === "off") return;
  press(event);
});

function press(event) {
  if (event.key === "?") { location.href = "/help"; return; }
  if (body.dataset.page === "inbox" && (event.key === "j" || event.key === "k")) move(event.key === "j" ? 1 : -1);
  if (body.dataset.page !== "case") return;
  if (event.key === "r") { event.preventDefault(); document.getElementById("text")?.focus(); }
  if (event.key === "c") document.querySelector("button[data-key=claim]")?.focus();
  if (event.key === "e") document.querySelector("button[data-key=resolve]")?.focus();
}

function move(step) {
  const links = [...document.querySelectorAll("#list .question a")];
  const at = links.indexOf(document.activeElement);
  links[Math.min(Math.max(at + step, 0), links.length - 1)]?.focus();
}

// --- the stream: what changes, and a word when it is lost ------------------------------------------
let heard = Date.now();
let lostSince = null;
const connection = document.getElementById("connection");

function hear() {
  heard = Date.now();
  if (lostSince === null) return;
  lostSince = null;
  connection.hidden = true;
}

function watchConnection() {
  if (Date.now() - heard < LOST_AFTER) return;
  if (lostSince === null) lostSince = new Date(heard);
  const time = lostSince.toTimeString().slice(0, 5);
  connection.textContent = connection.dataset.text.replace("{time}", time);
  connection.hidden = false;
}

function listen(path, handlers) {
  let last = body.dataset.last ?? "0";
  let source = null;
  const open = () => {
    source?.close();
    source = new EventSource(`${path}?after=${last}`);
    source.addEventListener("ping", hear);
    for (const [name, handle] of Object.entries(handlers)) {
      source.addEventListener(name, (event) => {
        hear();
        if (event.lastEventId) last = event.lastEventId;
        handle(JSON.parse(event.data), event);
      });
    }
  };
  open();
  setInterval(() => {
    watchConnection();
    if (lostSince !== null && Date.now() - heard > 2 * LOST_AFTER) { heard = Date.now() - LOST_AFTER; open(); }
  }, 1000);
}

function addLine({ html }) {
  const holder = document.createElement("template");
  holder.innerHTML = html; // made and escaped by the server
  const line = holder.content.querySelector("li");
  const record = document.getElementById("record");
  if (record.querySelector(`[data-number="${line.dataset.number}"]`)) return;
  record.append(line);
}

async function refreshList() {
  const answer = await fetch(location.href);
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("list");
  const focused = document.activeElement?.getAttribute("href");
  document.getElementById("list").replaceWith(fresh);
  if (focused) fresh.querySelector(`a[href="${focused}"]`)?.focus();
  document.querySelector(".views")?.replaceWith(page.querySelector(".views"));
}

// --- a case: drafts and presence, neither for a sealed one -----------------------------------------
function keepDraft(number) {
  const field = document.getElementById("text");
  if (!field) return;
  const key = `draft:${number}`;
  if (!field.value && localStorage.getItem(key)) field.value = localStorage.getItem(key);
  field.addEventListener("input", () => localStorage.setItem(key, field.value));
  field.form.addEventListener("submit", () => {
    sessionStorage.setItem("sent", key);
    setTimeout(() => field.form.querySelectorAll("button").forEach((one) => { one.disabled = true; }), 0);
  });
}

function dropSentDraft() {
  const key = sessionStorage.getItem("sent");
  sessionStorage.removeItem("sent");
  if (key && !document.querySelector(".notice.newer, .notice.refused")) localStorage.removeItem(key);
}

function stayPresent(number) {
  const tab = sessionStorage.tab ??= Math.random().toString(36).slice(2);
  const shown = document.getElementById("present");
  const tell = async () => {
    const form = new URLSearchParams({ token: body.dataset.token, tab });
    const answer = await fetch(`/cases/${number}/presence`, { method: "POST", body: form }).catch(() => null);
    if (!answer?.ok) return;
    const { names } = await answer.json();
    shown.hidden = names.length === 0;
    shown.textContent = shown.dataset.text.replace("{names}", names.join(", "));
  };
  tell();
  setInterval(tell, PRESENCE_EVERY);
}

if (body.dataset.page === "inbox") listen("/events", { changed: refreshList });
if (body.dataset.page === "case" && !body.dataset.sealed) {
  const number = body.dataset.case;
  dropSentDraft();
  keepDraft(number);
  stayPresent(number);
  listen(`/cases/${number}/events`, {
    line: addLine,
    state: ({ state }) => { document.getElementById("state").textContent = state; },
  });
}
document.querySelector(".notice.newer")?.focus();
