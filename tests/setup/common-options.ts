/** Of every project. */
export const COMMON = {
  pool: 'forks',
  // One worker per core of the smallest machine we promise anything for.
  maxWorkers: 2,
  // Named imports of CommonJS must fail here as they do in node.
  deps: { interopDefault: false },
  restoreMocks: true,
} as const;
