"use strict";

// How one workload answers when it is asked: its state, the last probe, and the last ones as a strip.

const HEALTH_EVERY_MS = 5000;
const STRIP_PROBES = 60;

let asks = null;
let healthTimer = null;

function openHealth(workload) {
  if (asks !== workload) {
    stopHealth();
    asks = workload;
    refreshHealth();
  }
}

function stopHealth() {
  asks = null;
  clearTimeout(healthTimer);
  $("health").hidden = true;
  $("health-now").replaceChildren();
  $("health-strip").replaceChildren();
}

async function refreshHealth() {
  clearTimeout(healthTimer);
  const asked = asks;
  if (!asked) {
    return;
  }
  if (!document.hidden) {
    try {
      const health = await api("GET", `/api/v1/workloads/${encodeURIComponent(asked)}/health?limit=${STRIP_PROBES}`);
      if (asks === asked) {
        showHealth(health);
      }
    } catch (problem) {
      if (asks === asked) {
        $("health-now").replaceChildren(span("quiet", problem.message));
      }
    }
  }
  if (asks === asked) {
    healthTimer = setTimeout(refreshHealth, HEALTH_EVERY_MS);
  }
}

function showHealth(health) {
  const last = health.lastProbe;
  const asking = health.check && health.check.by !== "none";
  $("health").hidden = !last && !asking;
  if (!last) {
    $("health-now").replaceChildren(span("quiet", "Health"), " ", span("quiet", "not asked yet"));
    $("health-strip").replaceChildren();
    return;
  }
  const failed = health.consecutiveFailures;
  const words = last.ok ? "ok" : failed > 1 ? `failed ${failed} times` : "failed";
  const parts = [
    span("quiet", "Health"),
    " ",
    span(`probe ${last.ok ? "ok" : "failed"}`, words),
    " ",
    span("value", `${round(last.latencyMs)} ms`),
    " ",
    span("quiet", last.reason ? `${last.reason}, ${last.way}` : last.way),
  ];
  $("health-now").replaceChildren(...parts);
  $("health-now").title = asking ? checkText(health.check) : "";
  drawStrip(health.probes);
}

function checkText(check) {
  const how = check.by === "engine" ? "the image's own health check" : `GET ${check.path} at port ${check.port}`;
  return `${how}, every ${check.intervalSeconds} s`;
}

// Oldest first; how high a bar is tells how long the answer took, against the slowest of them.
function drawStrip(probes) {
  const most = Math.max(1, ...probes.map((probe) => probe.latencyMs));
  const bars = [...probes].reverse().map((probe, index) => {
    const height = 4 + 12 * Math.sqrt(probe.latencyMs / most);
    const bar = shape("rect", { x: index * 5, y: 16 - height, width: 4, height, class: probe.ok ? "ok" : "failed" });
    const title = shape("title", {});
    const reason = probe.reason ? `: ${probe.reason}` : "";
    title.textContent = `${new Date(probe.at).toLocaleString()}, ${round(probe.latencyMs)} ms${reason}`;
    bar.append(title);
    return bar;
  });
  const strip = $("health-strip");
  strip.setAttribute("viewBox", `0 0 ${STRIP_PROBES * 5} 16`);
  const bad = probes.filter((probe) => !probe.ok).length;
  strip.setAttribute("aria-label", `The last ${probes.length} probes, ${bad} failed`);
  strip.replaceChildren(...bars);
}

document.addEventListener("visibilitychange", () => document.hidden || refreshHealth());
