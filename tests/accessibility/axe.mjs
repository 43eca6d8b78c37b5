// Runs axe-core over built pages in headless Chromium, each in light and dark. See README.md here.
import { createServer } from "node:http";
import { readFile, readdir, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { extname, join, relative, resolve, sep } from "node:path";

const target = process.argv[2];
if (!target) {
  console.error("usage: node axe.mjs FOLDER | BASE-URL [PATH …]");
  process.exit(2);
}

// The packages are those of the folder in which the script is started.
const require = createRequire(join(process.cwd(), "axe.mjs"));
const puppeteer = require("puppeteer-core");
const axeSource = await readFile(require.resolve("axe-core/axe.min.js"), "utf8");

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".xml": "application/xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
};

async function pagesBelow(folder) {
  const entries = await readdir(folder, { recursive: true });
  return entries
    .filter((name) => name.endsWith(".html"))
    .map((name) => "/" + name.split(sep).map(encodeURIComponent).join("/"))
    .sort();
}

async function serve(folder) {
  const server = createServer(async (request, response) => {
    try {
      const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
      let file = resolve(folder, "." + path);
      if (relative(folder, file).startsWith("..")) throw new Error("outside");
      if ((await stat(file)).isDirectory()) file = join(file, "index.html");
      const type = TYPES[extname(file)] ?? "application/octet-stream";
      response.writeHead(200, { "content-type": type }).end(await readFile(file));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return server;
}

let server;
let base = target;
let paths = process.argv.slice(3);
if (!/^https?:/.test(target)) {
  const folder = resolve(target);
  server = await serve(folder);
  base = `http://127.0.0.1:${server.address().port}`;
  if (paths.length === 0) paths = await pagesBelow(folder);
} else if (paths.length === 0) {
  paths = ["/"];
}

const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  headless: true,
  args: ["--no-sandbox", "--disable-gpu"],
});
let violations = 0;
for (const path of paths) {
  for (const scheme of ["light", "dark"]) {
    for (const width of [390, 1280]) {
      const page = await browser.newPage();
      await page.setViewport({ width, height: 900 });
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
      await page.goto(new URL(path, base).href);
      await page.evaluate(() => document.querySelectorAll("details").forEach((d) => (d.open = true)));
      await page.evaluate(axeSource);
      const result = await page.evaluate(() => axe.run());
      for (const violation of result.violations) {
        violations += 1;
        console.log(`${path} (${scheme}, ${width} px): ${violation.id}: ${violation.help}`);
        for (const node of violation.nodes.slice(0, 3)) {
          console.log(`  ${node.html}\n  ${node.failureSummary.replaceAll("\n", "\n  ")}`);
        }
      }
      await page.close();
    }
  }
}
await browser.close();
server?.close();
console.log(`${violations} violations on ${paths.length} pages`);
process.exit(violations === 0 ? 0 : 1);
