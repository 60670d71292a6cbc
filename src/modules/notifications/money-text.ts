/** `24900 INR` as `₹249.00`, `1200 JPY` as `¥1,200`: the currency itself says how many digits its minor unit has (ISO 4217). */
export function moneyText(amountMinor: number, currency: string): string {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'narrowSymbol' });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 0;
  return format.format(amountMinor / 10 ** digits);
}
