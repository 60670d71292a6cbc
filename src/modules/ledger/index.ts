export type { LedgerAccount, LedgerKind, LedgerLine } from './ledger-entry.model.ts';
export { postToLedger, type Posting, type PostingLine } from './post-to-ledger.service.ts';
