// Scores tensors with a metric as the engine would: upload, score, free.

import { defaultsOf, type OptionValues } from "../core/options.ts";
import type { Tensor } from "../core/tensor.ts";
import type { Metric, MetricInput, Networks } from "../metrics/metric.ts";
import type { Runtime } from "../runtime/runtime.ts";

/** `student` and `reference` stand for latents and pictures alike. */
export async function scorePair(
  runtime: Runtime,
  metric: Metric,
  student: Tensor,
  reference?: Tensor,
  networks: Networks = {},
  options: OptionValues = {},
): Promise<number[]> {
  const scorer = await metric.open(runtime, networks, { ...defaultsOf(metric.options), ...options });
  const upload = (value: Tensor): MetricInput => {
    const uploaded = runtime.upload(value);
    return { latents: uploaded, pictures: uploaded };
  };
  const inputs = [student, ...(reference ? [reference] : [])].map(upload) as [MetricInput, MetricInput?];
  try {
    return Array.from(await scorer.score(...inputs));
  } finally {
    for (const input of inputs) input?.latents.free();
    await scorer.free();
  }
}
