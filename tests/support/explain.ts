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

function collect(node: unknown, summary: PlanSummary): void {
  if (typeof node !== 'object' || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    if (key === 'rejectedPlans' || key === 'allPlansExecution') continue;
    if (key === 'stage' && typeof value === 'string') summary.stages.push(value);
    if (key === 'indexName' && typeof value === 'string') summary.indexes.push(value);
    if (key === 'totalDocsExamined') summary.docsExamined += Number(value);
    if (key === 'totalKeysExamined') summary.keysExamined += Number(value);
    collect(value, summary);
  }
}
