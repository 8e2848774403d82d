"use strict";

// How the workload that is shown is, and what may be done with it: stop, restart, and run another image.

let mayOperate = false;
let listed = new Map();

function allowControl(role) {
  mayOperate = role !== "viewer";
  $("deploy-open").hidden = !mayOperate;
}

function forbidControl() {
  allowControl("viewer");
  listed = new Map();
  $("deploy").close();
  showControl();
}

// What the list has just learnt.
function listControls(workloads) {
  listed = new Map(workloads.map((workload) => [workload.id, workload]));
  showControl();
}

function showControl() {
  const workload = shown && !shown.run && listed.get(shown.workload);
  $("control").hidden = !workload;
  if (!workload) {
    return;
  }
  const status = span("status " + workload.status, workload.status);
  const parts = [status];
  if (workload.statusReason) {
    parts.push(span("quiet", workload.statusReason));
  }
  if (workload.lastStop && workload.lastStop.tookMs !== undefined && !["running", "creating"].includes(workload.status)) {
    parts.push(span("quiet", `${workload.lastStop.killed ? "killed" : "stopped"} after ${workload.lastStop.tookMs} ms`));
  }
  if (workload.publicUrl && /^https?:/.test(workload.publicUrl)) {
    const link = document.createElement("a");
    link.href = workload.publicUrl;
    link.textContent = workload.publicUrl;
    link.rel = "noopener noreferrer";
    link.target = "_blank";
    parts.push(link);
  }
  $("control-now").replaceChildren(...parts);
  const busy = ["creating", "stopping"].includes(workload.status);
  const gone = workload.status === "removed";
  $("restart").hidden = !mayOperate || busy || gone || (workload.managed && workload.status === "failed");
  $("stop").hidden = !mayOperate || workload.status === "stopping" || gone || ["stopped", "exited"].includes(workload.status);
}

async function order(path, question) {
  const workload = listed.get(shown.workload);
  if (!workload || !confirm(question(workload))) {
    return;
  }
  try {
    const answer = await api("POST", `/api/v1/workloads/${encodeURIComponent(workload.id)}/${path}`);
    listed.set(answer.id, answer);
    $("control-problem").textContent = "";
    showControl();
    refresh();
  } catch (problem) {
    $("control-problem").textContent = problem.message;
  }
}

$("restart").addEventListener("click", () => order("restart", (workload) => `Restart ${workload.name}?`));

$("stop").addEventListener("click", () =>
  order("stop", (workload) =>
    workload.managed
      ? `Stop ${workload.name} and remove its container? Its logs and history stay.`
      : `Stop ${workload.name}? Its container is kept.`,
  ),
);

$("deploy-open").addEventListener("click", async () => {
  await offerHosts();
  $("deploy").showModal();
});

// Only where there are several. Who may not see them gets the only one, or is told what is missing.
async function offerHosts() {
  let names = [];
  try {
    names = (await api("GET", "/api/v1/hosts")).items.map((host) => host.name);
  } catch (problem) {
    // The answer to the request says more.
  }
  const chosen = $("deploy-host").value;
  $("deploy-host").replaceChildren(...(names.length > 1 ? names : []).map((name) => new Option(name, name, false, name === chosen)));
  for (const part of [$("deploy-host"), $("deploy-host").labels[0]]) {
    part.hidden = names.length < 2;
  }
}
$("deploy-cancel").addEventListener("click", () => $("deploy").close());

// One NAME=value a line.
function environment(text) {
  const lines = text.split("\n").filter((line) => line.trim());
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf("=");
      return at < 0 ? [line.trim(), ""] : [line.slice(0, at).trim(), line.slice(at + 1)];
    }),
  );
}

$("deploy-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = (name) => $(`deploy-${name}`).value.trim();
  const number = (name) => (text(name) ? Number(text(name)) : undefined);
  try {
    const made = await api("POST", "/api/deployments", {
      name: text("name"),
      image: text("image"),
      command: text("command") || undefined,
      env: environment($("deploy-env").value),
      port: number("port"),
      memoryMb: number("memory"),
      health: text("path") ? { path: text("path") } : undefined,
      host: text("host") || undefined,
    });
    $("deploy-form").reset();
    $("deploy-problem").textContent = "";
    $("deploy").close();
    refresh();
    go({ workload: made.id });
  } catch (problem) {
    $("deploy-problem").textContent = problem.message;
  }
});
