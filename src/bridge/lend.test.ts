import { expect, test } from "vitest";
import { borrow, lend } from "./lend.ts";

/** A worker as both sides see it. */
class Pipe extends EventTarget {
  readonly ports: MessagePort[] = [];
  postMessage(data: unknown): void {
    this.ports.push((data as { port: MessagePort }).port);
    this.dispatchEvent(new MessageEvent("message", { data }));
  }
}

interface Shelf {
  get(key: string): Promise<string | undefined>;
}

test("a worker calls what its page lends, also before it was lent, and only by its name", async () => {
  const worker = new Pipe();
  const shelf = borrow<Shelf>("shelf", worker);
  const early = shelf.get("a");
  worker.dispatchEvent(new MessageEvent("message", { data: { id: 1, type: "GET" } }));
  lend("other", { get: async () => "wrong" }, worker);
  lend("shelf", { get: async (key: string) => `value of ${key}` }, worker);
  expect(await early).toBe("value of a");
  expect(await shelf.get("b")).toBe("value of b");
  for (const port of worker.ports) port.close();
});
