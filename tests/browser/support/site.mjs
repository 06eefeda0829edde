// A real `jebi serve` with a real mail server beside it. Its clock is ours: libfaketime adds what a
// file says to the system's time, so that a round of days passes while the test looks on.

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";

const root = resolve(import.meta.dirname ?? new URL(".", import.meta.url).pathname, "../../..");
const DAY = 24 * 60 * 60;
const PASSWORD = "correct horse battery";

function needed(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run tests/run browser, which prepares it`);
  return value;
}

/** Korean local time, "2026-12-01 09:00", as an instant. */
export const korean = (text) => new Date(`${text.replace(" ", "T")}:00+09:00`);

/** Asks until there is an answer; throws what was missing after `seconds`. */
export async function eventually(what, ask, seconds = 20) {
  for (const until = Date.now() + seconds * 1000; Date.now() < until; await pause(100)) {
    const answer = await ask();
    if (answer) return answer;
  }
  throw new Error(`${what}: not after ${seconds} s`);
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

export class Site {
  /**
   * Starts everything at a Korean local time, and announces `round` (TOML) if one is given. `configure` is told the
   * address and gives more configuration; with `texts` there is a message centre, too, and `sellers` have their keys.
   */
  static async start(at, round, configure = async () => "", { texts = false, sellers = [] } = {}) {
    const site = new Site();
    site.folder = await mkdtemp(join(tmpdir(), "jebi-browser-"));
    try {
      // Announced on the day before: nothing opens that was not known.
      await site.travel(at, -DAY);
      const mail = await site.startMail();
      const port = await freePort();
      site.url = `http://127.0.0.1:${port}`;
      const more = (await configure(site.url)) + (texts ? await site.startTexts() : "");
      await writeFile(join(site.folder, "jebi.toml"), configuration(port, mail) + more);
      for (const name of sellers) await site.jebi(["seller", "add", name]);
      if (round) await site.announce(round);
      await site.travel(at);
      await site.serve();
    } catch (error) {
      await site.stop();
      throw error;
    }
    return site;
  }

  /** Moves the server's clock to a Korean local time, and `more` seconds on; it may be running. */
  async travel(at, more = 0) {
    return await this.reach(korean(at).getTime() + more * 1000);
  }

  /** The same, to an instant. */
  async reach(at) {
    const seconds = Math.round((at - Date.now()) / 1000);
    /** So far the server's clock is ahead of ours. */
    this.seconds = seconds;
    await writeFile(join(this.folder, "clock"), `${seconds < 0 ? "" : "+"}${seconds}s`);
  }

  environment() {
    return {
      PATH: process.env.PATH,
      LD_PRELOAD: needed("JEBI_TEST_FAKETIME"),
      FAKETIME_TIMESTAMP_FILE: join(this.folder, "clock"),
      FAKETIME_NO_CACHE: "1",
      // Timers run in real time; only what time it is, is ours.
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
    };
  }

  async startMail() {
    this.store = join(this.folder, "mails.jsonl");
    const program = join(root, "tests/peers/smtp_peer.py");
    this.mail = spawn(needed("JEBI_TEST_PYTHON"), [program, "--mode", "accept", "--store", this.store], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const [line] = await once(createInterface(this.mail.stdout), "line");
    return JSON.parse(line).port;
  }

  /** A message centre that speaks SMPP, and the section that names it. */
  async startTexts() {
    this.texts = [];
    const options = JSON.stringify({ system_id: "jebi", password: "geheim" });
    this.centre = spawn(process.execPath, [join(root, "tests/peers/sms/smsc.mjs"), options], { stdio: ["pipe", "pipe", "inherit"] });
    const lines = createInterface(this.centre.stdout);
    const [first] = await once(lines, "line");
    lines.on("line", (line) => this.texts.push(JSON.parse(line)));
    return `[sms]\nfrom = "0556501234"\n[sms.smpp]\nhost = "127.0.0.1"\nport = ${JSON.parse(first).port}\nsystem_id = "jebi"\npassword = "geheim"\n`;
  }

  /** The last text to a number (its end) that `wanted` accepts; long ones come in parts. */
  async text(number, wanted, seconds = 20) {
    const digits = (text) => text.replaceAll(/\D/g, "").slice(-8);
    return await eventually(`a text to ${number}`, async () => {
      const whole = [];
      for (const { text: part, udh } of this.texts.filter(({ to }) => digits(to) === digits(number))) {
        const further = udh?.length && Number.parseInt(udh.at(-1).slice(-2), 16) > 1;
        if (further) whole[whole.length - 1] += part;
        else whole.push(part);
      }
      return whole.findLast(wanted);
    }, seconds);
  }

  /** Runs a command of `jebi` to its end. */
  async jebi(args, input = "") {
    const options = { cwd: this.folder, env: this.environment() };
    return await new Promise((done, fail) => {
      const child = execFile(needed("JEBI_TEST_BINARY"), args, options, (error, stdout, stderr) =>
        error ? fail(new Error(`jebi ${args.join(" ")}: ${stderr || stdout || error}`)) : done(stdout));
      child.stdin.end(input);
    });
  }

  async announce(round) {
    await writeFile(join(this.folder, "round.toml"), round);
    await this.jebi(["clerk", "add", "kim", "--role", "clerk"], `${PASSWORD}\n`);
    await this.jebi(["clerk", "add", "lee", "--role", "approver"], `${PASSWORD}\n`);
    const passwords = `${PASSWORD}\n${PASSWORD}\n`;
    await this.jebi(["announce", "round.toml", "--clerk", "kim", "--approver", "lee"], passwords);
  }

  async serve() {
    this.log = "";
    this.server = spawn(needed("JEBI_TEST_BINARY"), ["serve"], { cwd: this.folder, env: this.environment() });
    this.server.stderr.on("data", (bytes) => (this.log += bytes));
    await eventually(`jebi serve answers (its log: ${this.log})`, async () => {
      if (this.server.exitCode !== null) throw new Error(`jebi serve ended: ${this.log}`);
      return await fetch(`${this.url}/readyz`).then((answer) => answer.ok, () => false);
    });
  }

  /** What the database says, behind the server's back. */
  async rows(query) {
    const program = "import json, sqlite3, sys; print(json.dumps(sqlite3.connect(sys.argv[1], timeout=10).execute(sys.argv[2]).fetchall()))";
    const child = spawn(needed("JEBI_TEST_PYTHON"), ["-c", program, join(this.folder, "state/jebi.sqlite"), query], { stdio: ["ignore", "pipe", "inherit"] });
    return JSON.parse(await text(child.stdout));
  }

  /** Changes the database behind the server's back. */
  async meddle(script) {
    const program = "import sqlite3, sys; db = sqlite3.connect(sys.argv[1], timeout=10); db.executescript(sys.argv[2]); db.commit()";
    const child = spawn(needed("JEBI_TEST_PYTHON"), ["-c", program, join(this.folder, "state/jebi.sqlite"), script], { stdio: "inherit" });
    const [code] = await once(child, "exit");
    if (code !== 0) throw new Error(`${script}: ${code}`);
  }

  /** The last mail to an address that `wanted` accepts, once it has come. */
  async letter(to, wanted, seconds = 20) {
    return await eventually(`a mail to ${to}`, async () => {
      const lines = await readFile(this.store, "utf8").catch(() => "");
      const mails = lines.split("\n").filter(Boolean).map((line) => JSON.parse(line));
      return mails.filter((mail) => mail.to.includes(to)).findLast(wanted);
    }, seconds);
  }

  async stop() {
    for (const child of [this.server, this.mail, this.centre]) {
      if (child && child.exitCode === null) {
        child.kill("SIGTERM");
        await Promise.race([once(child, "exit"), pause(5_000)]);
        child.kill("SIGKILL");
      }
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}

const configuration = (port, mail) => `
listen = "127.0.0.1:${port}"
public_url = "http://127.0.0.1:${port}"
[municipality]
name = "통영시"
contact = "055-650-1234"
site_in_words = "제비 점 통영 점 고 점 케이알"
[mail]
host = "127.0.0.1"
port = ${mail}
tls = "none"
from = "제비 <jebi@example.go.kr>"
`;
