// Everything a person may set before a search. What most people change stands open; the rest is one fold away and
// comes from the option specs of the methods.

import { percent, plural } from "../../core/format.ts";
import { presetIds, presets } from "../../core/presets.ts";
import { selectPlan } from "../../state/selectors.ts";
import { presetOf, settingOptions, shelves } from "../../state/settings.ts";
import { NumberField, SelectField } from "../parts/field.tsx";
import { Segmented } from "../parts/segmented.tsx";
import { Why } from "../parts/why.tsx";
import { useStudio } from "../studio.tsx";
import { why } from "../why.ts";
import { AdvancedSettings } from "./advanced-settings.tsx";

export function SettingsPanel({ disabled }: { readonly disabled: boolean }) {
  const settings = useStudio((state) => state.settings);
  const set = useStudio((state) => state.set);
  const choose = useStudio((state) => state.choose);
  const pruner = shelves.pruner.get(settings.pruner.id);
  const choices = shelves.pruner.ids.map((id) => ({ id, label: shelves.pruner.get(id).label }));
  return (
    <>
      <section className="rail-group" aria-label="Pruning">
        <h2>Pruning</h2>
        <SelectField
          label="Method"
          why={pruner}
          value={settings.pruner.id}
          choices={choices}
          disabled={disabled}
          onChange={(id) => choose("pruner", id)}
        />
        <TargetField disabled={disabled} />
        <NumberField
          option={settingOptions.stages}
          value={settings.stages}
          disabled={disabled}
          onChange={(value) => set("stages", value)}
        />
      </section>
      <BudgetSection disabled={disabled} />
      <section className="rail-group" aria-label="More settings">
        <details className="fold">
          <summary>All settings</summary>
          <AdvancedSettings disabled={disabled} />
        </details>
      </section>
    </>
  );
}

function TargetField({ disabled }: { readonly disabled: boolean }) {
  const { target } = useStudio((state) => state.settings);
  const set = useStudio((state) => state.set);
  const plan = useStudio(selectPlan);
  const { label, min, max } = settingOptions.target;
  return (
    <div className="field" data-tour="budget">
      <div className="field-head">
        <label htmlFor="target">{label}</label>
        <Why about={label} id="target-why" why={settingOptions.target} />
        <output htmlFor="target" className="target-value">
          {percent(target)}
        </output>
      </div>
      <input
        id="target"
        type="range"
        min={min}
        max={max}
        step={0.01}
        value={target}
        disabled={disabled}
        aria-valuetext={percent(target)}
        aria-details="target-why"
        onChange={(event) => set("target", Number(event.target.value))}
      />
      {plan && (
        <p className="muted small" data-testid="budget">
          Level {plan.level} of {plan.maxLevel} · budget {plan.budget} · {percent(plan.sparsity)} effective
          <br />
          {percent(1 - plan.macs / plan.denseMacs, 0)} fewer operations than dense
        </p>
      )}
    </div>
  );
}

function BudgetSection({ disabled }: { readonly disabled: boolean }) {
  const settings = useStudio((state) => state.settings);
  const usePreset = useStudio((state) => state.usePreset);
  const preset = presetOf(settings);
  const { generations, survivors, offspring } = settings.searcher.options ?? {};
  const kept = survivors === undefined ? "" : `, ${survivors} survive`;
  return (
    <section className="rail-group" aria-label="Search budget">
      <header>
        <h2>Search</h2>
        <span className="badge">{preset ? presets[preset].help : "your own settings"}</span>
      </header>
      <Segmented
        legend="Budget preset"
        why={why.preset}
        value={preset}
        choices={presetIds.map((id) => ({ id, label: presets[id].label }))}
        disabled={disabled}
        onChange={usePreset}
      />
      <dl className="facts">
        <dt>Generations</dt>
        <dd>
          {generations === undefined
            ? `As many as ${shelves.searcher.get(settings.searcher.id).label} takes`
            : `${generations} × ${offspring} new schedules${kept}`}
        </dd>
        <dt>Scored on</dt>
        <dd>
          {plural(settings.probes, "picture")}
          {settings.validation > 0 && `, the best again on ${plural(settings.validation, "other")}`}, judged on{" "}
          {settings.heldOut} more
        </dd>
      </dl>
    </section>
  );
}
