import type { ImageReason } from './image.model.ts';

/** What was uploaded is not what was announced, or not what we take: no later attempt will do better. */
export class UnusableOriginal extends Error {
  readonly reason: ImageReason;

  constructor(reason: ImageReason) {
    super(`the original cannot be used (${reason})`);
    this.reason = reason;
  }
}
