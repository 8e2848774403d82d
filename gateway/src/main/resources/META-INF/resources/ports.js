"use strict";

// The ports on which one workload listens, and where a browser opens them.

const PORTS_EVERY_MS = 2000;
const PORTS_SHOWN = 50;
const GONE_SHOWN = 3;

let listens = null;
let portsTimer = null;

function openPorts(workload) {
  if (listens !== workload) {
    stopPorts();
    listens = workload;
    refreshPorts();
  }
}

function stopPorts() {
  listens = null;
  clearTimeout(portsTimer);
  $("ports").hidden = true;
  $("port-list").replaceChildren();
  $("ports-about").replaceChildren();
}

async function refreshPorts() {
  clearTimeout(portsTimer);
  const asked = listens;
  if (!asked) {
    return;
  }
  if (!document.hidden) {
    try {
      const ports = await api("GET", `/api/v1/workloads/${encodeURIComponent(asked)}/ports`);
      if (listens === asked) {
        showPorts(ports);
      }
    } catch (problem) {
      if (listens === asked) {
        $("ports-about").replaceChildren(span("quiet", problem.message));
      }
    }
  }
  if (listens === asked) {
    portsTimer = setTimeout(refreshPorts, PORTS_EVERY_MS);
  }
}

function showPorts(ports) {
  const several = new Set(ports.instances.map((each) => each.instance)).size > 1;
  const gone = ports.instances
    .flatMap((each) => each.gone)
    .sort((one, other) => other.seenAt.localeCompare(one.seenAt))
    .slice(0, GONE_SHOWN);
  $("ports").hidden = !ports.items.length && !gone.length;
  // What is the same stays as it is: somebody may be about to click on it.
  const known = new Map([...$("port-list").children].map((item) => [item.dataset.port, item]));
  const items = ports.items.slice(0, PORTS_SHOWN).map((port) => {
    const text = JSON.stringify([port, several]);
    return known.get(text) || portEntry(port, several, text);
  });
  if (items.length !== known.size || items.some((item, index) => item !== $("port-list").children[index])) {
    $("port-list").replaceChildren(...items);
  }
  const more = ports.items.length - items.length + ports.instances.reduce((sum, each) => sum + each.omitted, 0);
  const about = [
    more ? `and ${more} more` : "",
    ...gone.map((port) => `${port.port} last seen ${new Date(port.seenAt).toLocaleTimeString()}`),
  ].filter(Boolean);
  $("ports-about").replaceChildren(span("quiet", about.join(", ")));
  const ways = new Set(ports.instances.map((each) => each.way).filter(Boolean));
  $("ports").title = ways.size ? `found by ${[...ways].join(", ")}` : "";
}

function portEntry(port, several, text) {
  const item = document.createElement("li");
  item.dataset.port = text;
  const link = document.createElement("a");
  link.href = port.url;
  link.textContent = port.port;
  link.rel = "noopener noreferrer";
  link.target = "_blank";
  opensPort(link, port);
  const words = [port.process, port.address === "all" ? "" : port.address, several ? `instance ${port.instance}` : ""];
  item.append(link, " ", span("quiet", words.filter(Boolean).join(", ")));
  const pid = port.pid === undefined ? "" : `, pid ${port.pid}`;
  item.title = `${port.url}, ${port.visibility}${pid}, since ${new Date(port.since).toLocaleString()}`;
  return item;
}

document.addEventListener("visibilitychange", () => document.hidden || refreshPorts());
