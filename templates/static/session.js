// Says, before it is over, until when this browser is known here, and gives it more time without touching what is being
// typed. Without this script the time stands at the foot of the page, and the button there opens a page of its own.
(function () {
  "use strict";
  var box = document.getElementById("ends"), form = document.getElementById("stay");
  if (!box || !window.fetch || !window.FormData) return;
  var told = box.dataset, until = Number(told.until), ahead = Number(told.now) - Date.now(), timer;
  // Its window is this one: nothing is lost here.
  if (form) form.querySelectorAll(".elsewhere").forEach(function (text) { text.remove(); });
  function left() { return until - Date.now() - ahead; }
  function set(what, wait) { clearTimeout(timer); timer = setTimeout(what, Math.max(wait, 0)); }
  function say(text, more) {
    var inside = box.contains(document.activeElement);
    box.textContent = "";
    if (!text) return;
    var card = document.createElement("div"), line = document.createElement("p");
    card.className = more ? "warning" : "good";
    line.textContent = text;
    card.append(line);
    if (left() <= 0) {
      // Nothing gives more time to what is over: the page itself leads to where one begins again.
      var link = document.createElement("a"), way = document.createElement("p");
      link.href = location.href;
      link.textContent = told.again;
      way.append(link);
      card.append(way);
    } else if (more && form) {
      var button = document.createElement("button");
      button.type = "button";
      button.className = "button second";
      button.textContent = told.extend;
      button.addEventListener("click", stay);
      card.append(button);
    }
    box.append(card);
    if (inside) { box.tabIndex = -1; box.focus(); }
  }
  function plan() { set(look, left() - Number(told.warn)); }
  // A phone that slept comes here late: the clock is asked each time.
  function look() {
    if (left() <= 0) return say(told.over, false);
    if (left() > Number(told.warn)) return plan();
    say(told.soon, true);
    set(look, left() + 500);
  }
  function stay(event) {
    if (event) event.preventDefault();
    fetch(form.action, {
      method: "POST", credentials: "same-origin", headers: { Accept: "application/json" },
      body: new URLSearchParams(new FormData(form))
    })
      .then(function (answer) {
        // Whoever is not known any more is led to a page.
        if (answer.redirected) { until = 0; throw 0; }
        if (!answer.ok) throw answer.status;
        return answer.json();
      })
      .then(function (more) {
        until = more.until;
        ahead = more.now - Date.now();
        told.soon = more.soon;
        form.querySelector(".until").textContent = more.stated;
        say(more.stated, false);
        plan();
      })
      .catch(function () { say(left() > 0 ? told.soon : told.over, left() > 0); });
  }
  if (form) form.addEventListener("submit", stay);
  document.addEventListener("visibilitychange", function () { if (!document.hidden) look(); });
  plan();
})();
