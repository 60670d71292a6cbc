import { randomBelow } from '../../../shared/ids.ts';
import { macOf } from '../keys.ts';

const COUNT = 10;
const LENGTH = 10;
/** 32 signs without 0, 1, I and O, which look alike on paper. Ten of them are 50 bits, and guesses are limited. */
const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';

interface RecoveryCodes {
  /** To be shown once: `ABCDE-FGHJK`. */
  codes: string[];
  /** To be stored. */
  macs: string[];
}

export function newRecoveryCodes(userId: string): RecoveryCodes {
  const codes = Array.from({ length: COUNT }, newCode);
  return { codes, macs: codes.map((code) => recoveryMac(code, userId)) };
}

/** However it was written down: case, dashes and spaces do not count. Of another account it is another mac. */
export function recoveryMac(code: string, userId: string): string {
  const plain = code.toUpperCase().replaceAll(/[\s-]/g, '');
  return macOf('recovery-code', `${userId}.${plain}`);
}

function newCode(): string {
  const letters = Array.from({ length: LENGTH }, () => ALPHABET.charAt(randomBelow(ALPHABET.length))).join('');
  return `${letters.slice(0, LENGTH / 2)}-${letters.slice(LENGTH / 2)}`;
}
