/** One line of `--json`; these keys exactly, also in later benches. */
export interface Figure {
  figure: string;
  /** Medians over the rounds. */
  ours: number;
  baseline: number;
  unit: string;
  /**
   * How ours compares, above 1 being better than the baseline: ours / baseline for rates, baseline / ours for times. The median of
   * the rounds' ratios, with the smallest and the largest.
   */
  ratio: number;
  min: number;
  max: number;
  /** The least that `ratio` is to reach. null: reported only. */
  target: number | null;
}

export interface BenchReport {
  figures: Figure[];
  /** Paragraphs, lists and tables in Markdown that explain the figures; printed under the table as well. */
  notes: string[];
  /** Facts about the servers beside those of the machine, e.g. `mongod 6.0.5`. */
  facts: string[];
}

export interface BenchOptions {
  rounds: number;
  /** Also profile ours and say where its time goes. */
  isProfiled: boolean;
  /** Progress, for a human; never on stdout. */
  say: (line: string) => void;
}

export interface Bench {
  name: string;
  title: string;
  run(options: BenchOptions): Promise<BenchReport>;
}
