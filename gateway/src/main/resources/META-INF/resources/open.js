"use strict";

// A private port sends its browser here, and this page sends it back with a way in.
const OPENED = "spyhop-opened";
const AGAIN_MS = 10_000;

/** Goes to the port that the address asks for; false where it asks for none. */
async function openPort() {
  const wanted = new URLSearchParams(location.hash.slice(1));
  const name = wanted.get("open");
  if (!name) {
    return false;
  }
  // A browser that keeps no cookie of the port's host would be sent to and fro for ever.
  const last = JSON.parse(sessionStorage.getItem(OPENED) || "{}");
  if (last.name === name && Date.now() - last.at < AGAIN_MS) {
    throw new Problem(0, "This browser keeps no cookie of that port's host.");
  }
  const pass = await api("POST", "/api/v1/port-passes", { name, to: wanted.get("to") || "/" });
  sessionStorage.setItem(OPENED, JSON.stringify({ name, at: Date.now() }));
  location.replace(pass.url);
  return true;
}

// Whoever is signed in here need not be sent here: a private port is opened with a way in.
function opensPort(link, port) {
  link.addEventListener("click", async (event) => {
    if (port.visibility !== "private" || event.ctrlKey || event.metaKey || event.shiftKey) {
      return;
    }
    event.preventDefault();
    const tab = window.open("", "_blank");
    let url = port.url;
    try {
      url = (await api("POST", "/api/v1/port-passes", { name: new URL(url).hostname.split(".")[0], to: "/" })).url;
    } catch (problem) {
      // The port's own page says what is the matter.
    }
    tab.opener = null;
    tab.location.replace(url);
  });
}
