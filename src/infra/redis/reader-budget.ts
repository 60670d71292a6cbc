/** Redis evicts nothing and holds the queues, too: what readers choose to ask for, such as a million different pages, must not fill it. */
const BUDGET = { bytesPerSecond: 2 ** 20, burstBytes: 32 * 2 ** 20 };
/** A page is for being sent; what is larger is rarely asked for twice. */
const MAX_BYTES = 2 ** 20;
/** Key and bookkeeping. */
const OVERHEAD_BYTES = 300;
const budget = { bytes: BUDGET.burstBytes, atMs: 0 };

/** May so many bytes be written for a reader? They are taken from what all of them share. */
export function takeReaderBudget(bytes: number, atMs: number): boolean {
  const earned = (Math.max(0, atMs - budget.atMs) / 1000) * BUDGET.bytesPerSecond;
  budget.bytes = Math.min(BUDGET.burstBytes, budget.bytes + earned);
  budget.atMs = atMs;
  if (bytes > MAX_BYTES || budget.bytes < bytes + OVERHEAD_BYTES) return false;
  budget.bytes -= bytes + OVERHEAD_BYTES;
  return true;
}
