// What the shapes of a weight file do not tell. Both answers have a default that is right for most files.

import { useState } from "react";
import { bytes } from "../../core/format.ts";
import { Dialog } from "../parts/dialog.tsx";
import { NumberField, SelectField } from "../parts/field.tsx";
import { useStudio } from "../studio.tsx";
import { why } from "../why.ts";

const heads = {
  kind: "integer",
  label: "Attention heads",
  help: "Heads share one weight matrix, so its shape does not tell how many there are. 0 leaves it to the file's own notes; DiT-S has 6, DiT-B 12, DiT-L and DiT-XL 16.",
  default: 0,
  min: 0,
  max: 256,
  unit: "0 = automatic",
} as const;
const predictions = [
  { id: "epsilon", label: "Noise (ε), as the original DiT" },
  { id: "v", label: "Velocity (v)" },
] as const;

export function FileDialog() {
  const file = useStudio((state) => state.model.file);
  const forgetFile = useStudio((state) => state.forgetFile);
  const loadFile = useStudio((state) => state.loadFile);
  const [numHeads, setHeads] = useState(0);
  const [prediction, setPrediction] = useState<"epsilon" | "v">("epsilon");
  if (!file) return null;
  return (
    <Dialog title="Load this model?" onClose={forgetFile}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void loadFile({ heads: numHeads || undefined, prediction });
        }}
      >
        <div className="dialog-body">
          <p className="file-name">
            <strong>{file.name}</strong> <span className="muted">{bytes(file.bytes.length)}</span>
          </p>
          <p className="muted">
            A DiT state dict in its original layout. It has no decoder, so pictures show the latents as three principal
            components, and candidates are scored in latent space.
          </p>
          <div className="form-grid">
            <NumberField option={heads} value={numHeads} onChange={setHeads} />
            <SelectField
              label="The network predicts"
              why={why.prediction}
              value={prediction}
              choices={predictions}
              onChange={setPrediction}
            />
          </div>
        </div>
        <footer className="dialog-foot">
          <button type="button" className="button" onClick={forgetFile}>
            Cancel
          </button>
          <button type="submit" className="button primary">
            Load model
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
