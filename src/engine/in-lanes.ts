// Several pieces of work at a time, never more.

/**
 * Works through `items` in order, `lanes` at a time. After a failure none is begun, and none goes on behind the promise.
 * @throws what the first failing piece threw
 */
export async function inLanes<T>(items: Iterable<T>, lanes: number, work: (item: T) => Promise<void>): Promise<void> {
  // Shared by all lanes: the one that fails closes it, and the others find it at its end.
  const queue = (function* () {
    yield* items;
  })();
  const lane = async () => {
    for (const item of queue) await work(item);
  };
  const ended = await Promise.allSettled(Array.from({ length: lanes }, lane));
  const failed = ended.find((outcome) => outcome.status === "rejected");
  if (failed) throw failed.reason;
}
