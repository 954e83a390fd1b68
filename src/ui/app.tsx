// The page: header with the views' tabs, settings at the side, the view beside them. Files may be dropped anywhere.

import { Tabs } from "radix-ui";
import { type DragEvent, lazy, Suspense, startTransition, useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import { holdsRun } from "../state/run-folder.ts";
import type { StudioStore } from "../state/store.ts";
import { isView, viewIds } from "../state/views.ts";
import { Companion } from "./panels/companion.tsx";
import { FileDialog } from "./panels/file-dialog.tsx";
import { Header } from "./panels/header.tsx";
import { NoticePanel, UnfinishedPanel } from "./panels/notice-panel.tsx";
import { ProgressPanel } from "./panels/progress-panel.tsx";
import { Rail } from "./panels/rail.tsx";
import { UpdatePanel } from "./panels/update-panel.tsx";
import { droppedFolder } from "./parts/opened-folder.ts";
import { StudioProvider, useStudio } from "./studio.tsx";
import { views } from "./views/index.ts";
import "./theme.css";
import "./base.css";
import "./controls.css";
import "./layout.css";
import "./rail.css";
import "./panels.css";
import "./samples.css";
import "./charts.css";
import "./result.css";
import "./library.css";

const HelpDialog = lazy(() => import("./panels/help-dialog.tsx").then(({ HelpDialog }) => ({ default: HelpDialog })));
const RemovalToast = lazy(() =>
  import("./panels/removal-toast.tsx").then(({ RemovalToast }) => ({ default: RemovalToast })),
);

const TourPanel = lazy(() => import("./panels/tour-panel.tsx").then(({ TourPanel }) => ({ default: TourPanel })));

/** Renders in slices, so that a page that is opening answers. */
export function mount(element: HTMLElement, store: StudioStore): void {
  startTransition(() =>
    createRoot(element).render(
      <StudioProvider store={store}>
        <Companion />
        <Page />
      </StudioProvider>,
    ),
  );
}

function Page() {
  const theme = useStudio((state) => state.session.theme);
  const view = useStudio((state) => state.view);
  const goTo = useStudio((state) => state.goTo);
  const [help, setHelp] = useState(false);
  const removing = useStudio((state) => state.removing);
  const touring = useStudio((state) => state.tour.open);
  const drop = useDrop();
  useKeys(() => setHelp(true));
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  return (
    <Tabs.Root className="app" value={view} onValueChange={(name) => isView(name) && goTo(name)} {...drop.handlers}>
      <Header onHelp={() => setHelp(true)} />
      <div className="workspace">
        <Rail />
        <main className="stage">
          <NoticePanel />
          <UpdatePanel />
          <ProgressPanel />
          <UnfinishedPanel />
          {viewIds.map((id) => {
            const { Component } = views[id];
            return (
              <Tabs.Content key={id} value={id} className="view">
                <Suspense fallback={<div className="empty">Loading…</div>}>
                  <Component />
                </Suspense>
              </Tabs.Content>
            );
          })}
        </main>
      </div>
      <FileDialog />
      {removing !== undefined && (
        <Suspense>
          <RemovalToast key={removing} run={removing} />
        </Suspense>
      )}
      {touring && (
        <Suspense>
          <TourPanel />
        </Suspense>
      )}
      {help && (
        <Suspense>
          <HelpDialog onClose={() => setHelp(false)} />
        </Suspense>
      )}
      {drop.over && (
        <div className="drop-hint">
          Drop a DiT .safetensors file, all files of a bank, or the folder of a run
          <span className="muted">They stay on this machine.</span>
        </div>
      )}
    </Tabs.Root>
  );
}

/** Single keys, except where a person types. */
function useKeys(onHelp: () => void): void {
  const pause = useStudio((state) => state.pause);
  const resume = useStudio((state) => state.resume);
  const paused = useStudio((state) => state.run.phase === "paused");
  const goTo = useStudio((state) => state.goTo);
  const takeTour = useStudio((state) => state.takeTour);
  useEffect(() => {
    function onKey(event: KeyboardEvent): void {
      const within = (selector: string) => event.target instanceof Element && event.target.closest(selector);
      if (within("input, select, textarea, dialog") || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "t") takeTour();
      if (within("[role=slider]")) return; // it takes digits
      if (event.key === "?") onHelp();
      if (event.key === "p") void (paused ? resume() : pause());
      const view = viewIds[Number(event.key) - 1];
      if (view) goTo(view);
    }
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [onHelp, pause, resume, paused, goTo, takeTour]);
}

function useDrop() {
  const offerFile = useStudio((state) => state.offerFile);
  const importBank = useStudio((state) => state.importBank);
  const openElsewhere = useStudio((state) => state.openElsewhere);
  const takeText = useStudio((state) => state.takeText);
  const editing = useStudio((state) => state.view === "explore");
  const idle = useStudio((state) => state.run.phase === "idle" && state.banks.work === undefined);
  const [over, setOver] = useState(false);
  const handlers = {
    onDragOver(event: DragEvent) {
      if (!event.dataTransfer.types.includes("Files")) return;
      event.preventDefault();
      setOver(idle);
    },
    onDragLeave(event: DragEvent) {
      if (event.relatedTarget === null) setOver(false);
    },
    async onDrop(event: DragEvent) {
      event.preventDefault();
      setOver(false);
      if (!idle) return;
      const folder = droppedFolder(event.dataTransfer);
      const listed = await folder.files();
      const alone = listed.length === 1;
      if (holdsRun(listed) && !(editing && alone)) return openElsewhere(folder);
      const files = await Promise.all(listed.map(({ open }) => open()));
      const [file] = files;
      if (editing && file && alone && /\.(json|txt)$/.test(file.name)) takeText(await file.text());
      else if (file && alone && !file.name.endsWith(".json"))
        offerFile({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) });
      else if (file) await importBank(files.map((data) => ({ name: data.name, data })));
    },
  };
  return { over, handlers };
}
