// What follows work outside of the page: the title, a notice when it has ended, a screen that stays on.

import { useEffect, useRef } from "react";
import { percent } from "../../core/format.ts";
import { headline } from "../../report/verdict.ts";
import { selectWorking, type Working } from "../../state/select-working.ts";
import { keepAwake, tell } from "../parts/attention.ts";
import { useStudio } from "../studio.tsx";

const TITLE = "Diff-ES Studio";

export function Companion() {
  useTitle();
  useEndNotice();
  useScreen();
  return null;
}

function useTitle(): void {
  const working = useStudio(selectWorking);
  const title = working ? `${percent(working.share, 0)} · ${working.label} · ${TITLE}` : TITLE;
  useEffect(() => {
    document.title = title;
  }, [title]);
}

function useEndNotice(): void {
  const working = useStudio(selectWorking);
  const wanted = useStudio((state) => state.comfort.notify);
  const result = useStudio((state) => state.run.result);
  const notice = useStudio((state) => state.session.notice);
  /** The work under way as it was told last, with the notice that stood there when it began. */
  const begun = useRef<Working & { readonly earlier: typeof notice }>(undefined);
  useEffect(() => {
    const last = begun.current;
    begun.current = working && { ...working, earlier: last ? last.earlier : notice };
    if (working || !last || last.stopping || !wanted) return;
    if (notice && notice !== last.earlier) void tell(notice.title, notice.message);
    else if (last.what === "search" && result) void tell("The search has ended", headline(result.verdict));
    else void tell(`${last.label} has ended`, TITLE);
  }, [working, wanted, result, notice]);
}

function useScreen(): void {
  const on = useStudio((state) => selectWorking(state) !== undefined && state.comfort.awake);
  const setComfort = useStudio((state) => state.setComfort);
  const log = useStudio((state) => state.log);
  useEffect(() => {
    if (!on || !("wakeLock" in navigator)) return;
    return keepAwake((reason) => {
      log({ code: "information", title: "The browser does not keep the screen on", message: reason });
      setComfort("awake", false);
    });
  }, [on, log, setComfort]);
}
