import { expect, test } from "vitest";
import { breathe } from "./breathe.ts";

test("a message that waits is heard in the middle of a loop", async () => {
  const { port1, port2 } = new MessageChannel();
  const heard = new AbortController();
  port1.onmessage = () => heard.abort();
  port2.postMessage("stop");
  let rounds = 0;
  while (!heard.signal.aborted && rounds < 100) {
    await breathe();
    rounds++;
  }
  port1.close();
  expect(heard.signal.aborted).toBe(true);
  expect(rounds).toBeLessThan(10);
});
