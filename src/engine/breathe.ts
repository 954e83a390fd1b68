// WASM and onnxruntime-node settle within microtasks, so a loop over steps would never let a message in: no abort, no
// status. Between steps the loop breathes.

/** Resolves after the messages that wait now. Costs microseconds; a timer would cost milliseconds in a browser. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
