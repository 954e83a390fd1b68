import { expect, test } from "vitest";
import type { OfflineFile } from "./files.ts";
import { createKeeper, type Shelf } from "./keeper.ts";

const SCOPE = "https://host.example/some/path/";

/** A Cache, of what is needed; `kept` has its keys. */
function memoryShelf(): Shelf & { readonly kept: Map<string, Response> } {
  const kept = new Map<string, Response>();
  return {
    kept,
    match: async (key) => kept.get(String(key))?.clone(),
    put: async (key, response) => void kept.set(String(key), response),
    keys: async () => [...kept.keys()].map((key) => new Request(key)),
    delete: async (key) => kept.delete(String(key)),
  };
}

/** A host with these texts. Hashes of the files are not checked here: browsers do it. */
function host(texts: Readonly<Record<string, string>>, headers: HeadersInit = {}) {
  const asked: string[] = [];
  return {
    asked,
    async fetch(this: void, address: string | Request): Promise<Response> {
      const name = (typeof address === "string" ? address : address.url.replace(/\?.*/, "")).slice(SCOPE.length);
      asked.push(name);
      const text = texts[name];
      return text === undefined ? new Response("", { status: 404 }) : new Response(text, { headers });
    },
  };
}

const files: readonly OfflineFile[] = [
  { name: "", hash: "a+/=" },
  { name: "assets/app-1.js", hash: "b" },
  { name: "assets/gpu-1.wasm", hash: "c", backend: "webgpu" },
  { name: "models/demo/dit.safetensors", hash: "d" },
];
const texts = {
  "": "<page>",
  "assets/app-1.js": "app",
  "assets/gpu-1.wasm": "gpu",
  "models/demo/dit.safetensors": "weights",
};
const keeperOf = (version: readonly OfflineFile[], shelf: Shelf, { fetch }: Pick<ReturnType<typeof host>, "fetch">) =>
  createKeeper({ files: version, scope: SCOPE, open: async () => shelf, fetch });
const nobody = { fetch: () => Promise.reject(new TypeError("offline")) };
const ask = (name: string) => new Request(`${SCOPE}${name}`);

test("what is kept is answered when nobody else does, whatever the query", async () => {
  const shelf = memoryShelf();
  await keeperOf(files, shelf, host(texts)).keep();
  const alone = keeperOf(files, shelf, nobody);
  for (const name of ["", "index.html", "?backend=wasm"])
    expect(await (await alone.answer(ask(name)))?.text()).toBe("<page>");
  expect(await (await alone.answer(ask("assets/app-1.js?threads=2")))?.text()).toBe("app");
  await expect(alone.answer(ask("assets/gpu-1.wasm"))).rejects.toThrow("offline");
});

test("a backend's files are kept where it is used, and nothing is fetched twice", async () => {
  const shelf = memoryShelf();
  const server = host(texts);
  const keeper = keeperOf(files, shelf, server);
  await keeper.keep();
  expect(server.asked).not.toContain("assets/gpu-1.wasm");
  await keeper.keep("webgpu");
  expect(server.asked.toSorted()).toEqual(Object.keys(texts).toSorted());
});

test("an answer isolates the page, unless the server says otherwise", async () => {
  const policy = "Cross-Origin-Embedder-Policy";
  for (const [said, expected] of [
    [{}, "require-corp"],
    [{ [policy]: "credentialless" }, "credentialless"],
  ] as const) {
    const shelf = memoryShelf();
    const keeper = keeperOf(files, shelf, host(texts, said));
    const fetched = await keeper.answer(ask(""));
    await keeper.keep();
    const kept = await keeper.answer(ask(""));
    for (const answer of [fetched, kept]) {
      expect(answer?.headers.get(policy)).toBe(expected);
      expect(answer?.headers.get("Cross-Origin-Opener-Policy")).toBe("same-origin");
      expect(answer?.url).toBe("");
    }
  }
});

test("what is no file of the page is the server's", () => {
  const keeper = keeperOf(files, memoryShelf(), host(texts));
  expect(keeper.answer(ask("models/demo/missing.json"))).toBeUndefined();
  expect(keeper.answer(new Request("https://host.example/some/"))).toBeUndefined();
  expect(keeper.answer(new Request("https://host.example/other/some/path/"))).toBeUndefined();
  expect(keeper.answer(new Request(SCOPE, { method: "POST" }))).toBeUndefined();
});

test("a newer version fetches what changed, and disturbs the one before until it tidies", async () => {
  const shelf = memoryShelf();
  const before = keeperOf(files, shelf, nobody);
  await keeperOf(files, shelf, host(texts)).keep();
  const newer = files.map((file) => (file.name === "" ? { ...file, hash: "newer" } : file));
  const server = host({ ...texts, "": "<newer page>" });
  const after = keeperOf(newer, shelf, server);
  await after.keep();
  expect(server.asked).toEqual([""]);
  expect(await (await before.answer(ask("")))?.text()).toBe("<page>");
  expect(await (await after.answer(ask("")))?.text()).toBe("<newer page>");
  await after.tidy();
  expect(shelf.kept.size).toBe(3);
  await expect(before.answer(ask(""))).rejects.toThrow("offline");
  expect(await (await after.answer(ask("models/demo/dit.safetensors")))?.text()).toBe("weights");
});

test("an installation that broke off goes on where it was", async () => {
  const shelf = memoryShelf();
  const { "assets/app-1.js": _, ...half } = texts;
  await expect(keeperOf(files, shelf, host(half)).keep()).rejects.toThrow(
    `${SCOPE}assets/app-1.js: the server says 404`,
  );
  const server = host(texts);
  await keeperOf(files, shelf, server).keep();
  expect(server.asked).toEqual(["assets/app-1.js"]);
});
