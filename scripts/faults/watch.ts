import { setTimeout as sleep } from 'node:timers/promises';
import type { Stage } from './stage.ts';
import type { Fate, Watcher } from './tcp-proxy.ts';

interface Acts {
  /** Before the call leaves; `path` is its whole path. */
  asked?: (path: string) => Fate;
  /** The provider has done it, and the caller does not know yet. */
  answered?: (path: string) => Fate;
}

/** Sees the HTTP calls whose path contains `part`. */
export function onCall(part: string, { asked, answered }: Acts): () => Watcher {
  return () => {
    let path: string | null = null;
    return {
      onRequest(piece) {
        const head = /^(?:GET|POST|DELETE|PUT|PATCH) (\S+)/.exec(piece.toString('latin1', 0, 300));
        if (head === null) return 'pass';
        path = head[1]?.includes(part) === true ? head[1] : null;
        return path === null ? 'pass' : (asked?.(path) ?? 'pass');
      },
      onAnswer() {
        if (path === null) return 'pass';
        const known = path;
        path = null;
        return answered?.(known) ?? 'pass';
      },
    };
  };
}

/** True once `isSo` is, false when the time was up first. */
export async function until(isSo: () => boolean | Promise<boolean>, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (performance.now() < deadline) {
    if (await isSo()) return true;
    await sleep(50);
  }
  return false;
}

/** Lets the minute go by after which the reconciler asks the provider about a payment. */
export async function ageUnresolved({ db }: Stage): Promise<void> {
  const status = { $in: ['requires_payment', 'requires_action', 'capturing', 'voiding'] };
  await db
    .collection('payments')
    .updateMany({ status }, [{ $set: { updatedAt: { $subtract: ['$updatedAt', 61_000] } } }]);
}
