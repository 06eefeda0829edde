// Waits for one's own second and goes on by itself. Without it a link does the same.
(function () {
  "use strict";
  var timer, ahead;
  // How far the server's clock is ahead of this one. A late or cached answer seems to be less: the most counts.
  // A clock that somebody sets meanwhile makes this page ask too early or too late once, and then it knows.
  function hear(now) { ahead = ahead === undefined ? now - Date.now() : Math.max(ahead, now - Date.now()); }
  function set(what, wait) { clearTimeout(timer); timer = setTimeout(what, wait); }
  // What is true only where this runs.
  function live() { document.querySelectorAll(".alive").forEach(function (text) { text.hidden = false; }); }
  function box() { return document.getElementById("moment"); }
  // Politely: each at another time, so that a crowd never comes back together.
  function later() { set(ask, 20000 + Math.random() * 40000); }
  function show() {
    fetch(location.pathname, { credentials: "same-origin", headers: { Accept: "text/html" } })
      .then(function (answer) { if (!answer.ok) throw answer.status; return answer.text(); })
      .then(function (text) {
        var page = new DOMParser().parseFromString(text, "text/html");
        var main = page.getElementById("main");
        if (!main) throw text.length;
        document.getElementById("main").replaceWith(document.adoptNode(main));
        document.title = page.title;
        var status = document.getElementById("status");
        if (status) { status.tabIndex = -1; status.focus(); }
        ahead = undefined;
        begin();
      })
      .catch(later);
  }
  function ask() {
    if (!box()) return;
    fetch(box().dataset.poll)
      .then(function (answer) { if (!answer.ok) throw answer.status; return answer.json(); })
      .then(function (moment) {
        ahead = undefined;
        hear(moment.now);
        if (moment.version !== box().dataset.version) show(); else plan();
      })
      .catch(later);
  }
  function plan() {
    var left = Number(box().dataset.startsAt) - Date.now() - ahead;
    // Half a second apart: a minute's people do not arrive as one.
    if (left <= 60000) set(show, Math.max(left, 0) + Math.random() * 500); else later();
  }
  function begin() {
    if (!box() || !window.fetch || !window.DOMParser) return;
    live();
    hear(Number(box().dataset.now));
    plan();
  }
  // A phone that slept does not know how long.
  document.addEventListener("visibilitychange", function () {
    if (!document.hidden && box() && window.fetch) set(ask, Math.random() * 1000);
  });
  var again = document.getElementById("again");
  if (again) {
    live();
    setTimeout(function () { location.replace(again.href); }, 4000 + Math.random() * 8000);
  }
  begin();
})();
