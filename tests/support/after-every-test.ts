type Check = () => void | Promise<void>;

const checks: Check[] = [];

/**
 * For modules that many test files import and that must act after each test of all of them: files share modules, so that a hook which
 * a module sets while it is loaded would be there for the first file only.
 */
export function afterEveryTest(check: Check): void {
  checks.push(check);
}

/** Called by the setup of each file. */
export async function runAfterEveryTest(): Promise<void> {
  for (const check of checks) await check();
}
