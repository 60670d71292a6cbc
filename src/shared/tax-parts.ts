/**
 * In how many equal parts the state of a place takes its tax. India levies two of half the rate, each on the value by itself (CGST and
 * SGST Acts 2017, section 9), so that each is rounded by itself and both are the same. By time zone, which every order keeps a copy of.
 */
export function taxPartsOf(timeZone: string): number {
  return timeZone === 'Asia/Kolkata' ? 2 : 1;
}
