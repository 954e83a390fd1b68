// A Runtime around another one that keeps accounts: which device tensors and sessions live, how often each graph ran.
// It is stricter than the processor, where freeing means nothing: using or freeing a freed tensor is an error, as it
// is on a GPU. It can also lose its device, as a GPU does.

import { StudioError } from "../core/errors.ts";
import { type AnyTensor, type Bytes, sizeOf } from "../core/tensor.ts";
import {
  type Device,
  type DeviceTensor,
  type Feed,
  isDeviceTensor,
  type Runtime,
  type Session,
} from "../runtime/runtime.ts";

export class FakeRuntime implements Runtime {
  readonly device: Device;
  readonly #inner: Runtime;
  readonly #tensors = new Set<CountedTensor>();
  readonly #sessions = new Set<Session>();
  readonly #runs = new Map<string, number>();
  #refusals = 0;
  #untilLost = Number.POSITIVE_INFINITY;
  #bytes: Bytes = 0;
  #peak: Bytes = 0;

  /** `claims`: what the device pretends to be. */
  constructor(inner: Runtime, claims: Partial<Device> = {}) {
    this.#inner = inner;
    this.device = { ...inner.device, ...claims };
  }

  /** What made each device tensor that was not freed: "block: next", "upload". */
  get tensors(): readonly string[] {
    return [...this.#tensors].map(({ origin }) => origin).sort();
  }

  /** Labels of the sessions that were not freed. */
  get sessions(): readonly string[] {
    return [...this.#sessions].map(({ label }) => label).sort();
  }

  /** Runs so far: of the graphs with this label or first word, in a chain or alone, or of all sessions. */
  runs(label?: string): number {
    const within = (session: string) => (label === undefined ? 1 : occurrences(session, label));
    return [...this.#runs].reduce((sum, [session, count]) => sum + count * within(session), 0);
  }

  /** The most bytes of device tensors that lived at a time while `work` ran, those from before included. */
  async peakDuring(work: () => Promise<unknown>): Promise<Bytes> {
    this.#peak = this.#bytes;
    await work();
    return this.#peak;
  }

  /** The device is lost at the n-th run from now (1 = the next one) and stays lost. */
  loseDevice(n: number): void {
    this.#untilLost = n;
  }

  /** There is no memory for the next `n` graphs. */
  refuseGraphs(n: number): void {
    this.#refusals = n;
  }

  async load(graph: Uint8Array, label: string): Promise<Session> {
    if (this.#refusals-- > 0) throw new StudioError("out-of-memory", `load ${label}: the test left no memory`);
    const inner = await this.#inner.load(graph, label);
    const session: Session = {
      label,
      inputs: inner.inputs,
      run: async (feeds, outputs) => {
        if (!this.#sessions.has(session)) throw new Error(`fake runtime: ${label} runs after it was freed`);
        if (--this.#untilLost <= 0) throw new StudioError("device-lost", `${label}: the test lost the device`);
        this.#runs.set(label, (this.#runs.get(label) ?? 0) + 1);
        const given = Object.entries(feeds).map(([name, feed]) => [name, innerOf(feed)] as const);
        const results = await inner.run(Object.fromEntries(given), outputs);
        return Object.fromEntries(
          Object.entries(results).map(([name, value]) => [name, this.#count(value, `${label}: ${name}`)]),
        );
      },
      free: async () => {
        this.#sessions.delete(session);
        await inner.free();
      },
    };
    this.#sessions.add(session);
    return session;
  }

  upload(tensor: AnyTensor): DeviceTensor {
    return this.#count(this.#inner.upload(tensor), "upload");
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  #count(inner: DeviceTensor, origin: string): DeviceTensor {
    const bytes = 4 * sizeOf(inner.shape); // float32 or int32
    const counted = new CountedTensor(inner, origin, (freed) => {
      if (this.#tensors.delete(freed)) this.#bytes -= bytes;
    });
    this.#tensors.add(counted);
    this.#bytes += bytes;
    this.#peak = Math.max(this.#peak, this.#bytes);
    return counted;
  }
}

class CountedTensor implements DeviceTensor {
  readonly origin: string;
  readonly #inner: DeviceTensor;
  readonly #forget: (tensor: CountedTensor) => void;
  #freed = false;

  constructor(inner: DeviceTensor, origin: string, forget: (tensor: CountedTensor) => void) {
    this.#inner = inner;
    this.origin = origin;
    this.#forget = forget;
  }

  get inner(): DeviceTensor {
    if (this.#freed) throw new Error(`fake runtime: "${this.origin}" is used after it was freed`);
    return this.#inner;
  }

  get shape(): readonly number[] {
    return this.inner.shape;
  }

  download(): Promise<AnyTensor> {
    return this.inner.download();
  }

  free(): void {
    this.inner.free();
    this.#freed = true;
    this.#forget(this);
  }
}

function innerOf(feed: Feed): Feed {
  if (!isDeviceTensor(feed)) return feed;
  if (!(feed instanceof CountedTensor)) throw new Error("fake runtime: a device tensor of another runtime");
  return feed.inner;
}

/** How often a session runs a graph: "embed, 12 block" is a chain (models/chain.ts). */
function occurrences(session: string, graph: string): number {
  return session.split(", ").reduce((sum, part) => {
    const [, count = "1", name = ""] = /^(?:(\d+) )?(.*)$/.exec(part) ?? [];
    return sum + (name === graph || name.startsWith(`${graph} `) ? Number(count) : 0);
  }, 0);
}
