import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

export const metricsRegistry = new Registry();

export function startDefaultMetrics(): void {
  collectDefaultMetrics({ register: metricsRegistry });
}

interface MetricDescription<L extends string> {
  name: string;
  help: string;
  labels?: readonly L[];
}

export function counter<L extends string>(name: string, help: string, labelNames: L[] = []): Counter<L> {
  return new Counter({ name, help, labelNames, registers: [metricsRegistry] });
}

/** `collect` runs at each scrape; it sets the gauge from what is true then. */
export function gauge<L extends string>(
  { name, help, labels = [] }: MetricDescription<L>,
  collect: (self: Gauge<L>) => Promise<void> | void = () => undefined,
): Gauge<L> {
  return new Gauge<L>({
    name,
    help,
    labelNames: labels,
    registers: [metricsRegistry],
    async collect(this: Gauge<L>) {
      await collect(this);
    },
  });
}

export function histogram<L extends string>(
  { name, help, labels = [] }: MetricDescription<L>,
  buckets: number[],
): Histogram<L> {
  return new Histogram({ name, help, labelNames: labels, buckets, registers: [metricsRegistry] });
}

/** Buckets of OpenTelemetry's `http.server.request.duration`, in seconds. */
export const DURATION_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
