// One clear banner: what failed, the engine's sentence about it, what to do. Nothing that was found is lost.

import { selectUnfinished } from "../../state/selectors.ts";
import { Icon } from "../parts/icon.tsx";
import { useStudio } from "../studio.tsx";
import { DiagnosticsButton } from "./diagnostics-button.tsx";

export function NoticePanel() {
  const notice = useStudio((state) => state.session.notice);
  const dismiss = useStudio((state) => state.dismiss);
  if (!notice) return null;
  const calm = notice.code === "information";
  return (
    <section className={calm ? "notice calm" : "notice"} role={calm ? "status" : "alert"} aria-label="Notice">
      <Icon name="warn" />
      <div>
        <h2>{notice.title}</h2>
        <p>{notice.message}</p>
        {notice.advice && <p className="muted">{notice.advice}</p>}
      </div>
      {!calm && <DiagnosticsButton />}
      <button type="button" className="button icon-only quiet" aria-label="Dismiss" onClick={() => dismiss()}>
        <Icon name="close" />
      </button>
    </section>
  );
}

/** A search that was interrupted: go on, or let it be. */
export function UnfinishedPanel() {
  const unfinished = useStudio(selectUnfinished);
  const { request, space, generations, reached } = useStudio((state) => state.run);
  const ready = useStudio((state) => state.model.card !== undefined);
  const goOn = useStudio((state) => state.goOn);
  const clear = useStudio((state) => state.clear);
  if (!unfinished || !request) return null;
  const done = Math.max(reached, generations.length);
  const total = space?.generations ?? request.searcher.options?.generations;
  return (
    <section className="notice calm" aria-label="Unfinished search">
      <Icon name="pause" />
      <div>
        <h2>This search is not finished</h2>
        <p>
          {done} {total === undefined ? "" : `of ${total} `}generations are stored. Continuing repeats nothing that was
          already scored.
        </p>
      </div>
      <div className="row">
        <button type="button" className="button primary" disabled={!ready} onClick={() => void goOn()}>
          <Icon name="play" />
          Continue
        </button>
        <button type="button" className="button quiet" onClick={clear}>
          Put aside
        </button>
      </div>
    </section>
  );
}
