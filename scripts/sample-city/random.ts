import { createHash } from 'node:crypto';

/** Repeatable randomness: the same parts give the same sequence, and each row has its own, so that a change of one moves no other. */
export class Random {
  private state: number;

  constructor(...parts: (string | number)[]) {
    this.state = createHash('sha256').update(parts.join('/')).digest().readUInt32LE(0);
  }

  /** In [0, 1). The 32-bit generator known as mulberry32. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  }

  between(min: number, max: number): number {
    return min + this.next() * (max - min);
  }

  /** Both ends included. */
  whole(min: number, max: number): number {
    return Math.floor(this.between(min, max + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(values: readonly T[]): T {
    const value = values[Math.floor(this.next() * values.length)];
    if (value === undefined) throw new RangeError('nothing to pick from');
    return value;
  }

  /** `count` different values, in their own order. */
  sample<T>(values: readonly T[], count: number): T[] {
    const drawn = values.map((value, index) => ({ value, index, draw: this.next() }));
    const kept = drawn.sort((a, b) => a.draw - b.draw).slice(0, count);
    return kept.sort((a, b) => a.index - b.index).map(({ value }) => value);
  }
}
