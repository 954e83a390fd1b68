// The rest of a request: sampling, scoring, and the options of every chosen method.

import { type SettingName, type ShelfName, settingOf, settingOptions, shelves } from "../../state/settings.ts";
import { OptionField, SelectField } from "../parts/field.tsx";
import { OptionForm } from "../parts/option-form.tsx";
import { useStudio } from "../studio.tsx";
import { CombinationField } from "./combination-field.tsx";
import { WarmField } from "./warm-field.tsx";

interface Group {
  readonly title: string;
  readonly fields: readonly SettingName[];
  readonly methods: readonly ShelfName[];
}
const groups: readonly Group[] = [
  { title: "Sampling", fields: ["steps", "guidance", "seed"], methods: ["sampler"] },
  { title: "Scoring", fields: ["probes", "racing", "validation", "heldOut"], methods: ["metric"] },
  { title: "Calibration", fields: ["calibrationItems", "stagesPerFactor", "storage"], methods: ["pruner"] },
  { title: "Searcher", fields: ["budget"], methods: ["searcher"] },
];

export function AdvancedSettings({ disabled }: { readonly disabled: boolean }) {
  const settings = useStudio((state) => state.settings);
  const set = useStudio((state) => state.set);
  return groups.map(({ title, fields, methods }) => (
    <fieldset className="advanced" key={title}>
      <legend>{title}</legend>
      <div className="form-grid">
        {fields.map((name) => (
          <OptionField
            key={name}
            option={settingOptions[name]}
            value={settingOf(settings, name)}
            disabled={disabled}
            onChange={(value) => set(name, value)}
          />
        ))}
        {methods.map((name) => (
          <Method key={name} name={name} disabled={disabled} />
        ))}
        {methods.includes("metric") && (
          <div className="wide">
            <CombinationField disabled={disabled} />
          </div>
        )}
        {methods.includes("searcher") && (
          <div className="wide">
            <WarmField disabled={disabled} />
          </div>
        )}
      </div>
    </fieldset>
  ));
}

/** The choice of a method (the pruner's stands open above) and its own options. */
function Method({ name, disabled }: { readonly name: ShelfName; readonly disabled: boolean }) {
  const { id, options } = useStudio((state) => state.settings[name]);
  const served = useStudio((state) => state.model.card?.metrics);
  const choose = useStudio((state) => state.choose);
  const setOption = useStudio((state) => state.setOption);
  const shelf = shelves[name];
  const ids = shelf.ids.filter((candidate) => name !== "metric" || (served?.includes(candidate) ?? true));
  const listed = ids.includes(id) ? ids : [...ids, id]; // a link may combine several metrics
  const method = shelf.get(id);
  return (
    <>
      {name !== "pruner" && (
        <SelectField
          label={shelf.noun[0]?.toUpperCase() + shelf.noun.slice(1)}
          why={method}
          value={id}
          choices={listed.map((candidate) => ({ id: candidate, label: shelf.get(candidate).label }))}
          disabled={disabled}
          onChange={(next) => choose(name, next)}
        />
      )}
      <OptionForm
        spec={method.options}
        values={options ?? {}}
        disabled={disabled}
        onChange={(key, value) => setOption(name, key, value)}
      />
    </>
  );
}
