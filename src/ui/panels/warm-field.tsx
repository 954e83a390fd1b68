// The earlier winner that a search starts from, of any stages and any budget.

import { SelectField } from "../parts/field.tsx";
import { runSeed, runTitle } from "../run-title.ts";
import { useStudio } from "../studio.tsx";
import { why } from "../why.ts";

const NONE = "none";
const GIVEN = "given";

export function WarmField({ disabled }: { readonly disabled: boolean }) {
  const warm = useStudio((state) => state.settings.warm);
  const runs = useStudio((state) => state.session.runs);
  const model = useStudio((state) => state.model.card?.id);
  const warmFrom = useStudio((state) => state.warmFrom);
  const finished = runs.filter((card) => card.finished && card.model === model).reverse();
  const given = warm?.map(({ levels }) => levels.join(" ")).join("; ");
  return (
    <SelectField
      label="Start from"
      why={why.warm}
      value={warm ? GIVEN : NONE}
      choices={[
        { id: NONE, label: "No earlier winner" },
        ...(given ? [{ id: GIVEN, label: given }] : []),
        ...finished.map((card) => ({ id: card.run, label: `${runTitle(card)}, ${runSeed(card)}` })),
      ]}
      disabled={disabled}
      onChange={(id) => id !== GIVEN && void warmFrom(id === NONE ? undefined : id)}
    />
  );
}
