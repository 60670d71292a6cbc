/** What an explain answer says, whatever its nesting: winning plans of find and aggregate differ by version and by stage. */
export interface PlanSummary {
  stages: string[];
  indexes: string[];
  docsExamined: number;
  keysExamined: number;
}

export function summarizePlan(explanation: unknown): PlanSummary {
  const summary: PlanSummary = { stages: [], indexes: [], docsExamined: 0, keysExamined: 0 };
  collect(explanation, summary);
  return summary;
}

const IGNORED = ['rejectedPlans', 'allPlansExecution'];

function collect(node: unknown, summary: PlanSummary): void {
  if (typeof node !== 'object' || node === null) return;
  for (const [key, value] of Object.entries(node) as [string, unknown][]) {
    if (IGNORED.includes(key)) continue;
    note(key, value, summary);
    collect(value, summary);
  }
}

function note(key: string, value: unknown, summary: PlanSummary): void {
  if (key === 'stage') summary.stages.push(String(value));
  if (key === 'indexName') summary.indexes.push(String(value));
  if (key === 'totalDocsExamined') summary.docsExamined += Number(value);
  if (key === 'totalKeysExamined') summary.keysExamined += Number(value);
}
