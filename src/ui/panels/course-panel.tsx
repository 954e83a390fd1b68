// Where the shown run may go from here: more generations, or another course from an earlier one; and what it did not
// have to do so far.

import { useState } from "react";
import { count, percent, plural } from "../../core/format.ts";
import type { NumberOption } from "../../core/options.ts";
import { parseLevels } from "../../state/schedule-text.ts";
import { settingOptions, shelves } from "../../state/settings.ts";
import { selectBusy } from "../../state/work-slice.ts";
import { Card } from "../parts/card.tsx";
import { NumberField, TextField } from "../parts/field.tsx";
import { Icon } from "../parts/icon.tsx";
import { Help } from "../parts/popover.tsx";
import { useStudio } from "../studio.tsx";
import { why } from "../why.ts";

export function CoursePanel() {
  const { id, request, generations, forks } = useStudio((state) => state.run);
  if (id === undefined || !request || generations.length === 0) return null;
  const last = forks.at(-1);
  // A run of as many generations as it takes has no number to raise.
  const counted = Object.hasOwn(shelves.searcher.get(request.searcher.id).options, "generations");
  return (
    <Card
      title="Go on from here"
      about={last && `Forked after generation ${last.at}, with seed ${last.seed}`}
      className="course"
    >
      <div className="course-ways">
        {/* A run that has grown starts its forms anew. */}
        {counted && <Lengthen key={`more ${id} ${generations.length}`} done={generations.length} />}
        <Fork key={`fork ${id} ${generations.length}`} done={generations.length} seed={last?.seed ?? request.seed} />
        <Inject />
        <Reused />
      </div>
    </Card>
  );
}

/** As many again as a Quick search has. */
const MORE = 8;

function Lengthen({ done }: { readonly done: number }) {
  const busy = useStudio(selectBusy);
  const goOn = useStudio((state) => state.goOn);
  const [generations, setGenerations] = useState(done + MORE);
  const option: NumberOption = {
    kind: "integer",
    label: "Generations in all",
    help: `The run has ${count(done)}; what they scored is not scored again.`,
    default: done + MORE,
    min: done + 1,
    max: 10_000,
  };
  return (
    <section aria-label="More generations">
      <h3>More generations</h3>
      <NumberField option={option} value={generations} disabled={busy} onChange={setGenerations} />
      <button type="button" className="button" disabled={busy} onClick={() => void goOn(generations)}>
        <Icon name="play" />
        Go on to {count(generations)}
      </button>
    </section>
  );
}

function Fork({ done, seed }: { readonly done: number; readonly seed: number }) {
  const busy = useStudio(selectBusy);
  const fork = useStudio((state) => state.fork);
  const [at, setAt] = useState(Math.max(1, Math.floor(done / 2)));
  const [next, setNext] = useState(seed + 1);
  const after: NumberOption = {
    kind: "integer",
    label: "After generation",
    help: "Generations that both runs share. From then on other children are drawn; pictures and banks stay the same.",
    default: 1,
    min: 1,
    max: done,
  };
  const ofFork = { ...settingOptions.seed, help: "Of the draws of the new course alone." };
  return (
    <section aria-label="Fork">
      <h3>Fork</h3>
      <div className="form-grid">
        <NumberField option={after} value={at} disabled={busy} onChange={setAt} />
        <NumberField option={ofFork} value={next} disabled={busy} onChange={setNext} />
      </div>
      <button type="button" className="button" disabled={busy} onClick={() => void fork(at, next)}>
        <Icon name="fork" />
        Fork after {count(at)}
      </button>
    </section>
  );
}

/** A schedule from elsewhere; Explore has an editor for one of one's own. */
function Inject() {
  const inject = useStudio((state) => state.inject);
  const uniform = useStudio((state) => state.run.comparisons.find((comparison) => comparison.id === "uniform"));
  const [text, setText] = useState("");
  const [said, setSaid] = useState("");
  const problem = text.trim() === "" ? undefined : problemOf(text);
  return (
    <section aria-label="Add a schedule">
      <h3>Add a schedule</h3>
      <TextField
        label="Levels"
        why={why.injected}
        value={text}
        problem={problem}
        placeholder={uniform?.schedule?.levels.join(", ")}
        onChange={(next) => {
          setText(next);
          setSaid("");
        }}
      />
      <button
        type="button"
        className="button"
        disabled={text.trim() === "" || problem !== undefined}
        onClick={async () => {
          if (await inject(parseLevels(text))) setSaid("It joins the next generation; go on if the search has ended.");
        }}
      >
        Add
      </button>
      <p className="muted small" role="status">
        {said}
      </p>
    </section>
  );
}

function problemOf(text: string): string | undefined {
  try {
    parseLevels(text);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function Reused() {
  const reuse = useStudio((state) => state.run.reuse);
  if (!reuse) return null;
  const { found, prefixes, calls } = reuse;
  const all = calls.run + calls.saved;
  return (
    <section aria-label="Reuse" data-testid="reuse">
      <h3>
        Not done again{" "}
        <Help about="reuse">
          Every score is stored, and schedules that begin with the same levels share their latents up to the first
          difference: exactly, to the bit. Counted on the probes, since the search was last begun.
        </Help>
      </h3>
      <dl className="facts">
        <dt>Scores found</dt>
        <dd>{plural(found, "schedule")}</dd>
        <dt>Latents shared</dt>
        <dd>{plural(prefixes, "schedule")}</dd>
        <dt>Model calls saved</dt>
        <dd>
          {count(calls.saved)} of {count(all)}
          {all > 0 && `, ${percent(calls.saved / all, 0)}`}
        </dd>
      </dl>
    </section>
  );
}
