"use strict";

const LIST_EVERY_MS = 5000;

let listTimer = null;
let hostsTimer = null;

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
  stopSearching();
  stopHealth();
  stopPorts();
  stopUsage();
  forbidControl();
  stopCrashes();
  stopJobs();
  stopRun();
  clearTimeout(listTimer);
  clearTimeout(hostsTimer);
  $("main").hidden = $("who").hidden = $("sign-out").hidden = $("search-open").hidden = true;
  // Nobody else sees what this one saw.
  for (const shown of ["workloads", "lines", "results", "histogram", "axis"]) {
    $(shown).replaceChildren();
  }
  $("sign-in").hidden = false;
  $("sign-in-problem").textContent = message;
  $("token").focus();
}

function welcome(session) {
  localStorage.setItem(SIGNED_IN, "yes");
  $("sign-in").hidden = true;
  $("main").hidden = $("who").hidden = $("sign-out").hidden = $("search-open").hidden = false;
  $("who").textContent = `${session.name} (${session.role})`;
  allowControl(session.role);
  refresh();
  refreshHosts();
  openPort().then(
    (leaving) => leaving || route(),
    (problem) => {
      history.replaceState(null, "", "/");
      route();
      $("title").textContent = problem.message;
    },
  );
}

// What is shown stands in the address, so that it can be kept, sent, and gone back from.
function go(parameters) {
  location.hash = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value)).toString();
}

function route() {
  const wanted = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  const searching = "search" in wanted;
  stopFollowing();
  stopSearching();
  $("logs").hidden = searching;
  $("search").hidden = !searching;
  $("main").classList.toggle("reading", searching || Boolean(wanted.workload));
  const running = !searching && Boolean(wanted.run);
  stopRun();
  if (searching || running || !wanted.workload) {
    stopHealth();
    stopPorts();
    stopUsage();
    stopCrashes();
    stopJobs();
  }
  if (searching) {
    openSearch(wanted);
  } else if (running) {
    openWorkload(wanted);
    openRun(wanted);
  } else if (wanted.workload) {
    openWorkload(wanted);
    openHealth(wanted.workload);
    openPorts(wanted.workload);
    openUsage(wanted.workload);
    openCrashes(wanted.workload);
    openJobs(wanted.workload, wanted.job);
  } else {
    $("lines").replaceChildren();
    $("title").textContent = "Choose a workload";
    $("line-filter").hidden = $("tools").hidden = true;
  }
  showControl();
  mark();
}

window.addEventListener("hashchange", () => $("main").hidden || route());

$("search-open").addEventListener("click", () => go({ search: "1" }));

for (const button of document.querySelectorAll(".back")) {
  button.addEventListener("click", () => go({}));
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
    const [page, usages] = await Promise.all([
      api("GET", "/api/v1/workloads?limit=1000" + (text ? "&q=" + encodeURIComponent(text) : "")),
      greediest(),
    ]);
    if (mine === asked) {
      list(page.items, usages);
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

function list(workloads, usages) {
  const known = new Map([...$("workloads").children].map((item) => [item.dataset.id, item]));
  // What is removed stays readable, behind what is there.
  const items = [...workloads.filter(isThere), ...workloads.filter((workload) => !isThere(workload))].map((workload) => {
    const item = known.get(workload.id) || entry(workload.id);
    item.querySelector(".name").textContent = workload.name;
    item.querySelector(".usage").textContent = usageText(workload, usages.get(workload.id));
    const status = item.querySelector(".status");
    status.textContent = workload.status;
    status.title = workload.statusReason || "";
    status.className = "status " + workload.status;
    return item;
  });
  $("workloads").replaceChildren(...items);
  listControls(workloads);
  mark();
}

function isThere(workload) {
  return workload.status !== "removed";
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
  button.append(span("name", ""), span("usage", ""), span("status", ""));
  button.addEventListener("click", () => go({ workload: id }));
  item.append(button);
  return item;
}

function mark() {
  for (const item of $("workloads").children) {
    item.firstChild.setAttribute("aria-current", String(Boolean(shown) && item.dataset.id === shown.workload));
  }
}

$("filter").addEventListener("input", () => {
  clearTimeout(listTimer);
  listTimer = setTimeout(refresh, 150);
});

start();
