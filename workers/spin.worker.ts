// Root of a probe thread: does arithmetic for as many milliseconds as asked and says how many rounds it did.

const BATCH = 20_000;

self.onmessage = ({ data: duration }: MessageEvent<number>) => {
  const end = performance.now() + duration;
  let rounds = 0;
  let value = 1;
  while (performance.now() < end) {
    for (let i = 0; i < BATCH; i++) value = (value * 16807) % 2147483647;
    rounds++;
  }
  self.postMessage(value > 0 ? rounds : 0); // the value is used, so that the loop is not optimised away
};
