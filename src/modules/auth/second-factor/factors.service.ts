import { AppError, isDuplicateKey } from '../../../errors/index.ts';
import type { Tx } from '../../../infra/mongo/index.ts';
import { logger } from '../../../infra/observability/index.ts';
import { now } from '../../../shared/clock.ts';
import { newRecoveryCodes, recoveryMac } from './recovery-codes.ts';
import { SecondFactorModel, type SecondFactorRow } from './second-factor.model.ts';
import { newSecret, openSecret, sealSecret, stepOf } from './totp.ts';

/** What somebody shows: six digits of the app, or one of the codes on paper. */
export type Proof = { code: string } | { recoveryCode: string };

const CONFIRMED = { confirmedAt: { $ne: null } };

/**
 * Makes a secret that waits for its first code; an earlier one that was never confirmed is forgotten.
 * @returns the secret in base32
 * @throws AppError `mfa_already_enabled`
 */
export async function startFactor(userId: string): Promise<string> {
  const secret = newSecret();
  const pending: Omit<SecondFactorRow, '_id' | 'confirmedAt'> = {
    sealedSecret: sealSecret(secret, userId),
    lastStep: 0,
    recoveryMacs: [],
    createdAt: now(),
  };
  const isStored = (await writePending(userId, pending, true)) || (await writePending(userId, pending, false));
  if (!isStored) throw new AppError('mfa_already_enabled');
  return secret;
}

/** A confirmed factor does not match, and its _id stops the insert. Two that begin at once meet there, too: the loser updates. */
async function writePending(userId: string, pending: object, isFirst: boolean): Promise<boolean> {
  try {
    const { matchedCount, upsertedCount } = await SecondFactorModel.collection.updateOne(
      { _id: userId as never, confirmedAt: null },
      { $set: pending },
      { upsert: isFirst },
    );
    return matchedCount + upsertedCount === 1;
  } catch (error) {
    if (isDuplicateKey(error)) return false;
    throw error;
  }
}

/**
 * The first code proves that the app has the secret.
 * @returns the recovery codes, to be shown once
 * @throws AppError `mfa_not_enabled` (nothing begun), `mfa_already_enabled`, `mfa_code_invalid`
 */
export async function confirmFactor(tx: Tx, userId: string, code: string): Promise<string[]> {
  const row = await findFactor(tx, userId);
  if (row === null) throw new AppError('mfa_not_enabled');
  if (row.confirmedAt !== null) throw new AppError('mfa_already_enabled');
  const step = stepIn(row, code);
  const { codes, macs } = newRecoveryCodes(userId);
  const { matchedCount } = await SecondFactorModel.collection.updateOne(
    // The secret that the code was checked against, and not one that was begun meanwhile.
    { _id: userId as never, confirmedAt: null, sealedSecret: row.sealedSecret },
    { $set: { confirmedAt: now(), lastStep: step, recoveryMacs: macs } },
    { session: tx },
  );
  if (matchedCount === 0) throw new AppError('mfa_code_invalid');
  return codes;
}

/**
 * Accepts a proof, and never again: a code moves the time step on, a recovery code is gone.
 * @throws AppError `mfa_code_invalid`: wrong, used before, or there is no second factor
 */
export async function spendProof(tx: Tx, userId: string, proof: Proof): Promise<void> {
  const isSpent =
    'code' in proof ? await spendStep(tx, userId, proof.code) : await spendRecoveryCode(tx, userId, proof);
  if (!isSpent) throw new AppError('mfa_code_invalid');
}

/** The old ones end. */
export async function replaceRecoveryCodes(tx: Tx, userId: string): Promise<string[]> {
  const { codes, macs } = newRecoveryCodes(userId);
  await SecondFactorModel.collection.updateOne(
    { _id: userId as never, ...CONFIRMED },
    { $set: { recoveryMacs: macs } },
    { session: tx },
  );
  return codes;
}

export async function removeFactor(tx: Tx, userId: string): Promise<void> {
  await SecondFactorModel.collection.deleteOne({ _id: userId as never }, { session: tx });
}

async function spendStep(tx: Tx, userId: string, code: string): Promise<boolean> {
  const row = await findFactor(tx, userId);
  if (row?.confirmedAt == null) return false;
  const step = stepIn(row, code);
  const { matchedCount } = await SecondFactorModel.collection.updateOne(
    { _id: userId as never, ...CONFIRMED, sealedSecret: row.sealedSecret, lastStep: { $lt: step } },
    { $set: { lastStep: step } },
    { session: tx },
  );
  return matchedCount === 1;
}

async function spendRecoveryCode(tx: Tx, userId: string, { recoveryCode }: { recoveryCode: string }): Promise<boolean> {
  const mac = recoveryMac(recoveryCode, userId);
  const { matchedCount } = await SecondFactorModel.collection.updateOne(
    { _id: userId as never, ...CONFIRMED, recoveryMacs: mac },
    { $pull: { recoveryMacs: mac as never } },
    { session: tx },
  );
  return matchedCount === 1;
}

function findFactor(tx: Tx, userId: string): Promise<SecondFactorRow | null> {
  return SecondFactorModel.findById(userId, null, { session: tx }).lean<SecondFactorRow>().exec();
}

/** @throws AppError `mfa_code_invalid` */
function stepIn({ _id: userId, sealedSecret }: SecondFactorRow, code: string): number {
  const secret = openSecret(sealedSecret, userId);
  // Somebody wrote to the database, or changed ACCOUNT_SECRET: whatever it is, a human must look.
  if (secret === null)
    logger.error({ userId, securityEvent: 'second_factor_unreadable' }, 'a sealed secret does not open');
  const step = secret === null ? null : stepOf(secret, code);
  if (step === null) throw new AppError('mfa_code_invalid');
  return step;
}
