import { FILES, readManifest } from "../manifest.mjs";
import { need } from "../refusal.mjs";
import { sha256Hex } from "../sha256.mjs";

export const fileSteps = [
  {
    name: "files-present",
    run(record) {
      const missing = FILES.filter((name) => !record.files.has(name));
      need(missing.length === 0, `missing: ${missing.join(", ")}`);
      return ["pass", { count: FILES.length }];
    },
  },
  {
    name: "manifest",
    files: ["manifest.txt"],
    run(record) {
      const listed = readManifest(record.files.get("manifest.txt"));
      for (const name of FILES) need(listed.has(name) || name === "manifest.txt", `${name} is not listed`);
      for (const [name, digest] of listed) {
        need(record.files.has(name), `${name} is listed and not there`);
        need(sha256Hex(record.files.get(name)) === digest, `${name} has another digest`);
      }
      return ["pass", { count: listed.size }];
    },
  },
];
