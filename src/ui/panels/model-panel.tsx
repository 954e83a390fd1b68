// Which model, in numbers that matter for pruning, and how to bring another one.

import { amount, bytes } from "../../core/format.ts";
import { FileButton } from "../parts/file-button.tsx";
import { Meter } from "../parts/meter.tsx";
import { useStudio } from "../studio.tsx";

export function ModelPanel({ disabled }: { readonly disabled: boolean }) {
  const { card, loading } = useStudio((state) => state.model);
  const loadDemo = useStudio((state) => state.loadDemo);
  const offerFile = useStudio((state) => state.offerFile);

  return (
    <section className="rail-group" aria-label="Model">
      <header>
        <h2>Model</h2>
        {card && !loading && <span className="badge">{card.hasDecoder ? "with decoder" : "latents only"}</span>}
      </header>
      {loading ? (
        <div className="model-loading">
          <span>{loading.label}…</span>
          <Meter label="Loading the model" share={loading.done / Math.max(1, loading.total)} />
        </div>
      ) : card ? (
        <div className="model-card">
          <strong data-testid="model">{card.name}</strong>
          <span>
            {card.spec.architecture.toUpperCase()} · {card.spec.depth} blocks · {card.spec.heads} heads · width{" "}
            {card.spec.width}
          </span>
          <span>
            {amount(card.spec.parameters)} parameters · {bytes(card.bytes)} · {card.spec.prediction === "v" ? "v" : "ε"}
            -prediction
          </span>
        </div>
      ) : (
        <p className="muted">No model is loaded.</p>
      )}
      <div className="row">
        <FileButton
          label="Open .safetensors"
          accept=".safetensors"
          disabled={disabled}
          onFiles={async ([file]) => {
            if (file) offerFile({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) });
          }}
        />
        {card && !card.hasDecoder && !loading && (
          <button type="button" className="button quiet" disabled={disabled} onClick={() => void loadDemo()}>
            Use demo
          </button>
        )}
      </div>
    </section>
  );
}
