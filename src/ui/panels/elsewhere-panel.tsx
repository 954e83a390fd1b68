// Says of a run that was made elsewhere that it was, what its files do not say, and what they disagree about.

import { duration, plural } from "../../core/format.ts";
import { Icon } from "../parts/icon.tsx";
import { useStudio } from "../studio.tsx";
import { TourButton } from "./tour-button.tsx";

export function ElsewherePanel() {
  const elsewhere = useStudio((state) => state.run.elsewhere);
  const clear = useStudio((state) => state.clear);
  if (!elsewhere) return null;
  if (elsewhere.stored) return <Stored onClose={clear} />;
  const { name, about, watched, problems, missing } = elsewhere;
  return (
    <section className="notice calm elsewhere" aria-label="Made elsewhere" data-testid="elsewhere">
      <Icon name="file" />
      <div>
        <h2>
          {name} <span className="badge">made elsewhere</span>
        </h2>
        {about && <p>{about}</p>}
        <p className="muted">
          {watched
            ? "Read again every few seconds while it is shown. "
            : "Shown as its files were when they were opened. "}
          Nothing is run for it, and it needs no model.
        </p>
        {problems.length > 0 && (
          <details open>
            <summary>{plural(problems.length, "thing in its files disagrees", "things in its files disagree")}</summary>
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

/** What a first visit sees, until it has a run of its own. */
function Stored({ onClose }: { readonly onClose: () => void }) {
  const result = useStudio((state) => state.run.result);
  if (!result) return null;
  return (
    <section className="notice calm elsewhere" aria-label="Stored run" data-testid="stored-run">
      <Icon name="disk" />
      <div>
        <h2>
          A search of {result.model.name} <span className="badge">stored run</span>
        </h2>
        <p>
          Made by this project’s command line in {duration(result.elapsed)} on {result.device.name}, pictures included.
          Press Search to run one of your own here, or Explore to change a schedule by hand.
        </p>
      </div>
      <TourButton />
      <button type="button" className="button quiet" onClick={onClose}>
        <Icon name="close" />
        Close
      </button>
    </section>
  );
}
