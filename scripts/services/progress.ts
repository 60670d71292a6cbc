export type Progress = (line: string) => void;

const FIRST_LINE_AFTER_MS = 1000;
const NEXT_LINE_EACH_MS = 5000;

/** Says what is being waited for, once it takes longer than a second and then every five. */
export async function withProgress<T>(onProgress: Progress, what: string, work: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  const say = () => {
    onProgress(`${what} ... ${Math.round((performance.now() - startedAt) / 1000)} s`);
  };
  let repeat: NodeJS.Timeout | undefined;
  const first = setTimeout(() => {
    say();
    repeat = setInterval(say, NEXT_LINE_EACH_MS);
  }, FIRST_LINE_AFTER_MS);
  try {
    return await work();
  } finally {
    clearTimeout(first);
    clearInterval(repeat);
  }
}
