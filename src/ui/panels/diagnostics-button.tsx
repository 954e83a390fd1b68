// Copies all that somebody who helps has to know.

import { Icon } from "../parts/icon.tsx";
import { useCopy } from "../parts/use-copy.ts";
import { useStudio } from "../studio.tsx";

export function DiagnosticsButton() {
  const session = useStudio((state) => state.session);
  const run = useStudio((state) => state.run);
  const settings = useStudio((state) => state.settings);
  const [copied, copy] = useCopy();
  return (
    <button
      type="button"
      className="button"
      onClick={async () => {
        const [{ diagnosticsOf }, { surroundings }] = await Promise.all([
          import("../../state/diagnostics.ts"),
          import("../parts/surroundings.ts"),
        ]);
        copy(diagnosticsOf({ session, run, settings }, await surroundings()));
      }}
    >
      <Icon name={copied ? "check" : "copy"} />
      {copied ? "Copied" : "Copy diagnostics"}
    </button>
  );
}
