// The browser's ways to reach a person who is elsewhere: notices, and a screen that stays on.

/** Undefined where the browser has no notices. */
export function noticePermission(): NotificationPermission | undefined {
  return "Notification" in globalThis ? Notification.permission : undefined;
}

export async function askForNotices(): Promise<boolean> {
  return noticePermission() !== undefined && (await Notification.requestPermission()) === "granted";
}

/** Does nothing without permission. A click on the notice comes back to this tab. */
export async function tell(title: string, body: string): Promise<void> {
  if (noticePermission() !== "granted") return;
  const options = { body, tag: "diff-es", icon: "favicon.svg" };
  try {
    const notice = new Notification(title, options);
    notice.onclick = () => {
      window.focus();
      notice.close();
    };
  } catch {
    // On phones only a service worker may.
    const registration = await navigator.serviceWorker?.getRegistration();
    await registration?.showNotification(title, options);
  }
}

/**
 * Keeps the screen on until it is let go. The browser takes a lock away from a tab that is hidden; it is asked for
 * again when the tab is back.
 * @param refused called with the browser's reason, as of a battery that is low
 */
export function keepAwake(refused: (reason: string) => void): () => void {
  let held: WakeLockSentinel | undefined;
  let over = false;
  async function ask(): Promise<void> {
    if (over || document.visibilityState !== "visible") return;
    try {
      const lock = await navigator.wakeLock.request("screen");
      await held?.release();
      if (over) await lock.release();
      else held = lock;
    } catch (error) {
      refused((error as Error).message);
    }
  }
  void ask();
  document.addEventListener("visibilitychange", ask);
  return () => {
    over = true;
    document.removeEventListener("visibilitychange", ask);
    void held?.release();
  };
}
