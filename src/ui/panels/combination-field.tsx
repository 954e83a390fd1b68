// Several metrics as one fitness, in the words that the command line takes (metrics/criterion/expression.ts).

import { useEffect, useState } from "react";
import { servedBy } from "../../metrics/index.ts";
import { shelves } from "../../state/settings.ts";
import { TextField } from "../parts/field.tsx";
import { useStudio } from "../studio.tsx";
import { why } from "../why.ts";

export function CombinationField({ disabled }: { readonly disabled: boolean }) {
  const id = useStudio((state) => state.settings.metric.id);
  const served = useStudio((state) => state.model.card?.metrics);
  const choose = useStudio((state) => state.choose);
  const combined = shelves.metric.ids.includes(id) ? "" : id;
  const [text, setText] = useState(combined);
  useEffect(() => setText(combined), [combined]);
  const problem = problemOf(text, served);
  return (
    <TextField
      label="Several metrics"
      why={why.combination}
      value={text}
      problem={problem}
      placeholder="0.5 ssim + 0.5 latent-cosine"
      disabled={disabled}
      onChange={(next) => {
        setText(next);
        if (next.trim() !== "" && problemOf(next, served) === undefined) choose("metric", next.trim());
      }}
    />
  );
}

/** @param served metrics of the loaded model; undefined while there is none */
function problemOf(text: string, served: readonly string[] | undefined): string | undefined {
  if (text.trim() === "") return undefined;
  try {
    shelves.metric.get(text);
    return served && !servedBy(served, text) ? `The model is scored by ${served.join(", ")}.` : undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
