/** The environment of a developer without servers of their own. */
export function bareEnvironment(extra: Readonly<Record<string, string>> = {}): Record<string, string | undefined> {
  return { PATH: process.env['PATH'], ...extra };
}
