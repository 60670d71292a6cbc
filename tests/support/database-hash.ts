import mongoose from 'mongoose';

/** Every refusal is written there, in its own time. */
const AUDIT = 'audit_log';

/** Every collection of this test worker with a hash of its documents: two equal answers mean that nothing was written. */
export async function hashDatabase({ except = [] }: { except?: readonly string[] } = {}): Promise<
  Record<string, string>
> {
  const answer = await mongoose.connection.db?.command({ dbHash: 1 });
  const hashes = answer?.['collections'] as Record<string, string> | undefined;
  if (hashes === undefined) throw new Error('bootstrap connects first');
  return Object.fromEntries(Object.entries(hashes).filter(([name]) => name !== AUDIT && !except.includes(name)));
}
