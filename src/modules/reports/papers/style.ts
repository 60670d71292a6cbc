import { timeTextsOf } from '../../../shared/time-texts.ts';
import { placeOf } from './place.ts';
import { textsByLanguage, type Texts } from './texts.ts';

/** How a place writes: its words, numbers, dates. */
export interface Style {
  language: string;
  texts: Texts;
  /** What the state calls its tax there, in how many parts it is shown, and under what a seller is registered. */
  taxName: string;
  taxParts: readonly string[];
  taxNumberName: string;
  /** ISO 3166-1; null: we know of no rules. */
  country: string | null;
  serviceCodes: Readonly<Record<string, string>>;
  money: (amountMinor: number) => string;
  percent: (basisPoints: number) => string;
  date: (at: Date) => string;
  time: (at: Date) => string;
}

export function styleOf({ timeZone, currency }: { timeZone: string; currency: string }): Style {
  const { locale, texts, ...place } = placeOf(timeZone);
  const { taxName, taxParts, taxNumberName, country, serviceCodes } = place;
  const amounts = new Intl.NumberFormat(locale, { style: 'currency', currency, currencyDisplay: 'narrowSymbol' });
  // ISO 4217: none for the yen, three for the dinar.
  const digits = amounts.resolvedOptions().maximumFractionDigits ?? 0;
  const rates = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 3 });
  const { date, dateTime: time } = timeTextsOf(timeZone, texts);
  return {
    ...{ language: locale, texts: textsByLanguage[texts], taxName, taxParts, taxNumberName, country, serviceCodes },
    // Minus zero would be printed with its sign.
    money: (amountMinor) => amounts.format(amountMinor === 0 ? 0 : amountMinor / 10 ** digits),
    percent: (basisPoints) => rates.format(basisPoints / 10_000),
    ...{ date, time },
  };
}
