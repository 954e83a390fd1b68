// Device and storage in the header: a word each, and the whole story on a click.

import { bytes, count } from "../../core/format.ts";
import { Icon } from "../parts/icon.tsx";
import { Popover } from "../parts/popover.tsx";
import { useStudio } from "../studio.tsx";
import { DiagnosticsButton } from "./diagnostics-button.tsx";

const backends = { cpu: "CPU", wasm: "WASM", webgpu: "WebGPU" } as const;

const durabilities = {
  persistent: { short: "Kept", text: "Runs and calibration stay in this browser until you remove them." },
  "best-effort": {
    short: "Kept for now",
    text: "Runs and calibration stay in this browser, but it may delete them when the disk runs full. Download what matters.",
  },
  waiting: {
    short: "Not answering",
    text: "This browser's storage does not answer, as when the disk is full. If it stays so, work goes on in memory.",
  },
  memory: {
    short: "This visit only",
    text: "This browser stores nothing for the page: it gives it no storage, or its disk is full and does not answer. A reload forgets new results. Download what matters.",
  },
} as const;

export function DeviceChip() {
  const status = useStudio((state) => state.session.status);
  if (!status) return <span className="chip">Starting…</span>;
  const { device } = status;
  const backend = backends[device.backend];
  const threads = device.threads > 1 ? `${count(device.threads)} threads` : "1 thread";
  const short = device.backend === "webgpu" ? (device.software ? "software GPU" : device.name) : threads;
  return (
    <Popover
      className={device.software ? "chip warn" : "chip"}
      label={`Device: ${backend}, ${short}`}
      button={
        <>
          <Icon name="cpu" />
          <span className="chip-text" data-testid="device">
            {backend} · {short}
          </span>
        </>
      }
    >
      <div className="facts-popover">
        <h2>{device.name}</h2>
        <p>{device.reason}</p>
        {device.software && <p>A GPU emulated on the processor: results are right, times mean nothing.</p>}
        <dl className="facts">
          <dt>Backend</dt>
          <dd>{backend}</dd>
          <dt>Half precision</dt>
          <dd>{device.fp16 ? "yes" : "no"}</dd>
          <dt>Largest buffer</dt>
          <dd>{bytes(device.maxBufferBytes)}</dd>
          <dt>Isolated page</dt>
          <dd>{globalThis.crossOriginIsolated ? "yes" : "no, so one thread only"}</dd>
        </dl>
        <DiagnosticsButton />
      </div>
    </Popover>
  );
}

export function StorageChip() {
  const status = useStudio((state) => state.session.status);
  if (!status) return null;
  const { short, text } = durabilities[status.durability];
  return (
    <Popover
      className={["waiting", "memory"].includes(status.durability) ? "chip warn" : "chip"}
      label={`Storage: ${short}`}
      button={
        <>
          <Icon name="disk" />
          <span className="chip-text" data-testid="storage">
            {short}
          </span>
        </>
      }
    >
      <div className="facts-popover">
        <h2>{short}</h2>
        <p>{text}</p>
        {status.freeBytes !== undefined && (
          <p>The browser reports {bytes(status.freeBytes)} free; that is a forecast.</p>
        )}
      </div>
    </Popover>
  );
}
