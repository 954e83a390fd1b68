import { afterEach, describe, expect, test } from "vitest";
import { StudioError } from "../core/errors.ts";
import type { On } from "../engine/api.ts";
import { remote, serve } from "./wire.ts";

interface Counter {
  /** Says 1 … `to`, one per turn of the event loop, and gives the sum. */
  count(to: number, on: On<{ n: number }>, signal: AbortSignal): Promise<number>;
  fail(error: unknown): Promise<never>;
  picture(): Promise<{ pixels: Uint8Array[]; side: number }>;
  forget(): Promise<void>;
}

const turn = () => new Promise((resolve) => setTimeout(resolve));

function makeCounter(failure: () => unknown, kept: Uint8Array[] = []): Counter {
  return {
    async count(to, on, signal) {
      let sum = 0;
      for (let n = 1; n <= to; n++) {
        signal.throwIfAborted();
        on({ n });
        sum += n;
        if (n % 10 === 0) await turn();
      }
      return sum;
    },
    async fail() {
      throw failure();
    },
    async picture() {
      return { pixels: kept, side: 64 };
    },
    async forget() {},
  };
}

const open: MessagePort[] = [];
afterEach(() => {
  for (const port of open.splice(0)) port.close();
});
function wired(counter: Counter | Promise<Counter>): Counter {
  const { port1, port2 } = new MessageChannel();
  open.push(port1, port2);
  serve(counter, port2);
  return remote<Counter>(port1);
}
const never = () => new AbortController().signal;
const thrown = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe.each([
  ["local", (failure: () => unknown) => makeCounter(failure)],
  ["remote", (failure: () => unknown) => wired(makeCounter(failure))],
])("the same object, %s", (_, make) => {
  test("every event arrives, in order, before the result", async () => {
    const heard: number[] = [];
    expect(await make(() => {}).count(1000, ({ n }) => heard.push(n), never())).toBe(500_500);
    expect(heard).toEqual(Array.from({ length: 1000 }, (_, i) => i + 1));
  });

  test("an abort ends the verb with the platform's error", async () => {
    const controller = new AbortController();
    const on = ({ n }: { n: number }) => n === 30 && controller.abort();
    const error = await thrown(make(() => {}).count(1e6, on, controller.signal));
    expect(error).toMatchObject({ name: "AbortError" });
    expect(error).toBeInstanceOf(DOMException);
  });

  test("a signal that was aborted before keeps its reason", async () => {
    const reason = new StudioError("busy", "stop: another tab writes");
    const counting = make(() => {}).count(10, () => {}, AbortSignal.abort(reason));
    await expect(counting).rejects.toMatchObject({ code: "busy", message: "stop: another tab writes" });
  });

  test("an error keeps its class, code, message and details", async () => {
    const details = { free: 12, needed: 40 };
    const error = await thrown(make(() => new StudioError("storage-full", "bank: no room", details)).fail(0));
    expect(error).toBeInstanceOf(StudioError);
    expect(error).toMatchObject({ code: "storage-full", message: "bank: no room", details });
  });

  test("a bug and a thrown value stay what they are", async () => {
    expect(await thrown(make(() => new RangeError("index 7 of 5")).fail(0))).toMatchObject({
      name: "RangeError",
      message: "index 7 of 5",
    });
    expect(await thrown(make(() => "a string").fail(0))).toBe("a string");
  });
});

test("two verbs at once hear their own events only", async () => {
  const counter = wired(makeCounter(() => {}));
  const heard: [number[], number[]] = [[], []];
  const count = (to: number, into: number[]) => counter.count(to, ({ n }) => into.push(n), never());
  await Promise.all([count(25, heard[0]), count(12, heard[1])]);
  expect(heard.map((list) => list.length)).toEqual([25, 12]);
});

test("a verb that is called while the target is being made waits for it; one that could not be made says why", async () => {
  expect(await wired(turn().then(() => makeCounter(() => {}))).count(4, () => {}, never())).toBe(10);
  const failed = wired(Promise.reject(new StudioError("unsupported-device", "device: no WebAssembly")));
  await expect(failed.forget()).rejects.toMatchObject({ code: "unsupported-device" });
});

test("whole arrays are handed over, views of a part are copied", async () => {
  const whole = new Uint8Array(10_000).fill(1);
  const part = new Uint8Array(20_000).fill(2).subarray(0, 10_000);
  const { pixels, side } = await wired(makeCounter(() => {}, [whole, part, part])).picture();
  expect([side, ...pixels.map(({ length }) => length)]).toEqual([64, 10_000, 10_000, 10_000]);
  expect([whole.byteLength, part.byteLength]).toEqual([0, 10_000]);
});

test("files cross unread, as Blobs", async () => {
  const { port1, port2 } = new MessageChannel();
  open.push(port1, port2);
  const reader = {
    read: ({ files }: { files: readonly { data: Blob }[] }) => Promise.all(files.map(({ data }) => data.arrayBuffer())),
  };
  serve(reader, port2);
  const files = [new Blob(["one"]), new Blob(["three"])].map((data) => ({ data }));
  const read = await remote<typeof reader>(port1).read({ files });
  expect(read.map((bytes) => new TextDecoder().decode(bytes))).toEqual(["one", "three"]);
});

test("nothing is left listening once the verb has settled", async () => {
  const controller = new AbortController();
  const { signal } = controller;
  let listeners = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...given: Parameters<typeof add>) => {
    listeners++;
    add(...given);
  };
  signal.removeEventListener = (...given: Parameters<typeof remove>) => {
    listeners--;
    remove(...given);
  };
  const counter = wired(makeCounter(() => {}));
  const counting = counter.count(5, () => {}, signal);
  expect(listeners).toBe(1);
  await counting;
  expect(listeners).toBe(0);
  await expect(counter.fail(0)).rejects.toBeUndefined();
});
