"use strict";

// How many rows stay on the page: beyond it the oldest go, so that a long night of watching costs no memory.
const ROWS_MAX = 5000;
const TAIL = 500;
const LIST_EVERY_MS = 5000;

const $ = (id) => document.getElementById(id);

let source = null;
let shown = null;
let following = true;
let listTimer = null;
let hostsTimer = null;
let queue = [];
let frame = 0;

// The cookie of a session is hidden from the page. Without this mark nobody has signed in here, and there is no need to ask.
const SIGNED_IN = "spyhop-signed-in";

class Problem extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

async function api(method, path, body) {
  const answer = await fetch(path, {
    method,
    headers: body ? { "Content-Type": "application/json" } : {},
    body: body && JSON.stringify(body),
  });
  const isJson = (answer.headers.get("Content-Type") || "").includes("json");
  const content = isJson ? await answer.json() : null;
  if (!answer.ok) {
    throw new Problem(answer.status, (content && content.detail) || `status ${answer.status}`);
  }
  return content;
}

async function start() {
  const code = new URLSearchParams(location.hash.slice(1)).get("code");
  if (code) {
    history.replaceState(null, "", "/");
    try {
      await api("POST", "/api/v1/session", { code });
    } catch (problem) {
      return askForToken(problem.status === 401 ? "This link was used already, or is too old." : problem.message);
    }
  }
  if (!code && !localStorage.getItem(SIGNED_IN)) {
    return askForToken("");
  }
  try {
    welcome(await api("GET", "/api/v1/session"));
  } catch (problem) {
    askForToken(problem.status === 401 ? ended() : problem.message);
  }
}

function ended() {
  localStorage.removeItem(SIGNED_IN);
  return "The session has ended.";
}

function askForToken(message) {
  stopFollowing();
  clearTimeout(listTimer);
  clearTimeout(hostsTimer);
  $("main").hidden = $("who").hidden = $("sign-out").hidden = true;
  $("sign-in").hidden = false;
  $("sign-in-problem").textContent = message;
  $("token").focus();
}

function welcome(session) {
  localStorage.setItem(SIGNED_IN, "yes");
  $("sign-in").hidden = true;
  $("main").hidden = $("who").hidden = $("sign-out").hidden = false;
  $("who").textContent = `${session.name} (${session.role})`;
  refresh();
  refreshHosts();
  const wanted = new URLSearchParams(location.hash.slice(1)).get("workload");
  if (wanted) {
    follow(wanted);
  }
}

$("sign-in").addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    welcome(await api("POST", "/api/v1/session", { token: $("token").value }));
    $("token").value = "";
  } catch (problem) {
    $("sign-in-problem").textContent = problem.status === 401 ? "This token is not valid." : problem.message;
  }
});

$("sign-out").addEventListener("click", async () => {
  await api("DELETE", "/api/v1/session").catch(() => {});
  ended();
  askForToken("");
});

let asked = 0;

async function refresh() {
  clearTimeout(listTimer);
  const mine = ++asked;
  try {
    const text = $("filter").value.trim();
    const page = await api("GET", "/api/v1/workloads?limit=1000" + (text ? "&q=" + encodeURIComponent(text) : ""));
    if (mine === asked) {
      list(page.items);
      $("list-problem").textContent = "";
    }
  } catch (problem) {
    if (problem.status === 401) {
      return askForToken(ended());
    }
    $("list-problem").textContent = problem.message;
  }
  listTimer = setTimeout(refresh, LIST_EVERY_MS);
}

function list(workloads) {
  const known = new Map([...$("workloads").children].map((item) => [item.dataset.id, item]));
  const items = workloads.map((workload) => {
    const item = known.get(workload.id) || entry(workload.id);
    item.querySelector(".name").textContent = workload.name;
    const status = item.querySelector(".status");
    status.textContent = workload.status;
    status.className = "status " + workload.status;
    return item;
  });
  $("workloads").replaceChildren(...items);
  mark();
}

// Only where there is something to tell: several hosts, or one that is away. A token of some orgs may not see them.
async function refreshHosts() {
  clearTimeout(hostsTimer);
  let hosts = [];
  try {
    hosts = (await api("GET", "/api/v1/hosts")).items;
  } catch (problem) {
    if (problem.status === 401 || problem.status === 403) {
      $("hosts").hidden = true;
      return;
    }
  }
  $("hosts").hidden = hosts.length < 2 && hosts.every((host) => host.state !== "away");
  $("hosts").replaceChildren(...hosts.map(hostEntry));
  hostsTimer = setTimeout(refreshHosts, LIST_EVERY_MS);
}

function hostEntry(host) {
  const item = document.createElement("li");
  const count = host.containers === 1 ? "1 container" : `${host.containers} containers`;
  item.append(span("name", host.name), span("about", count), span("status " + host.state, host.state));
  const since = host.changedAt ? ` since ${new Date(host.changedAt).toLocaleString()}` : "";
  item.title = `${host.endpoint}${host.engine ? ", " + host.engine : ""}, ${host.state}${since}`;
  return item;
}

function entry(id) {
  const item = document.createElement("li");
  item.dataset.id = id;
  const button = document.createElement("button");
  button.type = "button";
  button.append(span("name", ""), span("status", ""));
  button.addEventListener("click", () => follow(id));
  item.append(button);
  return item;
}

function span(kind, text) {
  const element = document.createElement("span");
  element.className = kind;
  element.textContent = text;
  return element;
}

function mark() {
  for (const item of $("workloads").children) {
    item.firstChild.setAttribute("aria-current", String(item.dataset.id === shown));
  }
}

$("filter").addEventListener("input", () => {
  clearTimeout(listTimer);
  listTimer = setTimeout(refresh, 150);
});

function follow(id) {
  stopFollowing();
  shown = id;
  location.hash = "workload=" + encodeURIComponent(id);
  $("title").textContent = id;
  $("lines").replaceChildren();
  $("main").classList.add("reading");
  $("pause").hidden = false;
  setFollowing(true);
  mark();
  source = new EventSource(`/api/v1/workloads/${encodeURIComponent(id)}/logs/stream?tail=${TAIL}`);
  source.onopen = () => ($("state").textContent = "live");
  source.onerror = () => {
    const closed = source && source.readyState === EventSource.CLOSED;
    $("state").textContent = closed ? "not available" : "connecting…";
    if (closed) {
      refresh();
    }
  };
  source.onmessage = (event) => {
    queue.push(event.data);
    if (queue.length > 2 * ROWS_MAX) {
      // A page in the background is not drawn.
      queue = queue.slice(-ROWS_MAX);
    }
    frame = frame || requestAnimationFrame(show);
  };
}

function stopFollowing() {
  if (source) {
    source.close();
  }
  source = null;
  shown = null;
  queue = [];
  $("state").textContent = "";
}

// Once a frame, whatever came: a busy workload must not freeze the page.
function show() {
  frame = 0;
  const rows = document.createDocumentFragment();
  for (const data of queue.slice(-ROWS_MAX)) {
    rows.append(row(JSON.parse(data)));
  }
  queue = [];
  const lines = $("lines");
  lines.append(rows);
  // While paused nothing is taken away under the reader's eyes, up to a point.
  const most = following ? ROWS_MAX : 4 * ROWS_MAX;
  while (lines.childElementCount > most) {
    lines.firstChild.remove();
  }
  if (following) {
    lines.scrollTop = lines.scrollHeight;
  }
}

function row(line) {
  const element = document.createElement("div");
  element.className = `row ${line.stream} ${line.level}`;
  const time = document.createElement("time");
  time.dateTime = line.at;
  time.title = `line ${line.lineNo}, ${line.at}`;
  time.textContent = new Date(line.at).toLocaleTimeString([], { hour12: false });
  element.append(time, span("level", line.level), span("message", line.message));
  return element;
}

function setFollowing(on) {
  following = on;
  $("pause").textContent = on ? "Pause" : "Follow";
  if (on) {
    $("lines").scrollTop = $("lines").scrollHeight;
  }
}

$("pause").addEventListener("click", () => setFollowing(!following));

// Scrolling up is how one says "wait"; scrolling to the end, "go on".
$("lines").addEventListener("wheel", (event) => event.deltaY < 0 && setFollowing(false), { passive: true });
$("lines").addEventListener("scroll", () => {
  const lines = $("lines");
  if (!following && lines.scrollHeight - lines.scrollTop - lines.clientHeight < 4) {
    setFollowing(true);
  }
});

$("back").addEventListener("click", () => {
  stopFollowing();
  location.hash = "";
  $("main").classList.remove("reading");
  mark();
});

start();
