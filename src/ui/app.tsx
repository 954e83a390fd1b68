// The page: header, settings at the side, what they lead to beside them. Files may be dropped anywhere.

import { type DragEvent, useEffect, useState } from "react";
import type { StudioStore } from "../state/store.ts";
import { FileDialog } from "./panels/file-dialog.tsx";
import { FitnessPanel } from "./panels/fitness-panel.tsx";
import { Header } from "./panels/header.tsx";
import { HelpDialog } from "./panels/help-dialog.tsx";
import { NoticePanel, UnfinishedPanel } from "./panels/notice-panel.tsx";
import { ProgressPanel } from "./panels/progress-panel.tsx";
import { Rail } from "./panels/rail.tsx";
import { ResultPanel } from "./panels/result-panel.tsx";
import { SamplePanel } from "./panels/sample-panel.tsx";
import { SchedulePanel } from "./panels/schedule-panel.tsx";
import { droppedFiles } from "./parts/dropped-files.ts";
import { StudioProvider, useStudio } from "./studio.tsx";
import "./theme.css";
import "./base.css";
import "./controls.css";
import "./layout.css";
import "./rail.css";
import "./panels.css";
import "./samples.css";
import "./charts.css";
import "./result.css";

export function App({ store }: { readonly store: StudioStore }) {
  return (
    <StudioProvider store={store}>
      <Page />
    </StudioProvider>
  );
}

function Page() {
  const theme = useStudio((state) => state.session.theme);
  const [help, setHelp] = useState(false);
  const drop = useDrop();
  useKeys(() => setHelp(true));
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  return (
    <div className="app" {...drop.handlers}>
      <Header onHelp={() => setHelp(true)} />
      <div className="workspace">
        <Rail />
        <main className="stage">
          <NoticePanel />
          <ProgressPanel />
          <UnfinishedPanel />
          <ResultPanel />
          <SamplePanel />
          <div className="side-by-side">
            <SchedulePanel />
            <FitnessPanel />
          </div>
        </main>
      </div>
      <FileDialog />
      {help && <HelpDialog onClose={() => setHelp(false)} />}
      {drop.over && (
        <div className="drop-hint">
          Drop a DiT .safetensors file, or all files of a bank
          <span className="muted">They stay on this machine.</span>
        </div>
      )}
    </div>
  );
}

/** Single keys, except where a person types. */
function useKeys(onHelp: () => void): void {
  const pause = useStudio((state) => state.pause);
  const resume = useStudio((state) => state.resume);
  const paused = useStudio((state) => state.run.phase === "paused");
  useEffect(() => {
    function onKey(event: KeyboardEvent): void {
      const typing = event.target instanceof Element && event.target.closest("input, select, textarea, dialog");
      if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "?") onHelp();
      if (event.key === "p") void (paused ? resume() : pause());
    }
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [onHelp, pause, resume, paused]);
}

function useDrop() {
  const offerFile = useStudio((state) => state.offerFile);
  const importBank = useStudio((state) => state.importBank);
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
      const files = await droppedFiles(event.dataTransfer);
      const [file] = files;
      if (file && files.length === 1 && !file.name.endsWith(".json"))
        offerFile({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) });
      else if (file) await importBank(files.map((data) => ({ name: data.name, data })));
    },
  };
  return { over, handlers };
}
