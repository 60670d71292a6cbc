import type { ICruiseOptions } from 'dependency-cruiser';

/** How imports are read and resolved; the planted violations in the tests use the same settings. */
export const cruiseOptions: ICruiseOptions = {
  // Type-only imports are imports: they draw the same picture of who knows whom.
  tsPreCompilationDeps: true,
  combinedDependencies: false,
  doNotFollow: { path: 'node_modules' },
  enhancedResolveOptions: {
    exportsFields: ['exports'],
    conditionNames: ['import', 'require', 'node', 'default', 'types'],
    mainFields: ['main', 'types'],
  },
  skipAnalysisNotInRules: true,
};
