// Says of a run that was made elsewhere that it was, what its files do not say, and what they disagree about.

import { count } from "../format.ts";
import { Icon } from "../parts/icon.tsx";
import { useStudio } from "../studio.tsx";

export function ElsewherePanel() {
  const elsewhere = useStudio((state) => state.run.elsewhere);
  const clear = useStudio((state) => state.clear);
  if (!elsewhere) return null;
  const { name, watched, problems, missing } = elsewhere;
  return (
    <section className="notice calm elsewhere" aria-label="Made elsewhere" data-testid="elsewhere">
      <Icon name="file" />
      <div>
        <h2>
          {name} <span className="badge">made elsewhere</span>
        </h2>
        <p>
          {watched
            ? "Read again every few seconds while it is shown. "
            : "Shown as its files were when they were opened. "}
          Nothing is run for it, and it needs no model.
        </p>
        {problems.length > 0 && (
          <details open>
            <summary>
              In its files {count(problems.length)} {problems.length === 1 ? "thing disagrees" : "things disagree"}
            </summary>
            <ul role="alert">
              {problems.map((problem) => (
                <li key={problem}>{problem}</li>
              ))}
            </ul>
          </details>
        )}
        {missing.length > 0 && (
          <ul className="muted small">
            {missing.map((line) => (
              <li key={line}>{line}.</li>
            ))}
          </ul>
        )}
      </div>
      <button type="button" className="button quiet" onClick={clear}>
        <Icon name="close" />
        Close
      </button>
    </section>
  );
}
