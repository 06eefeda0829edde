// Makes what is committed beside this file: vendor/noble.mjs, verify.html and verify.csp.
//
//   node build.mjs           writes them
//   node build.mjs --check   compares them with what it would write: exit 1 if one differs
//
// The same sources and the pinned packages give the same bytes, on every machine.

import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const COMMON = { absWorkingDir: here, bundle: true, write: false, charset: "utf8", target: "es2022", legalComments: "none" };

const read = (path) => readFile(new URL(path, import.meta.url), "utf8");
const text = (result) => result.outputFiles[0].text;

/** The two curves of @noble/curves that we need, with its licence: so that nothing has to be installed to verify. */
export async function vendor() {
  const contents = `
    export { ed25519 } from "@noble/curves/ed25519";
    export { bls12_381 } from "@noble/curves/bls12-381";`;
  const bundled = await build({ ...COMMON, stdin: { contents, resolveDir: here }, format: "esm", platform: "browser" });
  const notices = await Promise.all(["curves", "hashes"].map(async (name) => {
    const { version } = JSON.parse(await read(`node_modules/@noble/${name}/package.json`));
    return `@noble/${name} ${version}, https://github.com/paulmillr/noble-${name}\n\n${(await read(`node_modules/@noble/${name}/LICENSE`)).trim()}`;
  }));
  return `/*!\nBundled by build.mjs, otherwise as published.\n\n${notices.join("\n\n")}\n*/\n${text(bundled)}`;
}

/** The page: one file, whose policy lets nothing run but itself. */
export async function page(noble) {
  const bundled = await build({
    ...COMMON,
    entryPoints: ["src/page/main.mjs"],
    format: "iife",
    legalComments: "inline",
    plugins: [{
      name: "vendored",
      setup: (esbuild) => esbuild.onLoad({ filter: /vendor\/noble\.mjs$/ }, () => ({ contents: noble, loader: "js" })),
    }],
  });
  const script = `\n${text(bundled)}`;
  // It stands inside of <script>, where these would end it or hide its end.
  if (/<\/script|<script|<!--/i.test(script)) throw new Error("the script cannot stand inside of a page");
  const style = `\n${await read("src/page/style.css")}`;
  const policy = [
    "default-src 'none'", `script-src '${hash(script)}'`, `style-src '${hash(style)}'`, "img-src data:",
    "worker-src blob:", "connect-src 'self'", "base-uri 'none'", "form-action 'none'",
  ].join("; ");
  const html = (await read("src/page/page.html"))
    .replace("{policy}", () => policy)
    .replace("{style}", () => style)
    .replace("{script}", () => script);
  // A page cannot forbid by itself to be framed; a header can.
  return { html, header: `${policy}; frame-ancestors 'none'\n` };
}

const hash = (text) => `sha256-${createHash("sha256").update(text).digest("base64")}`;

/** Every file that is made, by name. */
export async function files() {
  const noble = await vendor();
  const { html, header } = await page(noble);
  return { "vendor/noble.mjs": noble, "verify.html": html, "verify.csp": header };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, made] of Object.entries(await files())) {
    if (!process.argv.includes("--check")) await writeFile(new URL(name, import.meta.url), made);
    else if ((await read(name)) !== made) {
      console.error(`${name} is not what the sources make`);
      process.exitCode = 1;
    }
  }
}
