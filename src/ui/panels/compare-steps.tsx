// Goes through the sampling: at each step the clean picture that every schedule predicts by then.

import { Icon } from "../parts/icon.tsx";
import { Slider } from "../parts/slider.tsx";
import { useStudio } from "../studio.tsx";
import { why } from "../why.ts";

export function CompareSteps({ timesteps }: { readonly timesteps: readonly number[] }) {
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
  return (
    <div className="compare-steps">
      <Slider
        className="compare-step"
        label="Step"
        why={why.step}
        min={0}
        max={last}
        value={now}
        text={`step ${now + 1} of ${timesteps.length}, t ${timesteps[now]}`}
        onChange={(next) => compareOn({ step: next })}
      />
      <button type="button" className="button quiet" onClick={() => compareOn({ step: undefined })}>
        Show results
      </button>
    </div>
  );
}
