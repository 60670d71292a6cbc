/** Counts what is in it, whatever the depth, and stops as soon as it is too much. */
export function hasValuesAtMost(value: unknown, max: number): boolean {
  const open: unknown[] = [value];
  for (let count = 0; open.length > 0; count += 1) {
    if (count + open.length > max + 1) return false;
    const next = open.pop();
    if (typeof next !== 'object' || next === null) continue;
    for (const inner of Object.values(next)) open.push(inner);
  }
  return true;
}
