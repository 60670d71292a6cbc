import type { Journal } from './journal.ts';
import type { Stage } from './stage.ts';

export interface FaultOptions {
  /** The figures of bar.md; else a few minutes for all scenarios together. */
  isLong: boolean;
  say: (line: string) => void;
}

/** What a scenario did; the checker says what came of it. */
export interface Done {
  journal: Journal;
  /** What was killed, frozen, lost, and how often. */
  damage: string;
  /** Jobs that were meant to fail for good. */
  plannedDeadLetters?: number;
  /** Further figures, each with its unit. */
  notes: string[];
  /** What the scenario itself found wrong. */
  violations: string[];
}

export interface Scenario {
  /** Of bar.md 2.3. */
  name: string;
  title: string;
  /** In which everything must be at rest after the fault. */
  recoverySeconds: number;
  play(stage: Stage, options: FaultOptions): Promise<Done>;
}
