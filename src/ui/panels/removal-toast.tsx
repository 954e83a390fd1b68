// "Removed", with an offer to undo for as long as it stays; then the run leaves storage.

import { Toast } from "radix-ui";
import { useStudio } from "../studio.tsx";

const STAYS = 8000;

export function RemovalToast({ run }: { readonly run: string }) {
  const undo = useStudio((state) => state.undoRemoval);
  const settle = useStudio((state) => state.settleRemoval);
  return (
    <Toast.Provider duration={STAYS} label="Message">
      <Toast.Root key={run} className="toast" onOpenChange={(open) => !open && void settle()}>
        <Toast.Title>The run was removed.</Toast.Title>
        <Toast.Action asChild altText="Undo the removal with the Undo button of the Runs view">
          <button type="button" className="button" onClick={undo}>
            Undo
          </button>
        </Toast.Action>
        <Toast.Close asChild>
          <button type="button" className="button quiet" aria-label="Remove it now">
            Dismiss
          </button>
        </Toast.Close>
      </Toast.Root>
      <Toast.Viewport className="toasts" />
    </Toast.Provider>
  );
}
