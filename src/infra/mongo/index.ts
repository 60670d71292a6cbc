export { connectMongo, disconnectMongo, isMongoWritable } from './connection.ts';
export { findUsed } from './find-used.ts';
export { inTurn } from './in-turn.ts';
export {
  countIdempotent,
  forgetAnswers,
  idempotencyHash,
  runIdempotent,
  type IdempotentAnswer,
  type IdempotentRequest,
} from './idempotency.ts';
export { syncIndexes } from './sync-indexes.ts';
export { afterCommit, withTransaction, type Tx } from './with-transaction.ts';
