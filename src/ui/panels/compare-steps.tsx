// Goes through the sampling: at each step the clean picture that every schedule predicts by then.

import { useId } from "react";
import { Icon } from "../parts/icon.tsx";
import { useStudio } from "../studio.tsx";

export function CompareSteps({ timesteps }: { readonly timesteps: readonly number[] }) {
  const id = useId();
  const step = useStudio((state) => state.compare.step);
  const compareOn = useStudio((state) => state.compareOn);
  const last = timesteps.length - 1;
  if (step === undefined)
    return (
      <div className="compare-steps">
        <button type="button" className="button" onClick={() => compareOn({ step: last })}>
          <Icon name="play" />
          Go through the steps
        </button>
        <span className="muted small">The clean picture that each schedule predicts at every sampling step.</span>
      </div>
    );
  const now = Math.min(step, last);
  const text = `step ${now + 1} of ${timesteps.length}, t ${timesteps[now]}`;
  return (
    <div className="compare-steps">
      <label htmlFor={id}>Step</label>
      <input
        id={id}
        type="range"
        min={0}
        max={last}
        value={now}
        aria-valuetext={text}
        onChange={(event) => compareOn({ step: Number(event.target.value) })}
      />
      <output htmlFor={id}>{text}</output>
      <button type="button" className="button quiet" onClick={() => compareOn({ step: undefined })}>
        Show results
      </button>
    </div>
  );
}
