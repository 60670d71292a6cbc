import type { Job } from '../bench/place-order/jobs.ts';
import type { PlacedOrder } from '../demo/bodies.ts';

/** What one customer did and heard. `unknown`: no answer, or one that leaves open whether there is an order. */
export interface Entry {
  job: Job;
  outcome: 'invoked' | 'ok' | 'unknown' | 'refused';
  /** How often POST /orders was sent. */
  tries: number;
  /** It was without a clear answer at least once. */
  wasUnknown: boolean;
  order: PlacedOrder | null;
  /** All bodies of 201, as they came. */
  texts: string[];
  refusal: string | null;
  isPaid: boolean;
  /** The customer wanted to be rid of it; null: did not. */
  cancellation: 'unknown' | 'ok' | 'refused' | null;
}

/** One answer on the wire, or its absence: status 0, or -1 where no process took the connection. */
export interface Answered {
  atMs: number;
  ms: number;
  status: number;
  isReplay: boolean;
  isRetryNamed: boolean;
}

export interface Journal {
  entries: Entry[];
  answers: Answered[];
  /** Of `performance.now()`: from then on everything was whole again. */
  healedAtMs: number;
}

export function newEntry(job: Job): Entry {
  return {
    job,
    ...{ outcome: 'invoked', tries: 0, wasUnknown: false, order: null, texts: [], refusal: null },
    ...{ isPaid: false, cancellation: null },
  };
}
