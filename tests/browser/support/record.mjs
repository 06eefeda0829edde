// A site that has a verifier, one round's record and the paths of its entries, and nothing else.

import { once } from "node:events";
import { createServer } from "node:http";

import { utf8 } from "../../../public-audit/browser/src/bytes.mjs";
import { Lines } from "../../../public-audit/browser/src/lines.mjs";
import { leafHash } from "../../../public-audit/browser/src/merkle.mjs";
import { makeLines, makeRecord, pathText } from "../../../public-audit/browser/test/support/make.mjs";
import { auditPath } from "../../../public-audit/browser/test/support/path.mjs";

const ROUND = "/rounds/t-2026-12";

export async function serveRecord(markup, policy) {
  const lines = makeLines(40);
  // After the draw there was an outage, so that there is all that can be asked for.
  const after = [{ at: "2026-12-02T01:00:00Z", from: "2026-12-02T00:30:00Z", seconds: 600 }];
  const record = makeRecord({ lines, after });
  const asked = [];
  const server = createServer(({ url }, answer) => {
    if (url === `${ROUND}/verify`) {
      answer.writeHead(200, { "content-type": "text/html; charset=utf-8", "content-security-policy": policy }).end(markup);
      return;
    }
    const name = url.slice(`${ROUND}/record/`.length);
    asked.push(name);
    const found = record.get(name) ?? pathsOf(record, /^paths\/(.+)/.exec(name)?.[1]);
    answer.writeHead(found ? 200 : 404, { "content-type": "text/plain" }).end(found);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${server.address().port}`, receipt: lines[7].slice(0, 19), asked, stop };
}

function pathsOf(record, receipt) {
  const place = (label, name) => {
    const lines = [...new Lines(record.get(name), name)];
    const index = lines.findIndex((line) => line.includes(receipt));
    if (index < 0) return null;
    return `${label} ${index} ${lines.length} ${pathText(auditPath(lines.map((line) => leafHash(utf8(line))), index))} ${lines[index]}\n`;
  };
  const journal = [...new Lines(record.get("journal.txt"), "journal.txt")].at(-1);
  const pool = receipt && place("pool", "pool.txt");
  return pool ? `jebi-paths-1\nt-2026-12\n${pool}${place("result", "result.txt")}journal ${journal}\n` : null;
}
