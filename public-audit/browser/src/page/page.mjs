// The page: what one does on it, and what it asks of the worker.

import { isReceipt } from "../grammar.mjs";
import { readDropped, readPicked } from "./dropped.mjs";
import { get } from "./element.mjs";
import { addCheck, drawChecks, drawMine, drawNoted, drawVerdict } from "./view.mjs";
import { Words } from "./words.mjs";

const SITE = /^\/rounds\/[a-z0-9-]{1,64}\/verify$/;

export function startPage(script) {
  const page = new Page(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
  page.listen();
  page.draw();
}

class Page {
  #words = new Words();
  #script;
  #worker = null;
  /** `{ checks, done, trouble, seconds, asked, noted, complaint }`: all that is drawn. */
  #seen = nothing();

  constructor(script) {
    this.#script = script;
  }

  listen() {
    const on = (id, event, act) => get(id).addEventListener(event, act);
    on("language", "click", () => {
      this.#words.language = this.#words.other;
      this.draw();
    });
    on("cancel", "click", () => this.#end({ trouble: { key: "cancelled" } }));
    on("folder", "change", (event) => this.#files(readPicked(event.target)));
    on("some", "change", (event) => this.#files(readPicked(event.target)));
    on("ask", "submit", (event) => this.#submit(event, "receipt", (mine) => this.#worker.postMessage({ mine })));
    on("note", "submit", (event) => {
      event.preventDefault();
      this.#worker.postMessage({ note: get("note-text").value });
    });
    for (const event of ["dragover", "drop"]) document.addEventListener(event, (happened) => happened.preventDefault());
    document.addEventListener("drop", (event) => {
      readDropped(event.dataTransfer).then(
        (files) => this.#files(files),
        (error) => this.#end({ trouble: { key: "verdict-unread", detail: String(error) } }));
    });
    if (/^https?:$/.test(location.protocol) && SITE.test(location.pathname)) this.#listenOnSite(on);
  }

  #listenOnSite(on) {
    const record = new URL("record/", location.href).href;
    get("site").hidden = false;
    // Behind the #, where it does not reach the site.
    get("light-receipt").value = isReceipt(location.hash.slice(1)) ? location.hash.slice(1) : "";
    on("fetch", "click", () => this.#start({ fetch: record }));
    on("light", "submit", (event) => this.#submit(event, "light-receipt", (receipt) => this.#start({ light: record, receipt })));
  }

  draw() {
    this.#words.write(get("language"));
    drawChecks(this.#words, this.#seen.checks);
    drawVerdict(this.#words, this.#seen);
    this.#drawMine();
    for (const id of ["receipt", "light-receipt"]) {
      get(id).setAttribute("aria-invalid", String(this.#seen.complaint === id));
      get(`${id.replace("-receipt", "")}-error`).textContent = this.#seen.complaint === id ? this.#words.say("mine-malformed") : "";
    }
  }

  /** The boxes under the verdict: one asks there after a whole verification, a light one has asked already. */
  #drawMine() {
    const { done, asked } = this.#seen;
    get("mine").hidden = !(done?.canAsk || asked);
    get("ask").hidden = !done?.canAsk;
    drawMine(this.#words, asked, get("answer"));
    get("signed").hidden = !done?.canCheckNotes;
    drawNoted(this.#words, this.#seen.noted, get("note-answer"));
  }

  /** A receipt as people copy it: with spaces around, or in capitals. */
  #submit(event, id, act) {
    event.preventDefault();
    const receipt = get(id).value.trim().toLowerCase();
    this.#seen.complaint = isReceipt(receipt) ? null : id;
    this.draw();
    if (this.#seen.complaint) get(id).focus();
    else act(receipt);
  }

  #files(files) {
    if (files.length === 0) this.#end({ trouble: { key: "no-files" } });
    else this.#start({ verify: files });
  }

  /** A new worker for each verification: nothing is left of the one before, nor of one that was stopped. */
  #start(message) {
    this.#stop();
    this.#seen = { ...nothing(), begun: performance.now() };
    get("work").hidden = false;
    get("progress").value = 0;
    get("doing").textContent = "";
    this.draw();
    get("work").scrollIntoView({ block: "nearest" });
    try {
      this.#worker = new Worker(this.#script);
    } catch {
      this.#end({ trouble: { key: "no-worker" } });
      return;
    }
    this.#worker.onmessage = ({ data }) => this.#hear(data);
    this.#worker.onerror = (event) => this.#end({ trouble: { key: "verdict-unread", detail: event.message ?? "" } });
    this.#worker.postMessage(message);
  }

  #hear({ progress, fetching, check, done, trouble, mine, receipt, noted }) {
    if (progress !== undefined) get("progress").value = progress;
    if (fetching) get("doing").textContent = this.#words.say("fetching", { name: fetching });
    if (check) {
      this.#seen.checks.push(check);
      get("doing").textContent = this.#words.say("checking", { done: this.#words.number(this.#seen.checks.length) });
      addCheck(this.#words, check);
    }
    if (receipt) {
      this.#seen.asked = { mine };
      this.draw();
    }
    if (noted) {
      this.#seen.noted = noted;
      this.draw();
    }
    if (done) this.#finish({ done, ...(done.mine ? { asked: { mine: done.mine } } : {}) });
    if (trouble) this.#end({ trouble });
  }

  /** The worker stays, and answers for the record it has verified. */
  #finish(seen) {
    const seconds = Math.round((performance.now() - this.#seen.begun) / 100) / 10;
    this.#seen = { ...this.#seen, ...seen, seconds };
    get("work").hidden = true;
    this.draw();
    get("verdict").focus();
  }

  /** Nothing came of it. */
  #end(seen) {
    this.#stop();
    this.#seen = nothing();
    this.#finish(seen);
  }

  #stop() {
    this.#worker?.terminate();
    this.#worker = null;
  }
}

const nothing = () => ({ checks: [], done: null, trouble: null, asked: null, noted: null, complaint: null, seconds: 0, begun: 0 });
