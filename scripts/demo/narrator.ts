export type Say = (line: string) => void;

/** A step that failed, with what it was. */
export class StepFailed extends Error {
  constructor(number: number, title: string, cause: unknown) {
    super(`Step ${number} failed: ${title}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** What a step did, for its line. */
export interface Told<T> {
  call: string;
  state: string;
  value: T;
}

/** Prints each step of the play: number, actor, call, what became of it, and how long it took. */
export class Narrator {
  readonly #say: Say;
  #number = 0;
  readonly #startedAt = performance.now();

  constructor(say: Say) {
    this.#say = say;
  }

  /** @throws StepFailed */
  async step<T>(actor: string, title: string, act: () => Promise<Told<T>>): Promise<T> {
    this.#number += 1;
    const startedAt = performance.now();
    try {
      const { call, state, value } = await act();
      const took = `${Math.round(performance.now() - startedAt)} ms`;
      this.#say(
        `${String(this.#number).padStart(3)}  ${actor.padEnd(11)} ${title.padEnd(26)} ${call.padEnd(44)} ${state.padEnd(52)} ${took.padStart(7)}`,
      );
      return value;
    } catch (error) {
      throw new StepFailed(this.#number, `${actor}: ${title}`, error);
    }
  }

  get elapsedSeconds(): string {
    return ((performance.now() - this.#startedAt) / 1000).toFixed(1);
  }
}
